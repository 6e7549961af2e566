using FsCheck;
using FsCheck.Fluent;
using TransformerTutorial.Layers;
using TransformerTutorial.Models;
using TransformerTutorial.Testing;

namespace TransformerTutorial.Tests.Models;

/// <summary>Configurations as text.</summary>
public class TransformerConfigurationTests
{
    private static Gen<TransformerConfiguration> Any { get; } =
        from heads in Gen.Choose(1, 4)
        from size in Gen.Choose(1, 8)
        from vocabulary in Gen.Choose(3, 1000)
        from kinds in Gen.Choose(0, 2).ArrayOf(6)
        from dropout in Gen.Choose(0, 1000)
        from layers in Gen.Choose(1, 5)
        from padding in Gen.Choose(0, 2)
        select new TransformerConfiguration(vocabulary, vocabulary)
        {
            Width = 2 * heads * size,
            Heads = heads,
            KeyValueHeads = kinds[0] == 0 ? null : 1,
            FeedForwardWidth = size + layers,
            EncoderLayers = layers,
            DecoderLayers = 6 - layers,
            Dropout = dropout / 1000.0,
            Placement = (NormPlacement)(kinds[1] % 2),
            HasFinalNorm = kinds[1] == 0 ? null : kinds[2] == 0,
            Norm = (NormKind)(kinds[2] % 2),
            Activation = (FeedForwardActivation)kinds[3],
            HasBias = kinds[4] == 0,
            Positions = (PositionKind)(kinds[4] + (kinds[5] % 2)),
            MaximumLength = size,
            Sharing = (EmbeddingSharing)kinds[5],
            IsScaled = kinds[0] != 1,
            Special = new() { Padding = padding, Begin = (padding + 1) % 3, End = (padding + 2) % 3 },
        };

    [Fact]
    public void What_is_written_is_read() => PropertyCheck.ForAll(Any, configuration => TransformerConfiguration.FromJson(configuration.ToJson()) == configuration);

    [Fact]
    public void What_a_text_leaves_out_has_its_usual_value() =>
        Assert.Equal(new TransformerConfiguration(7, 8) { Width = 64, Placement = NormPlacement.After }, TransformerConfiguration.FromJson("""{ "sourceVocabulary": 7, "targetVocabulary": 8, "width": 64, "placement": "after" }"""));

    [Fact]
    public void The_text_is_one_that_a_person_can_read()
    {
        var text = new TransformerConfiguration(7, 8).ToJson();
        Assert.Contains("\n  \"width\": 128,\n", text, StringComparison.Ordinal);
        Assert.Contains("\"positions\": \"sinusoidal\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("endsWithNorm", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "null")]
    [InlineData("{", "LineNumber")]
    [InlineData("""{ "sourceVocabulary": 7 }""", "targetVocabulary")]
    [InlineData("""{ "sourceVocabulary": 7, "targetVocabulary": 8, "depth": 4 }""", "depth")]
    [InlineData("""{ "sourceVocabulary": 7, "targetVocabulary": 8, "width": "wide" }""", "width")]
    [InlineData("""{ "sourceVocabulary": 7, "targetVocabulary": 8, "width": 8, "width": 16 }""", "width")]
    [InlineData("""{ "sourceVocabulary": 7, "targetVocabulary": 8, "positions": "absolute" }""", "positions")]
    [InlineData("""{ "sourceVocabulary": 7, "targetVocabulary": 8, "positions": 1 }""", "positions")]
    [InlineData("""{ "sourceVocabulary": 7, "targetVocabulary": 8, "special": null }""", "special")]
    [InlineData("""{ "sourceVocabulary": 7, "targetVocabulary": 8, "heads": 3 }""", "128 and 3")]
    public void A_text_that_is_no_configuration_is_refused_with_the_reason(string text, string word) =>
        ModelNumbers.AssertSays<InvalidDataException>(() => TransformerConfiguration.FromJson(text), "configuration", word);
}
