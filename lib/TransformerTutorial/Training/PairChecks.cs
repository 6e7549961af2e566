using TransformerTutorial.Models;

namespace TransformerTutorial.Training;

/// <summary>What training refuses of its pairs, and how it says so.</summary>
internal static class PairChecks
{
    /// <summary>Refuses an empty list, an empty sentence, and ids that stand for no word.</summary>
    public static void Require(IReadOnlyList<EncodedPair> pairs, SpecialIds special, string argument)
    {
        if (pairs.Count == 0)
        {
            throw new ArgumentException("There are no sentence pairs.", argument);
        }

        for (var number = 0; number < pairs.Count; number++)
        {
            var pair = pairs[number] ?? throw new ArgumentException($"Pair {number} is missing.", argument);
            RequireWords(pair.Source, special, $"The source of pair {number}", argument);
            RequireWords(pair.Target, special, $"The target of pair {number}", argument);
        }
    }

    /// <summary>Refuses ids that a model has no row for, and sentences that are longer than it takes.</summary>
    public static void RequireFits(IReadOnlyList<EncodedPair> pairs, long sourceVocabulary, long targetVocabulary, long maximumLength, string argument)
    {
        for (var number = 0; number < pairs.Count; number++)
        {
            RequireFits(pairs[number].Source, sourceVocabulary, maximumLength, $"The source of pair {number}", argument);
            RequireFits(pairs[number].Target, targetVocabulary, maximumLength, $"The target of pair {number}", argument);
        }
    }

    private static void RequireWords(IReadOnlyList<int>? words, SpecialIds special, string what, string argument)
    {
        if (words is not { Count: > 0 })
        {
            throw new ArgumentException($"{what} is empty.", argument);
        }

        for (var place = 0; place < words.Count; place++)
        {
            if (words[place] < 0)
            {
                throw new ArgumentException($"{what} holds {words[place]} at place {place}; ids begin with 0.", argument);
            }

            if (special.Contains(words[place]))
            {
                var name = words[place] == special.Padding ? "padding" : words[place] == special.Begin ? "begin" : "end";
                throw new ArgumentException($"{what} holds {words[place]} at place {place}, the id for {name}; pairs are words only.", argument);
            }
        }
    }

    private static void RequireFits(IReadOnlyList<int> words, long vocabulary, long maximumLength, string what, string argument)
    {
        if (words.Count + 1 > maximumLength)
        {
            throw new ArgumentException($"{what} has {words.Count} words, {words.Count + 1} with its begin or end; the model takes {maximumLength}.", argument);
        }

        for (var place = 0; place < words.Count; place++)
        {
            if (words[place] >= vocabulary)
            {
                throw new ArgumentException($"{what} holds {words[place]} at place {place}; the model knows the ids 0 to {vocabulary - 1}.", argument);
            }
        }
    }
}
