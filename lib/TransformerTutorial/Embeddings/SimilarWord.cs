namespace TransformerTutorial.Embeddings;

/// <summary>A word that was found for a query.</summary>
/// <param name="Word">The word.</param>
/// <param name="Similarity">How well it fits: the cosine of the angle between its vector and the query's, or the score of <see cref="AnalogyMethod.Multiplication"/>.</param>
public readonly record struct SimilarWord(string Word, float Similarity)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Word} {Similarity:F3}");
}
