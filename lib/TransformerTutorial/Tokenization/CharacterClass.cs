using System.Globalization;

namespace TransformerTutorial.Tokenization;

/// <summary>What the pre-tokenization patterns ask about a character.</summary>
[Flags]
internal enum CharacterClass : byte
{
    /// <summary>None of the others: punctuation, symbols, controls.</summary>
    None = 0,

    /// <summary><c>\p{L}</c></summary>
    Letter = 1,

    /// <summary><c>\p{N}</c></summary>
    Number = 2,

    /// <summary><c>\s</c></summary>
    WhiteSpace = 4,

    /// <summary><c>[\r\n]</c></summary>
    NewLine = 8,

    /// <summary><c>[\p{Lu}\p{Lt}]</c></summary>
    Upper = 16,

    /// <summary><c>\p{Ll}</c></summary>
    Lower = 32,

    /// <summary><c>[\p{Lm}\p{Lo}\p{M}]</c>: letters without case, and marks.</summary>
    Caseless = 64,
}

/// <summary>Looks characters up, the first 65,536 in a table.</summary>
internal static class CharacterClasses
{
    private static readonly CharacterClass[] Table = CreateTable();

    /// <summary>The class of the character that begins at an index; surrogate pairs are one character, a lone surrogate is of no class.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Where the character begins.</param>
    /// <param name="length">1 or 2.</param>
    public static CharacterClass At(ReadOnlySpan<char> text, int index, out int length)
    {
        var character = text[index];
        length = 1;
        if (char.IsHighSurrogate(character) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            length = 2;
            return Of(CharUnicodeInfo.GetUnicodeCategory(char.ConvertToUtf32(character, text[index + 1])));
        }

        return Table[character];
    }

    /// <summary>The end of the run of characters, from an index on, that have any of the wanted classes.</summary>
    public static int EndOfRun(ReadOnlySpan<char> text, int index, CharacterClass wanted)
    {
        while (index < text.Length && (At(text, index, out var length) & wanted) != 0)
        {
            index += length;
        }

        return index;
    }

    /// <summary>The end of the run of characters, from an index on, that have none of the unwanted classes.</summary>
    public static int EndOfRunWithout(ReadOnlySpan<char> text, int index, CharacterClass unwanted)
    {
        while (index < text.Length && (At(text, index, out var length) & unwanted) == 0)
        {
            index += length;
        }

        return index;
    }

    private static CharacterClass[] CreateTable()
    {
        var table = new CharacterClass[char.MaxValue + 1];
        for (var i = 0; i < table.Length; i++)
        {
            var character = (char)i;
            table[i] = Of(CharUnicodeInfo.GetUnicodeCategory(character))
                | (char.IsWhiteSpace(character) ? CharacterClass.WhiteSpace : 0)
                | (character is '\r' or '\n' ? CharacterClass.NewLine : 0);
        }

        return table;
    }

    private static CharacterClass Of(UnicodeCategory category) => category switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => CharacterClass.Letter | CharacterClass.Upper,
        UnicodeCategory.LowercaseLetter => CharacterClass.Letter | CharacterClass.Lower,
        UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => CharacterClass.Letter | CharacterClass.Caseless,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharacterClass.Caseless,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => CharacterClass.Number,
        _ => CharacterClass.None,
    };
}
