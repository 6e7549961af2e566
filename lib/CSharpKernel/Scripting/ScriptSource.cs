namespace CSharpKernel.Scripting;

/// <summary>Where code comes from: a cell, or a file that a cell imports.</summary>
/// <param name="Path">Its name for the compiler, as in <see cref="ScriptPaths"/>.</param>
internal sealed record ScriptSource(string Path)
{
    private IReadOnlyList<string> ImportedFiles { get; init; } = [];

    /// <summary>The line, counted from 1, of the cell's <c>#!import</c> that led here: what goes wrong in an imported file goes wrong there. Null in the cell itself.</summary>
    public int? ImportLine { get; private init; }

    /// <summary>True where the file is the one that this code comes from, or led to it.</summary>
    public bool IsBeingImported(string file) => ImportedFiles.Contains(file);

    /// <summary>Code of a file that this code imports.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The code's name for the compiler.</param>
    /// <param name="line">The line of the import, counted from 1.</param>
    public ScriptSource Import(string file, string path, int line) => new(path) { ImportedFiles = [.. ImportedFiles, file], ImportLine = ImportLine ?? line };
}
