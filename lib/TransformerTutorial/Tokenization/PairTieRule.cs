namespace TransformerTutorial.Tokenization;

/// <summary>Which of several equally frequent pairs is merged first. Each rule is deterministic; they lead to different merge tables.</summary>
public enum PairTieRule
{
    /// <summary>
    /// The pair with the smaller left id, then the smaller right id: what Hugging Face's tokenizers do.
    /// Older tokens come first, and characters in code point order.
    /// </summary>
    FirstInTokenOrder,

    /// <summary>
    /// The pair that comes first in the text as it is segmented now, words taken in the order in which they were first seen. What a program gets that counts
    /// pairs into an insertion-ordered dictionary and takes the first maximum, as minbpe and many tutorials do.
    /// </summary>
    FirstSeen,

    /// <summary>
    /// The pair whose left token, then whose right token, is last by code points: what Sennrich's subword-nmt does.
    /// </summary>
    LastInAlphabet,
}
