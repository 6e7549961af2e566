using CSharpKernel.Installation;
using CSharpKernel.Notebooks;
using CSharpKernel.Tests.Installation;

namespace CSharpKernel.Tests;

/// <summary>What a test needs in a process of its own, in order to kill it; see <see cref="Main"/>.</summary>
internal static class Program
{
    /// <summary>
    /// <c>write FILE OLD NEW</c> writes two files' texts to a third, in turn, for ever; <c>install DIR</c> installs a kernel in a prefix, again and again.
    /// </summary>
    private static async Task Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["write", var file, var oldFile, var newFile]:
                var texts = new[] { File.ReadAllText(newFile), File.ReadAllText(oldFile) };
                for (var i = 0; ; i++)
                {
                    AtomicFile.WriteAllText(file, texts[i % 2]);
                    Console.WriteLine("written");
                }

            case ["install", var prefix]:
                while (true)
                {
                    await new KernelInstaller(JupyterFolders.Current).InstallAsync(InstallationPlace.InPrefix(prefix), new InstallationRequest("n", null, false), SlowlyPublishAsync);
                    Console.WriteLine("installed");
                }

            default:
                throw new ArgumentException("This program is started by a test: write FILE OLD NEW, or install DIR.");
        }
    }

    private static async Task<string> SlowlyPublishAsync(string folder)
    {
        Console.WriteLine("publishing");
        await Task.Delay(5);
        return await TestInstallation.PublishAsync(folder);
    }
}
