using System.Globalization;
using System.Net;
using System.Text;
using TransformerTutorial.Plots;

namespace TransformerTutorial.Display;

/// <summary>Writes a tensor as HTML: a table with a colour behind every number, and a small drawing of a matrix that is too large to be written out.</summary>
/// <remarks>Styles are inline, and every coloured cell sets its text's colour too, so that it reads the same in light and dark editors.</remarks>
internal static class TensorHtml
{
    private const string Surface = "#fdfdfb";
    private const string Ink = "#24292f";
    private const string NotFinite = "#24292f";
    private const int Levels = 32;
    private const int LegendSteps = 9;

    public static string Write(TensorView view, bool hasHeatMap)
    {
        var colours = hasHeatMap && view.Shape.Count > 0 ? TensorColours.For(view.Sample.AllNumbers) : null;
        var html = new StringBuilder($"<div style=\"background:{Surface};color:{Ink};padding:6px 12px;margin:4px 0;width:fit-content;min-width:240px;max-width:100%;overflow-x:auto;border-radius:3px;line-height:1.4\">");
        html.Append("<div style=\"font-size:90%\">").Append(Title(view)).Append("</div>");
        if (view.Sample.Slices.Count == 0)
        {
            html.Append("<div>no elements</div>");
        }

        for (var slice = 0; slice < view.Sample.Slices.Count; slice++)
        {
            if (view.SliceHeading(slice) is { } heading)
            {
                html.Append("<div style=\"font-size:90%;margin-top:6px\">").Append(WebUtility.HtmlEncode(heading)).Append("</div>");
            }

            Table(html, view, slice, colours);
            if (colours is not null && view.Sample.Slices[slice].Drawing is { } drawing)
            {
                Drawing(html, view, drawing, colours);
            }
        }

        if (view.LeftOut is { } leftOut)
        {
            html.Append("<div style=\"font-size:90%;margin-top:6px\">").Append(WebUtility.HtmlEncode(leftOut)).Append("</div>");
        }

        if (colours is not null && view.Sample.Type != TorchSharp.torch.ScalarType.Bool && colours.HaveRange)
        {
            Legend(html, view, colours);
        }

        return html.Append("</div>").ToString();
    }

    private static string Title(TensorView view)
    {
        var heading = WebUtility.HtmlEncode(view.Heading);
        return view.Name is null ? heading : $"<b>{WebUtility.HtmlEncode(view.Name)}</b>{heading[WebUtility.HtmlEncode(view.Name).Length..]}";
    }

    private static void Table(StringBuilder html, TensorView view, int slice, TensorColours? colours)
    {
        var (rows, columns) = (view.Sample.Rows, view.Sample.Columns);
        var (values, texts) = (view.Sample.Slices[slice].Values, view.Texts[slice]);
        html.Append("<table style=\"border-collapse:collapse;border:none;margin:4px 0;width:auto;font-size:90%;font-family:monospace\">");
        if (view.ColumnLabels is { } labels)
        {
            html.Append("<tr>").Append(view.RowLabels is null ? "" : Cell("", "left"));
            for (var column = 0; column < columns.Length; column++)
            {
                html.Append(Cell(labels[column], "right")).Append(TensorView.GapAfter(columns, column) ? Cell("…", "center") : "");
            }

            html.Append("</tr>");
        }

        for (var row = 0; row < rows.Length; row++)
        {
            html.Append("<tr>").Append(view.RowLabels is null ? "" : Cell(view.RowLabels[row], "left"));
            for (var column = 0; column < columns.Length; column++)
            {
                var at = (row * columns.Length) + column;
                html.Append(Cell(texts[at], "right", colours?.Of(values[at].Number)));
                html.Append(TensorView.GapAfter(columns, column) ? Cell("…", "center") : "");
            }

            html.Append("</tr>");
            if (TensorView.GapAfter(rows, row))
            {
                html.Append("<tr>").Append(view.RowLabels is null ? "" : Cell("…", "left"));
                html.Append(CultureInfo.InvariantCulture, $"<td style=\"text-align:center;padding:0 8px;border:none;background:{Surface};color:{Ink}\" colspan=\"{columns.Length + 1}\">…</td></tr>");
            }
        }

        html.Append("</table>");
    }

    private static string Cell(string text, string align, Color? background = null)
    {
        var (behind, ink) = background is { } colour ? (colour.ToString(), colour.TextOnTop.ToString()) : (Surface, Ink);
        return $"<td style=\"text-align:{align};padding:2px 8px;border:none;white-space:pre;background:{behind};color:{ink}\">{WebUtility.HtmlEncode(text)}</td>";
    }

