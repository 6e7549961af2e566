using System.Globalization;
using System.Text.Json.Nodes;

namespace CSharpKernel.Jupyter;

/// <summary>What errors call a cell: its id in the notebook where a person could have given it, else its execution count.</summary>
internal static class CellNames
{
    // nbformat allows no longer ids.
    private const int MaximumLength = 64;

    /// <summary><c>{"cellId": "ch06-why-scale"} -> ch06-why-scale</c>; <c>{"cellId": "b7c0a1f2"}, 3 -> 3</c>.</summary>
    /// <param name="metadata">The request's metadata.</param>
    /// <param name="executionCount">The cell's execution count.</param>
    public static string NameOf(JsonObject metadata, int executionCount)
    {
        var id = JupyterJson.Text(metadata, "cellId") ?? JupyterJson.Text(metadata, "cell_id");
        return id is { Length: > 0 and <= MaximumLength } && id.All(IsIdCharacter) && !IsMadeUp(id) ? id : executionCount.ToString(CultureInfo.InvariantCulture);
    }

    private static bool IsIdCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    /// <summary>True for the ids that front ends give: a UUID, or the first part of one.</summary>
    private static bool IsMadeUp(string id) => Guid.TryParse(id, out _) || (id.Length == 8 && id.All(char.IsAsciiHexDigit));
}
