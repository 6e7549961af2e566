namespace TransformerTutorial.Training;

/// <summary>A sentence and its translation as ids, words only: padding, begin and end come in when batches are made.</summary>
/// <param name="Source">The sentence to read.</param>
/// <param name="Target">The sentence to write.</param>
public sealed record EncodedPair(IReadOnlyList<int> Source, IReadOnlyList<int> Target);
