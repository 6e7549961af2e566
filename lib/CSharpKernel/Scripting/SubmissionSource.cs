namespace CSharpKernel.Scripting;

/// <summary>A piece of code that a session has run, as it was written, and all before it. Never changes, so that other threads can walk back from any piece.</summary>
/// <param name="code">The code as the person wrote it, whatever the compiler was given.</param>
/// <param name="path">Its name, as in <see cref="ScriptPaths"/>.</param>
/// <param name="previous">The piece that ran before it.</param>
internal sealed class SubmissionSource(string code, string path, SubmissionSource? previous)
{
    public string Code { get; } = code;

    public string Path { get; } = path;

    public SubmissionSource? Previous { get; } = previous;
}
