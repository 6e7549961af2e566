using System.Text;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

public class NormalizerTests
{
    public static TheoryData<NormalizationForm> Forms => new(Enum.GetValues<NormalizationForm>());

    public static TheoryData<string> VectorNames => new("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "NFD, StripAccents", "NFKC, Lowercase", "Bert uncased", "Bert cased", "Bert accents kept", "Bert nothing");

    public static TheoryData<string> NormalizerNames => new(All.Keys);

    private static Dictionary<string, Normalizer> All { get; } = new()
    {
        ["NFC"] = UnicodeNormalizer.Nfc,
        ["NFD"] = UnicodeNormalizer.Nfd,
        ["NFKC"] = UnicodeNormalizer.Nfkc,
        ["NFKD"] = UnicodeNormalizer.Nfkd,
        ["Lowercase"] = new UnicodeLowerCaseNormalizer(),
        ["StripAccents"] = new StripAccentsNormalizer(nonSpacingOnly: false),
        ["NFD, StripAccents"] = new NormalizerSequence(UnicodeNormalizer.Nfd, new StripAccentsNormalizer(nonSpacingOnly: false)),
        ["NFKC, Lowercase"] = new NormalizerSequence(UnicodeNormalizer.Nfkc, new UnicodeLowerCaseNormalizer()),
        ["Bert uncased"] = new BertNormalizer(),
        ["Bert cased"] = new BertNormalizer(lowerCase: false),
        ["Bert accents kept"] = new BertNormalizer(stripAccents: false),
        ["Bert nothing"] = new BertNormalizer(cleanText: false, spaceChineseCharacters: false, stripAccents: false, lowerCase: false),
        ["white space"] = new CollapseWhitespaceNormalizer(),
        ["white space, NFKC, upper case"] = new NormalizerSequence(new CollapseWhitespaceNormalizer(), UnicodeNormalizer.Nfkc, UpperCaseNormalizer.Instance),
        ["empty sequence"] = new NormalizerSequence(),
    };

    [Theory]
    [MemberData(nameof(VectorNames))]
    public void Hugging_Face_normalizes_the_same(string name)
    {
        var expected = OracleFiles.Read("huggingface/vectors/normalizers.json").GetProperty(name).EnumerateArray().ToList();
        Assert.Equal(OracleFiles.Texts.Count, expected.Count);
        var differences = OracleFiles.Texts.Select((text, i) => (text, Expected: expected[i].GetString() ?? text, Actual: All[name].Normalize(text)))
            .Where(row => row.Expected != row.Actual).Select(row => $"{Escape(row.text)}: {Escape(row.Expected)}, not {Escape(row.Actual)}");
        Assert.Empty(differences);
    }

    [Theory]
    [MemberData(nameof(NormalizerNames))]
    public void Aligning_gives_the_same_text_as_normalizing_and_ranges_that_never_run_backwards(string name)
    {
        var normalizer = All[name];
        DifficultText.Check(text =>
        {
            var aligned = AlignedText.Normalize(text, normalizer);
            var (lastStart, lastEnd) = (0, 0);
            for (var i = 0; i < aligned.Text.Length; i++)
            {
                var (start, end) = aligned.ToOriginal(i, i + 1);
                if (start < lastStart || end < lastEnd || start > end || end > text.Length)
                {
                    return false;
                }

                (lastStart, lastEnd) = (start, end);
            }

            return aligned.Original == text && aligned.Text == normalizer.Normalize(text) && aligned.Text == normalizer.Normalize(text.AsSpan());
        });
    }

    [Theory]
    [MemberData(nameof(NormalizerNames))]
    public void What_a_character_stands_for_normalizes_to_a_text_with_that_character(string name)
    {
        var normalizer = All[name];
        DifficultText.Check(text =>
        {
            var aligned = AlignedText.Normalize(text, normalizer);
            return Enumerable.Range(0, aligned.Text.Length).All(i =>
            {
                var (start, end) = aligned.ToOriginal(i, i + 1);
                return normalizer.Normalize(text[start..end]).Contains(aligned.Text[i], StringComparison.Ordinal)
                    || aligned.Text[i] == ' '; // added around Chinese characters, or made of white space
            });
        });
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Normalizing_unit_by_unit_is_what_the_runtime_makes_of_the_whole_text(NormalizationForm form)
    {
        var normalizer = new UnicodeNormalizer(form);
        foreach (var rune in AssignedCharacters())
        {
            var character = rune.ToString();
            var decomposed = character.Normalize(NormalizationForm.FormD);
            foreach (var text in new[] { "a" + character, character + character, "\u1100" + character, character + "\u0301", decomposed + "\u0323", "\U00016D67" + character, "ｶ" + character })
            {
                Assert.Equal(text.Normalize(form), normalizer.Align(text).Text);
            }
        }
    }

    [Fact]
    public void Lone_surrogates_and_the_swapped_byte_order_mark_stay_as_they_are()
    {
        foreach (var normalizer in All.Values)
        {
            Assert.Equal("\uD800x\uDC00\uFFFE", normalizer.Normalize("\uD800X\uDC00\uFFFE").ToLowerInvariant());
        }
    }

    [Theory]
    [InlineData("ﬁn", 0, 1, 0, 1)]
    [InlineData("ﬁn", 0, 2, 0, 1)]
    [InlineData("ﬁn", 1, 3, 0, 2)]
    [InlineData("ﬁn", 3, 3, 2, 2)]
    [InlineData("xé", 1, 2, 1, 2)]
    [InlineData("xe\u0301y", 1, 2, 1, 3)]
    [InlineData("xe\u0301y", 2, 3, 3, 4)]
    [InlineData("xe\u0301\u093E", 1, 2, 1, 3)]
    [InlineData("xe\u0301\u093E", 2, 3, 3, 4)]
    [InlineData("Ａ，", 1, 2, 1, 2)]
    public void A_range_of_the_composed_text_leads_back_to_the_original(string text, int start, int end, int originalStart, int originalEnd) =>
        Assert.Equal((originalStart, originalEnd), UnicodeNormalizer.Nfkc.Align(text).ToOriginal(start, end));

    [Fact]
    public void The_spaces_around_a_Chinese_character_stand_for_nothing()
    {
        var aligned = new BertNormalizer().Align("À中");
        Assert.Equal("a 中 ", aligned.Text);
        Assert.Equal([(0, 1), (1, 1), (1, 2), (2, 2)], Enumerable.Range(0, 4).Select(i => aligned.ToOriginal(i, i + 1)));
    }

    [Fact]
    public void White_space_is_collapsed_and_aligned()
    {
        var aligned = new CollapseWhitespaceNormalizer().Align(" a \r\n b\u3000");
        Assert.Equal("a b", aligned.Text);
        Assert.Equal([(1, 2), (2, 6), (6, 7)], Enumerable.Range(0, 3).Select(i => aligned.ToOriginal(i, i + 1)));
    }

    [Fact]
    public void A_foreign_normalizer_that_works_element_by_element_is_aligned_element_by_element()
    {
        var aligned = AlignedText.Normalize("a🙂b", new Foreign(text => text.Replace("🙂", ":-)", StringComparison.Ordinal)));
        Assert.Equal("a:-)b", aligned.Text);
        Assert.Equal((1, 3), aligned.ToOriginal(2, 3));
        Assert.Equal((3, 4), aligned.ToOriginal(4, 5));
    }

    [Fact]
    public void Of_any_other_foreign_normalizer_the_common_ends_are_aligned()
    {
        var aligned = AlignedText.Normalize("one two three", new Foreign(text => text.Replace("two", "2", StringComparison.Ordinal)));
        Assert.Equal("one 2 three", aligned.Text);
        Assert.Equal((4, 7), aligned.ToOriginal(4, 5));
        Assert.Equal((8, 13), aligned.ToOriginal(6, 11));
    }

    [Fact]
    public void A_foreign_normalizer_never_leads_outside_the_original() =>
        DifficultText.Check(text =>
        {
            var aligned = AlignedText.Normalize(text, new Foreign(t => "<" + t.Replace("a", "aa", StringComparison.Ordinal) + ">"));
            return Enumerable.Range(0, aligned.Text.Length).All(i => aligned.ToOriginal(i, i + 1) is var (start, end) && start >= 0 && start <= end && end <= text.Length);
        });

    [Fact]
    public void A_range_outside_the_text_and_a_missing_normalizer_are_errors()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => AlignedText.Unchanged("ab").ToOriginal(0, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => AlignedText.Unchanged("ab").ToOriginal(2, 1));
        Assert.Throws<ArgumentException>(() => new NormalizerSequence(UnicodeNormalizer.Nfc, null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UnicodeNormalizer((NormalizationForm)3));
        Assert.Throws<ArgumentNullException>(() => UnicodeNormalizer.Nfc.Normalize(null!));
    }

    /// <summary>All characters but ideographs, Hangul syllables, private ones and those without a meaning.</summary>
    private static IEnumerable<Rune> AssignedCharacters() => Enumerable.Range(0, 0x110000)
        .Where(value => value is not ((>= 0x3400 and <= 0x9FFF) or (>= 0xAC10 and <= 0xD790) or 0xFFFE or (>= 0x17000 and <= 0x18FFF) or (>= 0x20000 and <= 0x2F7FF) or >= 0x30000))
        .Where(Rune.IsValid).Select(value => new Rune(value))
        .Where(rune => Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.OtherNotAssigned or System.Globalization.UnicodeCategory.PrivateUse));

    private static string Escape(string text) => string.Concat(text.Select(unit => unit is > ' ' and < '\x7F' ? unit.ToString() : $"\\u{(int)unit:X4}"));

    private sealed class Foreign(Func<string, string> normalize) : Normalizer
    {
        public override string Normalize(string original) => normalize(original);

        public override string Normalize(ReadOnlySpan<char> original) => normalize(original.ToString());
    }
}
