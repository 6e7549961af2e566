using System.Numerics;
using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// ALiBi, attention with linear biases: the score of a query and a key loses in proportion to the distance between them, at a rate of its own in each head. <c>-slope · |i - j|</c>
/// </summary>
/// <remarks>
/// <para>It is added to the scores, has no parameters, and is defined for any length. The paper's models are causal; for keys after the query, which a mask hides there, the distance counts the same way here.</para>
/// <para>For a power of two of heads h the slopes are 2^(-8/h), 2^(-16/h), …, 2^(-8). For another number they are those of the power of two below it, then every second one of the power of two above it, from the first, until there are enough.</para>
/// <para>Source: O. Press, N. A. Smith and M. Lewis, "Train Short, Test Long: Attention with Linear Biases Enables Input Length Extrapolation", 2022, section 3; other numbers of heads: the code published with it.</para>
/// </remarks>
/// <example>Eight heads have the slopes 1/2, 1/4, …, 1/256: with the first, a key three words back loses 1.5.</example>
public sealed class AlibiPositions : IScoreBias
{
    private readonly double[] _slopes;
    private readonly ScalarType _dtype;

    /// <summary>The slopes for a number of heads.</summary>
    /// <param name="heads">How many heads, h.</param>
    /// <param name="dtype">The type of the biases.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no head.</exception>
    public AlibiPositions(int heads, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        _slopes = SlopesOf(heads);
        _dtype = dtype;
    }

    /// <summary>What each head takes from a score for every position of distance.</summary>
    public IReadOnlyList<double> Slopes => _slopes;

    /// <inheritdoc/>
    public Tensor Bias(long targetLength, long sourceLength, long offset = 0)
    {
        PositionChecks.Lengths(targetLength, sourceLength, offset);
        using var scope = NewDisposeScope();
        var nearness = -Distances.Between(targetLength, sourceLength, offset).abs();                          // (T, S), whole numbers, so that 0 has no sign
        var slopes = tensor(_slopes).reshape(-1, 1, 1);                                                       // (h, 1, 1)
        return (slopes * nearness.to(ScalarType.Float64)).to(_dtype).MoveToOuterDisposeScope();               // (h, T, S)
    }

    private static double[] SlopesOf(int heads)
    {
        var power = (int)BitOperations.RoundUpToPowerOf2((uint)heads);
        if (power == heads)
        {
            using var scope = NewDisposeScope();
            var exponents = arange(1, heads + 1, dtype: ScalarType.Float64) * (-8.0 / heads);   // (h)
            return tensor(2.0).pow(exponents).data<double>().ToArray();
        }

        var below = SlopesOf(power / 2);
        var above = SlopesOf(power);
        return [.. below, .. Enumerable.Range(0, heads - below.Length).Select(i => above[2 * i])];
    }
}
