namespace CSharpKernel.Scripting;

/// <summary>The names of source texts: <c>cell ch06-why-scale</c> for a cell, a full path for a loaded file.</summary>
/// <param name="workingDirectory">The notebook's folder.</param>
internal sealed class ScriptPaths(string workingDirectory)
{
    private const string CellPrefix = "cell ";

    public string WorkingDirectory { get; } = Path.GetFullPath(workingDirectory);

    public static string OfCell(string cellName) => CellPrefix + cellName;

    public static bool IsCell(string? path) => path?.StartsWith(CellPrefix, StringComparison.Ordinal) == true;

    /// <summary>The full path of a file named in a cell (from the notebook's folder) or in a loaded file (from that file's folder).</summary>
    public string Resolve(string path, string? baseFilePath)
    {
        var folder = string.IsNullOrEmpty(baseFilePath) || IsCell(baseFilePath) ? WorkingDirectory : Path.GetDirectoryName(baseFilePath)!;
        return Path.GetFullPath(path.Replace('\\', '/'), folder);
    }

    /// <summary>A name to show: the cell's, or the file's path from the notebook's folder.</summary>
    public string Display(string path) => IsCell(path) ? path : Path.GetRelativePath(WorkingDirectory, path).Replace('\\', '/');
}
