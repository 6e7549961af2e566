namespace TransformerTutorial.Data;

/// <summary>
/// Translates by looking up: the translation of the training sentence that is most like the one to translate. It knows no word and puts nothing together; what it scores is what
/// remembering alone is worth.
/// </summary>
/// <remarks>Alike are sentences that share characters and pairs of neighbouring characters, by Dice's coefficient (Dice, "Measures of the amount of ecologic association between
/// species", 1945): twice the number that both have over the sum of what each has, repetitions counted once. Of sentences equally alike the first of the training set is taken.</remarks>
public sealed class NearestNeighbourTranslator
{
    private readonly IReadOnlyList<SentencePair> _training;
    private readonly int[] _grams;
    private readonly Dictionary<string, List<int>> _sentencesWith = new(StringComparer.Ordinal);

    /// <summary>Reads the training set once.</summary>
    /// <exception cref="ArgumentException">There are no pairs.</exception>
    public NearestNeighbourTranslator(IReadOnlyList<SentencePair> training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Count == 0)
        {
            throw new ArgumentException("A translator that looks up needs at least one pair.", nameof(training));
        }

        _training = training;
        _grams = new int[training.Count];
        for (var sentence = 0; sentence < training.Count; sentence++)
        {
            var grams = Grams(training[sentence].Chinese);
            _grams[sentence] = grams.Count;
            foreach (var gram in grams)
            {
                if (!_sentencesWith.TryGetValue(gram, out var sentences))
                {
                    _sentencesWith[gram] = sentences = [];
                }

                sentences.Add(sentence);
            }
        }
    }

    /// <summary>The training pair whose Chinese sentence is most like this one, and how alike they are: from 0, nothing shared, to 1.</summary>
    public (SentencePair Pair, double Similarity) Nearest(string chinese)
    {
        ArgumentNullException.ThrowIfNull(chinese);
        var own = Grams(chinese);
        var shared = new int[_training.Count];
        foreach (var gram in own)
        {
            foreach (var sentence in _sentencesWith.GetValueOrDefault(gram) ?? [])
            {
                shared[sentence]++;
            }
        }

        var (best, similarity) = (0, -1.0);
        for (var sentence = 0; sentence < shared.Length; sentence++)
        {
            var both = _grams[sentence] + own.Count;
            var alike = both == 0 ? 0 : 2.0 * shared[sentence] / both;
            if (alike > similarity)
            {
                (best, similarity) = (sentence, alike);
            }
        }

        return (_training[best], similarity);
    }

    /// <summary>The English of the training pair whose Chinese is most like this sentence.</summary>
    public string Translate(string chinese) => Nearest(chinese).Pair.English;

    private static HashSet<string> Grams(string sentence)
    {
        var grams = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < sentence.Length; i++)
        {
            grams.Add(sentence[i..(i + 1)]);
            if (i + 1 < sentence.Length)
            {
                grams.Add(sentence[i..(i + 2)]);
            }
        }

        return grams;
    }
}
