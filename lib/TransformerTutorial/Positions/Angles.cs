using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// Angles that grow with the position, each at its own frequency; sinusoidal codes are their sines and cosines, and rotary positions turn by them.
/// All in Float64: in Float32 an angle of 10,000 radians is known to 0.0005 only.
/// </summary>
internal static class Angles
{
    /// <summary>The frequencies base^(-2i / width) for i = 0 … width / 2 - 1, in radians per position; the first is 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is not positive and even, or the base is not a finite number above 1.</exception>
    public static double[] Frequencies(long width, double frequencyBase, string widthName)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width, widthName);
        if (width % 2 != 0)
        {
            throw new ArgumentOutOfRangeException(widthName, width, "Each frequency takes two dimensions, so their number must be even.");
        }

        if (!double.IsFinite(frequencyBase) || frequencyBase <= 1)
        {
            throw new ArgumentOutOfRangeException(nameof(frequencyBase), frequencyBase, "The base of the frequencies must be a finite number above 1.");
        }

        using var scope = NewDisposeScope();
        var exponents = arange(0, width, 2, dtype: ScalarType.Float64) / -width;           // (width / 2)
        return tensor(frequencyBase, dtype: ScalarType.Float64).pow(exponents).data<double>().ToArray();
    }

    /// <summary>Cosines and sines of position times frequency: positions (…) to (…, frequencies) each, Float64.</summary>
    public static (Tensor Cosines, Tensor Sines) At(Tensor positions, double[] frequencies)
    {
        using var scope = NewDisposeScope();
        var angles = positions.to(ScalarType.Float64).unsqueeze(-1) * tensor(frequencies);   // (…, frequencies)
        return (angles.cos().MoveToOuterDisposeScope(), angles.sin().MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The matrix that turns each pair of dimensions by its angle and leaves the dimensions behind the last pair alone: (width, width), Float64. A pair (a, b) becomes (a cos - b sin, a sin + b cos).
    /// Pairs are neighbours, or, half split, the n-th of the first half with the n-th of the second.
    /// </summary>
    public static Tensor Blocks(long width, Tensor cosines, Tensor sines, bool isHalfSplit)
    {
        var (cosine, sine) = (cosines.data<double>().ToArray(), sines.data<double>().ToArray());
        var matrix = new double[width * width];
        for (long i = 2 * cosine.Length; i < width; i++)
        {
            matrix[(i * width) + i] = 1;
        }

        for (var pair = 0; pair < cosine.Length; pair++)
        {
            var (a, b) = isHalfSplit ? (pair, pair + cosine.Length) : (2 * pair, (2 * pair) + 1);
            matrix[(a * width) + a] = cosine[pair];
            matrix[(a * width) + b] = -sine[pair];
            matrix[(b * width) + a] = sine[pair];
            matrix[(b * width) + b] = cosine[pair];
        }

        return tensor(matrix, [width, width]);
    }

    /// <summary>Cosines and sines at the positions offset … offset + T - 1: (T, frequencies) each, computed in Float64 and rounded once.</summary>
    public static (Tensor Cosines, Tensor Sines) Row(long length, long offset, double[] frequencies, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (cosines, sines) = At(arange(offset, offset + length, dtype: ScalarType.Float64), frequencies);
        return (cosines.to(dtype).MoveToOuterDisposeScope(), sines.to(dtype).MoveToOuterDisposeScope());
    }
}
