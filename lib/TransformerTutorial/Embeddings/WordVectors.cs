using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// Words and their vectors: one row of a (V, d) table for each word. It finds what is near to what; it does not learn, and it never changes.
/// </summary>
/// <remarks>
/// <para>Near means a small angle: similarity is the cosine, so a vector's length plays no part. A vector of zeros has no direction; its similarity to everything is 0.
/// Searches go through all rows. Where two words are equally near, the one with the smaller row number comes first.</para>
/// <para>Words are compared as they stand: <c>Paris</c> and <c>paris</c> are two words. Results have the same bits on every machine. All members can be used from several threads at once.</para>
/// </remarks>
public sealed partial class WordVectors
{
    private readonly string[] _words;
    private readonly Dictionary<string, int> _indices;
    private readonly float[] _values;
    private readonly Lazy<float[]> _directions;

    /// <summary>Puts words and vectors together.</summary>
    /// <param name="words">V different words.</param>
    /// <param name="values">Their vectors, one after the other: V · d numbers. They are copied.</param>
    /// <param name="dimensions">The length d of a vector.</param>
    /// <exception cref="ArgumentException">There are no words, a word is null or stands twice, a number is NaN or infinite, or there are not V · d numbers. The message names the row.</exception>
    public WordVectors(IReadOnlyList<string> words, float[] values, int dimensions)
        : this(CopyOf(words), (float[])CheckedNotNull(values).Clone(), dimensions, InArray, message => new ArgumentException(message))
    {
    }

    // Keeps the arrays it is given. A fault is named by the place of its row.
    private WordVectors(string[] words, float[] values, int dimensions, Func<int, string> place, Func<string, Exception> fault)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        if (words.Length == 0)
        {
            throw fault("there are no words, and word vectors need at least one");
        }

        if (values.Length != (long)words.Length * dimensions)
        {
            throw fault($"{words.Length} words with vectors of length {dimensions} need {(long)words.Length * dimensions} numbers, not {values.Length}");
        }

