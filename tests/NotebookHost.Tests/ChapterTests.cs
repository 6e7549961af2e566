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

        Assert.Equal([], NotebookComparison.Compare(Notebook.Read(PathOf(name)), executed).Select(difference => difference.ToString()));
    }
#endif

    private static string PathOf(string name) => Repository.PathOf("notebooks", name + ".ipynb");

    private static Task<(Notebook Executed, string? Failure)> RunAsync(string name) =>
        Runs.GetOrAdd(name, chapter => new(() => InteractiveRun.RunAsync(PathOf(chapter)))).Value;
}
