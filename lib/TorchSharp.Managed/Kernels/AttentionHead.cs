using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <summary>A matrix inside a tensor: element (row, column) at Start[row * RowStride + column].</summary>
internal readonly unsafe struct RowsOf<T>(T* start, long rowStride)
    where T : unmanaged
{
    public readonly T* Start = start;
    public readonly long RowStride = rowStride;
}

/// <summary>
/// Scaled dot-product attention of one head (A. Vaswani et al., "Attention Is All You Need", 2017, section 3.2.1), forward and backward, on the calling thread: callers let threads take heads.
/// Queries (L, d), keys (S, d) and values (S, d) lie anywhere in their tensors, as does the result, so nothing is copied to bring a head's rows together.
/// </summary>
/// <remarks>Every number is made by the same steps in the same order as in <see cref="Attention"/>, which puts attention together from whole-tensor operations: the bits are equal.</remarks>
internal unsafe struct AttentionHead<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many queries, L.</summary>
    public long Queries;

    /// <summary>How many keys, S.</summary>
    public long Keys;

    /// <summary>The width of a head, d.</summary>
    public long Width;

    public RowsOf<T> Query;
    public RowsOf<T> Key;
    public RowsOf<T> Value;

    /// <summary>(L, S): zero forbids a key; null where there is no such mask.</summary>
    public byte* Allowed;

    /// <summary>(L, S): added to the scores; null where there is no such mask.</summary>
    public T* Added;

    /// <summary>How the mask's elements lie.</summary>
    public long MaskRowStride;
    public long MaskColumnStride;

    /// <summary>(L, S), contiguous: what dropout multiplies the weights with; null without dropout.</summary>
    public T* Kept;

    private readonly T Scale => T.CreateTruncating(1 / Math.Sqrt(Width));

    /// <summary>softmax(q k^T / sqrt(d) + mask) v.</summary>
    /// <param name="weights">(L, S), contiguous: receives the softmax, for the gradient.</param>
    /// <param name="result">(L, d).</param>
    public readonly void Forward(T* weights, RowsOf<T> result)
    {
        var queries = ScaledQueries();
        MatrixProduct.MultiplyHere(Queries, Keys, Width, queries, Width, 1, Key.Start, 1, Key.RowStride, weights, Keys);
        Mask(weights);
        Rows.Softmax(weights, weights, Queries, Keys);
        var used = weights;
        if (Kept is not null)
        {
            used = MatrixProductScratch.Take<T>(MatrixProductScratch.Use.Weights, Queries * Keys);
            Rows.Multiply(weights, Kept, used, Queries * Keys);
        }

        MatrixProduct.MultiplyHere(Queries, Width, Keys, used, Keys, 1, Value.Start, Value.RowStride, 1, result.Start, result.RowStride);
    }

    /// <summary>The gradients, each (rows, d) with a null start where it is not wanted.</summary>
    /// <param name="weights">(L, S): what forward left.</param>
    /// <param name="gradient">(L, d): the result's gradient.</param>
    /// <param name="ofQuery">(L, d).</param>
    /// <param name="ofKey">(S, d).</param>
    /// <param name="ofValue">(S, d).</param>
    public readonly void Backward(T* weights, RowsOf<T> gradient, RowsOf<T> ofQuery, RowsOf<T> ofKey, RowsOf<T> ofValue)
    {
        var count = Queries * Keys;
        if (ofValue.Start is not null)
        {
            var used = weights;
            if (Kept is not null)
            {
                used = MatrixProductScratch.Take<T>(MatrixProductScratch.Use.Weights, count);
                Rows.Multiply(weights, Kept, used, count);
            }

            MatrixProduct.MultiplyHere(Keys, Width, Queries, used, 1, Keys, gradient.Start, gradient.RowStride, 1, ofValue.Start, ofValue.RowStride);
        }

        if (ofQuery.Start is null && ofKey.Start is null)
        {
            return;
        }

        var scores = MatrixProductScratch.Take<T>(MatrixProductScratch.Use.Weights, count);
        MatrixProduct.MultiplyHere(Queries, Keys, Width, gradient.Start, gradient.RowStride, 1, Value.Start, 1, Value.RowStride, scores, Keys);
        if (Kept is not null)
        {
            Rows.Multiply(scores, Kept, scores, count);
        }

        Rows.SoftmaxBackward(weights, scores, scores, Queries, Keys);
        if (Allowed is not null)
        {
            Forbid(scores, T.Zero);
        }

        if (ofKey.Start is not null)
        {
            MatrixProduct.MultiplyHere(Keys, Width, Queries, scores, 1, Keys, ScaledQueries(), Width, 1, ofKey.Start, ofKey.RowStride);
        }

        if (ofQuery.Start is not null)
        {
            MatrixProduct.MultiplyHere(Queries, Width, Keys, scores, Keys, 1, Key.Start, Key.RowStride, 1, ofQuery.Start, ofQuery.RowStride);
            for (var row = 0L; row < Queries; row++)
            {
                Rows.Scale(ofQuery.Start + (row * ofQuery.RowStride), Scale, ofQuery.Start + (row * ofQuery.RowStride), Width);
            }
        }
    }

    private readonly T* ScaledQueries()
    {
        var scaled = MatrixProductScratch.Take<T>(MatrixProductScratch.Use.Queries, Queries * Width);
        for (var row = 0L; row < Queries; row++)
        {
            Rows.Scale(Query.Start + (row * Query.RowStride), Scale, scaled + (row * Width), Width);
        }

        return scaled;
    }

    private readonly void Mask(T* scores)
    {
        if (Allowed is not null)
        {
            Forbid(scores, T.NegativeInfinity);
        }
        else if (Added is not null)
        {
            for (var row = 0L; row < Queries; row++, scores += Keys)
            {
                var added = Added + (row * MaskRowStride);
                if (MaskColumnStride == 1)
                {
                    Rows.Add(scores, added, scores, Keys);
                    continue;
                }

                for (var column = 0L; column < Keys; column++)
                {
                    scores[column] += added[column * MaskColumnStride];
                }
            }
        }
    }

    private readonly void Forbid(T* scores, T value)
    {
        for (var row = 0L; row < Queries; row++, scores += Keys)
        {
            var allowed = Allowed + (row * MaskRowStride);
            for (var column = 0L; column < Keys; column++)
            {
                if (allowed[column * MaskColumnStride] == 0)
                {
                    scores[column] = value;
                }
            }
        }
    }
}