    /// <summary>The whole matrix, one square for each number; of a very large one, every so many rows and columns.</summary>
    private static void Drawing(StringBuilder html, TensorView view, double[] numbers, TensorColours colours)
    {
        var (rowStep, columnStep) = (view.Sample.DrawnRowStep, view.Sample.DrawnColumnStep);
        var (height, width) = (view.Sample.Shape[^2], view.Sample.Shape[^1]);
        var columns = (int)((width + columnStep - 1) / columnStep);
        var rows = numbers.Length / columns;
        var size = Math.Clamp(480 / columns, 3, 8);
        var caption = string.Create(CultureInfo.InvariantCulture, $"all {height:#,0} × {width:#,0} numbers")
            + (rowStep * columnStep == 1 ? "" : $", sampled: {Sampled("row", rowStep)}, {Sampled("column", columnStep)}");
        html.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{columns * size}\" height=\"{rows * size}\" viewBox=\"0 0 {columns} {rows}\" shape-rendering=\"crispEdges\">");
        html.Append("<title>").Append(caption).Append("</title>");
        foreach (var colour in Enumerable.Range(0, numbers.Length).GroupBy(at => colours.Of(numbers[at], Levels)))
        {
            html.Append(CultureInfo.InvariantCulture, $"<path fill=\"{colour.Key}\" d=\"");
            foreach (var at in colour)
            {
                html.Append(CultureInfo.InvariantCulture, $"M{at % columns} {at / columns}h1v1h-1z");
            }

            html.Append("\"/>");
        }

        html.Append("</svg><div style=\"font-size:80%\">").Append(caption).Append("</div>");
    }

    private static string Sampled(string what, long step) => step == 1 ? $"every {what}" : string.Create(CultureInfo.InvariantCulture, $"one {what} in {step}");

    /// <summary>A strip of the colours with the numbers at its ends.</summary>
    private static void Legend(StringBuilder html, TensorView view, TensorColours colours)
    {
        var format = view.LegendFormat ?? TensorNumbers.FormatFor([colours.Low, colours.High]);
        html.Append("<div style=\"font-size:80%;margin-top:2px;font-family:monospace\">").Append(TensorNumbers.Write(colours.Low, format)).Append(' ');
        for (var step = 0; step < LegendSteps; step++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<span style=\"display:inline-block;width:14px;height:8px;background:{colours.Of(colours.At(step))};color:{Ink}\"></span>");
        }

        html.Append(' ').Append(TensorNumbers.Write(colours.High, format)).Append("</div>");
    }

    /// <summary>The colour for each number of one tensor.</summary>
    private sealed class TensorColours(ColorScale scale, double low, double high, bool haveRange)
    {
        /// <summary>1, or a power of two that makes differences finite which would not be.</summary>
        private readonly double _unit = double.IsFinite((high - low) * LegendSteps) ? 1 : 1.0 / 32;

        private double Range => (high * _unit) - (low * _unit);

        /// <summary>Whether there are at least two different numbers, so that the colours say something.</summary>
        public bool HaveRange => haveRange;

        public double Low => low;

        public double High => high;

        /// <summary>The number at a step of the legend, from the lowest to the highest.</summary>
        public double At(int step) => ((low * _unit) + (Range * step / (LegendSteps - 1))) / _unit;

        /// <summary>Colours from the least to the greatest number; where signs differ, or all are zero, zero is in the middle.</summary>
        public static TensorColours For(IEnumerable<double> numbers)
        {
            double[] finite = [.. numbers.Where(double.IsFinite)];
            if (finite.Length == 0)
            {
                return new TensorColours(ColorScale.Sequential, 0, 0, haveRange: false);
            }

            var scale = (finite.Min() < 0 && finite.Max() > 0) || finite.All(number => number == 0) ? ColorScale.Diverging : ColorScale.Sequential;
            var (low, high) = (Plot.HeatMap<double>([finite]) with { ColorScale = scale }).ColorRange;
            return new TensorColours(scale, low, high, finite.Min() < finite.Max());
        }

        /// <summary>The number's colour, on a scale of so many levels if given; what is not finite stands out.</summary>
        public Color Of(double number, int? levels = null)
        {
            if (!double.IsFinite(number))
            {
                return NotFinite;
            }

            var share = Range == 0 ? 0.5 : ((number * _unit) - (low * _unit)) / Range;
            return scale.At(levels is { } count ? Math.Round(share * count) / count : share);
        }
    }
}
