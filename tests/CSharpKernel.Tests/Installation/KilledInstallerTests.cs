using System.Diagnostics;
using CSharpKernel.Installation;
using CSharpKernel.Tests.Running;

namespace CSharpKernel.Tests.Installation;

/// <summary>An installation that is killed in the middle.</summary>
public sealed class KilledInstallerTests
{
    [Fact]
    public async Task Killed_installation_leaves_a_kernel_whose_files_are_there()
    {
        using var folder = new TemporaryFolder();
        var place = InstallationPlace.InPrefix(folder.Path);
        for (var i = 0; i < 10; i++)
        {
            var command = new ProcessStartInfo(TestProcess.DotnetHost, [typeof(KilledInstallerTests).Assembly.Location, "install", folder.Path]) { RedirectStandardOutput = true };
            using var installer = Process.Start(command)!;

            // Each round a different moment of a different installation, now while it publishes, now when it is done.
            for (var line = 0; line < i + 2; line++)
            {
                await installer.StandardOutput.ReadLineAsync();
            }

            Thread.SpinWait(i * 20_000);
            installer.Kill();
            await installer.WaitForExitAsync();

            var kernel = Assert.Single(KernelSpecificationFolder.FindAll(place.JupyterFolder));
            Assert.False(kernel.IsForeign);
            Assert.Null(kernel.Specification!.MissingFile);
            Assert.Equal("program", File.ReadAllText(kernel.Specification.Arguments[1]));
        }

        // What was left half done goes away with the next whole installation.
        var installed = await new KernelInstaller(JupyterFolders.Current).InstallAsync(place, new InstallationRequest("n", null, false), TestInstallation.PublishAsync);
        Assert.Equal([installed.ProgramFolder, installed.ProgramFolder + ".in-use"], Directory.GetFileSystemEntries(place.VersionsFolder).Order(StringComparer.Ordinal));
        Assert.Equal(4, Directory.GetFileSystemEntries(installed.Folder).Length);
    }
}
