namespace CSharpKernel.Running;

/// <summary>Where and how a <see cref="CellHost"/> runs cells.</summary>
internal sealed record CellHostOptions
{
    /// <summary>The folder that paths in cells start from: the notebook's.</summary>
    public string WorkingDirectory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Environment variables for the process that runs the cells, on top of those of this process.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>How many UTF-16 units of output each cell may write.</summary>
    public long MaximumOutput { get; init; } = 10_000_000;

    /// <summary>True to do, while nothing is asked for yet, what the first cell and the first question about code would have to wait for.</summary>
    public bool WarmsUp { get; init; } = true;
}
