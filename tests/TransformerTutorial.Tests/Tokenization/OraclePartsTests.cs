using System.Text;
using TransformerTutorial.Tokenization.HuggingFace;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>Hugging Face's pre-tokenizers and normalizers, each alone.</summary>
public class OraclePartsTests
{
    public static TheoryData<string> PreTokenizerNames => Names("pre-tokenizers");

    public static TheoryData<string> NormalizerNames => Names("normalizers");

    public static TheoryData<string> DecoderNames => Names("decoders");

    [Theory]
    [MemberData(nameof(PreTokenizerNames))]
    public void A_pre_tokenizer_cuts_where_the_library_does(string name)
    {
        var file = OracleFiles.Read("huggingface/vectors/pre-tokenizers.json");
        var preTokenizer = PreTokenizerJson.Read(Part(file, name)).PreTokenizer!;
        var expected = OracleFiles.Integers(file.GetProperty(name));
        var differences = new List<string>();
        for (var i = 0; i < expected.Length; i++)
        {
            var text = OracleFiles.Texts[i];
            var places = preTokenizer.PreTokenize(text).SelectMany(piece => new[] { piece.Offset, piece.Offset + piece.Length }).ToList();
            Assert.Equal(places, preTokenizer.PreTokenize(text.AsSpan()).SelectMany(piece => new[] { piece.Offset, piece.Offset + piece.Length }));
            if (!places.SequenceEqual(expected[i]))
            {
                differences.Add($"{OracleFiles.Show(text)}: expected {string.Join(' ', expected[i])}, got {string.Join(' ', places)}");
            }
        }

        OracleFiles.NoDifferences(differences, expected.Length);
    }

    [Theory]
    [MemberData(nameof(NormalizerNames))]
    public void A_normalizer_writes_what_the_library_writes(string name)
    {
        var file = OracleFiles.Read("huggingface/vectors/normalizers.json");
        var normalizer = NormalizerJson.Read(Part(file, name))!;
        var expected = OracleFiles.OptionalStrings(file.GetProperty(name));
        var differences = new List<string>();
        for (var i = 0; i < expected.Length; i++)
        {
            var text = OracleFiles.Texts[i];
            var normalized = normalizer.Normalize(text);
            if (normalized != (expected[i] ?? text))
            {
                differences.Add($"{OracleFiles.Show(text)}: expected {OracleFiles.Show(expected[i] ?? text)}, got {OracleFiles.Show(normalized)}");
            }
        }

        OracleFiles.NoDifferences(differences, expected.Length);
    }

    [Theory]
    [MemberData(nameof(DecoderNames))]
    public void A_decoder_writes_what_the_library_writes(string name)
    {
        var file = OracleFiles.Read("huggingface/vectors/decoders.json");
        var decoder = DecoderJson.Read(Part(file, name));
        var tokens = file.GetProperty("tokens").EnumerateArray().Select(OracleFiles.Strings).ToList();
        Assert.Equal(OracleFiles.Strings(file.GetProperty(name)), tokens.Select(decoder.Decode));
    }

    private static TheoryData<string> Names(string file) => [.. OracleFiles.Read($"huggingface/vectors/{file}.json").GetProperty("parts").EnumerateObject().Select(part => part.Name)];

    private static JsonField Part(System.Text.Json.JsonElement file, string name)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(file.GetProperty("parts").GetProperty(name).GetRawText()));
        return JsonField.Parse(stream, name);
    }
}
