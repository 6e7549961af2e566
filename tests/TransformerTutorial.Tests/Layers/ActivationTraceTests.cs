using TransformerTutorial.Attention;
using TransformerTutorial.Layers;
using TransformerTutorial.Models;
using TransformerTutorial.Tests.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Layers;

/// <summary>A trace of activations changes nothing and tells the truth.</summary>
[Collection(ModelDraws.Name)]
public class ActivationTraceTests
{
    private static readonly TransformerConfiguration Small = new(20, 20) { Width = 16, FeedForwardWidth = 24, Heads = 2 };

    [Theory]
    [InlineData(NormPlacement.Before)]
    [InlineData(NormPlacement.After)]
    public void It_changes_no_bit_of_outputs_and_gradients_and_keeps_no_graph(NormPlacement placement)
    {
        var plain = Train(placement, (_, run) => run());
        var records = 0;
        var traced = Train(placement, (model, run) => records = ActivationTrace.Record(model, run).Records.Count);
        Assert.True(records > 50);
        Assert.Equal(plain, traced);
    }

    [Theory]
    [InlineData(NormPlacement.Before)]
    [InlineData(NormPlacement.After)]
    public void Every_part_is_there_in_order_and_the_sums_are_sums(NormPlacement placement)
    {
        manual_seed(1);
        var model = new EncoderDecoder(Small with { Placement = placement });
        model.eval();
        var (source, target) = (tensor(new long[,] { { 4, 5, 2 } }), tensor(new long[,] { { 1, 6 } }));
        Tensor? logits = null;
        var trace = ActivationTrace.Record(model, () => logits = model.call(source, target));
        ModelNumbers.AssertSameBits(logits!, trace["logits"]);
        Assert.All(trace.Records, record => Assert.False(record.Values.requires_grad));
        string[] encoder = [.. from layer in Enumerable.Range(0, 2) from part in (string[])["attention", "feed_forward"] select $"encoder.layers.{layer}.{part}_residual"];
        string[] decoder = [.. from layer in Enumerable.Range(0, 2) from part in (string[])["self_attention", "cross_attention", "feed_forward"] select $"decoder.layers.{layer}.{part}_residual"];
        Assert.Equal(
            ["source_embedding", "source_input", .. encoder.SelectMany(Parts), "encoder.output", "target_embedding", "target_input", .. decoder.SelectMany(Parts), "decoder.output", "logits"],
            trace.Records.Select(record => record.Name));
        string[] residuals = [.. encoder, .. decoder];
        foreach (var name in residuals)
        {
            ModelNumbers.AssertSameBits(trace[$"{name}.input"] + trace[$"{name}.sublayer_output"], trace[$"{name}.sum"]);
            ModelNumbers.AssertSameBits(placement == NormPlacement.Before ? trace[$"{name}.sum"] : trace[$"{name}.input"], placement == NormPlacement.Before ? trace[$"{name}.output"] : trace[$"{name}.sublayer_input"]);
        }

        foreach (var (before, after) in encoder.Zip(encoder.Skip(1)))
        {
            ModelNumbers.AssertSameBits(trace[$"{before}.output"], trace[$"{after}.input"]);
        }

        ModelNumbers.AssertSameBits(trace["source_input"], trace[$"{encoder[0]}.input"]);
        ModelNumbers.AssertSameBits(trace["target_input"], trace[$"{decoder[0]}.input"]);
        ModelNumbers.AssertSameBits(nn.functional.linear(trace["decoder.output"], model.OutputMatrix), trace["logits"]);
        Assert.Equal([1L, 3L, 24L], trace["encoder.layers.1.feed_forward.hidden"].shape);

        static IEnumerable<string> Parts(string name) => name.Contains("feed_forward", StringComparison.Ordinal)
            ? [$"{name}.input", $"{name}.sublayer_input", $"{name.Replace("_residual", "", StringComparison.Ordinal)}.hidden", $"{name}.sublayer_output", $"{name}.sum", $"{name}.output"]
            : [$"{name}.input", $"{name}.sublayer_input", $"{name}.sublayer_output", $"{name}.sum", $"{name}.output"];
    }

    [Fact]
    public void Attention_is_traced_under_the_same_names()
    {
        manual_seed(1);
        var model = new EncoderDecoder(Small);
        var trace = AttentionTrace.Record(model, () => model.call(tensor(new long[,] { { 4, 5, 2 } }), tensor(new long[,] { { 1, 6 } })));
        Assert.Equal(
            ["encoder.layers.0.attention", "encoder.layers.1.attention", "decoder.layers.0.self_attention", "decoder.layers.0.cross_attention", "decoder.layers.1.self_attention", "decoder.layers.1.cross_attention"],
            trace.Records.Select(record => record.Name));
        Assert.Equal([1L, 2L, 2L, 3L], trace.Records[3].Weights.shape);
    }

    [Fact]
    public void It_hears_its_own_model_and_ends_with_the_action_even_if_that_fails()
    {
        manual_seed(1);
        var (one, other) = (new FeedForward(4, 8), new FeedForward(4, 8));
        var inner = default(ActivationTrace);
        var outer = ActivationTrace.Record(one, () =>
        {
            inner = ActivationTrace.Record(other, () =>
            {
                one.call(zeros(1, 4));
                other.call(zeros(2, 4));
            });
            other.call(zeros(3, 4));
        });
        Assert.Equal([1L, 8L], Assert.Single(outer.Records).Values.shape);
        Assert.Equal([2L, 8L], Assert.Single(inner!.Records).Values.shape);
        Assert.Equal("hidden", outer.Records[0].Name);
        Assert.Throws<InvalidOperationException>(() => ActivationTrace.Record(one, () => throw new InvalidOperationException()));
        one.call(zeros(5, 4));
        Assert.Single(outer.Records);
        ModelNumbers.AssertSays<KeyNotFoundException>(() => { _ = outer["nothing"]; }, "nothing", "hidden");
    }

    // The bytes of the logits and of all gradients after a step with dropout.
    private static byte[] Train(NormPlacement placement, Action<EncoderDecoder, Action> around)
    {
        manual_seed(2);
        var model = new EncoderDecoder(Small with { Placement = placement });
        var logits = zeros(1);
        around(model, () => logits = model.call(tensor(new long[,] { { 4, 5, 2 }, { 7, 2, 0 } }), tensor(new long[,] { { 1, 6 }, { 1, 0 } })));
        logits.square().sum().backward();
        return [.. logits.detach().bytes, .. model.parameters().SelectMany(parameter => parameter.grad!.bytes.ToArray())];
    }
}
