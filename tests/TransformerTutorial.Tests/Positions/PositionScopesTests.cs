using TransformerTutorial.Positions;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Positions;

/// <summary>What positions compute leaves nothing but the result behind.</summary>
[Collection(DefaultGenerator.Name)]
public class PositionScopesTests
{
    [Fact]
    public void Nothing_but_the_result_is_left_in_the_scope()
    {
        var (x, heads, weights) = (zeros(2, 3, 8), zeros(2, 2, 3, 4), zeros(2, 2, 3, 3));
        var (learned, t5) = (new LearnedPositions(5, 8), new T5Positions(2, new T5Buckets(isBidirectional: true)));
        var (transformerXL, shaw, sinusoidal, rotary) = (new TransformerXLPositions(8, 2), new ShawPositions(4, 2), new SinusoidalPositions(8), new RotaryPositions(4));
        AssertLeaves(1, () => new NoPositions().AddTo(x));
        AssertLeaves(1, () => learned.AddTo(x));
        AssertLeaves(1, () => sinusoidal.AddTo(x));
        AssertLeaves(1, () => sinusoidal.Table(3));
        AssertLeaves(1, () => sinusoidal.ShiftMatrix(3));
        AssertLeaves(1, () => rotary.Rotate(heads));
        AssertLeaves(1, () => rotary.Matrix(3));
        AssertLeaves(1, () => t5.Bias(3, 4));
        AssertLeaves(1, () => new AlibiPositions(3).Bias(3, 4));
        AssertLeaves(1, () => transformerXL.Bias(heads, heads));
        AssertLeaves(4, () => transformerXL.Terms(heads, heads));
        AssertLeaves(1, () => shaw.Bias(heads, heads));
        AssertLeaves(1, () => shaw.ValueTerm(weights));
    }

    private static void AssertLeaves(int count, Func<object> compute)
    {
        using var scope = NewDisposeScope();
        compute();
        Assert.Equal(count, scope.DisposablesCount);
    }
}
