namespace TransformerTutorial.Data;

/// <summary>
/// Chinese sentences and their English translations, written for the series and divided so that a model is measured on what it never saw: combinations of words, and
/// structures of sentences.
/// </summary>
/// <remarks>
/// <para>The sentences are drawn from <c>data/translation</c>: words of both languages and the shapes that hold them. What English needs and Chinese leaves unsaid follows by rule from the
/// Chinese; the folder's README gives the rules. No Chinese sentence has two translations; an English one may translate several.</para>
/// <para>The same seed gives the same corpus on every machine.</para>
/// </remarks>
public sealed class TranslationCorpus
{
    private const int DefaultTrainingPairs = 24_000;
    private const int ValidationPairs = 800;
    private const int HeldOutCombinationPairs = 1_000;
    private const int HeldOutStructurePairs = 1_000;

    // A sentence to measure on holds only words that training holds at least so often.
    private const int FewestOccurrences = 5;

    // More sentences are drawn to measure on than are kept: those with a rare word go.
    private const int Spare = 100;

    private TranslationCorpus(
        IReadOnlyList<SentencePair> training, IReadOnlyList<SentencePair> validation, IReadOnlyList<SentencePair> combinations, IReadOnlyList<SentencePair> structures)
    {
        Training = training;
        Validation = validation;
        HeldOutCombinations = combinations;
        HeldOutStructures = structures;
    }

    /// <summary>The pairs to train on.</summary>
    public IReadOnlyList<SentencePair> Training { get; }

    /// <summary>Pairs to choose by: when to stop, which setting. Each holds two words that no training sentence holds together; these two are no two of <see cref="HeldOutCombinations"/>.</summary>
    public IReadOnlyList<SentencePair> Validation { get; }

    /// <summary>Pairs to measure on: structures of the training set, every word of it too, but each sentence holds two words that no training sentence holds together. 好久不见。 is the first of
    /// them: training has it only in company (好久不见，小王。).</summary>
    public IReadOnlyList<SentencePair> HeldOutCombinations { get; }

    /// <summary>Pairs to measure on: words and constructions of the training set, put together in ways that training never does.</summary>
    public IReadOnlyList<SentencePair> HeldOutStructures { get; }

    /// <summary>How many lines of a file were left out as malformed; 0 for a corpus that was generated.</summary>
    public int Skipped { get; private init; }

    /// <summary>Which words of the lexicon a pair was made of; empty for pairs from a file.</summary>
    internal IReadOnlyDictionary<SentencePair, IReadOnlyList<TranslationWord>> Words { get; private init; } = new Dictionary<SentencePair, IReadOnlyList<TranslationWord>>();

    /// <summary>Pairs that were drawn and left out because the same Chinese had another translation: none, if the grammar is as it should be.</summary>
    internal IReadOnlyList<SentencePair> Ambiguous { get; private init; } = [];

    /// <summary>Makes the corpus.</summary>
    /// <param name="seed">Another seed draws other sentences and withholds other combinations.</param>
    /// <param name="trainingPairs">How many pairs to train on; the sets to measure on keep their sizes.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than 5,000 training pairs or more than 100,000 are asked for: with fewer, words would be too rare to learn.</exception>
    /// <exception cref="InvalidDataException">A file of <c>data/translation</c> is malformed; the message names file and line.</exception>
    public static TranslationCorpus Generate(int seed = 1, int trainingPairs = DefaultTrainingPairs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingPairs, 5_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(trainingPairs, 100_000);
        return Divide(TranslationGrammar.Load(DataFolder.PathOf("translation")), seed, trainingPairs);
    }

    /// <summary>A corpus of pairs that are divided already; it has no structures that are held out.</summary>
    internal static TranslationCorpus FromPairs(IReadOnlyList<SentencePair> training, IReadOnlyList<SentencePair> validation, IReadOnlyList<SentencePair> heldOut, int skipped) =>
        new(training, validation, heldOut, []) { Skipped = skipped };

    private static TranslationCorpus Divide(TranslationGrammar grammar, int seed, int trainingPairs)
    {
        var division = new TranslationDivision(grammar, seed);
        var training = new TranslationSet(trainingPairs);
        var validation = new TranslationSet(ValidationPairs + Spare);
        var combinations = new TranslationSet(HeldOutCombinationPairs + Spare);
        var structures = new TranslationSet(HeldOutStructurePairs + Spare);
        division.DrawHeldOutSentences(combinations);
        division.DrawShapes(training, validation, combinations);
        division.DrawHeldOutStructures(structures);

        var words = training.Sentences.SelectMany(sentence => sentence.Words).GroupBy(word => word.Identity, StringComparer.Ordinal).ToDictionary(word => word.Key, word => word.Count(), StringComparer.Ordinal);
        var spellings = training.Sentences.SelectMany(sentence => EnglishWords(sentence.Pair)).GroupBy(word => word, StringComparer.Ordinal).ToDictionary(word => word.Key, word => word.Count(), StringComparer.Ordinal);
        List<DrawnSentence>[] sets = [[.. training.Sentences], Known(validation, ValidationPairs), Known(combinations, HeldOutCombinationPairs), Known(structures, HeldOutStructurePairs)];
        return new TranslationCorpus(Pairs(sets[0]), Pairs(sets[1]), Pairs(sets[2]), Pairs(sets[3]))
        {
            Words = sets.SelectMany(set => set).ToDictionary(sentence => sentence.Pair, sentence => sentence.Words),
            Ambiguous = division.Ambiguous,
        };

        List<DrawnSentence> Known(TranslationSet set, int most) =>
            [.. set.Sentences.Where(sentence => sentence.Words.All(word => words.GetValueOrDefault(word.Identity) >= FewestOccurrences)
                && EnglishWords(sentence.Pair).All(word => spellings.GetValueOrDefault(word) >= FewestOccurrences)).Take(most)];

        static SentencePair[] Pairs(IEnumerable<DrawnSentence> set) => [.. set.Select(sentence => sentence.Pair)];
    }

    private static IEnumerable<string> EnglishWords(SentencePair pair) => pair.English.Split(' ').Select(word => word.Trim('.', ',', '?', '!').ToUpperInvariant());
}
