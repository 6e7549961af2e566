using System.Globalization;
using TransformerTutorial.Plots;

namespace TransformerTutorial.Checks;

/// <summary>Draws a table of outputs against inputs with what is forbidden outlined.</summary>
internal static class LeakMap
{
    public static Panel PanelOf(string title, double[][] values, bool[][]? forbidden, IEnumerable<string>? labels, string colorTitle, double? minimum = null)
    {
        string[] columns = labels is null ? Numbers(values[0].Length) : [.. labels];
        var rows = columns.Length == values.Length ? columns : Numbers(values.Length);
        return new Panel(title)
        {
            Traces = [Plot.HeatMap(values, columns, rows) with { Outlined = forbidden, ColorTitle = colorTitle, Minimum = minimum }],
            XAxis = new Axis("input"),
            YAxis = new Axis("output"),
        };
    }

    public static Figure FigureOf(Panel panel, string altText) => new()
    {
        Title = panel.Title,
        AltText = altText,
        Width = 520,
        Height = 400,
        Traces = panel.Traces,
        XAxis = panel.XAxis,
        YAxis = panel.YAxis,
    };

    private static string[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture))];
}
