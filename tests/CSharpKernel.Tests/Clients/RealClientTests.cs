using System.Diagnostics;
using CSharpKernel.Installation;
using CSharpKernel.Tests.Running;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Clients;

/// <summary>The kernel, installed, under clients that others wrote, with libzmq on their side: the checks of <c>tests/clients</c>, where Debian's packages are installed.</summary>
public sealed class RealClientTests
{
    [PythonFact("jupyter_client")]
    public Task Kernel_works_under_jupyter_client() => RealClient.CheckAsync("client.py");

    [PythonFact("jupyter_kernel_test")]
    public Task Kernel_passes_the_suite_for_kernels_of_all_languages() => RealClient.CheckAsync("suite.py");
}

/// <inheritdoc cref="RealClientTests"/>
public sealed class RealChapterTests
{
    [PythonFact("nbclient")]
    public Task Chapter_under_nbclient_has_the_committed_outputs() => RealClient.CheckAsync("chapter.py", "nbclient");
}

/// <inheritdoc cref="RealClientTests"/>
public sealed class RealBrowserTests
{
    [PythonFact("notebook", "selenium", "/usr/bin/chromium", "/usr/bin/chromedriver")]
    public Task Chapter_runs_in_Jupyter_Notebook_completes_a_member_and_is_interrupted() => RealClient.CheckAsync("browser.py");
}

/// <summary>Runs one of the scripts against the kernel, installed in a folder of its own.</summary>
internal static class RealClient
{
    public static async Task CheckAsync(string script, params string[] arguments)
    {
        using var folder = new TemporaryFolder();
        var place = InstallationPlace.InPrefix(folder.Path);
        await new KernelInstaller(JupyterFolders.Current).InstallAsync(place, new InstallationRequest(KernelInstaller.UsualName, null, false), published =>
        {
            KernelPublisher.Copy(published);
            return Task.FromResult("copied");
        });

        var command = new ProcessStartInfo(PythonFactAttribute.Interpreter, [Repository.PathOf("tests", "clients", script), KernelInstaller.UsualName, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        command.Environment["JUPYTER_PATH"] = place.JupyterFolder;
        command.Environment["JUPYTER_DATA_DIR"] = folder.File("data");
        command.Environment["JUPYTER_CONFIG_DIR"] = folder.File("config");
        command.Environment["JUPYTER_RUNTIME_DIR"] = Directory.CreateDirectory(folder.File("runtime")).FullName;
        command.Environment["IPYTHONDIR"] = folder.File("ipython");
        command.Environment["CSHARP_KERNEL_HISTORY"] = folder.File("history.jsonl");
        command.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        var (exitCode, output, error) = await TestProcess.RunAsync(command);
        Assert.True(exitCode == 0, $"{script} ended with exit code {exitCode}.\n{output}\n{error}");
    }
}
