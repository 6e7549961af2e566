using FsCheck;
using FsCheck.Fluent;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>Random texts made of what breaks text code: marks, compositions, surrogates with and without their partner, white space of all kinds, spellings of special tokens.</summary>
internal static class DifficultText
{
    private static readonly string[] Fragments =
    [
        "", " ", "  ", "\t", "\n", "\r\n", "\u3000", "\u00A0", "\u0085", "\0", "\u200B", "\u200D", "\uFE0F", "\uFFFD", "\uFFFE", "\uFEFF",
        "a", "b", "Z", "the", "low", "lower", "newest", "Un", "0", "42", "_", ".", ",", "!", "'", "'s", "don't", "$", "+", "##", "#", "-", "…", "。", "，",
        "é", "e\u0301", "e\u0323\u0301", "\u0301", "\u0344", "\u0308", "À", "İ", "ß", "ẞ", "Σ", "ς", "ﬁ", "½", "²", "Å", "Ω", "ǅ",
        "中", "文", "我爱", "\u4E2D\uFE00", "〇", "々", "ｶ", "ﾞ", "ﾟ", "カ", "Ａ１，", "가", "각", "\u1100", "\u1161", "\u11A8", "ㄱ", "ㅏ", "ﾡ", "ￂ",
        "\U00020000", "\U0002F800", "\U00010400", "\U0001D15E", "🙂", "👩\u200D👧", "🇨🇳", "\uD800", "\uDC00", "\uDBFF", "क", "\u093C", "ि", "\u09C7\u09BE",
        "[CLS]", "[SEP]", "[UNK]", "[MASK]", "[PAD", "CLS]",
    ];

    public static Gen<string> Generator { get; } =
        Gen.Frequency((8, Gen.Elements(Fragments)), (1, Gen.Choose(0, 0xFFFF).Select(unit => ((char)unit).ToString())))
            .ListOf().Select(string.Concat);

    /// <summary>Checks a property on random texts.</summary>
    public static void Check(Func<string, bool> property, int texts = 500) =>
        PropertyCheck.ForAll(Generator, property, texts);
}
