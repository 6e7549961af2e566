using TransformerTutorial.Data.English;

namespace TransformerTutorial.Data;

/// <summary>A word and its translation.</summary>
/// <param name="English">The English word.</param>
/// <param name="Chinese">The Chinese word.</param>
/// <param name="IsHeldOut">Whether it is kept for measuring: a map between two spaces is fitted without it.</param>
public sealed record TranslationPair(string English, string Chinese, bool IsHeldOut);

/// <summary>Two words that are to each other what the relation's name says, in both languages.</summary>
/// <param name="A">The first word in English: <c>Paris</c>.</param>
/// <param name="B">The second word in English: <c>France</c>.</param>
/// <param name="ChineseA">The first word in Chinese.</param>
/// <param name="ChineseB">The second word in Chinese.</param>
/// <param name="IsHeldOut">Whether only held-out questions are made of it.</param>
public sealed record RelatedPair(string A, string B, string ChineseA, string ChineseB, bool IsHeldOut);

/// <summary>How the corpus holds the pairs of a relation.</summary>
public enum MeaningRelationKind
{
    /// <summary>No sentence holds both words of a pair: what ties them is only the company that each keeps. The score is counted on these.</summary>
    Apart,

    /// <summary>Some sentences hold both words, so that each is also the other's company.</summary>
    Together,

    /// <summary>The answer is hidden by construction, as <c>data/meaning/README.md</c> says.</summary>
    Weak,
}

/// <summary>A relation and its pairs.</summary>
/// <param name="Name">What the pairs are to each other: <c>capital-country</c>.</param>
/// <param name="Kind">How the corpus holds the pairs.</param>
/// <param name="IsInChinese">Whether it can be asked in Chinese; walk : walked cannot.</param>
/// <param name="Pairs">The pairs, one a row of the lexicon.</param>
public sealed record MeaningRelation(string Name, MeaningRelationKind Kind, bool IsInChinese, IReadOnlyList<RelatedPair> Pairs);

/// <summary>A corpus for learning word vectors: sentences in English and Chinese, line i of one translating line i of the other, and questions about them.</summary>
/// <remarks>
/// <para>The sentences come from the tables and sentence shapes in <c>data/meaning</c>: animals with what they eat and where they live, countries with capital,
/// language, river, dish and money, people, trades, vehicles, verbs with their tenses, things to compare, energy, sky, weather, rooms. They are plain and true, and
/// no sentence comes twice. Words are already divided, there are no marks, and only names are capitalised.</para>
/// <para><b>What vectors find here is what the grammar put there.</b> A word meets the words of its own row (Paris the Seine, French, croissants) and the frame of its
/// class (mayors, suburbs, rents), and an analogy holds because these two are added independently. Real text does something like it, less cleanly. So measure
/// beside it <see cref="Shuffled"/>: the same words in the same numbers, with nothing left of the company that they kept.</para>
/// <para>Pairs are divided by row, every other one held out: a pair of a held-out question is in no tuning question of that relation.</para>
/// </remarks>
/// <example><c>MeaningCorpus.Generate(sentences: 40_000, seed: 1).English[0]</c></example>
public sealed class MeaningCorpus
{
    // One of three words of a class, and one of two pairs of a relation, is held out.
    private const int DictionaryStep = 3;
    private const int PairStep = 2;

    private readonly MeaningLexicon _lexicon;

    private MeaningCorpus(MeaningLexicon lexicon, IReadOnlyList<IReadOnlyList<string>> english, IReadOnlyList<IReadOnlyList<string>> chinese)
    {
        _lexicon = lexicon;
        English = english;
        Chinese = chinese;
        Relations = [.. lexicon.Relations.Select(RelationOf)];
        (EnglishClasses, ChineseClasses, Dictionary) = ClassesAndDictionary();
        TuningQuestions = Questions(MeaningRelationKind.Apart, heldOut: false, chinese: false);
        HeldOutQuestions = Questions(MeaningRelationKind.Apart, heldOut: true, chinese: false);
        AnalogyQuestions = [.. TuningQuestions, .. HeldOutQuestions];
        TogetherQuestions = Questions(MeaningRelationKind.Together, heldOut: null, chinese: false);
        WeakQuestions = Questions(MeaningRelationKind.Weak, heldOut: null, chinese: false);
        ChineseTuningQuestions = Questions(MeaningRelationKind.Apart, heldOut: false, chinese: true);
        ChineseHeldOutQuestions = Questions(MeaningRelationKind.Apart, heldOut: true, chinese: true);
        ChineseTogetherQuestions = Questions(MeaningRelationKind.Together, heldOut: null, chinese: true);
        ChineseWeakQuestions = Questions(MeaningRelationKind.Weak, heldOut: null, chinese: true);
    }

