namespace CSharpKernel.Scripting;

/// <summary>Where and how a <see cref="ScriptSession"/> runs.</summary>
public sealed record ScriptSessionOptions
{
    /// <summary>The folder that <c>#r</c>, <c>#load</c> and <c>#!import</c> start from: the notebook's. The process's current folder is the caller's business.</summary>
    public string WorkingDirectory { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>Assemblies are copied into this folder and loaded from there, so that a build can replace the originals meanwhile; null loads them in place.</summary>
    public string? ShadowCopyFolder { get; init; }

    /// <summary>A cell that puts out more than this many characters fails.</summary>
    public long MaximumOutputCharacters { get; init; } = 10_000_000;

    /// <summary>True to fail cells that compile with warnings; .NET Interactive, and this by default, lets them pass.</summary>
    public bool WarningsAsErrors { get; init; }

    /// <summary>True where cells can be interrupted, and endless recursion is an error of the cell instead of the end of the process. The code that runs is then not quite the code that was written.</summary>
    public bool IsInterruptible { get; init; }
}
