using System.Text.Json;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Plotly.NET.TraceObjects;
using PlotlyNetTrace = Plotly.NET.Trace;
using PlotlyObject = DynamicObj.DynamicObj;

namespace TransformerTutorial.Plots;

/// <summary>Turns the series' pictures into Plotly.NET's charts, for a reader who wants to go on with that library. Compiled on the <c>nuget</c> stack only.</summary>
/// <remarks>
/// Plotly.NET keeps a chart as objects with the names of Plotly's figure reference, which are those of the JSON that a picture writes, so that JSON is read
/// property by property. What Plotly.NET looks for by type (titles, axes, markers, …) gets that type, so its own functions change a converted chart as they change one
/// of its own. What this does not do: the way back.
/// </remarks>
public static class PlotlyNetExtensions
{
    /// <summary>The picture as a chart of Plotly.NET: the same traces, axes and colours.</summary>
    /// <example><code>figure.ToPlotlyNet().WithTitle("mine")</code></example>
    /// <exception cref="InvalidOperationException">The title or the alternative text is missing.</exception>
    /// <exception cref="ArgumentException">The data cannot be drawn; the message names the trace and the index.</exception>
    public static GenericChart ToPlotlyNet(this Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        using var figure = JsonDocument.Parse(picture.ToPlotly());
        PlotlyNetTrace[] traces = [.. figure.RootElement.GetProperty("data").EnumerateArray().Select(Trace)];
        var layout = (Layout)Value("layout", figure.RootElement.GetProperty("layout"))!;
        return GenericChart.setLayout(layout, GenericChart.ofTraceObjects(true, traces));
    }

    private static Trace2D Trace(JsonElement json)
    {
        var trace = new Trace2D(json.GetProperty("type").GetString());
        Fill(trace, json.EnumerateObject().Where(property => property.Name != "type"));
        return trace;
    }

    private static object? Value(string name, JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                var result = ObjectFor(name);
                Fill(result, json.EnumerateObject());
                return result;
            case JsonValueKind.Array:
                var items = json.EnumerateArray().Select(item => Value(name, item));
                return name switch
                {
                    "annotations" => items.Cast<Annotation>().ToArray(),
                    "shapes" => items.Cast<Shape>().ToArray(),
                    _ => items.ToArray(),
                };
            case JsonValueKind.Number:
                return json.TryGetInt64(out var integer) ? integer : json.GetDouble();
            case JsonValueKind.String:
                return json.GetString();
            case JsonValueKind.Null:
                return null;
            default:
                return json.GetBoolean();
        }
    }

    private static PlotlyObject ObjectFor(string name) => name switch
    {
        "annotations" => new Annotation(),
        "colorbar" => new ColorBar(),
        "font" or "tickfont" => new Font(),
        "layout" => new Layout(),
        "legend" => new Legend(),
        "line" => new Line(),
        "margin" => new Margin(),
        "marker" => new Marker(),
        "shapes" => new Shape(),
        "template" => new Template(),
        "title" => new Title(),
        "xbins" => new Bins(),
        _ when name.StartsWith("xaxis", StringComparison.Ordinal) || name.StartsWith("yaxis", StringComparison.Ordinal) => new LinearAxis(),
        _ => new PlotlyObject(),
    };

    private static void Fill(PlotlyObject target, IEnumerable<JsonProperty> properties)
    {
        foreach (var property in properties)
        {
            target.SetValue(property.Name, Value(property.Name, property.Value));
        }
    }
}
