using TransformerTutorial.Data;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>
/// The tokenizer that chapter 1 saves is the one that Hugging Face's library was given (<c>tests/oracles/huggingface/chapter-01</c>).
/// Set TUTORIAL_REGENERATE=1 to write it anew, then run <c>node chapter-01.js</c> there.
/// </summary>
public sealed class ChapterOneFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("chapter-one-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_english_tokenizer_of_4000_tokens_is_the_one_that_the_oracle_read()
    {
        var committed = Path.GetFullPath(DataFolder.PathOf("..", "tests", "oracles", "huggingface", "chapter-01"));
        var regenerate = Environment.GetEnvironmentVariable("TUTORIAL_REGENERATE") == "1";
        var written = regenerate ? committed : _folder;

        var model = BytePairTrainer.Train(Corpus.OfTheSeries("english").Lines, new BytePairTrainerOptions { VocabularySize = 4_000 });
        BytePairTokenizer.Create(model).Save(written);

        foreach (var file in Directory.GetFiles(written).Select(Path.GetFileName).Where(file => file != "vectors.json"))
        {
            Assert.Equal(File.ReadAllText(Path.Combine(committed, file!)), File.ReadAllText(Path.Combine(written, file!)));
        }
    }
}
