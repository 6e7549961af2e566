using System.Text;
using System.Text.RegularExpressions;

namespace TransformerTutorial.Metrics;

/// <summary>
/// Cuts texts into the words that BLEU compares, to the bit as sacreBLEU does, oddities included. It is no tokenizer for models: nothing is put together again.
/// <c>"It's 3.14, isn't it?" -> It's 3.14 , isn't it ?</c>
/// </summary>
internal static partial class BleuTokenizer
{
    public static string[] Cut(string text, BleuTokenization tokenization) => WhiteSpace.Split(tokenization switch
    {
        BleuTokenization.Default13a => Punctuation(" " + Plain(WhiteSpace.TrimEnd(text)) + " "),
        BleuTokenization.Chinese => Punctuation(Spread(WhiteSpace.Trim(text), IsChinese)),
        BleuTokenization.Character => Spread(text, _ => true),
        _ => text,
    });

    /// <summary>Line ends and the four entities of mteval-v13a.</summary>
    private static string Plain(string text)
    {
        text = text.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal).Replace('\n', ' ');
        return !text.Contains('&', StringComparison.Ordinal) ? text : text
            .Replace("&quot;", "\"", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal)
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal);
    }

    /// <summary>Spaces around punctuation, in four passes over the whole text; later passes see what earlier ones wrote.</summary>
    private static string Punctuation(string text)
    {
        text = AlwaysApart().Replace(text, " $0 ");
        text = PeriodBehindNoDigit().Replace(text, "$1 $2 ");
        text = PeriodBeforeNoDigit().Replace(text, " $1 $2");
        return DashBehindDigit().Replace(text, "$1 $2 ");
    }

    // All of ASCII's punctuation but ' , - and .
    [GeneratedRegex(@"[!-&(-+/:-@[-`{-~]", RegexOptions.CultureInvariant)]
    private static partial Regex AlwaysApart();

    [GeneratedRegex("([^0-9])([.,])", RegexOptions.CultureInvariant)]
    private static partial Regex PeriodBehindNoDigit();

    [GeneratedRegex("([.,])([^0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex PeriodBeforeNoDigit();

    [GeneratedRegex("([0-9])(-)", RegexOptions.CultureInvariant)]
    private static partial Regex DashBehindDigit();

    /// <summary>Spaces around some of the characters; a character of two UTF-16 units is one.</summary>
    private static string Spread(string text, Func<string, bool> isApart)
    {
        var spread = new StringBuilder(3 * text.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = char.IsSurrogatePair(text, i) ? 2 : 1;
            var character = text.Substring(i, length);
            spread.Append(isApart(character) ? $" {character} " : character);
            i += length;
        }

        return spread.ToString();
    }

    /// <summary>
    /// What sacreBLEU takes for Chinese. Its table means two ranges above U+FFFF, but its notation makes four digits and a letter of them: U+2001 to U+2A6D and U+2F81 to U+2FA1 are in (with curly quotation marks,
    /// the ellipsis, arrows), and the ideographs above U+FFFF are not. Scores compare only if this is the same.
    /// </summary>
    private static bool IsChinese(string character) => character.Length == 1 && character[0] switch
    {
        >= '\u2001' and <= '\u2A6D' => true,
        >= '\u2E80' and <= '\u2FDF' => true,                                       // radicals
        >= '\u2FF0' and <= '\u303F' => true,                                       // descriptions of ideographs, punctuation
        >= '\u3100' and <= '\u312F' => true,                                       // Bopomofo
        >= '\u31A0' and <= '\u31BF' => true,
        >= '\u31C0' and <= '\u31EF' => true,                                       // strokes
        >= '\u3200' and <= '\u33FF' => true,                                       // enclosed and square forms
        >= '\u3400' and <= '\u4DB5' => true,
        >= '\u4E00' and <= '\u9FBB' => true,
        >= '\uF900' and <= '\uFA2D' => true,
        >= '\uFA30' and <= '\uFA6A' => true,
        >= '\uFA70' and <= '\uFAD9' => true,
        >= '\uFE10' and <= '\uFE1F' => true,                                       // vertical forms
        >= '\uFE30' and <= '\uFE4F' => true,
        >= '\uFF00' and <= '\uFFEF' => true,                                       // full and half width
        _ => false,
    };
}
