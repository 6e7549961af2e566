using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CSharpKernel.Jupyter;

/// <summary>What errors call a cell: its id in the notebook where a person could have given it, else its execution count.</summary>
internal static partial class CellNames
{
    /// <summary><c>{"cellId": "ch06-why-scale"} -> ch06-why-scale</c>; <c>{"cellId": "b7c0a1f2"}, 3 -> 3</c>.</summary>
    /// <param name="metadata">The request's metadata.</param>
    /// <param name="executionCount">The cell's execution count.</param>
    public static string NameOf(JsonObject metadata, int executionCount)
    {
        var id = JupyterJson.Text(metadata, "cellId") ?? JupyterJson.Text(metadata, "cell_id");
        return id is not null && CellId().IsMatch(id) && !MadeUpId().IsMatch(id) ? id : executionCount.ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex CellId();

    // The ids that front ends give: a UUID, with or without hyphens, or its first part.
    [GeneratedRegex(@"\A[0-9A-Fa-f]{8}(-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{4}-?[0-9A-Fa-f]{12})?\z")]
    private static partial Regex MadeUpId();
}
