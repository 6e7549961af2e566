using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TransformerTutorial.Testing;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>The scanners against the regular expressions that they stand for.</summary>
public class BytePairPatternsTests
{
    public static TheoryData<string> Names() => ["gpt2", "cl100k_base", "o200k_base"];

    [Theory]
    [MemberData(nameof(Names))]
    public void Words_are_the_matches_of_the_regular_expression(string name)
    {
        var scanner = Scanner(name);
        TestSeed.ForEachCase(4000, (number, random) =>
        {
            var text = number % 2 == 0 ? RandomText.OfPieces(random, random.Next(1, 25)) : OfCategories(random, random.Next(1, 12));
            Assert.Equal(Matches(scanner.Pattern, text), scanner.PreTokenize(text).Select(word => text.Substring(word.Offset, word.Length)));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_character_is_classified_as_the_regular_expression_does(string name)
    {
        var scanner = Scanner(name);
        for (var block = 0; block < 0x10000; block += 64)
        {
            // Each character behind a capital and a small letter, before a digit, and doubled.
            var text = string.Concat(Enumerable.Range(block, 64).Where(unit => unit is < 0xD800 or > 0xDFFF).Select(unit => $"Aa{(char)unit}Bb {(char)unit}7{(char)unit}{(char)unit} "));
            Assert.Equal(Matches(scanner.Pattern, text), scanner.PreTokenize(text).Select(word => text.Substring(word.Offset, word.Length)));
        }
    }

    [Fact]
    public void The_long_s_counts_as_s_where_case_is_ignored()
    {
        Assert.Equal(["a", "'ſ", "t"], Words(BytePairPatterns.Cl100k, "a'ſt"));
        Assert.Equal(["a'ſ", "t"], Words(BytePairPatterns.O200k, "a'ſt"));
        Assert.Equal(["a", "'", "ſt"], Words(BytePairPatterns.Gpt2, "a'ſt"));
    }

    /// <summary>The examples of the documentation.</summary>
    [Fact]
    public void Published_behaviour()
    {
        Assert.Equal(["I", "'ll", " take", " 12", "."], Words(BytePairPatterns.Gpt2, "I'll take 12."));
        Assert.Equal(["Year", " ", "202", "4", "!\n"], Words(BytePairPatterns.Cl100k, "Year 2024!\n"));
        Assert.Equal(["don't", " use", "Http", "Client"], Words(BytePairPatterns.O200k, "don't useHttpClient"));
        Assert.Equal(["a", "  ", " b", " "], Words(BytePairPatterns.Gpt2, "a   b "));
        Assert.Equal(["我", "🙂"], Words(BytePairPatterns.Gpt2, "我🙂"));
    }

    private static PatternScanner Scanner(string name) => new[] { BytePairPatterns.Gpt2, BytePairPatterns.Cl100k, BytePairPatterns.O200k }.Single(scanner => scanner.Name == name);

    private static IEnumerable<string> Words(PatternScanner scanner, string text) => scanner.PreTokenize(text).Select(word => text.Substring(word.Offset, word.Length));

    /// <summary>
    /// .NET's regular expressions see UTF-16 units where the patterns mean characters, so each character outside the basic plane is matched in the guise of one inside it of the same category,
    /// a lone surrogate in the guise of a symbol, and ſ as s where case is ignored.
    /// </summary>
    private static List<string> Matches(string pattern, string text)
    {
        var guise = new StringBuilder();
        var lengths = new List<int>();
        for (var i = 0; i < text.Length;)
        {
            var valid = Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length) == System.Buffers.OperationStatus.Done;
            guise.Append(!valid ? '☃' : rune.IsBmp ? (char)rune.Value : CharUnicodeInfo.GetUnicodeCategory(rune.Value) switch
            {
                UnicodeCategory.UppercaseLetter => 'Ж',
                UnicodeCategory.LowercaseLetter => 'ж',
                UnicodeCategory.TitlecaseLetter => 'ǅ',
                UnicodeCategory.ModifierLetter => 'ʰ',
                UnicodeCategory.OtherLetter => '中',
                UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark => '\u0301',
                UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => '½',
                _ => '☃',
            });
            lengths.Add(length);
            i += length;
        }

        pattern = pattern.Replace("(?i:'s", "(?i:'s|'ſ", StringComparison.Ordinal);
        var words = new List<string>();
        var start = 0;
        foreach (Match match in Regex.Matches(guise.ToString(), pattern, RegexOptions.CultureInvariant))
        {
            var length = lengths.Skip(match.Index).Take(match.Length).Sum();
            words.Add(text.Substring(start, length));
            start += length;
        }

        return words;
    }

    private static string OfCategories(Random random, int length)
    {
        string[] kinds = ["A", "b", "ǅ", "ʰ", "中", "\u0301", "5", " ", "\n", "\r", "\t", ".", "/", "'", "s", "T", "l", "L", "r", "e", "𝒜", "𝒶", "🙂"];
        return string.Concat(Enumerable.Range(0, length).Select(_ => kinds[random.Next(kinds.Length)]));
    }
}
