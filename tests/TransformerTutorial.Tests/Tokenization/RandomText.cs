using System.Text;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>Texts for comparing two implementations: few different characters, so that everything repeats, or a bit of everything.</summary>
internal static class RandomText
{
    private static readonly string[] Interesting =
    [
        "a", "b", "Z", "é", "ſ", "ß", "Ǆ", "ǅ", "ʰ", "ª", "я", "Ж", "中", "文", "あ", "한", "𠀀", "🙂", "👩‍👩‍👧", "𝒜", "𝟛", "Ⅷ", "½", "٣", "7", "0", "12", "3456",
        " ", "  ", "\t", "\n", "\r\n", "\r", "\u00A0", "\u3000", "\u0085", "\u2028", "\u200B", "\uFEFF", ".", ",", "'", "''", "'s", "'S", "'ll", "'LL", "'Re", "'d", "'ve", "'m", "'t", "-", "/", "//", "?!", "_", "€", "+",
        "\u0301", "\u0E49", "\u20DD", "\u0903", "\uD800", "\uDC00", "\0", "the", "The", "HTTP", "camelCase", "http://x.y/z", "don't", "DON'T",
    ];

    public static string OfPieces(Random random, int pieces)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pieces; i++)
        {
            text.Append(Interesting[random.Next(Interesting.Length)]);
        }

        return text.ToString();
    }

    public static string OfLetters(Random random, string letters, int length)
    {
        var runes = letters.EnumerateRunes().ToArray();
        return string.Concat(Enumerable.Range(0, length).Select(_ => runes[random.Next(runes.Length)].ToString()));
    }
}
