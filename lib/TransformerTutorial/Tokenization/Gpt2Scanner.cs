namespace TransformerTutorial.Tokenization;

internal sealed class Gpt2Scanner() : PatternScanner("gpt2",
    @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")
{
    private protected override int EndOfWord(ReadOnlySpan<char> text, int start)
    {
        var contraction = ContractionLength(text, start, ignoreCase: false);
        if (contraction > 0)
        {
            return start + contraction;
        }

        var index = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        var first = CharacterClasses.At(text, index, out var length);
        return (first & (CharacterClass.Letter | CharacterClass.Number | CharacterClass.WhiteSpace)) switch
        {
            CharacterClass.Letter => CharacterClasses.EndOfRun(text, index + length, CharacterClass.Letter),
            CharacterClass.Number => CharacterClasses.EndOfRun(text, index + length, CharacterClass.Number),
            CharacterClass.WhiteSpace => EndOfWhiteSpace(text, start),
            _ => CharacterClasses.EndOfRunWithout(text, index + length, CharacterClass.Letter | CharacterClass.Number | CharacterClass.WhiteSpace),
        };
    }
}
