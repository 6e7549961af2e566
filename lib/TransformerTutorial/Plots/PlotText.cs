using System.Globalization;
using System.Text;

namespace TransformerTutorial.Plots;

/// <summary>Makes any string fit to be drawn: tokens hold control characters, halves of surrogate pairs and worse.</summary>
internal static class PlotText
{
    /// <summary>
    /// The text with every control character, line separator and change of writing direction shown as C# writes it (<c>\n</c>, <c>\u0001</c>), and
    /// halves of surrogate pairs shown as �.
    /// </summary>
    public static string Visible(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(rune.Value switch
            {
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < 0x20 or (>= 0x7f and < 0xa0) or 0x2028 or 0x2029 or (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069) or 0xfffe or 0xffff => $"\\u{rune.Value:x4}",
                _ => rune.ToString(),
            });
        }

        return result.ToString();
    }

    /// <summary>The text on one line: runs of white space become one space, the rest is made visible.</summary>
    public static string OneLine(string text) => Visible(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>The text as Plotly shows it unchanged: it reads labels as a kind of HTML and dollar signs as TeX, so <c>&lt;/w&gt;</c> would vanish.</summary>
    public static string ForPlotly(string text) => Visible(text)
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("$", "&#36;", StringComparison.Ordinal);

    /// <summary>The user-perceived characters of the text.</summary>
    public static IEnumerable<string> Graphemes(string text)
    {
        var elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            yield return elements.GetTextElement();
        }
    }
}
