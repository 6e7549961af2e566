using CSharpKernel.Installation;

namespace CSharpKernel.Tests.Installation;

/// <summary>By which path the program is started.</summary>
public sealed class KernelPublisherTests
{
    [UnixFact]
    public void Host_is_named_by_a_link_that_an_upgrade_keeps_where_there_is_one()
    {
        using var folder = new TemporaryFolder();
        var running = Write("Cellar/dotnet/10.0.1/libexec/dotnet");
        Write("another/dotnet");
        Directory.CreateDirectory(folder.File("opt"));
        Directory.CreateSymbolicLink(folder.File("opt/dotnet"), "../Cellar/dotnet/10.0.1");
        Directory.CreateDirectory(folder.File("bin"));
        File.CreateSymbolicLink(folder.File("bin/dotnet"), running);

        Assert.Equal(folder.File("opt/dotnet/libexec/dotnet"), Find(folder.File("none"), folder.File("another"), folder.File("opt/dotnet/libexec"), folder.File("bin")));
        Assert.Equal(folder.File("bin/dotnet"), Find(null, "", "bin", folder.File("bin")));
        Assert.Equal(running, Find(folder.File("another")));

        string Find(params string?[] folders) => KernelPublisher.FindDotnetHost(running, folders);

        string Write(string path)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.File(path))!);
            File.WriteAllText(folder.File(path), path);
            return folder.File(path);
        }
    }
}
