using System.Text.Json.Nodes;
using CSharpKernel.Installation;

namespace CSharpKernel.Tests.Installation;

/// <summary>What an installation writes, and what it leaves alone.</summary>
public sealed class KernelInstallerTests
{
    [Fact]
    public async Task Kernel_json_says_how_to_start_the_published_program_and_lies_beside_logos()
    {
        using var test = new TestInstallation();
        var installed = await test.InstallAsync();

        Assert.Equal((".net-csharp", ".NET (C#)", null), (installed.Name, installed.DisplayName, installed.Taken));
        Assert.Equal(Path.Combine(test.Home, ".local", "share", "jupyter", "kernels", ".net-csharp"), installed.Folder);
        Assert.Equal(["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"], Files(installed.Folder));
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(installed.Folder, "kernel.json")))!;
        var arguments = json["argv"]!.AsArray().Select(argument => argument!.GetValue<string>()).ToArray();
        Assert.Equal(["kernel", "--connection-file", "{connection_file}"], arguments[2..]);
        Assert.True(File.Exists(arguments[0]) && Path.IsPathFullyQualified(arguments[0]));
        Assert.Equal("program", File.ReadAllText(arguments[1]));
        Assert.StartsWith(Path.Combine(test.Home, ".local", "share", "csharp-kernel", "versions") + Path.DirectorySeparatorChar, arguments[1], StringComparison.Ordinal);
        Assert.Equal(("C#", "message", false), (json["language"]!.GetValue<string>(), json["interrupt_mode"]!.GetValue<string>(), json["metadata"]!["debugger"]!.GetValue<bool>()));
        foreach (var (name, size) in new[] { ("logo-32x32.png", 32), ("logo-64x64.png", 64) })
        {
            // A PNG's width and height are its bytes 16 to 23.
            var bytes = File.ReadAllBytes(Path.Combine(installed.Folder, name));
            Assert.Equal((size, size), (bytes[18] * 256 + bytes[19], bytes[22] * 256 + bytes[23]));
        }
    }

    [Fact]
    public async Task Next_installation_replaces_the_last_and_removes_its_program_unless_that_is_in_use()
    {
        using var test = new TestInstallation();
        var first = await test.InstallAsync();
        using (new FileStream(first.ProgramFolder + ".in-use", FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
        {
            var second = await test.InstallAsync(displayName: "second");
            Assert.NotEqual(first.ProgramFolder, second.ProgramFolder);
            Assert.Equal("second", KernelSpecificationFolder.Find(test.Place.JupyterFolder, ".net-csharp").Specification!.DisplayName);
            Assert.True(Directory.Exists(first.ProgramFolder));
        }

        var third = await test.InstallAsync();
        Assert.Equal([third.ProgramFolder], Directory.GetDirectories(test.Place.VersionsFolder));
        Assert.Equal([".net-csharp"], Files(Path.Combine(test.Place.JupyterFolder, "kernels")));
    }

    [Fact]
    public async Task Kernels_of_several_names_and_places_keep_their_programs()
    {
        using var test = new TestInstallation();
        var (first, second) = (await test.InstallAsync(), await test.InstallAsync("Other-Name"));
        Assert.Equal("other-name", second.Name);
        Assert.Equal(2, Directory.GetDirectories(test.Place.VersionsFolder).Length);

        var prefix = InstallationPlace.InPrefix(Path.Combine(test.Root, "prefix"));
        var third = await test.Installer.InstallAsync(prefix, new InstallationRequest(null, null, false), TestInstallation.PublishAsync);
        Assert.StartsWith(Path.Combine(test.Root, "prefix", "share", "csharp-kernel"), third.ProgramFolder, StringComparison.Ordinal);

        Assert.Equal(first.Folder, KernelInstaller.Uninstall(test.Place, null, isForced: false));
        Assert.Equal([second.ProgramFolder], Directory.GetDirectories(test.Place.VersionsFolder));
        Assert.Equal(second.Folder, KernelInstaller.Uninstall(test.Place, "OTHER-name", isForced: false));
        Assert.Empty(Directory.GetDirectories(test.Place.VersionsFolder));
        Assert.True(Directory.Exists(third.Folder) && Directory.Exists(third.ProgramFolder));
    }

    [Fact]
    public async Task Another_programs_kernel_makes_ours_take_a_name_of_its_own()
    {
        using var test = new TestInstallation();
        var theirs = TestInstallation.WriteForeign(test.Further, ".NET-CSharp");
        var installed = await test.InstallAsync();
        Assert.Equal(("transformer-tutorial-csharp", theirs), (installed.Name, installed.Taken));
        Assert.NotEqual(".NET (C#)", installed.DisplayName);

        // Both are found, by their makers.
        Assert.Equal([(".net-csharp", true), ("transformer-tutorial-csharp", false)], Ours(test));
        Assert.Equal(installed.Folder, KernelInstaller.Uninstall(test.Place, null, isForced: false));
        Assert.Equal([(".net-csharp", true)], Ours(test));

        static List<(string, bool)> Ours(TestInstallation test) =>
            test.Installer.FindAll([]).Where(kernel => kernel.Path.StartsWith(test.Root, StringComparison.Ordinal)).Select(kernel => (kernel.Name, kernel.IsForeign)).ToList();
    }

    [Fact]
    public async Task Another_programs_kernel_is_overwritten_and_removed_only_by_force()
    {
        using var test = new TestInstallation();
        var theirs = TestInstallation.WriteForeign(test.Place.JupyterFolder, ".net-csharp");
        var before = File.ReadAllText(Path.Combine(theirs, "kernel.json"));

        var refusal = await Assert.ThrowsAsync<InstallationException>(() => test.InstallAsync(".net-csharp"));
        Assert.Equal($"{theirs} was not written by this program: --force overwrites it, --name installs beside it.", refusal.Message);
        refusal = Assert.Throws<InstallationException>(() => KernelInstaller.Uninstall(test.Place, null, isForced: true));
        Assert.Equal($"{theirs} was not written by this program: --name .net-csharp --force removes it all the same.", refusal.Message);
        Assert.Equal(before, File.ReadAllText(Path.Combine(theirs, "kernel.json")));
        Assert.False(Directory.Exists(test.Place.VersionsFolder));

        var installed = await test.InstallAsync(isForced: true);
        Assert.Equal(theirs, installed.Folder);
        Assert.Equal(["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"], Files(theirs));
        Assert.False(KernelSpecificationFolder.Find(test.Place.JupyterFolder, ".net-csharp").IsForeign);

        TestInstallation.WriteForeign(test.Place.JupyterFolder, "r");
        Assert.Throws<InstallationException>(() => KernelInstaller.Uninstall(test.Place, "r", isForced: false));
        KernelInstaller.Uninstall(test.Place, "r", isForced: true);
        Assert.Equal([".net-csharp"], Files(Path.Combine(test.Place.JupyterFolder, "kernels")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("../elsewhere")]
    [InlineData("c#")]
    [InlineData("name\n")]
    [InlineData("名")]
    public async Task Names_that_Jupyter_does_not_take_are_refused(string name)
    {
        using var test = new TestInstallation();
        var refusal = await Assert.ThrowsAsync<InstallationException>(() => test.InstallAsync(name));
        Assert.StartsWith($"'{name}' cannot be a kernel's name", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<InstallationException>(() => KernelInstaller.Uninstall(test.Place, name, isForced: true));
        Assert.Empty(Directory.GetFileSystemEntries(test.Home));
    }

    [Fact]
    public async Task Failure_while_publishing_leaves_the_old_installation_whole_and_nothing_else()
    {
        using var test = new TestInstallation();
        var first = await test.InstallAsync();
        await Assert.ThrowsAsync<IOException>(() => test.Installer.InstallAsync(test.Place, new InstallationRequest(null, null, false), _ => throw new IOException("disk full")));
        Assert.Equal([first.ProgramFolder], Directory.GetDirectories(test.Place.VersionsFolder));
        Assert.Null(KernelSpecificationFolder.Find(test.Place.JupyterFolder, ".net-csharp").Specification!.MissingFile);
    }

    [Fact]
    public async Task Folder_that_cannot_be_written_is_named_before_anything_is_published()
    {
        using var test = new TestInstallation();
        var file = Path.Combine(test.Root, "file");
        File.WriteAllText(file, "");
        var place = test.Place with { JupyterFolder = Path.Combine(file, "jupyter") };
        var problem = await Assert.ThrowsAnyAsync<IOException>(() => test.Installer.InstallAsync(place, new InstallationRequest(null, null, false), _ => throw new InvalidOperationException()));
        Assert.Contains(file, problem.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Link_in_the_kernels_place_is_never_written_through()
    {
        using var test = new TestInstallation();
        var theirs = TestInstallation.WriteForeign(test.Root, "developed");
        var kernels = Directory.CreateDirectory(Path.Combine(test.Place.JupyterFolder, "kernels")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(kernels, "linked"), theirs);

        Assert.Contains("is a link", (await Assert.ThrowsAsync<InstallationException>(() => test.InstallAsync("linked", isForced: true))).Message, StringComparison.Ordinal);
        KernelInstaller.Uninstall(test.Place, "linked", isForced: true);
        Assert.Empty(Directory.GetFileSystemEntries(kernels));
        Assert.Equal(["kernel.js", "kernel.json"], Files(theirs));
    }

    [Fact]
    public void What_is_no_kernel_json_is_another_programs_and_harmless()
    {
        using var test = new TestInstallation();
        foreach (var (name, content) in new[] { ("a", "{"), ("b", "[]"), ("c", "{\"argv\": 3}"), ("d", "{\"argv\": [1, null], \"metadata\": [], \"display_name\": {}}") })
        {
            var folder = Directory.CreateDirectory(Path.Combine(test.Further, "kernels", name)).FullName;
            File.WriteAllText(Path.Combine(folder, "kernel.json"), content);
        }

        Directory.CreateDirectory(Path.Combine(test.Further, "kernels", "empty"));
        var found = test.Installer.FindAll([]).Where(kernel => kernel.Path.StartsWith(test.Root, StringComparison.Ordinal)).ToList();
        Assert.Equal(["a", "b", "c", "d"], found.Select(kernel => kernel.Name));
        Assert.All(found, kernel => Assert.True(kernel.IsForeign));
    }

    private static List<string> Files(string folder) => Directory.GetFileSystemEntries(folder).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal).ToList();
}
