using System.Text;
using System.Text.Json.Nodes;

namespace CSharpKernel.Notebooks;

/// <summary>A Jupyter notebook: reads nbformat 4.0 to 4.5, writes 4.5 as Jupyter's own tools do.</summary>
/// <remarks>
/// The document is kept as JSON, with typed views of what matters, so that whatever else another program put there survives.
/// In memory, texts that a file stores as lists of lines are single strings. What this does not do: notebooks older than nbformat 4.
/// Format: "The Notebook file format", nbformat documentation, 4.5.
/// </remarks>
public sealed class Notebook
{
    private const int NewestMinorVersion = 5;

    private readonly JsonObject _root;

    private Notebook(JsonObject root, IReadOnlyList<NotebookCell> cells)
    {
        _root = root;
        Cells = cells;
    }

    /// <summary>All cells, in order.</summary>
    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>The cells that hold code, in order.</summary>
    public IEnumerable<NotebookCell> CodeCells => Cells.Where(cell => cell.CellType == CellType.Code);

    /// <summary>The notebook's metadata: kernelspec, language_info and whatever else is there.</summary>
    public JsonObject Metadata => (JsonObject)_root["metadata"]!;

    /// <summary>Reads a file.</summary>
    /// <exception cref="NotebookFormatException">The file is no notebook, truncated, or of another version; the message names file, line and column.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Notebook Read(string path)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException exception)
        {
            throw new NotebookFormatException($"{path}: not a notebook: the file is not UTF-8 text (byte {exception.Index}).", exception);
        }

        return Parse(text, path);
    }

    /// <summary>Reads a notebook from its text.</summary>
    /// <param name="text">The JSON text; a byte order mark at its start is passed over.</param>
    /// <param name="name">What error messages call it, a path for instance.</param>
    /// <exception cref="NotebookFormatException">As in <see cref="Read"/>.</exception>
    public static Notebook Parse(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            var root = JsonText.Parse(text.TrimStart('\uFEFF'), out var positionOf);
            return new NotebookReader(name, positionOf).Read(root);
        }
        catch (JsonTextException exception)
        {
            throw new NotebookFormatException(
                $"{name}({exception.Position.Line},{exception.Position.Column}): not a notebook: {exception.Message}.", exception);
        }
    }

    /// <summary>An independent copy.</summary>
    public Notebook Clone()
    {
        var root = (JsonObject)_root.DeepClone();
        return FromNormalized(root);
    }

    /// <summary>The file's text: nbformat 4.5, one-space indent, sorted keys, texts as lists of lines, a line feed at the end.</summary>
    public string ToText()
    {
        var root = (JsonObject)_root.DeepClone();
        root["nbformat_minor"] = NewestMinorVersion;
        var metadata = (JsonObject)root["metadata"]!;
        metadata.Remove("orig_nbformat");
        metadata.Remove("orig_nbformat_minor");
        metadata.Remove("signature");
        foreach (var cell in FromNormalized(root).Cells)
        {
            cell.Metadata.Remove("trusted");
            cell.SplitLines();
        }

        return JsonTextWriter.WriteIndented(root) + "\n";
    }

    /// <summary>Writes <see cref="ToText"/> so that a reader, or a kill in the middle, finds the old file or the new one, whole.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public void Write(string path) => AtomicFile.WriteAllText(path, ToText());

    internal static Notebook FromNormalized(JsonObject root) =>
        new(root, [.. ((JsonArray)root["cells"]!).Select(cell => new NotebookCell((JsonObject)cell!))]);

    internal static bool IsKnownMinorVersion(int minor) => minor is >= 0 and <= NewestMinorVersion;
}
