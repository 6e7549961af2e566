using System.Text.Json;

namespace TransformerTutorial.Plots.Plotly;

/// <summary>Writes one trace into <c>data</c>.</summary>
internal sealed class PlotlyTrace(Utf8JsonWriter json, PanelPlan panel, int panelIndex, (double Low, double High) across, (double Low, double High) up)
{
    private const int MostSeparatedCells = 40;

    public void Write(StyledTrace styled, bool inLegend)
    {
        if (styled.Trace is ScatterTrace { Lower: not null } banded)
        {
            WriteBandEdge(styled, banded, banded.Lower, fill: null);
            WriteBandEdge(styled, banded, banded.Upper!, fill: "tonexty");
        }

        json.WriteStartObject();
        switch (styled.Trace)
        {
            case ScatterTrace scatter:
                WriteScatter(styled, scatter);
                break;
            case BarTrace bar:
                WriteBar(styled, bar);
                break;
            case HistogramTrace histogram:
                WriteHistogram(styled, histogram);
                break;
            case HeatMapTrace map:
                WriteHeatMap(map);
                break;
        }

        if (styled.Trace is not HeatMapTrace)
        {
            json.WriteBoolean("showlegend", inLegend);
        }

        if (styled.Trace.Name is { } name)
        {
            json.WriteString("name", PlotText.ForPlotly(name));
            json.WriteString("legendgroup", PlotText.Visible(name));
        }

        WriteAxes();
        json.WriteEndObject();
    }

    private void WriteAxes()
    {
        json.WriteString("xaxis", PlotlyJson.AxisName('x', panelIndex));
        json.WriteString("yaxis", PlotlyJson.AxisName('y', panelIndex));
    }

    private void WriteScatter(StyledTrace styled, ScatterTrace scatter)
    {
        string[] modes = [.. new[] { scatter.ShowLine ? "lines" : null, scatter.ShowMarkers ? "markers" : null, scatter.Labels is null ? null : "text" }.OfType<string>()];
        json.WriteString("type", "scatter");
        json.WriteString("mode", modes.Length == 0 ? "none" : string.Join('+', modes));
        WriteCoordinates("x", scatter.X);
        WriteCoordinates("y", scatter.Y);
        if (scatter.Labels is not null)
        {
            PlotlyJson.WriteTexts(json, "text", scatter.Labels.Select(label => label ?? ""));
            json.WriteString("textposition", "top center");
        }

        if (scatter.ShowLine)
        {
            json.WriteStartObject("line");
            json.WriteString("color", styled.Color.ToString());
            json.WriteNumber("width", scatter.LineWidth);
            json.WriteString("dash", PlotlyJson.DashName(scatter.Dash));
            json.WriteEndObject();
        }

        if (!scatter.ShowMarkers)
        {
            return;
        }

        json.WriteStartObject("marker");
        json.WriteString("color", styled.Color.ToString());
        json.WriteNumber("size", scatter.MarkerSize);
        json.WriteString("symbol", styled.Symbol switch
        {
            MarkerSymbol.Square => "square",
            MarkerSymbol.Diamond => "diamond",
            MarkerSymbol.TriangleUp => "triangle-up",
            MarkerSymbol.Cross => "x",
            _ => "circle",
        });
        json.WriteEndObject();
    }

    private void WriteBandEdge(StyledTrace styled, ScatterTrace scatter, IReadOnlyList<double> edge, string? fill)
    {
        json.WriteStartObject();
        json.WriteString("type", "scatter");
        json.WriteString("mode", "lines");
        WriteCoordinates("x", scatter.X);
        PlotlyJson.WriteNumbers(json, "y", edge);
        json.WriteStartObject("line");
        json.WriteString("color", styled.Color.ToString());
        json.WriteNumber("width", 0);
        json.WriteEndObject();
        if (fill is not null)
        {
            json.WriteString("fill", fill);
            json.WriteString("fillcolor", $"rgba({styled.Color.Red},{styled.Color.Green},{styled.Color.Blue},0.2)");
        }

        json.WriteBoolean("showlegend", false);
        json.WriteString("hoverinfo", "skip");
        if (scatter.Name is { } name)
        {
            json.WriteString("legendgroup", PlotText.Visible(name));
        }

        WriteAxes();
        json.WriteEndObject();
    }

