using TransformerTutorial.Tokenization;
using TransformerTutorial.Tokenization.HuggingFace;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>Merge tables of Hugging Face's trainer on the corpus, in its order: every tie went the same way.</summary>
public class OracleTrainingTests
{
    [Fact]
    public void Merges_with_a_suffix_are_those_of_the_library() =>
        Compare("end of word merges", new BytePairTrainerOptions { MinimumCount = 1, PreTokenizer = new WordOrSymbolPreTokenizer() });

    [Fact]
    public void Merges_with_an_end_of_word_symbol_are_those_of_the_library() =>
        Compare("separate end of word merges", new BytePairTrainerOptions { MinimumCount = 1, PreTokenizer = new WordOrSymbolPreTokenizer(), EndOfWordStyle = EndOfWordStyle.SeparateSymbol });

    [Fact]
    public void Byte_level_merges_are_those_of_the_library() =>
        Compare("byte level merges", new BytePairTrainerOptions { MinimumCount = 1, ByteLevel = true });

    [Theory]
    [InlineData(EndOfWordStyle.SuffixOfLastCharacter, "paper suffix merges")]
    [InlineData(EndOfWordStyle.SeparateSymbol, "paper separate merges")]
    public void Merges_of_the_words_low_lower_newest_widest_are_those_of_the_library(EndOfWordStyle style, string name)
    {
        var words = new Dictionary<string, long> { ["low"] = 5, ["lower"] = 2, ["newest"] = 6, ["widest"] = 3 };
        var model = BytePairTrainer.Train(words, new BytePairTrainerOptions { MinimumCount = 1, EndOfWordStyle = style });
        Assert.Equal(Expected(name), model.Merges.Select(merge => (merge.Left, merge.Right)));
    }

    private static void Compare(string name, BytePairTrainerOptions options)
    {
        var expected = Expected(name);
        var model = BytePairTrainer.Train(OracleFiles.CorpusLines, options with { VocabularySize = 3_000 });
        var actual = model.Merges.Select(merge => (merge.Left, merge.Right)).Take(expected.Count).ToList();
        Assert.Equal(expected, actual);
    }

    private static List<(string Left, string Right)> Expected(string name) =>
        [.. OracleFiles.Read("huggingface/vectors/training.json").GetProperty(name).EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetString()!))];
}
