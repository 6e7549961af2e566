using System.Runtime.Intrinsics;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// The inner product of two vectors, with the same bits on every machine: sixteen running sums, one for each place modulo sixteen, which are added in one fixed order.
/// Wider or narrower hardware computes the same sixteen.
/// </summary>
internal static class InnerProduct
{
    private const int Lanes = 16;

    /// <summary>The sum of <c>a[i] * b[i]</c>. Both have the same length.</summary>
    public static float Of(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sums = Vector512<float>.Zero;
        var i = 0;
        for (; i <= a.Length - Lanes; i += Lanes)
        {
            sums = Vector512.FusedMultiplyAdd(Vector512.Create(a.Slice(i, Lanes)), Vector512.Create(b.Slice(i, Lanes)), sums);
        }

        if (i < a.Length)
        {
            // The last elements, and zeros behind them.
            Span<float> ends = stackalloc float[2 * Lanes];
            ends.Clear();
            a[i..].CopyTo(ends);
            b[i..].CopyTo(ends[Lanes..]);
            sums = Vector512.FusedMultiplyAdd(Vector512.Create<float>(ends[..Lanes]), Vector512.Create<float>(ends[Lanes..]), sums);
        }

        return new Lanes512(sums).Sum();
    }
}
