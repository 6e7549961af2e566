using System.Globalization;
using System.Text;

namespace TransformerTutorial.Plots.Drawing;

/// <summary>How much room text takes. The fonts of the reader's machine are not known, so these are widths that the usual ones stay below.</summary>
/// <remarks>Widths are in em, close to those of DejaVu Sans, the widest of the usual sans-serif fonts; East Asian characters take one em, combining ones none.</remarks>
internal static class TextMeasure
{
    private const double LowerCase = 0.63;
    private const double UpperCase = 0.74;
    private const double Bold = 1.1;

    /// <summary>The part of the font size above the base line that text fills.</summary>
    public const double Ascent = 0.82;

    /// <summary>The part of the font size below the base line that text fills.</summary>
    public const double Descent = 0.22;

    /// <summary>The width in pixels, on the generous side.</summary>
    public static double Width(string text, double size, bool bold = false)
    {
        var em = 0.0;
        foreach (var rune in text.EnumerateRunes())
        {
            em += WidthOf(rune);
        }

        return em * size * (bold ? Bold : 1);
    }

    /// <summary>The text if it fits, or as much of its beginning as does, and an ellipsis.</summary>
    public static string Fit(string text, double size, double room, bool bold = false)
    {
        if (Width(text, size, bold) <= room)
        {
            return text;
        }

        var result = new StringBuilder();
        var used = Width("…", size, bold);
        foreach (var grapheme in PlotText.Graphemes(text))
        {
            used += Width(grapheme, size, bold);
            if (used > room)
            {
                break;
            }

            result.Append(grapheme);
        }

        return result.ToString().TrimEnd() + "…";
    }

    /// <summary>The text in at most so many lines that fit, broken at spaces or between East Asian characters; the last one is cut where it must be.</summary>
    public static IReadOnlyList<string> Wrap(string text, double size, double room, int mostLines, bool bold = false)
    {
        var lines = new List<string>();
        var line = "";
        var pieces = Pieces(text).ToList();
        for (var i = 0; i < pieces.Count; i++)
        {
            if (line.Length > 0 && Width((line + pieces[i]).TrimEnd(), size, bold) > room)
            {
                if (lines.Count == mostLines - 1)
                {
                    lines.Add(Fit(line + string.Concat(pieces.Skip(i)), size, room, bold));
                    return lines;
                }

                lines.Add(line.TrimEnd());
                line = "";
            }

            line += pieces[i];
        }

        lines.Add(Fit(line.TrimEnd(), size, room, bold));
        return lines;
    }

    private static IEnumerable<string> Pieces(string text)
    {
        var piece = new StringBuilder();
        foreach (var grapheme in PlotText.Graphemes(text))
        {
            piece.Append(grapheme);
            var rune = Rune.GetRuneAt(grapheme, 0);
            if (grapheme == " " || IsWide(rune.Value))
            {
                yield return piece.ToString();
                piece.Clear();
            }
        }

        if (piece.Length > 0)
        {
            yield return piece.ToString();
        }
    }

    private static double WidthOf(Rune rune)
    {
        switch (rune.Value)
        {
            case 'i' or 'j' or 'l' or '\'' or '|':
                return 0.34;
            case ' ' or '.' or ',' or ':' or ';' or '!' or 'I' or '·':
                return 0.36;
            case 'f' or 't' or 'r' or '(' or ')' or '[' or ']' or '/' or '\\' or '-' or '‐':
                return 0.43;
            case 'm' or 'M' or 'W' or '…' or '—' or '@' or '%':
                return 1.0;
            case 'w' or '+' or '=' or '<' or '>' or '−' or '~' or '×' or '≤' or '≥' or '∞' or '≈' or '#' or '&':
                return 0.86;
            case 'O' or 'Q' or 'G' or 'N' or 'H' or 'U' or 'D':
                return 0.8;
            case >= '0' and <= '9':
                return 0.64;
            case >= 'a' and <= 'z':
                return LowerCase;
            case < 0x7f:
                return UpperCase;
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => 0,
            _ when rune.Value is 0xfe0f => 0,
            _ when rune.Value is >= 0x1f000 => 1.3,
            _ when IsWide(rune.Value) => 1.03,
            UnicodeCategory.LowercaseLetter => 0.66,
            UnicodeCategory.SpaceSeparator => 0.36,
            _ => 0.85,
        };
    }

    private static bool IsWide(int codePoint) => codePoint is
        (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0xa4cf) or (>= 0xac00 and <= 0xd7a3) or (>= 0xf900 and <= 0xfaff)
        or (>= 0xfe30 and <= 0xfe4f) or (>= 0xff00 and <= 0xff60) or (>= 0xffe0 and <= 0xffe6) or 0xfffd or (>= 0x1f000 and <= 0x3ffff);
}
