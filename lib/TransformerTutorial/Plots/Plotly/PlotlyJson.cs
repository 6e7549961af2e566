using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TransformerTutorial.Plots.Plotly;

/// <summary>Writes a picture as Plotly's JSON: <c>{"data":[…],"layout":{…}}</c>, with the names of Plotly's figure reference.</summary>
/// <remarks>
/// Ranges, colours and bins are those of the SVG, so both look alike. Text that Plotly would read as HTML or TeX is escaped, gaps are <c>null</c>, and
/// category axes say that they are (or "2024" would become a number).
/// </remarks>
internal static class PlotlyJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(PicturePlan plan)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            var listed = new HashSet<StyledTrace>(plan.Legend, ReferenceEqualityComparer.Instance);
            foreach (var (index, panel) in plan.Panels.Index())
            {
                foreach (var styled in panel.Traces)
                {
                    new PlotlyTrace(json, panel, index, PlotlyGrid.Across(plan, index), PlotlyGrid.Up(plan, index)).Write(styled, listed.Contains(styled));
                }
            }

            json.WriteEndArray();
            new PlotlyLayout(json, plan).Write();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>The reference to a panel's axis: <c>x</c>, <c>x2</c>, <c>x3</c>, …</summary>
    public static string AxisName(char axis, int panel) => panel == 0 ? axis.ToString() : $"{axis}{panel + 1}";

    /// <summary>A number, or null for a gap. Fractions keep nine significant digits, all that a single-precision number has, which halves the size of a figure.</summary>
    public static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value == Math.Round(value) ? value + 0.0 : double.Parse(value.ToString("G9", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
        }
        else
        {
            json.WriteNullValue();
        }
    }

    public static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            WriteNumber(json, value);
        }

        json.WriteEndArray();
    }

    public static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(PlotText.ForPlotly(text));
        }

        json.WriteEndArray();
    }

    /// <summary>Category names for Plotly, which takes equal names for one category: the second "the" of a sentence gets an invisible mark.</summary>
    public static IEnumerable<string> DistinctNames(IEnumerable<string> names)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var times = seen.GetValueOrDefault(name);
            seen[name] = times + 1;
            yield return name + new string('\u200b', times);
        }
    }

    public static string DashName(LineDash dash) => dash switch { LineDash.Dashed => "dash", LineDash.Dotted => "dot", _ => "solid" };
}
