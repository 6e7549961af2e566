using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// The Transformer's own positions: each position has a code of sines and cosines, a fast one in the first pair of columns, a slow one in the last:
/// <c>PE(p, 2i) = sin(p / 10000^(2i/d))</c> and <c>PE(p, 2i + 1) = cos(p / 10000^(2i/d))</c>, where i counts pairs of columns from 0 to d/2 - 1.
/// </summary>
/// <remarks>
/// <para>It is added to the word vectors at the input, has no parameters, and is defined for any position. It does not scale the word vectors by √d first, as the paper does (section 3.4).</para>
/// <para>Angles, sines and cosines are computed in Float64 and rounded once, so that a code's error does not grow with its position.</para>
/// <para>Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.5.</para>
/// </remarks>
/// <example>With d = 4, position 1 has the code (0.8415, 0.5403, 0.0100, 0.99995): the angles are 1 and 1/100.</example>
public sealed class SinusoidalPositions : IInputPositions
{
    private readonly double[] _frequencies;

    /// <summary>Codes of a width.</summary>
    /// <param name="width">The length d of each code; even, since each frequency has a sine and a cosine.</param>
    /// <param name="layout">In which columns sines and cosines stand.</param>
    /// <param name="frequencyBase">What the paper calls 10000: the slowest frequency is nearly one over it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive and even, or the base is not a finite number above 1.</exception>
    public SinusoidalPositions(long width, SinusoidalLayout layout = SinusoidalLayout.Interleaved, double frequencyBase = 10000)
    {
        _frequencies = Angles.Frequencies(width, frequencyBase, nameof(width));
        if (!Enum.IsDefined(layout))
        {
            throw new ArgumentOutOfRangeException(nameof(layout), layout, "There is no such layout.");
        }

        (Width, Layout, FrequencyBase) = (width, layout, frequencyBase);
    }

    /// <summary>The length d of each code.</summary>
    public long Width { get; }

    /// <summary>In which columns sines and cosines stand.</summary>
    public SinusoidalLayout Layout { get; }

    /// <summary>The base of the frequencies.</summary>
    public double FrequencyBase { get; }

    /// <summary>The frequency ωᵢ = base^(-2i/d) of each pair, in radians per position: d/2 of them, from 1 down.</summary>
    public IReadOnlyList<double> Frequencies => _frequencies;

    /// <summary>After how many positions each pair comes round again: 2π / ωᵢ.</summary>
    public IReadOnlyList<double> Wavelengths => [.. _frequencies.Select(frequency => 2 * Math.PI / frequency)];

    /// <inheritdoc/>
    public long? MaximumLength => null;

    /// <inheritdoc/>
    public Tensor AddTo(Tensor x, long offset = 0)
    {
        PositionChecks.Vectors(x, Width, offset, "Sinusoidal positions", nameof(x));
        using var scope = NewDisposeScope();
        return (x + Codes(x.shape[^2], offset, x.dtype)).MoveToOuterDisposeScope();   // (…, T, d)
    }

    /// <summary>The codes of consecutive positions: (T, d).</summary>
    /// <param name="length">How many there are, T.</param>
    /// <param name="offset">The first position.</param>
    /// <param name="dtype">What the codes are rounded to.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive, or the offset is negative.</exception>
    public Tensor Table(long length, long offset = 0, ScalarType dtype = ScalarType.Float32)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return Codes(length, offset, dtype);
    }

    /// <summary>The codes of any positions, negative and fractional ones included: (…) to (…, d), Float64.</summary>
    /// <param name="positions">Numbers of any type.</param>
    public Tensor At(Tensor positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        using var scope = NewDisposeScope();
        var (cosines, sines) = Angles.At(positions, _frequencies);                            // (…, d/2) each
        var code = Layout == SinusoidalLayout.HalfSplit
            ? cat([sines, cosines], -1)
            : stack([sines, cosines], -1).flatten(-2);                                        // (…, d/2, 2) to (…, d)
        return code.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The matrix that turns the code of any position into the code of the position <paramref name="shift"/> further on, whatever the position: <c>PE(p + k) = M PE(p)</c>. (d, d), Float64.
    /// It turns each pair by k times its frequency: sin(a + b) = sin a cos b + cos a sin b, cos(a + b) = cos a cos b - sin a sin b.
    /// </summary>
    /// <param name="shift">How many positions, k; negative for back.</param>
    public Tensor ShiftMatrix(long shift)
    {
        using var scope = NewDisposeScope();
        var (cosines, sines) = Angles.At(tensor(shift), _frequencies);                        // (d/2) each
        return Angles.Blocks(Width, cosines, -sines, Layout == SinusoidalLayout.HalfSplit).MoveToOuterDisposeScope();   // the sine stands first in a pair, so the turn is the other way round
    }

    // (T, d), with none for T = 0
    private Tensor Codes(long length, long offset, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        return At(arange(offset, offset + length, dtype: ScalarType.Float64)).to(dtype).MoveToOuterDisposeScope();
    }
}
