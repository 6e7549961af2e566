using System.Text.Json;
using TransformerTutorial.Plots.Drawing;

namespace TransformerTutorial.Plots.Plotly;

/// <summary>Writes <c>layout</c>: size, title, axes, reference lines, and the series' theme as a template.</summary>
internal sealed class PlotlyLayout(Utf8JsonWriter json, PicturePlan plan)
{
    public void Write()
    {
        json.WriteStartObject("layout");
        WriteTitleAndSize();
        if (plan.Panels.Select(panel => panel.PlotlyBarMode).OfType<string>().FirstOrDefault() is { } mode)
        {
            json.WriteString("barmode", mode);
            json.WriteNumber("bargap", plan.Panels.Any(panel => panel.Bins is not null) ? 0.02 : 1 - BarGeometry.Fill);
        }

        json.WriteStartObject("meta");
        json.WriteString("altText", PlotText.OneLine(plan.Picture.AltText));
        json.WriteEndObject();
        foreach (var (index, panel) in plan.Panels.Index())
        {
            WriteAxis('x', index, panel.X);
            WriteAxis('y', index, panel.Y);
        }

        WriteShapes();
        WriteAnnotations();
        WriteTemplate();
        json.WriteEndObject();
    }

    /// <summary>Title, legend and panel titles stand above each other; Plotly wants their places as shares of the plot's height.</summary>
    private void WriteTitleAndSize()
    {
        const double LineHeight = 20;
        const double LegendHeight = 24;
        const double Bottom = 56;
        var title = TextMeasure.Wrap(PlotText.OneLine(plan.Picture.Title), Theme.TitleSize, plan.Picture.Width - 40, 3, bold: true);
        var legend = plan.Legend.Count > 0;
        var panelTitle = plan.Panels.Any(panel => panel.Panel.Title.Length > 0) ? LegendHeight : 4;
        var top = 18 + (title.Count * LineHeight) + (legend ? LegendHeight : 0) + panelTitle;
        var height = plan.Picture.Height ?? (plan.Panels.Count == 1 ? top + Bottom + 290 : top + Bottom + (PlotlyGrid.Rows(plan) * 250));

        json.WriteNumber("width", plan.Picture.Width);
        json.WriteNumber("height", height);
        json.WriteStartObject("title");
        json.WriteString("text", string.Join("<br>", title.Select(line => $"<b>{PlotText.ForPlotly(line)}</b>")));
        json.WriteNumber("y", 1 - (12 / height));
        json.WriteString("yanchor", "top");
        json.WriteEndObject();
        json.WriteStartObject("margin");
        json.WriteNumber("l", 64);
        json.WriteNumber("r", plan.Panels.Any(panel => panel.HeatMap is not null) ? 84 : 24);
        json.WriteNumber("t", top);
        json.WriteNumber("b", Bottom);
        json.WriteEndObject();
        json.WriteBoolean("showlegend", legend);
        if (legend)
        {
            json.WriteStartObject("legend");
            json.WriteNumber("y", 1 + (panelTitle / Math.Max(height - top - Bottom, 1)));
            json.WriteEndObject();
        }
    }

    private void WriteTitle(string text)
    {
        json.WriteStartObject("title");
        json.WriteString("text", PlotText.ForPlotly(text));
        json.WriteEndObject();
    }

