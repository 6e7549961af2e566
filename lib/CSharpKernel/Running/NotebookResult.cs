using CSharpKernel.Notebooks;

namespace CSharpKernel.Running;

/// <summary>What became of a notebook's execution.</summary>
public sealed record NotebookResult
{
    /// <summary>The notebook's file.</summary>
    public required string Path { get; init; }

    /// <summary>The notebook as it was read, or null where it could not be read.</summary>
    public Notebook? Original { get; init; }

    /// <summary>A copy with the outputs of this execution; cells that did not run have none. Null where the notebook could not be read.</summary>
    public Notebook? Executed { get; init; }

    /// <summary>The cells that were executed, in order.</summary>
    public IReadOnlyList<CellResult> Cells { get; init; } = [];

    /// <summary>How many code cells there were to execute.</summary>
    public int CellCount { get; init; }

    /// <summary>How many outputs show the outcome of a claim's check.</summary>
    public int ClaimsChecked { get; init; }

    /// <summary>From the start of the process to its end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Why the notebook failed, or null where every cell did what it should.</summary>
    public NotebookFailure? Failure { get; init; }

    /// <summary>True where every cell did what it should.</summary>
    public bool Succeeded => Failure is null;
}

/// <summary>One executed cell.</summary>
/// <param name="Id">The cell's id.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Failure">Why it failed, or null.</param>
public sealed record CellResult(string Id, TimeSpan Duration, NotebookFailure? Failure);

/// <summary>Why a notebook failed.</summary>
/// <param name="CellId">The cell in which it failed, or null where it failed before the first one.</param>
/// <param name="Line">The line in the cell, from 1; 0 where unknown.</param>
/// <param name="Column">The column in the cell, from 1; 0 where unknown.</param>
/// <param name="Name">The kind of failure: an exception's type, <c>CompilationError</c>, <c>Timeout</c>, <c>ProcessEnded</c>, <c>OutputLimit</c>, …</param>
/// <param name="Message">What is wrong, in one sentence or a compiler's message.</param>
/// <param name="Details">Further lines for a reader: source line and caret, or stack frames.</param>
public sealed record NotebookFailure(string? CellId, int Line, int Column, string Name, string Message, IReadOnlyList<string> Details)
{
    internal static NotebookFailure BeforeFirstCell(string name, string message) => new(null, 0, 0, name, message, []);

    /// <summary><c>cell ch01-merge, line 3, column 7: InvalidOperationException: …</c>.</summary>
    public override string ToString()
    {
        var place = CellId is null ? "" : $"cell {CellId}{(Line > 0 ? $", line {Line}" : "")}{(Line > 0 && Column > 0 ? $", column {Column}" : "")}: ";
        return $"{place}{Name}: {Message}";
    }
}
