namespace TransformerTutorial.Tokenization;

/// <summary>A word's tokens. Immutable, so that threads can share it.</summary>
/// <param name="Text">The word, where it is kept in a cache; else empty.</param>
/// <param name="Ids">The tokens' ids.</param>
/// <param name="Ends">Where each token ends in the word: in bytes in the byte-level form, in UTF-16 units in the character form.</param>
internal sealed record EncodedWord(string Text, int[] Ids, int[] Ends);