    private void WriteAxis(char letter, int index, AxisRange range)
    {
        var axis = range.Axis;
        json.WriteStartObject(PlotlyJson.AxisName(letter, index).Insert(1, "axis"));
        json.WriteString("anchor", PlotlyJson.AxisName(letter == 'x' ? 'y' : 'x', index));
        var (start, end) = letter == 'x' ? PlotlyGrid.Across(plan, index) : PlotlyGrid.Up(plan, index);
        PlotlyJson.WriteNumbers(json, "domain", [start, end]);
        WriteTitle(PlotText.OneLine(axis.Title));
        json.WriteString("type", range.Categories is not null ? "category" : axis.Logarithmic ? "log" : "linear");
        double[] limits = axis.Logarithmic ? [Math.Log10(range.Low), Math.Log10(range.High)] : [range.Low, range.High];
        PlotlyJson.WriteNumbers(json, "range", range.Reversed ? limits.Reverse() : limits);
        if (index > 0 && (letter == 'x' ? plan.Picture.SharedAxes.X : plan.Picture.SharedAxes.Y))
        {
            json.WriteString("matches", letter.ToString());
        }

        if (range.Categories is not null)
        {
            json.WriteString("categoryorder", "array");
            PlotlyJson.WriteTexts(json, "categoryarray", plan.Panels[index].HeatMap is null ? range.Categories : PlotlyJson.DistinctNames(range.Categories));
        }
        else
        {
            json.WriteString("tickformat", axis.TickFormat);
            json.WriteString("ticksuffix", PlotText.ForPlotly(axis.TickSuffix));
        }

        if (axis.TickValues is { } values)
        {
            json.WriteString("tickmode", "array");
            PlotlyJson.WriteNumbers(json, "tickvals", values);
            if (axis.TickLabels is { } labels)
            {
                PlotlyJson.WriteTexts(json, "ticktext", labels);
            }
        }

        else if (axis.Logarithmic)
        {
            // D2: ticks at 1, 2 and 5 times a power of ten.
            if (range.High / range.Low < 2000)
            {
                json.WriteString("dtick", "D2");
            }
            else
            {
                json.WriteNumber("dtick", 1);
            }
        }

        if (plan.Panels[index].HeatMap is not null)
        {
            json.WriteBoolean("showgrid", false);
        }

        json.WriteEndObject();
    }

    private void WriteShapes()
    {
        json.WriteStartArray("shapes");
        foreach (var (index, panel) in plan.Panels.Index())
        {
            foreach (var line in panel.Panel.ReferenceLines)
            {
                var (x, y) = (PlotlyJson.AxisName('x', index), PlotlyJson.AxisName('y', index));
                json.WriteStartObject();
                json.WriteString("type", "line");
                json.WriteString("xref", line.IsHorizontal ? x + " domain" : x);
                json.WriteString("yref", line.IsHorizontal ? y : y + " domain");
                json.WriteNumber("x0", line.IsHorizontal ? 0 : line.Value);
                json.WriteNumber("x1", line.IsHorizontal ? 1 : line.Value);
                json.WriteNumber("y0", line.IsHorizontal ? line.Value : 0);
                json.WriteNumber("y1", line.IsHorizontal ? line.Value : 1);
                json.WriteStartObject("line");
                json.WriteString("color", (line.Color ?? Theme.AxisLine).ToString());
                json.WriteNumber("width", 1.25);
                json.WriteString("dash", PlotlyJson.DashName(line.Dash));
                json.WriteEndObject();
                json.WriteEndObject();
            }

            if (panel.HeatMap is { } map)
            {
                WriteOutline(map, index);
            }
        }

        json.WriteEndArray();
    }

