namespace TransformerTutorial.Tokenization;

/// <summary>
/// The pre-tokenization patterns of the published byte-level tokenizers, as hand-written scanners. Each covers its text completely: the words
/// put together are the text. Characters are Unicode characters, also outside the basic plane.
/// </summary>
public static class BytePairPatterns
{
    /// <summary>
    /// GPT-2's pattern (Radford et al., 2019): words with the space before them, runs of digits, runs of anything else; lower-case English contractions by themselves.
    /// <c>"I'll take 12." -> "I", "'ll", " take", " 12", "."</c>
    /// </summary>
    public static PatternScanner Gpt2 { get; } = new Gpt2Scanner();

    /// <summary>
    /// The pattern of OpenAI's <c>cl100k_base</c> (as tiktoken publishes it): digits in groups of three, contractions in either case, line breaks apart.
    /// <c>"Year 2024!\n" -> "Year", " ", "202", "4", "!\n"</c>
    /// </summary>
    public static PatternScanner Cl100k { get; } = new Cl100kScanner();

    /// <summary>
    /// The pattern of OpenAI's <c>o200k_base</c> (as tiktoken publishes it): also cuts where lower case is followed by upper case, and keeps contractions with their word.
    /// <c>"don't useHttpClient" -> "don't", " use", "Http", "Client"</c>
    /// </summary>
    public static PatternScanner O200k { get; } = new O200kScanner();

    /// <summary>All of them, by name, for files that name their pattern.</summary>
    internal static IReadOnlyList<PatternScanner> All { get; } = [Gpt2, Cl100k, O200k];
}
