using System.Runtime.Versioning;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Tests.Notebooks;

public sealed class AtomicFileTests
{
    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_file_keeps_its_mode_and_the_temporary_one_never_shows_more()
    {
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        const UnixFileMode Shared = Private | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        using var folder = new TemporaryFolder();
        var path = folder.File("n.ipynb");
        File.WriteAllText(path, "old");
        File.SetUnixFileMode(path, Private);
        var writing = Task.Run(() => AtomicFile.WriteAllBytes(path, new byte[64 << 20]));
        var seen = new HashSet<UnixFileMode>();
        while (!writing.IsCompleted)
        {
            try
            {
                seen.UnionWith(Directory.GetFiles(folder.Path).Select(File.GetUnixFileMode));
            }
            catch (FileNotFoundException)
            {
                // It has just been renamed.
            }
        }

        await writing;
        seen.Add(File.GetUnixFileMode(path));
        Assert.Equal([Private], seen);

        // More than the usual umask leaves to a new file.
        File.SetUnixFileMode(path, Shared);
        AtomicFile.WriteAllText(path, "new");
        Assert.Equal(Shared, File.GetUnixFileMode(path));
    }
}
