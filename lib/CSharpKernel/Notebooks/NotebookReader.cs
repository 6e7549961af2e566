using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CSharpKernel.Notebooks;

/// <summary>Checks that a JSON document is a notebook and brings it into the form that <see cref="Notebook"/> keeps: joined lines, an id for every cell.</summary>
internal sealed class NotebookReader(string name, Func<JsonNode?, TextPosition> positionOf)
{
    private const int LongestId = 64;

    public Notebook Read(JsonNode? document)
    {
        var root = document as JsonObject ?? throw Error(document, $"not a notebook: the file holds {Describe(document)}, not an object");
        if (!root.ContainsKey("nbformat") && !root.ContainsKey("cells"))
        {
            throw Error(root, "not a notebook: neither 'nbformat' nor 'cells' is there");
        }

        var version = RequireInteger(root, "nbformat", "the notebook");
        if (version != 4)
        {
            throw Error(root, version < 4
                ? $"this is a notebook of nbformat {version}; this program reads nbformat 4.0 to 4.5. Open and save it once in Jupyter to convert it"
                : $"this is a notebook of nbformat {version}, newer than this program, which reads nbformat 4.0 to 4.5");
        }

        var minor = RequireInteger(root, "nbformat_minor", "the notebook");
        if (!Notebook.IsKnownMinorVersion(minor))
        {
            throw Error(root, $"this is a notebook of nbformat 4.{minor}; this program reads nbformat 4.0 to 4.5");
        }

        Require<JsonObject>(root, "metadata", "the notebook", "an object");
        var cells = Require<JsonArray>(root, "cells", "the notebook", "a list");
        for (var i = 0; i < cells.Count; i++)
        {
            ReadCell(cells[i] as JsonObject ?? throw Error(cells, $"cell {i + 1} is {Describe(cells[i])}, not an object"), i);
        }

        CheckIds(cells);
        return Notebook.FromNormalized(root);
    }

    private void ReadCell(JsonObject cell, int index)
    {
        var where = Where(cell, index);
        var type = RequireString(cell, "cell_type", where);
        if (type is not ("code" or "markdown" or "raw"))
        {
            throw Error(cell, $"{where} has the type \"{type}\"; there are code, markdown and raw cells");
        }

        Require<JsonObject>(cell, "metadata", where, "an object");
        JoinLines(cell, "source", where);
        if (cell["metadata"]!["tags"] is { } tags && !(tags is JsonArray list && list.All(IsString)))
        {
            throw Error(cell, $"{where}: 'metadata.tags' is not a list of strings");
        }

        if (cell.TryGetPropertyValue("attachments", out var attachments))
        {
            foreach (var (file, bundle) in attachments as JsonObject ?? throw Error(cell, $"{where}: 'attachments' is {Describe(attachments)}, not an object"))
            {
                JoinBundle(bundle as JsonObject ?? throw Error(attachments, $"{where}: the attachment \"{file}\" is {Describe(bundle)}, not an object"));
            }
        }

        if (type != "code")
        {
            return;
        }

        if (!cell.TryGetPropertyValue("execution_count", out var count))
        {
            cell["execution_count"] = null;
        }
        else if (count is not null && !IsInteger(count))
        {
            throw Error(cell, $"{where}: 'execution_count' is {Describe(count)}, not an integer or null");
        }

        var outputs = Require<JsonArray>(cell, "outputs", where, "a list");
        for (var i = 0; i < outputs.Count; i++)
        {
            ReadOutput(outputs[i] as JsonObject ?? throw Error(outputs, $"{where}: output {i + 1} is {Describe(outputs[i])}, not an object"), $"{where}, output {i + 1}");
        }
    }

    private void ReadOutput(JsonObject output, string where)
    {
        switch (RequireString(output, "output_type", where))
        {
            case "stream":
                RequireString(output, "name", where);
                JoinLines(output, "text", where);
                break;
            case "display_data" or "execute_result":
                JoinBundle(Require<JsonObject>(output, "data", where, "an object"));
                if (!output.ContainsKey("metadata"))
                {
                    output["metadata"] = new JsonObject();
                }

                break;
            case "error":
                RequireString(output, "ename", where);
                RequireString(output, "evalue", where);
                if (!Require<JsonArray>(output, "traceback", where, "a list").All(IsString))
                {
                    throw Error(output, $"{where}: 'traceback' is not a list of strings");
                }

                break;
            case var type:
                throw Error(output, $"{where} has the type \"{type}\"; there are stream, display_data, execute_result and error outputs");
        }
    }

