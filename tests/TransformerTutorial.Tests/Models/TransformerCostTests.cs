using TorchSharp.Modules;
using TransformerTutorial.Attention;
using TransformerTutorial.Layers;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Models;

/// <summary>What a configuration says that a model costs, against what a model has and does.</summary>
[Collection(ModelDraws.Name)]
public class TransformerCostTests
{
    private static readonly TransformerConfiguration Small = new(23, 29) { Width = 12, Heads = 3, FeedForwardWidth = 20, EncoderLayers = 2, DecoderLayers = 3, MaximumLength = 16 };

    public static TheoryData<string> Kinds => [.. Configurations.Keys];

    private static Dictionary<string, TransformerConfiguration> Configurations { get; } = new()
    {
        ["usual"] = Small,
        ["the paper's"] = Small with { SourceVocabulary = 29, Sharing = EmbeddingSharing.All, Placement = NormPlacement.After, Dropout = 0 },
        ["shared with the output, GELU"] = Small with { Sharing = EmbeddingSharing.TargetAndOutput, Placement = NormPlacement.After, HasFinalNorm = true, Activation = FeedForwardActivation.Gelu },
        ["SwiGLU, root mean square, one head for keys"] = Small with { Activation = FeedForwardActivation.SwiGlu, Norm = NormKind.RootMeanSquare, KeyValueHeads = 1, Positions = PositionKind.Learned },
        ["no biases"] = Small with { HasBias = false, Activation = FeedForwardActivation.SwiGlu },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parameters_are_those_of_the_model_part_by_part(string kind)
    {
        var configuration = Configurations[kind];
        var cost = configuration.Cost(2, 7, 5);
        var model = new EncoderDecoder(configuration);
        Assert.Equal(model.ParameterCount(), cost.Parameters);
        long Sum(params string[] words) => model.named_parameters().Where(one => words.All(word => one.name.Contains(word, StringComparison.Ordinal))).Sum(one => one.parameter.numel());
        long Of(string part) => cost.ParametersByPart.SingleOrDefault(item => item.Part == part)?.Count ?? 0;
        Assert.Equal(Sum("encoder.", ".attention."), Of("encoder self-attention"));
        Assert.Equal(Sum("encoder.", ".feed_forward."), Of("encoder feed-forward"));
        Assert.Equal(Sum("encoder.", "norm."), Of("encoder norms"));
        Assert.Equal(Sum("decoder.", ".self_attention."), Of("decoder self-attention"));
        Assert.Equal(Sum("decoder.", ".cross_attention."), Of("decoder cross-attention"));
        Assert.Equal(Sum("decoder.", ".feed_forward."), Of("decoder feed-forward"));
        Assert.Equal(Sum("decoder.", "norm."), Of("decoder norms"));
        Assert.Equal(Sum("_positions."), Of("positions"));
        Assert.Equal(Sum("output.weight"), Of("output matrix"));
        Assert.Equal(4 * cost.Parameters, cost.WeightBytes);
        Assert.Equal(8 * cost.Parameters, cost.AdamBytes);
    }

    [Fact]
    public void The_papers_base_model_has_the_parameters_that_a_hand_counts()
    {
        // 6 x (4 x 512² + 2 x 512 x 2048 + 2048 + 512 + 2 norms) + 6 x (8 x 512² + the same + 3 norms) + 37,000 x 512; without biases of projections, which the paper doesn't have, 63.1 million with them.
        var cost = new TransformerConfiguration(37_000, 37_000) { Width = 512, Heads = 8, FeedForwardWidth = 2048, EncoderLayers = 6, DecoderLayers = 6, Placement = NormPlacement.After, Sharing = EmbeddingSharing.All }.Cost(1, 1, 1);
        long attention = 4 * ((512 * 512) + 512), feedForward = (2 * 512 * 2048) + 2048 + 512, norm = 1024;
        Assert.Equal((6 * (attention + feedForward + (2 * norm))) + (6 * ((2 * attention) + feedForward + (3 * norm))) + (37_000 * 512), cost.Parameters);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Operations_are_those_that_a_run_makes(string kind)
    {
        var configuration = Configurations[kind];
        manual_seed(1);
        var model = new EncoderDecoder(configuration);
        model.eval();
        var operations = 0L;
        foreach (var (_, module) in model.named_modules())
        {
            if (module is Linear linear)
            {
                linear.register_forward_hook((one, _, output) =>
                {
                    operations += 2 * output.numel() * ((Linear)one).weight!.shape[1];
                    return output;
                });
            }
        }

        var (source, target) = (randint(3, 23, [2, 7], dtype: ScalarType.Int64), randint(3, 23, [2, 5], dtype: ScalarType.Int64));
        Tensor? logits = null;
        var trace = AttentionTrace.Record(model, () => logits = model.call(source, target));
        operations += trace.Records.Sum(record => 2 * 2 * record.Weights.numel() * (configuration.Width / configuration.Heads));
        operations += 2 * logits!.numel() * configuration.Width;
        Assert.Equal(operations, configuration.Cost(2, 7, 5).ForwardOperations);
        Assert.Equal(3 * operations, configuration.Cost(2, 7, 5).TrainingOperations);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_cache_is_as_large_as_it_says(string kind)
    {
        var configuration = Configurations[kind];
        var model = new EncoderDecoder(configuration);
        model.eval();
        using var off = no_grad();
        using var cache = model.CreateCache();
        model.Decode(randint(3, 23, [2, 5], dtype: ScalarType.Int64), model.Encode(randint(3, 23, [2, 7], dtype: ScalarType.Int64)), cache);
        var numbers = cache.Layers.SelectMany(layer => new[] { layer.Self, layer.Memory }).Sum(one => one.Keys!.numel() + one.Values!.numel());
        Assert.Equal(4 * numbers, configuration.Cost(2, 7, 5).CacheBytes);
    }

    [Fact]
    public void Activations_grow_with_the_batch_and_with_the_square_of_the_length()
    {
        var (one, two, longer) = (Small.Cost(1, 8, 8).ActivationBytes, Small.Cost(2, 8, 8).ActivationBytes, Small.Cost(1, 16, 16).ActivationBytes);
        Assert.Equal(2 * one, two);
        var weights = 3 * 3 * 4L * 8 * 8 * (2 + 3 + 3);   // three copies, three heads, four bytes, of 8 x 8, in eight attentions
        Assert.Equal((2 * one) + (2 * weights), longer);
    }

    [Fact]
    public void It_prints_tables_and_refuses_what_is_no_size()
    {
        var text = Small.Cost(2, 7, 5).ToString();
        Assert.Contains("encoder self-attention", text, StringComparison.Ordinal);
        Assert.Contains("B = 2, S = 7, T = 5", text, StringComparison.Ordinal);
        Assert.Contains("MiB", text, StringComparison.Ordinal);
        Assert.DoesNotContain("output matrix", (Small with { Sharing = EmbeddingSharing.TargetAndOutput }).Cost(1, 1, 1).ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Small.Cost(0, 7, 5));
        ModelNumbers.AssertSays<ArgumentException>(() => Small.Cost(1, 17, 5), "17", "16");
    }
}
