using System.Text.Json;
using TorchSharp;
using TransformerTutorial.Attention;
using TransformerTutorial.Layers;
using TransformerTutorial.Models;
using TransformerTutorial.Testing;
using TransformerTutorial.Tests.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Models;

/// <summary>The two stacks against PyTorch's nn.Transformer (tests/oracles/pytorch/transformer) and against TorchSharp's, with the same weights: outputs and gradients.</summary>
[Collection(ModelDraws.Name)]
public class TransformerWeightsTests
{
    private static readonly Lazy<JsonElement> Vectors = new(() => JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("tests", "oracles", "pytorch", "transformer", "vectors.json"))).RootElement);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Outputs_and_gradients_are_PyTorchs(int number)
    {
        var root = Vectors.Value;
        var expected = root.GetProperty("cases")[number];
        var model = new EncoderDecoder(new(9, 9)
        {
            Width = 8,
            Heads = root.GetProperty("heads").GetInt32(),
            FeedForwardWidth = 10,
            EncoderLayers = 2,
            DecoderLayers = 1,
            Dropout = 0,
            Placement = expected.GetProperty("normFirst").GetBoolean() ? NormPlacement.Before : NormPlacement.After,
            HasFinalNorm = true,
            Activation = expected.GetProperty("activation").GetString() == "gelu" ? FeedForwardActivation.Gelu : FeedForwardActivation.Relu,
        });
        model.to(ScalarType.Float64);
        model.LoadFrom(root.GetProperty("parameters").EnumerateObject().ToDictionary(one => one.Name, one => AttentionNumbers.Read(one.Value)));
        var (x, y) = (AttentionNumbers.Read(root.GetProperty("source")).requires_grad_(), AttentionNumbers.Read(root.GetProperty("target")).requires_grad_());
        var (sourceLengths, targetLengths) = (Lengths("sourceLengths"), Lengths("targetLengths"));
        var words = Masks.Padding(sourceLengths);
        var output = model.Decoder.call(y, model.Encoder.call(x, words), Masks.Causal(4) & Masks.Padding(targetLengths), words);
        (output * AttentionNumbers.Read(root.GetProperty("outputGradient"))).sum().backward();
        var wanted = AttentionNumbers.Read(expected.GetProperty("output"));
        for (var sentence = 0; sentence < targetLengths.Length; sentence++)
        {
            AttentionNumbers.AssertClose(wanted[sentence].narrow(0, 0, targetLengths[sentence]), output[sentence].narrow(0, 0, targetLengths[sentence]), 1e-9, $"output {sentence}");
        }

        AttentionNumbers.AssertClose(AttentionNumbers.Read(expected.GetProperty("sourceGradient")), x.grad!, 1e-8, "source");
        AttentionNumbers.AssertClose(AttentionNumbers.Read(expected.GetProperty("targetGradient")), y.grad!, 1e-8, "target");

        // The gradients go the way that the parameters came.
        var gradients = new EncoderDecoder(model.Configuration);
        gradients.to(ScalarType.Float64);
        gradients.LoadFrom(expected.GetProperty("gradients").EnumerateObject().ToDictionary(one => one.Name, one => AttentionNumbers.Read(one.Value)));
        var wantedGradients = gradients.state_dict();
        foreach (var (name, parameter) in model.named_parameters().Where(one => !one.name.Contains("embedding", StringComparison.Ordinal) && one.name != "output.weight"))
        {
            AttentionNumbers.AssertClose(wantedGradients[name], parameter.grad!, 1e-8, name);
        }

        int[] Lengths(string name) => [.. root.GetProperty(name).EnumerateArray().Select(length => length.GetInt32())];
    }

    [Theory]
    [InlineData(nn.Activations.ReLU)]
    [InlineData(nn.Activations.GELU)]
    public void Outputs_and_gradients_are_TorchSharps(nn.Activations activation)
    {
        manual_seed(4);
        var theirs = nn.Transformer(24, 4, 2, 3, 40, dropout: 0, activation);
        using (no_grad())
        {
            foreach (var (name, parameter) in theirs.named_parameters())
            {
                if (parameter.ndim == 1)
                {
                    parameter.copy_(name.Contains("norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal) ? 2 * ones(parameter.shape) : randn(parameter.shape));
                }
            }
        }

        var ours = new EncoderDecoder(PostNorm with { Activation = activation == nn.Activations.GELU ? FeedForwardActivation.Gelu : FeedForwardActivation.Relu });
        ours.LoadFrom(theirs);
        var (x, y) = (randn(2, 7, 24), randn(2, 5, 24));
        var hidden = tensor(new[,] { { false, false, false, false, false, false, false }, { false, false, false, false, true, true, true } });
        var (xTheirs, yTheirs, xOurs, yOurs) = (x.transpose(0, 1).contiguous().requires_grad_(), y.transpose(0, 1).contiguous().requires_grad_(), x.clone().requires_grad_(), y.clone().requires_grad_());
        var expected = theirs.call(xTheirs, yTheirs, null!, Masks.Causal(5).ToAdditive().Values, null, hidden, null, hidden);
        var words = BlockedMask.FromTensor(hidden.view(2, 1, 1, 7)).ToAllowed();
        var measured = ours.Decoder.call(yOurs, ours.Encoder.call(xOurs, words), Masks.Causal(5), words);
        AttentionNumbers.AssertClose(expected.transpose(0, 1), measured, 1e-4);
        expected.square().sum().backward();
        measured.square().sum().backward();
        AttentionNumbers.AssertClose(xTheirs.grad!.transpose(0, 1), xOurs.grad!, 1e-2);
        AttentionNumbers.AssertClose(yTheirs.grad!.transpose(0, 1), yOurs.grad!, 1e-2);
    }

    [Fact]
    public void What_does_not_fit_is_refused_by_name_and_nothing_is_copied()
    {
        manual_seed(5);
        var theirs = nn.Transformer(24, 4, 2, 3, 40);
        Refused(PostNorm with { Placement = NormPlacement.Before }, "Before");
        Refused(PostNorm with { HasFinalNorm = false }, "encoder.norm.weight", "no place");
        Refused(PostNorm with { EncoderLayers = 1 }, "no place", "encoder.layers.1.linear1.bias", "more");
        Refused(PostNorm with { DecoderLayers = 4 }, "no decoder.layers.3.");
        Refused(PostNorm with { FeedForwardWidth = 41 }, "linear1", "(40, 24)", "(41, 24)");
        Refused(PostNorm with { HasBias = false }, "no place", "bias");
        Refused(PostNorm with { KeyValueHeads = 2 }, "heads");
        Refused(PostNorm with { Norm = NormKind.RootMeanSquare }, "layer normalisation");
        Refused(PostNorm with { Activation = FeedForwardActivation.SwiGlu }, "ReLU");

        void Refused(TransformerConfiguration configuration, params string[] words)
        {
            var model = new EncoderDecoder(configuration);
            var before = model.parameters().Select(parameter => parameter.detach().clone()).ToArray();
            ModelNumbers.AssertSays<ArgumentException>(() => model.LoadFrom(theirs), words);
            Assert.All(before.Zip(model.parameters()), pair => ModelNumbers.AssertSameBits(pair.First, pair.Second));
        }
    }

    private static TransformerConfiguration PostNorm => new(9, 9) { Width = 24, Heads = 4, FeedForwardWidth = 40, EncoderLayers = 2, DecoderLayers = 3, Dropout = 0, Placement = NormPlacement.After, HasFinalNorm = true };
}
