using System.Globalization;
using System.Text;

namespace TransformerTutorial.Plots;

/// <summary>Makes any string fit to be drawn: tokens hold control characters, halves of surrogate pairs and worse.</summary>
internal static class PlotText
{
    /// <summary>
    /// The text with every control character shown as its picture (<c>\n</c> → ␊) and everything that XML cannot hold shown as �.
    /// </summary>
    public static string Visible(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            result.Append(rune.Value switch
            {
                < 0x20 => ((char)(0x2400 + rune.Value)).ToString(),
                0x7f => "␡",
                >= 0x80 and < 0xa0 or 0xfffe or 0xffff or 0x2028 or 0x2029 => "�",
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
