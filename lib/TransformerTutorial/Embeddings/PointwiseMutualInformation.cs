using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// Pointwise mutual information: how much more often a word and a context word stand together than their frequencies alone would make them, as a logarithm;
/// and word vectors from it by truncated singular value decomposition. Nothing is trained.
/// </summary>
/// <remarks>
/// Sources: K. Church and P. Hanks, "Word Association Norms, Mutual Information, and Lexicography", 1990; shift and factors: O. Levy and Y. Goldberg, "Neural Word Embedding as Implicit Matrix
/// Factorization", 2014, sections 3 and 4; smoothing and the exponent: O. Levy, Y. Goldberg and I. Dagan, "Improving Distributional Similarity with Lessons Learned from Word Embeddings", 2015, sections 2.3 and 3.
/// </remarks>
/// <example>Two words that each make up 1 % of all pairs, and stand together in 1 of 1,000 pairs, have log(0.001 / (0.01 · 0.01)) = log 10 = 2.30.</example>
public static class PointwiseMutualInformation
{
    /// <summary>log(P(w, c) / (P(w) P(c))) for every word w and context c, minus infinity where they never stand together: (V, V), Float64.</summary>
    /// <param name="counts">How often words stand together.</param>
    /// <param name="smoothing">
    /// P(c) is made from counts to this power (α): below 1, rare contexts count as less rare, and their association is not overrated. 0.75 is word2vec's value for its negative samples; 1 leaves P(c) as it is.
    /// </param>
    public static Tensor Of(CooccurrenceCounts counts, double smoothing = 1)
    {
        ArgumentNullException.ThrowIfNull(counts);
        CheckFinite(smoothing, nameof(smoothing));
        using var scope = NewDisposeScope();
        var joint = counts.ToTensor();                                            // (V, V)
        var words = joint.sum(1, keepdim: true);                                  // (V, 1)
        var contexts = joint.sum([0], keepdim: true);                             // (1, V)
        contexts = where(contexts > 0, contexts.pow(smoothing), 0.0);
        contexts /= contexts.sum();

        // P(w, c) / P(w) is count(w, c) / count(w). Words without neighbours have no ratio.
        var ratios = where(joint > 0, joint / (words * contexts), 0.0);           // (V, V)
        return ratios.log().MoveToOuterDisposeScope();
    }

    /// <summary>The same, less log k, and zero where that would be negative: positive pointwise mutual information, which is mostly zeros: (V, V), Float64.</summary>
    /// <param name="counts">How often words stand together.</param>
    /// <param name="negativeSamples">k: what skip-gram with k negative samples approximates is the pointwise mutual information less log k. 1 shifts nothing.</param>
    /// <param name="smoothing">The power of the contexts' counts, see <see cref="Of"/>.</param>
    public static Tensor Positive(CooccurrenceCounts counts, double negativeSamples = 1, double smoothing = 1)
    {
        CheckFinite(negativeSamples, nameof(negativeSamples));
        using var scope = NewDisposeScope();
        var shift = tensor(negativeSamples, ScalarType.Float64).log();
        return (Of(counts, smoothing) - shift).clamp_min(0).MoveToOuterDisposeScope();
    }

    /// <summary>Word vectors: the table of <see cref="Positive"/> is divided into factors U S Vᵀ of which only the d greatest are kept, and words get the rows of U Sᵖ.</summary>
    /// <param name="counts">How often words stand together.</param>
    /// <param name="dimensions">The length d of the vectors, at most the number of words.</param>
    /// <param name="negativeSamples">The shift, see <see cref="Positive"/>.</param>
    /// <param name="smoothing">The power of the contexts' counts, see <see cref="Of"/>. Vectors have better neighbours with 0.75, so that is what they get unless told otherwise; the tables leave P(c) as it is.</param>
    /// <param name="exponent">p: 1 is the textbook's factorisation, 0.5 gives words and contexts equal parts and finds better neighbours, 0 drops the singular values.</param>
    /// <param name="seed">Where the decomposition starts.</param>
    public static WordVectors Embed(CooccurrenceCounts counts, int dimensions, double negativeSamples = 1, double smoothing = 0.75, double exponent = 0.5, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentOutOfRangeException.ThrowIfNegative(exponent);
        using var scope = NewDisposeScope();
        var (u, s, _) = TruncatedSvd.Of(Positive(counts, negativeSamples, smoothing), dimensions, seed);      // (V, d), (d)
        return WordVectors.FromTensor(counts.Words, u * (exponent == 0 ? ones_like(s) : s.pow(exponent)));
    }

    private static void CheckFinite(double value, string name)
    {
        if (!double.IsFinite(value) || value <= 0)
        {
            throw new ArgumentOutOfRangeException(name, value, "A number above zero is needed.");
        }
    }
}