    /// <summary>The English sentences as words.</summary>
    public IReadOnlyList<IReadOnlyList<string>> English { get; }

    /// <summary>The Chinese sentences as words; line i translates line i of <see cref="English"/>.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Chinese { get; }

    /// <summary>English word, in every form, to its class: <c>monkey</c> and <c>monkeys</c> to <c>animal</c>. Words of the sentence shapes (the, lives, in) have none.</summary>
    public IReadOnlyDictionary<string, string> EnglishClasses { get; }

    /// <summary>Chinese word to its class.</summary>
    public IReadOnlyDictionary<string, string> ChineseClasses { get; }

    /// <summary>Every word of the lexicon's tables with its translation, one to one. Of every class one word in three is held out, and so is one in three of a row. A noun is there in the singular, a verb in its base form.</summary>
    public IReadOnlyList<TranslationPair> Dictionary { get; }

    /// <summary>What analogy questions ask for.</summary>
    public IReadOnlyList<MeaningRelation> Relations { get; }

    /// <summary>All English questions that the score is counted on: <see cref="TuningQuestions"/>, then <see cref="HeldOutQuestions"/>.</summary>
    public IReadOnlyList<AnalogyQuestion> AnalogyQuestions { get; }

    /// <summary>English questions for choosing settings by. As all that are not said to be otherwise, they are of relations whose pairs stand apart.</summary>
    public IReadOnlyList<AnalogyQuestion> TuningQuestions { get; }

    /// <summary>English questions for the result: none of their pairs is in a tuning question of the same relation.</summary>
    public IReadOnlyList<AnalogyQuestion> HeldOutQuestions { get; }

    /// <summary>English questions about pairs that share sentences.</summary>
    public IReadOnlyList<AnalogyQuestion> TogetherQuestions { get; }

    /// <summary>English questions that are expected to fail.</summary>
    public IReadOnlyList<AnalogyQuestion> WeakQuestions { get; }

    /// <summary>Chinese questions for choosing settings by.</summary>
    public IReadOnlyList<AnalogyQuestion> ChineseTuningQuestions { get; }

    /// <summary>Chinese questions for the result.</summary>
    public IReadOnlyList<AnalogyQuestion> ChineseHeldOutQuestions { get; }

    /// <summary>Chinese questions about pairs that share sentences.</summary>
    public IReadOnlyList<AnalogyQuestion> ChineseTogetherQuestions { get; }

    /// <summary>Chinese questions that are expected to fail.</summary>
    public IReadOnlyList<AnalogyQuestion> ChineseWeakQuestions { get; }

    /// <summary>Draws a corpus from the lexicon in <c>data/meaning</c>.</summary>
    /// <param name="sentences">How many sentences a side. A shorter corpus is the beginning of a longer one.</param>
    /// <param name="seed">The same seed gives the same corpus on any machine.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sentences"/> is not positive.</exception>
    /// <exception cref="ArgumentException">The lexicon has not so many different sentences.</exception>
    /// <exception cref="DirectoryNotFoundException">The <c>data</c> folder was not found.</exception>
    /// <exception cref="InvalidDataException">A lexicon file is malformed; the message names file and line.</exception>
    public static MeaningCorpus Generate(int sentences = 50_000, int seed = 1) => Generate(sentences, seed, DataFolder.PathOf("meaning"));

