namespace CSharpKernel.Running;

/// <summary>How a notebook is to be executed.</summary>
public sealed record NotebookRunOptions
{
    /// <summary>How long the whole notebook may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long each cell may take.</summary>
    public TimeSpan CellTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many UTF-16 units of output each cell may write.</summary>
    public long MaximumOutput { get; init; } = 10_000_000;

    /// <summary>Environment variables for the process that executes the cells, on top of the runner's own.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>Called before each cell, from one thread at a time.</summary>
    public Action<RunProgress>? Progress { get; init; }
}

/// <summary>The runner is about to execute a cell.</summary>
/// <param name="Path">The notebook.</param>
/// <param name="CellNumber">Which of the cells to be executed it is, from 1.</param>
/// <param name="CellCount">How many cells are to be executed.</param>
/// <param name="CellId">The cell's id.</param>
public sealed record RunProgress(string Path, int CellNumber, int CellCount, string CellId);
