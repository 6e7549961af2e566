using System.Runtime.InteropServices;
using CSharpKernel.Installation;

namespace CSharpKernel.Tests.Installation;

/// <summary>A home folder and Jupyter's folders below it, for installations whose program is one small file.</summary>
internal sealed class TestInstallation : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestInstallation()
    {
        Directory.CreateDirectory(Home);
        Folders = new JupyterFolders(OSPlatform.Linux, name => name == "JUPYTER_PATH" ? Further : null, Home);
        Installer = new KernelInstaller(Folders);
        Place = InstallationPlace.ForUser(Folders);
    }

    public string Root => _folder.Path;

    /// <summary>With a space and beyond ASCII, as people's names are.</summary>
    public string Home => _folder.File("家 of Zoë");

    /// <summary>A folder of Jupyter's beside the user's.</summary>
    public string Further => _folder.File("further");

    public JupyterFolders Folders { get; }

    public KernelInstaller Installer { get; }

    public InstallationPlace Place { get; }

    public static Task<string> PublishAsync(string folder)
    {
        File.WriteAllText(KernelPublisher.ProgramIn(folder), "program");
        return Task.FromResult("made for a test");
    }

    /// <summary>Writes a kernel as another program would.</summary>
    public static string WriteForeign(string jupyterFolder, string name)
    {
        var folder = Path.Combine(jupyterFolder, "kernels", name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "kernel.json"), """{"argv": ["dotnet-interactive", "{connection_file}"], "display_name": "theirs", "language": "C#"}""");
        File.WriteAllText(Path.Combine(folder, "kernel.js"), "theirs");
        return folder;
    }

    public Task<CSharpKernel.Installation.Installation> InstallAsync(string? name = null, bool isForced = false, string? displayName = null) =>
        Installer.InstallAsync(Place, new InstallationRequest(name, displayName, isForced), PublishAsync);

    public void Dispose() => _folder.Dispose();
}