        _indices = new Dictionary<string, int>(words.Length, StringComparer.Ordinal);
        for (var row = 0; row < words.Length; row++)
        {
            if (words[row] is null)
            {
                throw fault($"the word in {place(row)} is null");
            }

            if (!_indices.TryAdd(words[row], row))
            {
                throw fault($"the word '{words[row]}' in {place(row)} stands in {place(_indices[words[row]])} already");
            }
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                var row = i / dimensions;
                throw fault(string.Create(CultureInfo.InvariantCulture, $"number {(i % dimensions) + 1} of the vector of '{words[row]}' ({place(row)}) is {values[i]}; only finite numbers make a vector"));
            }
        }

        (_words, _values, Dimensions) = (words, values, dimensions);
        _directions = new Lazy<float[]>(MakeDirections);
    }

    /// <summary>The words, in the order of the rows.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>How many words there are: V.</summary>
    public int Count => _words.Length;

    /// <summary>How long a vector is: d.</summary>
    public int Dimensions { get; }

    /// <summary>The vector of a word, copied: (d).</summary>
    /// <exception cref="KeyNotFoundException">The word has no vector.</exception>
    public float[] this[string word] => Row(IndexOf(word)).ToArray();

    /// <summary>Puts words and the rows of a tensor together.</summary>
    /// <param name="words">V different words.</param>
    /// <param name="vectors">Their vectors, of any element type: (V, d). They are copied as Float32.</param>
    /// <exception cref="ArgumentException">The tensor is not a matrix with a row for each word, or what the constructor refuses.</exception>
    public static WordVectors FromTensor(IReadOnlyList<string> words, Tensor vectors)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(vectors);
        if (vectors.ndim != 2 || vectors.shape[0] != words.Count)
        {
            throw new ArgumentException($"{words.Count} words need a tensor of shape [{words.Count}, d], not [{string.Join(", ", vectors.shape)}].", nameof(vectors));
        }

        return new WordVectors(CopyOf(words), FloatsOf(vectors), checked((int)vectors.shape[1]), InArray, message => new ArgumentException(message));
    }

    /// <summary>The vectors as a new tensor: (V, d), Float32.</summary>
    public Tensor ToTensor() => tensor(_values, [Count, Dimensions]);

    /// <summary>Some of the words with their vectors, in the order asked for: what a picture of few words is drawn from.</summary>
    /// <exception cref="KeyNotFoundException">A word has no vector.</exception>
    /// <exception cref="ArgumentException">There are no words, or one is asked for twice.</exception>
    public WordVectors Subset(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        string[] chosen = [.. words];
        var values = new float[chosen.Length * Dimensions];
        for (var row = 0; row < chosen.Length; row++)
        {
            Row(IndexOf(chosen[row])).CopyTo(values.AsSpan(row * Dimensions));
        }

        return new WordVectors(chosen, values, Dimensions, InArray, message => new ArgumentException(message));
    }

    /// <summary>Whether a word has a vector.</summary>
    public bool Contains(string word) => _indices.ContainsKey(word);

    /// <summary>The row of a word.</summary>
    /// <exception cref="KeyNotFoundException">The word has no vector.</exception>
    public int IndexOf(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return _indices.TryGetValue(word, out var row) ? row : throw new KeyNotFoundException($"There is no vector for '{word}': it is not among these {Count} words.");
    }

    /// <summary>The vector in a row, without a copy: (d).</summary>
    public ReadOnlySpan<float> Row(int row)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        return _values.AsSpan(row * Dimensions, Dimensions);
    }

    /// <summary>The cosine of the angle between two words' vectors, from -1 to 1.</summary>
    /// <exception cref="KeyNotFoundException">A word has no vector.</exception>
    public float Similarity(string a, string b) => Math.Clamp(InnerProduct.Of(Direction(IndexOf(a)), Direction(IndexOf(b))), -1, 1);

    /// <summary>The words nearest to a word, without itself, the nearest first.</summary>
    /// <param name="word">The word.</param>
    /// <param name="count">How many; there may be fewer words.</param>
    /// <exception cref="KeyNotFoundException">The word has no vector.</exception>
    public IReadOnlyList<SimilarWord> MostSimilar(string word, int count = 10)
    {
        var row = IndexOf(word);
        return Nearest(Direction(row), count, [row]);
    }

    /// <summary>The words nearest to a vector, the nearest first.</summary>
    /// <param name="vector">The vector: (d).</param>
    /// <param name="count">How many; there may be fewer words.</param>
    /// <param name="except">Words that are left out, such as those from which the vector was made; or null.</param>
    /// <exception cref="ArgumentException">The vector has another length, or a number that is not finite.</exception>
    /// <exception cref="KeyNotFoundException">A word to be left out has no vector.</exception>
    public IReadOnlyList<SimilarWord> MostSimilar(ReadOnlySpan<float> vector, int count = 10, IEnumerable<string>? except = null)
    {
        if (vector.Length != Dimensions)
        {
            throw new ArgumentException($"The vector has length {vector.Length}; the words' vectors have length {Dimensions}.", nameof(vector));
        }

        if (vector.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
        {
            throw new ArgumentException("The vector has a number that is NaN or infinite.", nameof(vector));
        }

        var direction = new float[Dimensions];
        Normalize(vector, direction);
        return Nearest(direction, count, [.. (except ?? []).Select(IndexOf)]);
    }

    /// <summary>The words nearest to a vector, the nearest first.</summary>
    /// <param name="vector">The vector, of any element type: (d).</param>
    /// <param name="count">How many; there may be fewer words.</param>
    /// <param name="except">Words that are left out, such as those from which the vector was made; or null.</param>
    /// <exception cref="ArgumentException">The tensor is not a vector of this length, or a number is not finite.</exception>
    /// <exception cref="KeyNotFoundException">A word to be left out has no vector.</exception>
    public IReadOnlyList<SimilarWord> MostSimilar(Tensor vector, int count = 10, IEnumerable<string>? except = null)
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (vector.ndim != 1)
        {
            throw new ArgumentException($"One vector has the shape [{Dimensions}], not [{string.Join(", ", vector.shape)}].", nameof(vector));
        }

        return MostSimilar(FloatsOf(vector), count, except);
    }

    /// <summary>The words nearest to a sum of words, each of length 1, less a sum of others, without any of these words, the nearest first.</summary>
    /// <param name="positive">Words that are added.</param>
    /// <param name="negative">Words that are subtracted.</param>
    /// <param name="count">How many; there may be fewer words.</param>
    /// <exception cref="ArgumentException">There is no word.</exception>
    /// <exception cref="KeyNotFoundException">A word has no vector.</exception>
    public IReadOnlyList<SimilarWord> MostSimilar(IReadOnlyCollection<string> positive, IReadOnlyCollection<string> negative, int count = 10)
    {
        ArgumentNullException.ThrowIfNull(positive);
        ArgumentNullException.ThrowIfNull(negative);
        var (added, subtracted) = (positive.Select(IndexOf).ToArray(), negative.Select(IndexOf).ToArray());
        return added.Length + subtracted.Length > 0
            ? Nearest(Sum(added, subtracted), count, [.. added, .. subtracted])
            : throw new ArgumentException("A query needs at least one word.", nameof(positive));
    }

    /// <summary>The word that fits its companions least: the one at the greatest angle to the mean of all, each of length 1.</summary>
    /// <param name="words">At least three words.</param>
    /// <returns>One of them; of several at the same angle the first.</returns>
    /// <exception cref="ArgumentException">There are fewer than three words, so none is the odd one out.</exception>
    /// <exception cref="KeyNotFoundException">A word has no vector.</exception>
    public string DoesNotMatch(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var rows = words.Select(IndexOf).ToArray();
        if (rows.Length < 3)
        {
            throw new ArgumentException($"The odd one out needs at least three words, not {rows.Length}.", nameof(words));
        }

        var mean = Sum(rows, []);
        return words[Enumerable.Range(0, rows.Length).MinBy(i => InnerProduct.Of(Direction(rows[i]), mean))];
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count:N0} words in {Dimensions} dimensions");

    /// <summary>The vector in a row, divided by its length: (d).</summary>
    internal ReadOnlySpan<float> Direction(int row) => _directions.Value.AsSpan(row * Dimensions, Dimensions);

    // The direction of a sum of directions.
    private float[] Sum(ReadOnlySpan<int> added, ReadOnlySpan<int> subtracted)
    {
        var sum = new float[Dimensions];
        foreach (var row in added)
        {
            var direction = Direction(row);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += direction[i];
            }
        }

        foreach (var row in subtracted)
        {
            var direction = Direction(row);
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] -= direction[i];
            }
        }

        Normalize(sum, sum);
        return sum;
    }

    private List<SimilarWord> Nearest(ReadOnlySpan<float> direction, int count, ReadOnlySpan<int> except)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var best = new BestRows(count);
        for (var row = 0; row < Count; row++)
        {
            if (!except.Contains(row))
            {
                best.Offer(row, Math.Clamp(InnerProduct.Of(Direction(row), direction), -1, 1));
            }
        }

        return best.ToWords(_words);
    }

    private float[] MakeDirections()
    {
        var directions = new float[_values.Length];
        for (var row = 0; row < Count; row++)
        {
            Normalize(Row(row), directions.AsSpan(row * Dimensions, Dimensions));
        }

        return directions;
    }

    // Zeros stay zeros. In double, no square of a float leaves the range.
    private static void Normalize(ReadOnlySpan<float> vector, Span<float> direction)
    {
        var squares = 0.0;
        foreach (double value in vector)
        {
            squares += value * value;
        }

        var length = squares > 0 ? Math.Sqrt(squares) : 1;
        for (var i = 0; i < vector.Length; i++)
        {
            direction[i] = (float)(vector[i] / length);
        }
    }

    private static float[] FloatsOf(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
    }

    private static string InArray(int row) => $"words[{row}]";

    private static string[] CopyOf(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return [.. words];
    }

    private static float[] CheckedNotNull([NotNull] float[]? values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return values;
    }
}
