using System.Text;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>tokenizer.json files saved by Hugging Face's library, and what that library computes with them.</summary>
public class OracleHuggingFaceTests
{
    public static TheoryData<string> Models =>
    [
        "char-bpe", "char-bpe-normalized", "char-bpe-prefix", "byte-level", "byte-level-prefix-space", "byte-level-cl100k", "byte-level-digits",
        "wordpiece-uncased", "wordpiece-cased", "wordpiece-added",
    ];

    public static TheoryData<string> ModelsWithTemplates => ["byte-level", "byte-level-prefix-space", "byte-level-cl100k", "wordpiece-uncased", "wordpiece-cased"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Ids_are_those_of_the_library(string name)
    {
        var expected = OracleFiles.Integers(OracleFiles.Read($"huggingface/vectors/{name}.json").GetProperty("ids"));
        Compare(OracleFiles.Texts, expected, Load(name).EncodeToIds);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Offsets_are_those_of_the_library(string name)
    {
        var expected = OracleFiles.Integers(OracleFiles.Read($"huggingface/vectors/{name}.json").GetProperty("offsets"));
        var tokenizer = Load(name);
        Compare(OracleFiles.Texts, expected, text => [.. tokenizer.EncodeToTokens(text, out _).SelectMany(token => new[] { token.Offset.Start.Value, token.Offset.End.Value })],
            maySay: (text, theirs, ours) => (name is "char-bpe-normalized" or "char-bpe-prefix" or "byte-level-digits" or "wordpiece-uncased") && IsWholeUnit(text, theirs, ours));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Decoded_texts_are_those_of_the_library(string name)
    {
        var vectors = OracleFiles.Read($"huggingface/vectors/{name}.json");
        var ids = OracleFiles.Integers(vectors.GetProperty("ids"));
        var decoded = OracleFiles.OptionalStrings(vectors.GetProperty("decoded"));
        var tokenizer = Load(name);
        var differences = new List<string>();
        for (var i = 0; i < ids.Length; i++)
        {
            var expected = decoded[i] ?? OracleFiles.Texts[i];
            var actual = tokenizer.Decode(ids[i]);
            if (actual != expected)
            {
                differences.Add($"{OracleFiles.Show(OracleFiles.Texts[i])} -> {string.Join(' ', ids[i])}: expected {OracleFiles.Show(expected)}, got {OracleFiles.Show(actual)}");
            }
        }

        OracleFiles.NoDifferences(differences, ids.Length);
    }

    [Theory]
    [MemberData(nameof(ModelsWithTemplates))]
    public void Template_tokens_are_added_where_asked_for(string name)
    {
        var expected = OracleFiles.Integers(OracleFiles.Read($"huggingface/vectors/{name}.json").GetProperty("withSpecialTokens"));
        Compare([.. OracleFiles.Texts.Take(expected.Length)], expected, Load(name, addTemplateTokens: true).EncodeToIds);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_file_that_is_saved_again_gives_the_same_tokenizer(string name)
    {
        var tokenizer = Load(name);
        using var saved = new MemoryStream(Encoding.UTF8.GetBytes(TokenizerJson.ToJson(tokenizer)));
        var again = TokenizerJson.Load(saved, name, new TokenizerJsonOptions { SpecialTokenMode = SpecialTokenMode.Recognize });
        Assert.Equal(tokenizer.GetType(), again.GetType());
        Compare(OracleFiles.Written, [.. OracleFiles.Written.Select(text => tokenizer.EncodeToIds(text).ToArray())], again.EncodeToIds);
    }

    private static Tokenizer Load(string name, bool addTemplateTokens = false) => TokenizerJson.Load(
        OracleFiles.PathOf($"huggingface/models/{name}.json"), new TokenizerJsonOptions { SpecialTokenMode = SpecialTokenMode.Recognize, AddTemplateTokens = addTemplateTokens });

    private delegate IReadOnlyList<int> Numbers(string text, bool considerPreTokenization = true, bool considerNormalization = true);

    /// <summary>
    /// Where a Unicode normal form joins or reorders a character and its marks, the library's range covers the character without its marks; ours covers
    /// all of what the token stands for.
    /// </summary>
    private static bool IsWholeUnit(string text, int[] theirs, IReadOnlyList<int> ours) =>
        (UnicodeNormalizer.Nfkc.Normalize(text) != text || UnicodeNormalizer.Nfd.Normalize(text) != text)
        && theirs.Length == ours.Count
        && theirs.Index().All(offset => offset.Index % 2 == 0 ? ours[offset.Index] <= offset.Item : ours[offset.Index] >= offset.Item);

    private static void Compare(IReadOnlyList<string> texts, int[][] expected, Numbers actual) => Compare(texts, expected, text => actual(text, true, true));

    private static void Compare(IReadOnlyList<string> texts, int[][] expected, Func<string, IReadOnlyList<int>> actual, Func<string, int[], IReadOnlyList<int>, bool>? maySay = null)
    {
        Assert.Equal(texts.Count, expected.Length);
        var differences = new List<string>();
        for (var i = 0; i < texts.Count; i++)
        {
            var numbers = actual(texts[i]);
            if (!numbers.SequenceEqual(expected[i]) && maySay?.Invoke(texts[i], expected[i], numbers) != true)
            {
                differences.Add($"{OracleFiles.Show(texts[i])}: expected {string.Join(' ', expected[i])}, got {string.Join(' ', numbers)}");
            }
        }

        OracleFiles.NoDifferences(differences, texts.Count);
    }
}
