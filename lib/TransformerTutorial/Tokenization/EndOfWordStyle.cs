namespace TransformerTutorial.Tokenization;

/// <summary>How the mark that ends a word stands in it. The two lead to different merges.</summary>
public enum EndOfWordStyle
{
    /// <summary>The mark is written onto the last character: <c>low -> l o w&lt;/w&gt;</c>. What <c>vocab.json</c> and <c>merges.txt</c> mean everywhere.</summary>
    SuffixOfLastCharacter,

    /// <summary>The mark is a symbol of its own: <c>low -> l o w &lt;/w&gt;</c>. As in Sennrich, Haddow and Birch, 2016, section 3.2.</summary>
    SeparateSymbol,
}
