using System.Text.Json;
using System.Text.Json.Nodes;

namespace CSharpKernel.Notebooks;

/// <summary>The kinds of cells.</summary>
public enum CellType
{
    /// <summary>Code, with outputs.</summary>
    Code,

    /// <summary>Text in Markdown.</summary>
    Markdown,

    /// <summary>Text for a converter, left as it is.</summary>
    Raw,
}

/// <summary>One cell of a notebook: a view of its JSON.</summary>
public sealed class NotebookCell
{
    private readonly JsonObject _json;

    internal NotebookCell(JsonObject json) => _json = json;

    /// <summary>The stable id, unique in the notebook.</summary>
    public string Id => _json["id"]!.GetValue<string>();

    /// <summary>What the cell holds.</summary>
    public CellType CellType => _json["cell_type"]!.GetValue<string>() switch
    {
        "code" => CellType.Code,
        "markdown" => CellType.Markdown,
        _ => CellType.Raw,
    };

    /// <summary>The whole source as one text.</summary>
    public string Source
    {
        get => _json["source"]!.GetValue<string>();
        set => _json["source"] = value;
    }

    /// <summary>The cell's metadata.</summary>
    public JsonObject Metadata => (JsonObject)_json["metadata"]!;

    /// <summary>The tags in <see cref="Metadata"/>.</summary>
    public IReadOnlyList<string> Tags => Metadata["tags"] is JsonArray tags ? [.. tags.Select(tag => tag!.GetValue<string>())] : [];

    /// <summary>The number of the execution that made the outputs, from 1, or null; code cells only.</summary>
    public int? ExecutionCount
    {
        get => _json["execution_count"]?.GetValue<int>();
        set => _json["execution_count"] = value;
    }

    /// <summary>The outputs of a code cell; none for another.</summary>
    public IReadOnlyList<NotebookOutput> Outputs =>
        _json["outputs"] is JsonArray outputs ? [.. outputs.Select(output => new NotebookOutput((JsonObject)output!))] : [];

    /// <summary>Puts <paramref name="outputs"/> in the place of the cell's outputs.</summary>
    /// <exception cref="InvalidOperationException">The cell is no code cell.</exception>
    public void SetOutputs(IEnumerable<NotebookOutput> outputs)
    {
        if (CellType != CellType.Code)
        {
            throw new InvalidOperationException($"Cell {Id} is not a code cell; only code cells have outputs.");
        }

        _json["outputs"] = new JsonArray([.. outputs.Select(output => output.Json.DeepClone())]);
    }

    /// <summary>True where the cell carries <paramref name="tag"/>.</summary>
    public bool HasTag(string tag) => Tags.Contains(tag);

    /// <summary>Turns the texts that a file stores as lists of lines into such lists. The cell is of no use afterwards but to be written.</summary>
    internal void SplitLines()
    {
        Split(_json, "source");
        if (_json["attachments"] is JsonObject attachments)
        {
            foreach (var (_, bundle) in attachments)
            {
                SplitBundle((JsonObject)bundle!);
            }
        }

        if (_json["outputs"] is not JsonArray outputs || CellType != CellType.Code)
        {
            return;
        }

        foreach (var output in outputs)
        {
            switch (output!["output_type"]!.GetValue<string>())
            {
                case "stream":
                    Split((JsonObject)output, "text");
                    break;
                case "display_data" or "execute_result":
                    SplitBundle((JsonObject)output["data"]!);
                    break;
            }
        }
    }

    private static void SplitBundle(JsonObject bundle)
    {
        foreach (var (mimeType, value) in bundle.ToList())
        {
            if (value?.GetValueKind() == JsonValueKind.String
                && (mimeType.StartsWith("text/", StringComparison.Ordinal) || mimeType is "application/javascript" or "image/svg+xml"))
            {
                Split(bundle, mimeType);
            }
        }
    }

    private static void Split(JsonObject owner, string key) =>
        owner[key] = new JsonArray([.. TextLines.Split(owner[key]!.GetValue<string>()).Select(line => JsonValue.Create(line))]);
}
