using CSharpKernel.Running;

namespace CSharpKernel.CommandLine;

/// <summary>What becomes of an execution's outputs.</summary>
internal enum OutputMode
{
    /// <summary>An executed copy goes into the output folder.</summary>
    Copy,

    /// <summary>Compared with those in the notebook; the executed copy goes into the output folder too.</summary>
    Check,

    /// <summary>Written into the notebook.</summary>
    Update,
}

/// <summary>A <c>run</c> command, understood and checked.</summary>
internal sealed record RunSettings
{
    public required IReadOnlyList<string> Notebooks { get; init; }

    public OutputMode Mode { get; init; }

    public int Jobs { get; init; } = 1;

    public required string OutputFolder { get; init; }

    public string? ReportFile { get; init; }

    public NotebookRunOptions Options { get; init; } = new();
}

/// <summary>What became of one of the command's notebooks.</summary>
/// <param name="Result">Its execution.</param>
/// <param name="Differences">Where its outputs are not those in its file; only with <c>--check</c>.</param>
/// <param name="WriteProblem">Why the outputs could not be written, or null.</param>
internal sealed record NotebookOutcome(NotebookResult Result, IReadOnlyList<NotebookDifference> Differences, string? WriteProblem)
{
    public bool Succeeded => Result.Succeeded && Differences.Count == 0 && WriteProblem is null;

    /// <summary>One word or two for a table.</summary>
    public string Verdict => Result.Succeeded
        ? Differences.Count > 0 ? "outputs differ" : WriteProblem is null ? "passed" : "not written"
        : "failed";
}
