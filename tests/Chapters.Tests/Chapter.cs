using System.Collections.Concurrent;
using System.Text.Json;
using CSharpKernel.Notebooks;
using CSharpKernel.Running;
using TransformerTutorial.Testing;

namespace Chapters.Tests;

/// <summary>A chapter that exists: its notebook, what the tests are to try on it, and its execution, which all tests share.</summary>
public sealed class Chapter
{
    private static readonly ConcurrentDictionary<string, Chapter> Known = new();

    // Twice what the runner usually gives: other tests use the processors meanwhile.
    private static readonly NotebookRunOptions Options = new() { Timeout = TimeSpan.FromMinutes(20), CellTimeout = TimeSpan.FromMinutes(10) };

    private readonly Lazy<Task<NotebookResult>> _run;

    private Chapter(string name)
    {
        Name = name;
        Path = System.IO.Path.Combine(Root, "notebooks", name + ".ipynb");
        Notebook = Notebook.Read(Path);
        _run = new(() => NotebookRunner.RunAsync(Path, Options));
    }

    /// <summary>The repository's folder.</summary>
    public static string Root => Repository.Folder;

    /// <summary>The names of all chapters, in order.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetFiles(System.IO.Path.Combine(Root, "notebooks"), "*.ipynb").Select(file => System.IO.Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal);

    /// <summary>One row for each chapter.</summary>
    public static TheoryData<string> All => [.. Names];

    public string Name { get; }

    public string Path { get; }

    /// <summary>The notebook as committed.</summary>
    public Notebook Notebook { get; }

    /// <summary>The claims that the catalogue gives to this chapter.</summary>
    public IReadOnlyList<CatalogueEntry> Claims => [.. CatalogueEntry.All.Where(entry => entry.Chapter == Name)];

    /// <summary>What the tests are to try on it: <c>Plans/NAME.json</c>.</summary>
    public ChapterPlan Plan => ChapterPlan.Read(System.IO.Path.Combine(Root, "tests", "Chapters.Tests", "Plans", Name + ".json"));

    public static Chapter Named(string name) => Known.GetOrAdd(name, _ => new Chapter(name));

    /// <summary>The chapter's execution in a process of its own, once for all tests.</summary>
    public Task<NotebookResult> RunAsync() => _run.Value;

    public NotebookCell Cell(string id) =>
        Notebook.Cells.FirstOrDefault(cell => cell.Id == id) ?? throw new InvalidOperationException($"{Name} has no cell '{id}'.");
}

/// <summary>One entry of <c>data/claims.json</c>, read here without the library's help.</summary>
public sealed record CatalogueEntry(string Id, string Chapter, string? Cell, string Claim, string Verdict, string? Correction, string Show)
{
    public static IReadOnlyList<CatalogueEntry> All { get; } = Json.Read<CatalogueEntry[]>(Path.Combine(Tests.Chapter.Root, "data", "claims.json"));
}

/// <summary>What the tests try on a chapter beyond running it.</summary>
/// <param name="Falsified">For every claim at least one way to break its experiment.</param>
/// <param name="Exercises">For every exercise the wrong answers that its check must refuse.</param>
public sealed record ChapterPlan(IReadOnlyList<Falsification> Falsified, IReadOnlyList<ExercisePlan> Exercises)
{
    public static ChapterPlan Read(string path) => Json.Read<ChapterPlan>(path);
}

/// <summary>Breaks an experiment: in one cell, a piece of code is replaced by another.</summary>
/// <param name="Claim">The claim whose check must then throw.</param>
/// <param name="Why">What is broken, in words.</param>
/// <param name="Cell">The cell to change.</param>
/// <param name="Find">The code to replace; it occurs exactly once in the cell.</param>
/// <param name="Put">The code to put there.</param>
public sealed record Falsification(string Claim, string Why, string Cell, string Find, string Put);

/// <summary>An exercise and answers to it.</summary>
/// <param name="Stub">The cell with the stub.</param>
/// <param name="Check">The cell that checks the answer.</param>
/// <param name="Solution">The Markdown cell with the folded solution.</param>
/// <param name="Right">Other right answers.</param>
/// <param name="Wrong">Wrong answers, each with words that its diagnosis must hold.</param>
public sealed record ExercisePlan(string Stub, string Check, string Solution, IReadOnlyList<string[]> Right, IReadOnlyList<WrongAnswer> Wrong);

/// <summary>A wrong answer.</summary>
/// <param name="Code">Its lines.</param>
/// <param name="Says">Words that the check's diagnosis must hold.</param>
/// <param name="EndsTorchSharp">True where it multiplies matrices that don't fit: TorchSharp 0.106.0 lets no exception out of its native matmul and ends the process, so the answer is not tried there.</param>
public sealed record WrongAnswer(string[] Code, string Says, bool EndsTorchSharp = false);

internal static class Json
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static T Read<T>(string path) => JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options)!;
}
