namespace CSharpKernel.Running;

/// <summary>How a <see cref="WorkerProcess"/> is started.</summary>
internal sealed record WorkerOptions
{
    /// <summary>The working directory.</summary>
    public required string Folder { get; init; }

    /// <summary>Where the worker puts copies of the assemblies that cells load.</summary>
    public required string ShadowFolder { get; init; }

    /// <summary>How many UTF-16 units of output each cell may write.</summary>
    public long MaximumOutput { get; init; } = 10_000_000;

    /// <summary>Environment variables on top of those of this process.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>True where a person works with the cells: they can be interrupted, and the process survives more of what they do.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>True to do, while nothing is asked for yet, what the first cell would have to wait for.</summary>
    public bool WarmsUp { get; init; }
}
