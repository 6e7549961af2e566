using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// Rotary position embedding: each pair of a query's or key's dimensions is turned by an angle proportional to its position, pair i at position m by m θᵢ with <c>θᵢ = 10000^(-2i/d)</c>.
/// A query at m and a key at n then meet at angles that differ by (m - n) θᵢ more than before, so their dot product depends on their contents and on m - n alone.
/// </summary>
/// <remarks>
/// <para>It turns queries and keys, in every layer and every head, after they were projected; values and the input stay as they are. It has no parameters, and is defined for any position (which doesn't mean that a
/// model does well at positions that it was not trained on).</para>
/// <para>Where the rotary width is less than the width, the first so many dimensions are turned, and the rest carry no position (as in GPT-J and GPT-NeoX).</para>
/// <para>Angles, sines and cosines are computed in Float64 and rounded once.</para>
/// <para>Source: J. Su et al., "RoFormer: Enhanced Transformer with Rotary Position Embedding", 2021, sections 3.2 and 3.4.2.</para>
/// </remarks>
/// <example>With one pair, (1, 0) at position 2 becomes (cos 2, sin 2) = (-0.4161, 0.9093).</example>
public sealed class RotaryPositions
{
    private readonly double[] _frequencies;

    /// <summary>Rotations of vectors of a width.</summary>
    /// <param name="width">The length d_k of one head's queries and keys.</param>
    /// <param name="layout">Which dimensions turn together.</param>
    /// <param name="frequencyBase">What the paper calls 10000: the slowest angle per position is nearly one over it.</param>
    /// <param name="rotaryWidth">How many of the first dimensions are turned, an even number; null for all.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rotary width is not positive and even, or greater than the width, or the base is not a finite number above 1.</exception>
    public RotaryPositions(long width, RotaryLayout layout = RotaryLayout.Interleaved, double frequencyBase = 10000, long? rotaryWidth = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (rotaryWidth is { } turned)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(turned, width, nameof(rotaryWidth));
        }

        _frequencies = Angles.Frequencies(rotaryWidth ?? width, frequencyBase, rotaryWidth is null ? nameof(width) : nameof(rotaryWidth));
        if (!Enum.IsDefined(layout))
        {
            throw new ArgumentOutOfRangeException(nameof(layout), layout, "There is no such layout.");
        }

        (Width, Layout, FrequencyBase, RotaryWidth) = (width, layout, frequencyBase, rotaryWidth ?? width);
    }

    /// <summary>The length d_k of one head's queries and keys.</summary>
    public long Width { get; }

    /// <summary>Which dimensions turn together.</summary>
    public RotaryLayout Layout { get; }

    /// <summary>The base of the frequencies.</summary>
    public double FrequencyBase { get; }

    /// <summary>How many of the first dimensions are turned.</summary>
    public long RotaryWidth { get; }

    /// <summary>By how much each pair turns from one position to the next: θᵢ, in radians, from 1 down.</summary>
    public IReadOnlyList<double> Frequencies => _frequencies;

    /// <summary>Turns queries or keys by their positions: (B, h, T, d_k) to (B, h, T, d_k). The input itself keeps its values.</summary>
    /// <param name="x">Queries or keys of one sequence or several: (…, T, d_k).</param>
    /// <param name="offset">The position of the first of the T vectors; above 0 where those before it were turned already.</param>
    /// <exception cref="ArgumentException">The tensor has another width, or holds no floating-point numbers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The offset is negative.</exception>
    public Tensor Rotate(Tensor x, long offset = 0)
    {
        PositionChecks.Vectors(x, Width, offset, "Rotary positions", nameof(x));
        using var scope = NewDisposeScope();
        var (cosines, sines) = Angles.Row(x.shape[^2], offset, _frequencies, x.dtype);    // (T, d/2) each, d the rotary width
        var turned = x.narrow(-1, 0, RotaryWidth);                                        // (…, T, d)
        var (first, second) = Pairs(turned);                                              // (…, T, d/2) each
        var firstTurned = (first * cosines) - (second * sines);
        var secondTurned = (first * sines) + (second * cosines);
        var result = Layout == RotaryLayout.HalfSplit
            ? cat([firstTurned, secondTurned], -1)
            : stack([firstTurned, secondTurned], -1).flatten(-2);                         // (…, T, d)
        if (RotaryWidth < Width)
        {
            result = cat([result, x.narrow(-1, RotaryWidth, Width - RotaryWidth)], -1);   // (…, T, d_k)
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The matrix R with R x = the vector x turned by its position: (d_k, d_k), Float64. It is zero but for a 2 x 2 rotation for each pair, and ones for dimensions that are not turned.
    /// <see cref="Rotate"/> does the same without the matrix, in d_k instead of d_k² products.
    /// </summary>
    /// <param name="position">The position m; negative to turn back.</param>
    public Tensor Matrix(long position)
    {
        using var scope = NewDisposeScope();
        var (cosines, sines) = Angles.At(tensor(position), _frequencies);                 // (d/2) each
        return Angles.Blocks(Width, cosines, sines, Layout == RotaryLayout.HalfSplit).MoveToOuterDisposeScope();
    }

    // The first and the second dimension of every pair.
    private (Tensor First, Tensor Second) Pairs(Tensor x)
    {
        var half = RotaryWidth / 2;
        if (Layout == RotaryLayout.HalfSplit)
        {
            return (x.narrow(-1, 0, half), x.narrow(-1, half, half));
        }

        var pairs = x.unflatten(x.ndim - 1, half, 2);                                     // (…, T, d/2, 2)
        return (pairs.select(-1, 0), pairs.select(-1, 1));
    }
}
