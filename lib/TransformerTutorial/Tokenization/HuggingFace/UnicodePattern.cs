using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary>
/// A regular expression over Unicode characters. .NET's works on UTF-16 units, so that <c>\p{L}</c> misses 𠀀 and <c>.</c> takes half of it; here every character outside the
/// basic plane is shown to the expression as one character of the same category, and the matches are translated back.
/// </summary>
/// <remarks>
/// The expression itself is .NET's: one that names characters outside the basic plane, or uses syntax that .NET lacks (possessive quantifiers), is rejected.
/// Letter case follows .NET: <c>(?i:s)</c> doesn't match ſ. <c>\w</c> means letters, marks, digits, letter numbers and connectors, as in Oniguruma, which Hugging Face's library uses.
/// </remarks>
internal sealed class UnicodePattern
{
    // One character of the basic plane for each category that characters outside it have.
    private static readonly Dictionary<UnicodeCategory, char> StandIns = new()
    {
        [UnicodeCategory.UppercaseLetter] = 'Ⱶ',
        [UnicodeCategory.LowercaseLetter] = 'ⱶ',
        [UnicodeCategory.TitlecaseLetter] = 'ǅ',
        [UnicodeCategory.ModifierLetter] = 'ʶ',
        [UnicodeCategory.OtherLetter] = 'ꡀ',
        [UnicodeCategory.NonSpacingMark] = '\u0353',
        [UnicodeCategory.SpacingCombiningMark] = '\u0903',
        [UnicodeCategory.EnclosingMark] = '\u20DD',
        [UnicodeCategory.DecimalDigitNumber] = '᠐',
        [UnicodeCategory.LetterNumber] = 'ↀ',
        [UnicodeCategory.OtherNumber] = '⅐',
        [UnicodeCategory.ConnectorPunctuation] = '‿',
        [UnicodeCategory.DashPunctuation] = '⸚',
        [UnicodeCategory.OpenPunctuation] = '⸨',
        [UnicodeCategory.ClosePunctuation] = '⸩',
        [UnicodeCategory.OtherPunctuation] = '⸮',
        [UnicodeCategory.MathSymbol] = '⨀',
        [UnicodeCategory.CurrencySymbol] = '₵',
        [UnicodeCategory.ModifierSymbol] = '˅',
        [UnicodeCategory.OtherSymbol] = '⌂',
        [UnicodeCategory.Format] = '\u2061',
        [UnicodeCategory.PrivateUse] = '\uE123',
        [UnicodeCategory.OtherNotAssigned] = '\u0378',
    };

    private const string WordCharacters = @"\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}²³¹¼½¾\u24B6-\u24E9";

    private readonly Regex _regex;

    private UnicodePattern(Regex regex, string text, bool isLiteral)
    {
        _regex = regex;
        Text = text;
        IsLiteral = isLiteral;
    }

    /// <summary>The expression, or the literal text, as it stands in the file.</summary>
    public string Text { get; }

    /// <summary>Whether <see cref="Text"/> is matched as it stands.</summary>
    public bool IsLiteral { get; }

    /// <summary>Reads <c>{"Regex": "..."}</c> or <c>{"String": "..."}</c>.</summary>
    public static UnicodePattern Read(JsonField field)
    {
        field.HasOnly("Regex", "String");
        var isLiteral = !field["String"].IsMissing;
        var source = field[isLiteral ? "String" : "Regex"];
        var text = source.String();
        if (text.Any(char.IsSurrogate))
        {
            throw source.Error("names characters outside the basic plane, which this reader can't match");
        }

        try
        {
            return new UnicodePattern(new Regex(isLiteral ? Regex.Escape(text) : WithWordCharacters(text, source), RegexOptions.CultureInvariant | RegexOptions.Compiled), text, isLiteral);
        }
        catch (ArgumentException error)
        {
            throw source.Error($"is no regular expression that .NET can read ({error.Message})");
        }
    }

    // \w, \W and \b spelled out.
    private static string WithWordCharacters(string pattern, JsonField source)
    {
        var result = new StringBuilder(pattern.Length);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '\\' || i == pattern.Length - 1)
            {
                inClass = pattern[i] == '[' || (inClass && pattern[i] != ']');
                result.Append(pattern[i]);
                continue;
            }

            result.Append((pattern[++i], inClass) switch
            {
                ('w', true) => WordCharacters,
                ('w', false) => $"[{WordCharacters}]",
                ('W', false) => $"[^{WordCharacters}]",
                ('b', false) => $"(?:(?<=[{WordCharacters}])(?![{WordCharacters}])|(?<![{WordCharacters}])(?=[{WordCharacters}]))",
                ('W', true) or ('B', false) => throw source.Error($@"uses \{pattern[i]} where this reader can't give it the meaning that it has in Hugging Face's library"),
                _ => $@"\{pattern[i]}",
            });
        }

        return result.ToString();
    }

    /// <summary>The matches that hold at least one character, from left to right.</summary>
    public List<(int Start, int End)> Matches(string text)
    {
        var shown = text;
        int[]? places = null;                 // where each shown character begins in the text
        if (text.Any(char.IsSurrogate))
        {
            var builder = new StringBuilder(text.Length);
            places = new int[text.Length + 1];
            for (var i = 0; i < text.Length;)
            {
                places[builder.Length] = i;
                var length = char.IsSurrogatePair(text, i) ? 2 : 1;
                builder.Append(length == 1 ? text[i] : StandIns[CharUnicodeInfo.GetUnicodeCategory(text, i)]);
                i += length;
            }

            places[builder.Length] = text.Length;
            shown = builder.ToString();
        }

        var matches = new List<(int, int)>();
        foreach (var match in _regex.EnumerateMatches(shown))
        {
            if (match.Length > 0)
            {
                var end = match.Index + match.Length;
                matches.Add(places is null ? (match.Index, end) : (places[match.Index], places[end]));
            }
        }

        return matches;
    }
}