    private void WriteOutline(HeatMapTrace map, int index)
    {
        foreach (var (x0, y0, x1, y1) in map.OutlinePieces())
        {
            json.WriteStartObject();
            json.WriteString("type", "line");
            json.WriteString("xref", PlotlyJson.AxisName('x', index));
            json.WriteString("yref", PlotlyJson.AxisName('y', index));
            json.WriteNumber("x0", Border(map.X, x0));
            json.WriteNumber("x1", Border(map.X, x1));
            json.WriteNumber("y0", Border(map.Y, y0));
            json.WriteNumber("y1", Border(map.Y, y1));
            json.WriteStartObject("line");
            json.WriteString("color", Theme.Highlight.ToString());
            json.WriteNumber("width", 2);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    /// <summary>Where a cell begins on its axis. Names stand at 0, 1, 2, …</summary>
    private static double Border(Coordinates coordinates, int cell)
    {
        var (first, step) = coordinates.AreCategories ? (0, 1) : (coordinates.Numbers[0], coordinates.Count < 2 ? 1 : coordinates.Numbers[1] - coordinates.Numbers[0]);
        return first + ((cell - 0.5) * step);
    }

    private void WriteAnnotations()
    {
        json.WriteStartArray("annotations");
        foreach (var (index, panel) in plan.Panels.Index())
        {
            if (panel.Panel.Title.Length > 0)
            {
                WriteAnnotation("paper", "paper", PlotlyGrid.Across(plan, index).Low, PlotlyGrid.Up(plan, index).High, "left", "bottom", "<b>" + PlotText.ForPlotly(PlotText.OneLine(panel.Panel.Title)) + "</b>");
            }

            foreach (var line in panel.Panel.ReferenceLines.Where(line => line.Label is not null))
            {
                // Unlike shapes, annotations take the logarithm on a logarithmic axis.
                var value = (line.IsHorizontal ? panel.Y : panel.X).Axis.Logarithmic ? Math.Log10(line.Value) : line.Value;
                var (x, y) = (PlotlyJson.AxisName('x', index), PlotlyJson.AxisName('y', index));
                var text = PlotText.ForPlotly(PlotText.OneLine(line.Label!));
                if (line.IsHorizontal)
                {
                    WriteAnnotation(x + " domain", y, 1, value, "right", "bottom", text);
                }
                else
                {
                    WriteAnnotation(x, y + " domain", value, 1, "left", "top", text);
                }
            }
        }

        json.WriteEndArray();
    }

    private void WriteAnnotation(string xReference, string yReference, double x, double y, string xAnchor, string yAnchor, string text)
    {
        json.WriteStartObject();
        json.WriteString("xref", xReference);
        json.WriteString("yref", yReference);
        json.WriteNumber("x", x);
        json.WriteNumber("y", y);
        json.WriteString("xanchor", xAnchor);
        json.WriteString("yanchor", yAnchor);
        json.WriteString("text", text);
        json.WriteBoolean("showarrow", false);
        json.WriteEndObject();
    }

    /// <summary>The theme: the same colours and sizes as in the SVG.</summary>
    private void WriteTemplate()
    {
        json.WriteStartObject("template");
        json.WriteStartObject("layout");
        json.WriteString("paper_bgcolor", Theme.Background.ToString());
        json.WriteString("plot_bgcolor", Theme.Background.ToString());
        PlotlyJson.WriteTexts(json, "colorway", Theme.ColorSequence.Select(color => color.ToString()));
        WriteFont("font", Theme.LabelSize, Theme.Text);
        json.WriteStartObject("title");
        json.WriteNumber("x", 0.02);
        json.WriteString("xanchor", "left");
        json.WriteString("yref", "container");
        WriteFont("font", Theme.TitleSize, Theme.Text);
        json.WriteEndObject();
        json.WriteStartObject("legend");
        json.WriteString("orientation", "h");
        json.WriteNumber("x", 0);
        json.WriteString("xanchor", "left");
        json.WriteString("yanchor", "bottom");
        json.WriteEndObject();
        foreach (var axis in new[] { "xaxis", "yaxis" })
        {
            json.WriteStartObject(axis);
            json.WriteString("gridcolor", Theme.GridLine.ToString());
            json.WriteString("linecolor", Theme.AxisLine.ToString());
            json.WriteBoolean("zeroline", false);
            json.WriteBoolean("automargin", true);
            WriteFont("tickfont", Theme.TickSize, Theme.SecondaryText);
            json.WriteStartObject("title");
            WriteFont("font", Theme.LabelSize, Theme.Text);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteFont(string name, double size, Color color)
    {
        json.WriteStartObject(name);
        json.WriteString("family", Theme.FontFamily);
        json.WriteNumber("size", size);
        json.WriteString("color", color.ToString());
        json.WriteEndObject();
    }
}
