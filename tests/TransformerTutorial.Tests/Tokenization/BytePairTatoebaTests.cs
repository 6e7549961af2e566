using TransformerTutorial.Testing;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>Real sentences, English and Chinese, from Tatoeba; not part of the repository.</summary>
public class BytePairTatoebaTests
{
    [TatoebaFact]
    public void Every_line_comes_back_from_a_tokenizer_trained_on_them()
    {
        var lines = File.ReadAllLines(TatoebaFactAttribute.Path!);
        Assert.NotEmpty(lines);
        foreach (var pattern in new[] { BytePairPatterns.Gpt2, BytePairPatterns.Cl100k, BytePairPatterns.O200k })
        {
            var tokenizer = BytePairTokenizer.Create(BytePairTrainer.Train(lines, new() { ByteLevel = true, PreTokenizer = pattern }));
            Assert.Equal(8_000, tokenizer.Model.Vocabulary.Count);
            foreach (var line in lines)
            {
                var ids = tokenizer.EncodeToIds(line);
                Assert.Equal(line, tokenizer.Decode(ids));
                Assert.True(line.Length < 8 || ids.Count < System.Text.Encoding.UTF8.GetByteCount(line));
            }
        }
    }
}

/// <summary>
/// A fact about <c>tatoeba-en-zh.tsv</c>, looked for in the folder that the environment variable TUTORIAL_SHARED names, else in <c>../shared</c> beside the repository. Skipped, and
/// said so, where there is none.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TatoebaFactAttribute : FactAttribute
{
    private const string FileName = "tatoeba-en-zh.tsv";

    public TatoebaFactAttribute()
    {
        if (Path is null)
        {
            Skip = $"There is no data/{FileName} under the folder that TUTORIAL_SHARED names, nor under ../shared beside the repository.";
        }
    }

    public static string? Path { get; } = Find();

    private static string? Find()
    {
        var folders = new List<string>();
        if (Environment.GetEnvironmentVariable("TUTORIAL_SHARED") is { Length: > 0 } named)
        {
            folders.Add(named);
        }

        folders.Add(Repository.PathOf("..", "shared"));
        return folders.Select(folder => System.IO.Path.Combine(folder, "data", FileName)).FirstOrDefault(File.Exists);
    }
}