    private void CheckIds(JsonArray cells)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < cells.Count; i++)
        {
            var cell = (JsonObject)cells[i]!;
            if (!cell.TryGetPropertyValue("id", out var node))
            {
                continue;
            }

            if (!IsString(node))
            {
                throw Error(cell, $"cell {i + 1}: 'id' is {Describe(node)}, not a string");
            }

            var id = node!.GetValue<string>();
            if (id.Length is 0 or > LongestId || !id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            {
                throw Error(cell, $"cell {i + 1}: the id \"{id}\" is not legal; an id has 1 to {LongestId} letters, digits, '-' and '_' of ASCII");
            }

            if (!seen.TryAdd(id, i + 1))
            {
                throw Error(cell, $"cell {i + 1}: the id \"{id}\" is already that of cell {seen[id]}");
            }
        }

        for (var i = 0; i < cells.Count; i++)
        {
            if (!((JsonObject)cells[i]!).ContainsKey("id"))
            {
                cells[i]!["id"] = DeriveId((JsonObject)cells[i]!, seen);
            }
        }
    }

    /// <summary>An id for a cell that has none: the same for the same cell every time, a number added where two cells are alike.</summary>
    private static string DeriveId(JsonObject cell, Dictionary<string, int> taken)
    {
        var content = (string)cell["cell_type"]! + "\n" + (string)cell["source"]!;
        var id = "cell-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)).AsSpan(0, 4));
        var result = id;
        for (var copy = 2; !taken.TryAdd(result, 0); copy++)
        {
            result = string.Create(CultureInfo.InvariantCulture, $"{id}-{copy}");
        }

        return result;
    }

    private void JoinLines(JsonObject owner, string key, string where)
    {
        if (!owner.TryGetPropertyValue(key, out var value))
        {
            throw Error(owner, $"{where}: '{key}' is missing");
        }

        if (value is JsonArray lines && lines.All(IsString))
        {
            owner[key] = Join(lines);
        }
        else if (!IsString(value))
        {
            throw Error(owner, $"{where}: '{key}' is {Describe(value)}, not a string or a list of strings");
        }
    }

    private static void JoinBundle(JsonObject bundle)
    {
        foreach (var (mimeType, value) in bundle.ToList())
        {
            if (!NotebookOutput.IsJson(mimeType) && value is JsonArray lines && lines.All(IsString))
            {
                bundle[mimeType] = Join(lines);
            }
        }
    }

    private static string Join(JsonArray lines) => string.Concat(lines.Select(line => line!.GetValue<string>()));

    private T Require<T>(JsonObject owner, string key, string where, string expected)
        where T : JsonNode
    {
        return owner.TryGetPropertyValue(key, out var value)
            ? value as T ?? throw Error(owner, $"{where}: '{key}' is {Describe(value)}, not {expected}")
            : throw Error(owner, $"{where}: '{key}' is missing");
    }

    private string RequireString(JsonObject owner, string key, string where)
    {
        var value = Require<JsonValue>(owner, key, where, "a string");
        return IsString(value) ? value.GetValue<string>() : throw Error(owner, $"{where}: '{key}' is {Describe(value)}, not a string");
    }

    private int RequireInteger(JsonObject owner, string key, string where)
    {
        var value = Require<JsonValue>(owner, key, where, "an integer");
        return IsInteger(value) ? value.GetValue<int>() : throw Error(owner, $"{where}: '{key}' is {Describe(value)}, not an integer");
    }

    private static bool IsString(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String;

    private static bool IsInteger(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out _);

    private static string Where(JsonObject cell, int index) =>
        IsString(cell["id"]) ? $"cell {index + 1} ({cell["id"]!.GetValue<string>()})" : $"cell {index + 1}";

    private static string Describe(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {node.ToJsonString()}",
        _ => node.ToJsonString(),
    };

    private NotebookFormatException Error(JsonNode? near, string message)
    {
        var position = positionOf(near);
        return new($"{name}({position.Line},{position.Column}): {message}.");
    }
}
