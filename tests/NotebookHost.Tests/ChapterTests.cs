using System.Collections.Concurrent;
using CSharpKernel.Notebooks;
using CSharpKernel.Running;
using TransformerTutorial.Testing;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace NotebookHost.Tests;

/// <summary>Every chapter runs on .NET Interactive's kernel too, and shows there what is committed with it.</summary>
public class ChapterTests
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<(Notebook Executed, string? Failure)>>> Runs = new();

    /// <summary>One row for each chapter.</summary>
    public static TheoryData<string> Chapters =>
        [.. Directory.GetFiles(Repository.PathOf("notebooks"), "*.ipynb").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Chapters))]
    public async Task Every_cell_runs(string name)
    {
        var (_, failure) = await RunAsync(name);

        Assert.Null(failure);
    }

#if !TUTORIAL_STACK_NUGET
    [Theory]
    [MemberData(nameof(Chapters))]
    public async Task The_outputs_are_those_that_are_committed(string name)
    {
        var (executed, _) = await RunAsync(name);

        // What that kernel shows in its own way, in HTML alone, is ours to show in another: that it is shown counts.
        var differences = NotebookComparison.Compare(Notebook.Read(PathOf(name)), executed)
            .Where(difference => (difference.Expected, difference.Actual) != ("execute_result text/html, text/plain", "execute_result text/html"))
            .ToList();
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
#endif

    private static string PathOf(string name) => Repository.PathOf("notebooks", name + ".ipynb");

    private static Task<(Notebook Executed, string? Failure)> RunAsync(string name) =>
        Runs.GetOrAdd(name, chapter => new(() => InteractiveRun.RunAsync(PathOf(chapter)))).Value;
}
