using TorchSharp;
using TransformerTutorial.Positions;
using static TorchSharp.torch;
using static TransformerTutorial.Tests.Positions.PositionVectors;

namespace TransformerTutorial.Tests.Positions;

/// <summary>What positions are for: without them, attention gives each word the same output in every order of the words.</summary>
[Collection(DefaultGenerator.Name)]
public class WordOrderTests
{
    [Theory]
    [InlineData("none", false)]
    [InlineData("sinusoidal", true)]
    [InlineData("learned", true)]
    [InlineData("T5", true)]
    [InlineData("ALiBi", true)]
    [InlineData("rotary", true)]
    [InlineData("Transformer-XL", true)]
    [InlineData("Shaw", true)]
    public void Only_with_positions_does_a_words_output_change_with_the_order(string kind, bool changes)
    {
        manual_seed(13);
        var attend = Attention(kind);
        var words = randn(1, 2, 5, 8, ScalarType.Float64);                    // (B, h, T, d_k)
        var order = tensor(new long[] { 2, 0, 4, 1, 3 });
        var moved = attend(words.index_select(2, order));
        var difference = Greatest(moved - attend(words).index_select(2, order));
        Assert.True(changes ? difference > 1e-3 : difference < 1e-14, $"{kind}: {difference}");
    }

    // Each head's words are queries, keys and values at once.
    private static Func<Tensor, Tensor> Attention(string kind)
    {
        switch (kind)
        {
            case "none":
                return x => Plain(new NoPositions().AddTo(x));
            case "sinusoidal":
                return x => Plain(new SinusoidalPositions(8).AddTo(x));
            case "learned":
                var learned = new LearnedPositions(5, 8);
                learned.to(ScalarType.Float64);
                return x => Plain(learned.AddTo(x));
            case "T5":
                var t5 = new T5Positions(2, new T5Buckets(isBidirectional: true, 8, 20));
                Set(t5, "relative_attention_bias.weight", randn(8, 2));
                return x => Attend(x, x, x, t5.Bias(5, 5));
            case "ALiBi":
                return x => Attend(x, x, x, new AlibiPositions(2).Bias(5, 5));
            case "rotary":
                return x => Attend(new RotaryPositions(8).Rotate(x), new RotaryPositions(8).Rotate(x), x);
            case "Transformer-XL":
                var transformerXL = new TransformerXLPositions(16, 2);
                transformerXL.to(ScalarType.Float64);
                return x => Attend(x, x, x, transformerXL.Bias(x, x));
            default:
                var shaw = new ShawPositions(8, 2);
                shaw.to(ScalarType.Float64);
                return x => Attend(x, x, x, shaw.Bias(x, x));
        }

        static Tensor Plain(Tensor x) => Attend(x, x, x);
    }
}
