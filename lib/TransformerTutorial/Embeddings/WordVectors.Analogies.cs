using TransformerTutorial.Data;

namespace TransformerTutorial.Embeddings;

/// <content>Analogies: a is to b as c is to what?</content>
public sealed partial class WordVectors
{
    // Keeps a quotient of cosines finite; gensim's value.
    private const double Epsilon = 1e-6;

    /// <summary>What is to <paramref name="c"/> as <paramref name="b"/> is to <paramref name="a"/>? The best answers, without the three words.</summary>
    /// <param name="a">The first word of the pair that is shown: <c>man</c>.</param>
    /// <param name="b">The second word of the pair that is shown: <c>woman</c>.</param>
    /// <param name="c">The first word of the pair that is asked for: <c>king</c>.</param>
    /// <param name="count">How many answers; there may be fewer words.</param>
    /// <param name="method">How they are looked for.</param>
    /// <exception cref="KeyNotFoundException">A word has no vector.</exception>
    public IReadOnlyList<SimilarWord> Analogy(string a, string b, string c, int count = 10, AnalogyMethod method = AnalogyMethod.Addition)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Solve(IndexOf(a), IndexOf(b), IndexOf(c), count, method, Count);
    }

    /// <summary>Asks analogy questions and counts the right answers.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="method">How answers are looked for.</param>
    /// <param name="firstRows">
    /// Only so many rows count, from the first on; words behind them are unknown and are never answered. Tables sorted by frequency keep their frequent words in this way. Null for all rows.
    /// </param>
    /// <returns>The answers and their counts.</returns>
    public AnalogyReport EvaluateAnalogies(IEnumerable<AnalogyQuestion> questions, AnalogyMethod method = AnalogyMethod.Addition, int? firstRows = null)
    {
        ArgumentNullException.ThrowIfNull(questions);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(firstRows ?? 1, nameof(firstRows));
        var rows = Math.Min(firstRows ?? Count, Count);
        return new AnalogyReport([.. questions.Select(question => Answer(question, method, rows))]);
    }

    private AnalogyAnswer Answer(AnalogyQuestion question, AnalogyMethod method, int rows)
    {
        ArgumentNullException.ThrowIfNull(question);
        if (Known(question.A, rows) is not { } a || Known(question.B, rows) is not { } b || Known(question.C, rows) is not { } c || Known(question.D, rows) is not { } d
            || Solve(a, b, c, 1, method, rows) is not [var best])
        {
            return new AnalogyAnswer(question, null, 0);
        }

        int[] leftOut = [a, b, c];
        return new AnalogyAnswer(question, best.Word, leftOut.Contains(d) ? 0 : 1.0 / (rows - leftOut.Distinct().Count()));
    }

    private int? Known(string word, int rows) => _indices.TryGetValue(word, out var row) && row < rows ? row : null;

    private List<SimilarWord> Solve(int a, int b, int c, int count, AnalogyMethod method, int rows)
    {
        var best = new BestRows(count);
        var direction = method == AnalogyMethod.Addition ? Sum([b, c], [a]) : [];
        for (var row = 0; row < rows; row++)
        {
            if (row == a || row == b || row == c)
            {
                continue;
            }

            best.Offer(row, method switch
            {
                AnalogyMethod.Addition => Math.Clamp(InnerProduct.Of(Direction(row), direction), -1, 1),
                AnalogyMethod.Multiplication => (float)(Closeness(row, b) * Closeness(row, c) / (Closeness(row, a) + Epsilon)),
                _ => throw new ArgumentOutOfRangeException(nameof(method), method, "There is no such method."),
            });
        }

        return best.ToWords(_words);
    }

    // The cosine, moved to the range from 0 to 1.
    private double Closeness(int row, int other) => (1 + (double)Math.Clamp(InnerProduct.Of(Direction(row), Direction(other)), -1, 1)) / 2;
}
