using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>The library's ways to cut a text into words, ready to use. (GPT-2's and its successors' patterns are in <c>BytePairPatterns</c>.)</summary>
public static class PreTokenizers
{
    /// <summary>Cuts at white space only.</summary>
    public static PreTokenizer Whitespace { get; } = new WhitespacePreTokenizer();

    /// <summary>Every Han character and punctuation mark alone, the rest by words.</summary>
    public static PreTokenizer Chinese { get; } = new ChinesePreTokenizer();

    /// <summary>BERT's: white space and single punctuation marks.</summary>
    public static PreTokenizer Bert { get; } = new BertPreTokenizer();

    /// <summary>Cuts by one, then cuts every piece by the next.</summary>
    /// <param name="preTokenizers">In order.</param>
    public static PreTokenizer InTurn(params IReadOnlyList<PreTokenizer> preTokenizers) => new PreTokenizerSequence(preTokenizers);
}
