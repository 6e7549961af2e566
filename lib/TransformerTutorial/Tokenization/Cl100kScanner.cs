namespace TransformerTutorial.Tokenization;

internal sealed class Cl100kScanner() : PatternScanner("cl100k_base",
    @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
{
    private const CharacterClass LetterNumberOrWhiteSpace = CharacterClass.Letter | CharacterClass.Number | CharacterClass.WhiteSpace;

    private protected override int EndOfWord(ReadOnlySpan<char> text, int start)
    {
        var contraction = ContractionLength(text, start, ignoreCase: true);
        if (contraction > 0)
        {
            return start + contraction;
        }

        var first = CharacterClasses.At(text, start, out var firstLength);
        var second = start + firstLength;
        if ((first & CharacterClass.Letter) != 0)
        {
            return CharacterClasses.EndOfRun(text, second, CharacterClass.Letter);
        }

        if ((first & CharacterClass.Number) != 0)
        {
            return EndOfThreeDigits(text, start);
        }

        if ((first & CharacterClass.NewLine) == 0)
        {
            // One character of almost any kind may lead a word.
            var end = CharacterClasses.EndOfRun(text, second, CharacterClass.Letter);
            if (end > second)
            {
                return end;
            }
        }

        var symbols = text[start] == ' ' ? second : start;
        var endOfSymbols = CharacterClasses.EndOfRunWithout(text, symbols, LetterNumberOrWhiteSpace);
        return endOfSymbols > symbols
            ? CharacterClasses.EndOfRun(text, endOfSymbols, CharacterClass.NewLine)
            : EndOfLinesOrWhiteSpace(text, start);
    }
}