    private void WriteBar(StyledTrace styled, BarTrace bar)
    {
        json.WriteString("type", "bar");
        json.WriteString("orientation", bar.Horizontal ? "h" : "v");
        WriteCoordinates("x", bar.X);
        WriteCoordinates("y", bar.Y);
        json.WriteStartObject("marker");
        if (bar.Colors is null)
        {
            json.WriteString("color", styled.Color.ToString());
        }
        else
        {
            PlotlyJson.WriteTexts(json, "color", bar.Colors.Select(color => color.ToString()));
        }

        json.WriteEndObject();
        if (bar.ShowValues)
        {
            json.WriteString("texttemplate", $"%{{{(bar.Horizontal ? "x" : "y")}:{bar.ValueFormat}}}");
            if (panel.Panel.BarMode == BarMode.Stacked)
            {
                json.WriteString("textposition", "inside");
                json.WriteString("insidetextanchor", "middle");
            }
            else
            {
                json.WriteString("textposition", "outside");
            }

            json.WriteNumber("textangle", 0);
            json.WriteBoolean("cliponaxis", false);
        }
    }

    private void WriteHistogram(StyledTrace styled, HistogramTrace histogram)
    {
        json.WriteString("type", "histogram");
        PlotlyJson.WriteNumbers(json, "x", histogram.X.Numbers);
        json.WriteString("histnorm", histogram.Normalization switch
        {
            HistogramNormalization.Probability => "probability",
            HistogramNormalization.ProbabilityDensity => "probability density",
            _ => "",
        });
        json.WriteStartObject("xbins");
        json.WriteNumber("start", panel.Bins!.Start);
        json.WriteNumber("end", panel.Bins.Start + (panel.Bins.Count * panel.Bins.Width));
        json.WriteNumber("size", panel.Bins.Width);
        json.WriteEndObject();
        json.WriteStartObject("marker");
        json.WriteString("color", $"rgba({styled.Color.Red},{styled.Color.Green},{styled.Color.Blue},{(panel.Traces.Count > 1 ? "0.4" : "1")})");
        json.WriteStartObject("line");
        json.WriteString("color", styled.Color.ToString());
        json.WriteNumber("width", panel.Traces.Count > 1 ? 1.5 : 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteHeatMap(HeatMapTrace map)
    {
        json.WriteString("type", "heatmap");
        WriteCoordinates("x", map.X);
        WriteCoordinates("y", map.Y);
        json.WriteStartArray("z");
        foreach (var row in map.Z)
        {
            json.WriteStartArray();
            foreach (var value in row)
            {
                PlotlyJson.WriteNumber(json, value);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        var (low, high) = map.ColorRange;
        json.WriteNumber("zmin", low);
        json.WriteNumber("zmax", high);
        json.WriteStartArray("colorscale");
        foreach (var (i, stop) in map.ColorScale.Stops.Index())
        {
            json.WriteStartArray();
            json.WriteNumberValue(i / (double)(map.ColorScale.Stops.Count - 1));
            json.WriteStringValue(stop.ToString());
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteBoolean("hoverongaps", false);
        WriteColorBar(map);
        if (map.Z.Count <= MostSeparatedCells && map.Z[0].Count <= MostSeparatedCells)
        {
            json.WriteNumber("xgap", 1);
            json.WriteNumber("ygap", 1);
        }

        if (map.ShowValues)
        {
            json.WriteString("texttemplate", $"%{{z:{map.ValueFormat}}}");
        }
    }

    /// <summary>The bar stands beside its own panel, not at the edge of the whole picture.</summary>
    private void WriteColorBar(HeatMapTrace map)
    {
        json.WriteStartObject("colorbar");
        json.WriteStartObject("title");
        json.WriteString("text", PlotText.ForPlotly(PlotText.OneLine(map.ColorTitle ?? "")));
        json.WriteString("side", "right");
        json.WriteEndObject();
        json.WriteNumber("thickness", 12);
        json.WriteNumber("x", across.High + 0.01);
        json.WriteString("xanchor", "left");
        json.WriteNumber("y", (up.Low + up.High) / 2);
        json.WriteNumber("len", up.High - up.Low);
        json.WriteEndObject();
    }

    private void WriteCoordinates(string name, Coordinates coordinates)
    {
        if (coordinates.AreCategories)
        {
            PlotlyJson.WriteTexts(json, name, panel.HeatMap is null ? coordinates.Categories : PlotlyJson.DistinctNames(coordinates.Categories));
        }
        else
        {
            PlotlyJson.WriteNumbers(json, name, coordinates.Numbers);
        }
    }
}
