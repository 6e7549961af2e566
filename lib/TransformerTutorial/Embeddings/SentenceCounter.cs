using System.Runtime.InteropServices;

namespace TransformerTutorial.Embeddings;

/// <summary>Counts the words of sentences of strings; its errors say which sentence and which word.</summary>
internal sealed class SentenceCounter
{
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>Sentences counted so far.</summary>
    public long Sentences { get; private set; }

    /// <exception cref="ArgumentException">The sentence or one of its words is null, or a word is empty or not valid Unicode.</exception>
    public void Add(IReadOnlyList<string> sentence)
    {
        Sentences++;
        CheckSentence(sentence, Sentences);
        for (var i = 0; i < sentence.Count; i++)
        {
            var word = sentence[i];
            CheckWord(word, Sentences, i);
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, word, out var isKnown);
            if (!isKnown && WordVocabulary.ProblemOf(word) is { } problem)
            {
                throw new ArgumentException($"Sentence {Sentences:N0}, word {i + 1:N0}: {problem}.");
            }

            count++;
        }
    }

    public WordVocabulary ToVocabulary(long minimumCount) => WordVocabulary.FromCounted([.. _counts], minimumCount);

    internal static void CheckSentence(IReadOnlyList<string> sentence, long number)
    {
        if (sentence is null)
        {
            throw new ArgumentException($"Sentence {number:N0} is null.");
        }
    }

    internal static void CheckWord(string word, long sentence, int place)
    {
        if (word is null)
        {
            throw new ArgumentException($"Sentence {sentence:N0}, word {place + 1:N0}: it is null.");
        }
    }
}
