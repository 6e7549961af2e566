namespace TransformerTutorial.Tokenization;

internal sealed class O200kScanner() : PatternScanner("o200k_base",
    @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    + @"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    + @"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
{
    private const CharacterClass LetterNumberOrWhiteSpace = CharacterClass.Letter | CharacterClass.Number | CharacterClass.WhiteSpace;

    private protected override int EndOfWord(ReadOnlySpan<char> text, int start)
    {
        var first = CharacterClasses.At(text, start, out var firstLength);
        var second = start + firstLength;
        if ((first & CharacterClass.Number) != 0)
        {
            return EndOfThreeDigits(text, start);
        }

        if ((first & CharacterClass.NewLine) == 0)
        {
            var end = (first & CharacterClass.Letter) != 0 ? EndOfLetters(text, start) : EndOfLettersBehind(text, second, first);
            if (end > 0)
            {
                return end + ContractionLength(text, end, ignoreCase: true);
            }
        }

        var symbols = text[start] == ' ' ? second : start;
        var endOfSymbols = CharacterClasses.EndOfRunWithout(text, symbols, LetterNumberOrWhiteSpace);
        return endOfSymbols > symbols ? EndOfLineBreaksAndSlashes(text, endOfSymbols) : EndOfLinesOrWhiteSpace(text, start);
    }

    /// <summary>Both letter alternatives where the first character is a letter.</summary>
    private static int EndOfLetters(ReadOnlySpan<char> text, int start)
    {
        var end = EndOfCapitalized(text, start);
        return end > 0 ? end : CharacterClasses.EndOfRun(text, start, CharacterClass.Upper);
    }

    /// <summary>Both letter alternatives behind a first character that is none: 0 where neither matches.</summary>
    private static int EndOfLettersBehind(ReadOnlySpan<char> text, int second, CharacterClass first)
    {
        var end = EndOfCapitalized(text, second);
        if (end > 0)
        {
            return end;
        }

        if ((first & CharacterClass.Caseless) != 0)
        {
            // A mark that leads no word is one by itself.
            return second;
        }

        end = CharacterClasses.EndOfRun(text, second, CharacterClass.Upper);
        return end > second ? end : 0;
    }

    /// <summary>
    /// The end of <c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+</c> at an index, 0 where it doesn't match. Where no lower case follows
    /// the capitals, the expression backs up to the last caseless character among them, which serves as its second half.
    /// </summary>
    private static int EndOfCapitalized(ReadOnlySpan<char> text, int start)
    {
        var index = start;
        var endOfLastCaseless = 0;
        while (index < text.Length)
        {
            var character = CharacterClasses.At(text, index, out var length);
            if ((character & (CharacterClass.Upper | CharacterClass.Caseless)) == 0)
            {
                return (character & CharacterClass.Lower) != 0
                    ? CharacterClasses.EndOfRun(text, index, CharacterClass.Lower | CharacterClass.Caseless)
                    : endOfLastCaseless;
            }

            index += length;
            if ((character & CharacterClass.Caseless) != 0)
            {
                endOfLastCaseless = index;
            }
        }

        return endOfLastCaseless;
    }

    private static int EndOfLineBreaksAndSlashes(ReadOnlySpan<char> text, int index)
    {
        while (index < text.Length && text[index] is '\r' or '\n' or '/')
        {
            index++;
        }

        return index;
    }
}
