using TransformerTutorial.Data;

namespace TransformerTutorial.Tests.Data;

public class NearestNeighbourTranslatorTests
{
    private static readonly SentencePair[] Training =
    [
        new("我看书。", "I read.", "a"),
        new("我看报。", "I read newspapers.", "a"),
        new("他喝茶。", "He drinks tea.", "a"),
        new("他喝水。", "He drinks water.", "a"),
    ];

    [Fact]
    public void The_most_similar_sentence_is_found_by_characters_and_their_pairs()
    {
        // 我看书。 has 我 看 书 。 我看 看书 书。; 你看书。 shares 看 书 。 看书 书。 of its seven: 2 · 5 / 14.
        var (pair, similarity) = new NearestNeighbourTranslator(Training).Nearest("你看书。");
        Assert.Equal((Training[0], 10.0 / 14), (pair, similarity));
    }

    [Fact]
    public void A_training_sentence_is_its_own_nearest()
    {
        var translator = new NearestNeighbourTranslator(Training);
        Assert.All(Training, pair => Assert.Equal((pair, 1.0), translator.Nearest(pair.Chinese)));
        Assert.Equal("He drinks water.", translator.Translate("他喝水。"));
    }

    [Fact]
    public void Of_equally_similar_sentences_the_first_is_taken() => Assert.Equal(Training[2], new NearestNeighbourTranslator(Training).Nearest("他喝").Pair);

    [Fact]
    public void Where_nothing_is_shared_the_first_is_taken_too() => Assert.Equal((Training[0], 0.0), new NearestNeighbourTranslator(Training).Nearest(""));

    [Fact]
    public void It_translates_no_sentence_that_is_held_out()
    {
        var corpus = TranslationCorpus.Generate(seed: 1, trainingPairs: 6_000);
        var translator = new NearestNeighbourTranslator(corpus.Training);
        Assert.DoesNotContain(corpus.HeldOutCombinations.Concat(corpus.HeldOutStructures), pair => translator.Translate(pair.Chinese) == pair.English);
    }

    [Fact]
    public void No_pairs_are_refused() => Assert.Throws<ArgumentException>(() => new NearestNeighbourTranslator([]));
}