/// <content>Elementwise steps between the row functions.</content>
internal static unsafe partial class Rows
{
    /// <summary>y = a b; y may be a or b.</summary>
    [MethodImpl(Kernel)]
    public static void Multiply<T>(T* a, T* b, T* y, long n)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Run<T, MultiplyLoop<T>>(new(a, b, y), n);

    /// <summary>y = a + b; y may be a or b.</summary>
    [MethodImpl(Kernel)]
    public static void Add<T>(T* a, T* b, T* y, long n)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Run<T, AddLoop<T>>(new(a, b, y), n);

    /// <summary>y = a s; y may be a.</summary>
    [MethodImpl(Kernel)]
    public static void Scale<T>(T* a, T s, T* y, long n)
        where T : unmanaged, IFloatingPointIeee754<T> => VectorLoop.Run<T, ScaleLoop<T>>(new(a, Vector512.Create(s), y), n);

    private readonly struct MultiplyLoop<T>(T* a, T* b, T* y) : IVectorStep<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(long index, long count) => VectorMath.StoreFirst(VectorMath.LoadFirst(a + index, count) * VectorMath.LoadFirst(b + index, count), y + index, count);
    }

    private readonly struct AddLoop<T>(T* a, T* b, T* y) : IVectorStep<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(long index, long count) => VectorMath.StoreFirst(VectorMath.LoadFirst(a + index, count) + VectorMath.LoadFirst(b + index, count), y + index, count);
    }

    private readonly struct ScaleLoop<T>(T* a, Vector512<T> s, T* y) : IVectorStep<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(long index, long count) => VectorMath.StoreFirst(VectorMath.LoadFirst(a + index, count) * s, y + index, count);
    }
}
