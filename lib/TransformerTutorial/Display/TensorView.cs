using System.Globalization;
using System.Text;

namespace TransformerTutorial.Display;

/// <summary>A tensor as a reader sees it: shape, type, aligned numbers and, in HTML, a colour behind every number. Made by <see cref="TensorDisplay.Show"/>.</summary>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plain])]
public sealed class TensorView : RichOutput
{
    private const int LongestLabel = 24;

    private readonly bool _hasHeatMap;

    internal TensorView(string? name, TensorSample sample, string[]? rows, string[]? columns, int? decimals, bool hasHeatMap)
    {
        Sample = sample;
        _hasHeatMap = hasHeatMap;
        Name = name;
        RowLabels = rows is null ? null : [.. sample.Rows.Select(row => Shortened(rows[row]))];
        ColumnLabels = columns is null ? null : [.. sample.Columns.Select(column => Shortened(columns[column]))];
        var format = decimals is { } digits ? "F" + digits.ToString(CultureInfo.InvariantCulture) : TensorNumbers.FormatFor(sample.Slices.SelectMany(slice => slice.Values).Select(value => value.Number));
        Texts = [.. sample.Slices.Select(slice => slice.Values.Select(value => value.Exact ?? TensorNumbers.Write(value.Number, format)).ToArray())];
        var areExact = sample.Type == TorchSharp.torch.ScalarType.Bool || sample.Slices.Any(slice => slice.Values[0].Exact is not null);
        LegendFormat = areExact ? "0" : decimals is null && sample.Slices.Any(slice => slice.Drawing is not null) ? null : format;
    }

    /// <summary>What the tensor is called; null if it has no name.</summary>
    public string? Name { get; }

    /// <summary>Its shape.</summary>
    public IReadOnlyList<long> Shape => Sample.Shape;

    internal TensorSample Sample { get; }

    internal string[]? RowLabels { get; }

    internal string[]? ColumnLabels { get; }

    /// <summary>The numbers of each slice as text, row by row.</summary>
    internal string[][] Texts { get; }

    /// <summary>How the ends of the colours are written; null where a drawing holds numbers that are not written out: the ends then choose for themselves.</summary>
    internal string? LegendFormat { get; }

    /// <summary>What stands above the numbers: <c>scores: shape (3, 4), Float32</c>.</summary>
    internal string Heading
    {
        get
        {
            var heading = new StringBuilder(Name is null ? "" : Name + ": ");
            heading.Append("shape ").Append(Text(Sample.Shape)).Append(", ").Append(Sample.Type);
            return heading.Append(Sample.RequiresGradient ? ", requires grad" : "").ToString();
        }
    }

    /// <summary>The slice's name in front of its numbers, or null for a tensor of at most two dimensions.</summary>
    internal string? SliceHeading(int slice) =>
        Sample.Slices[slice].Place is { Length: > 0 } place ? $"{Name}[{string.Join(", ", place)}]" : null;

    /// <summary>What stands below the last slice if not all are shown, or null.</summary>
    internal string? LeftOut => Sample.SliceCount - Sample.Slices.Count is > 0 and var more
        ? string.Create(CultureInfo.InvariantCulture, $"… and {more:#,0} more {(more == 1 ? "slice" : "slices")} of {Text(Sample.Shape[^2..])}")
        : null;

    /// <inheritdoc/>
    public override string? Write(string mimeType) => mimeType switch
    {
        MimeTypes.Plain => TensorText.Write(this),
        MimeTypes.Html => TensorHtml.Write(this, _hasHeatMap),
        _ => null,
    };

    /// <summary>A shape in parentheses; that of a single number is empty.</summary>
    internal static string Text(long[] shape) => $"({string.Join(", ", shape)})";

    /// <summary>Whether a gap follows the shown index at this place: the next one shown is not its neighbour.</summary>
    internal static bool GapAfter(long[] indices, int at) => at + 1 < indices.Length && indices[at + 1] != indices[at] + 1;

    /// <summary>A label on one line, cut where it is long, with control characters made visible.</summary>
    private static string Shortened(string? label)
    {
        var result = new StringBuilder();
        foreach (var rune in (label ?? "").EnumerateRunes())
        {
            if (TensorText.Width(result.ToString()) >= LongestLabel)
            {
                return result.Append('…').ToString();
            }

            result.Append(rune.Value switch
            {
                '\n' => "↵",
                '\t' => "⇥",
                _ when System.Text.Rune.IsControl(rune) => $"\\x{rune.Value:X2}",
                _ => rune.ToString(),
            });
        }

        return result.ToString();
    }
}