    /// <summary>Draws a corpus from a lexicon of one's own: a folder with <c>words.txt</c>, <c>sentences.txt</c> and <c>relations.txt</c>, which say their format.</summary>
    /// <param name="sentences">How many sentences a side.</param>
    /// <param name="seed">The same seed and the same files give the same corpus on any machine.</param>
    /// <param name="lexiconFolder">The folder.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sentences"/> is not positive.</exception>
    /// <exception cref="ArgumentException">The lexicon has not so many different sentences.</exception>
    /// <exception cref="FileNotFoundException">One of the files is missing.</exception>
    /// <exception cref="InvalidDataException">A lexicon file is malformed; the message names file and line.</exception>
    public static MeaningCorpus Generate(int sentences, int seed, string lexiconFolder)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sentences);
        ArgumentNullException.ThrowIfNull(lexiconFolder);
        var lexicon = MeaningLexicon.Load(lexiconFolder);
        var drawn = new MeaningSentences(lexicon, seed);
        var english = new string[sentences][];
        var chinese = new string[sentences][];
        for (var i = 0; i < sentences; i++)
        {
            (english[i], chinese[i]) = drawn.Next();
        }

        return new MeaningCorpus(lexicon, english, chinese);
    }

    /// <summary>
    /// The control: each side's words dealt out anew over all places of that side. Every word is there as often as before and every line as long, but no word keeps its
    /// company, and line i no longer translates line i. Classes, dictionary and questions stay.
    /// </summary>
    /// <param name="seed">The same seed gives the same order.</param>
    public MeaningCorpus Shuffled(int seed)
    {
        var random = new EnglishRandom(seed);
        return new MeaningCorpus(_lexicon, Deal(English), Deal(Chinese));

        // Every order is equally likely (Fisher and Yates; Durstenfeld 1964).
        string[][] Deal(IReadOnlyList<IReadOnlyList<string>> lines)
        {
            string[] words = [.. lines.SelectMany(line => line)];
            for (var last = words.Length - 1; last > 0; last--)
            {
                var other = random.Below(last + 1);
                (words[last], words[other]) = (words[other], words[last]);
            }

            var dealt = new string[lines.Count][];
            for (int i = 0, start = 0; i < dealt.Length; start += dealt[i].Length, i++)
            {
                dealt[i] = words[start..(start + lines[i].Count)];
            }

            return dealt;
        }
    }

    private MeaningRelation RelationOf(MeaningRelationLine line)
    {
        var (table, from) = _lexicon.FindColumn(line.From.Column)!.Value;
        var to = _lexicon.FindColumn(line.To.Column)!.Value.Column;
        var pairs = new List<RelatedPair>();
        foreach (var row in _lexicon.Tables[table].Rows)
        {
            // One reindeer, two reindeer: a pair of one word with itself is none.
            if (row[from] is { } a && row[to] is { } b && a.English[line.From.Form] != b.English[line.To.Form])
            {
                pairs.Add(new RelatedPair(a.English[line.From.Form], b.English[line.To.Form], a.Chinese[0], b.Chinese[0], IsHeldOut: pairs.Count % PairStep == PairStep - 1));
            }
        }

        return new MeaningRelation(line.Name, line.Kind, line.InChinese, pairs);
    }

    private List<AnalogyQuestion> Questions(MeaningRelationKind kind, bool? heldOut, bool chinese)
    {
        var questions = new List<AnalogyQuestion>();
        foreach (var relation in Relations.Where(relation => relation.Kind == kind && (!chinese || relation.IsInChinese)))
        {
            foreach (var shown in relation.Pairs)
            {
                foreach (var asked in relation.Pairs)
                {
                    if (shown != asked && shown.IsHeldOut == asked.IsHeldOut && (heldOut is null || shown.IsHeldOut == heldOut))
                    {
                        questions.Add(chinese
                            ? new AnalogyQuestion(relation.Name, shown.ChineseA, shown.ChineseB, asked.ChineseA, asked.ChineseB)
                            : new AnalogyQuestion(relation.Name, shown.A, shown.B, asked.A, asked.B));
                    }
                }
            }
        }

        return questions;
    }

    private (Dictionary<string, string> English, Dictionary<string, string> Chinese, List<TranslationPair> Dictionary) ClassesAndDictionary()
    {
        var english = new Dictionary<string, string>(StringComparer.Ordinal);
        var chinese = new Dictionary<string, string>(StringComparer.Ordinal);
        var dictionary = new List<TranslationPair>();
        var ofClass = new Dictionary<string, int>(StringComparer.Ordinal);
        var classes = 0;
        foreach (var table in _lexicon.Tables)
        {
            var firstClass = classes;
            classes += table.Columns.Count;
            foreach (var row in table.Rows)
            {
                for (var column = 0; column < row.Count; column++)
                {
                    if (row[column] is not { } word)
                    {
                        continue;
                    }

                    if (chinese.TryAdd(word.Chinese[0], table.Columns[column]))
                    {
                        // Counted within the class, so that every class has words of both kinds; each class starts elsewhere, so that no row is held out whole.
                        var number = ofClass.GetValueOrDefault(table.Columns[column]);
                        ofClass[table.Columns[column]] = number + 1;
                        dictionary.Add(new TranslationPair(word.English[0], word.Chinese[0], IsHeldOut: (number + firstClass + column) % DictionaryStep == DictionaryStep - 1));
                    }

                    foreach (var form in word.English.Where(form => _lexicon.FindEnglish(form) is not null))
                    {
                        english.TryAdd(form, table.Columns[column]);
                    }
                }
            }
        }

        return (english, chinese, dictionary);
    }
}
