using CSharpKernel.Running;

namespace CSharpKernel.Tests.Running;

public sealed class ShadowFolderTests
{
    [Fact]
    public async Task A_cell_loads_copies_of_assemblies_and_they_go_away_with_the_run()
    {
        using var folder = new TemporaryFolder();
        var assembly = typeof(FactAttribute).Assembly.Location.Replace('\\', '/');
        var result = await NotebookRunner.RunAsync(TestNotebook.Write(
            folder, "n.ipynb", ("a", $"#r \"{assembly}\"\nConsole.Write(typeof(Xunit.FactAttribute).Assembly.Location);")));
        Assert.True(result.Succeeded, result.Failure?.ToString());
        var loaded = result.Executed!.Cells[0].Outputs.Single().Text!;
        Assert.Equal(Path.GetFileName(assembly), Path.GetFileName(loaded));
        Assert.NotEqual(Path.GetDirectoryName(assembly), Path.GetDirectoryName(loaded));
        Assert.False(Directory.Exists(Path.GetDirectoryName(loaded)));
    }

    [Fact]
    public void What_a_killed_runner_left_behind_is_removed_by_the_next_one()
    {
        using var running = new ShadowFolder();
        var abandoned = Path.Combine(Path.GetDirectoryName(running.Path)!, "2147483646-abandoned");
        Directory.CreateDirectory(abandoned);
        File.WriteAllText(Path.Combine(abandoned, "copy.dll"), "");
        using var next = new ShadowFolder();
        Assert.False(Directory.Exists(abandoned));
        Assert.True(Directory.Exists(running.Path));
    }
}
