using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>Which characters are Chinese: by BERT's list, and by today's Unicode.</summary>
internal static class ChineseCharacters
{
    /// <summary>
    /// The ideographs that BERT makes words of their own (Devlin et al. 2019, <c>tokenization.py</c>): the blocks that
    /// Unicode had in 2018.
    /// </summary>
    public static bool IsBertIdeograph(Rune rune) => rune.Value is
        (>= 0x4E00 and <= 0x9FFF) // CJK Unified Ideographs
        or (>= 0x3400 and <= 0x4DBF) // Extension A
        or (>= 0x20000 and <= 0x2A6DF) // Extension B
        or (>= 0x2A700 and <= 0x2B73F) // Extension C
        or (>= 0x2B740 and <= 0x2B81F) // Extension D
        or (>= 0x2B820 and <= 0x2CEAF) // Extension E
        or (>= 0xF900 and <= 0xFAFF) // Compatibility Ideographs
        or (>= 0x2F800 and <= 0x2FA1F); // Compatibility Ideographs Supplement

    /// <summary>All Han characters: BERT's, the later extensions (F to J), and the iteration mark 々, 〆 and the zero 〇.</summary>
    public static bool IsHan(Rune rune) => IsBertIdeograph(rune) || rune.Value is
        0x3005 or 0x3006 or 0x3007
        or (>= 0x2CEB0 and <= 0x2EE5F) // Extensions F and I
        or (>= 0x30000 and <= 0x3347F); // Extensions G, H and J
}
