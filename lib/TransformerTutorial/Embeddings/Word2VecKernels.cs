using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// Word2vec's arithmetic on vectors: what every objective needs of a hidden vector h and some rows of an output matrix. Vectors are padded with zeros to a multiple of 16.
/// An element's bits don't depend on how rows are grouped: a sum over rows adds one row after the other, a dot product sixteen at a time.
/// </summary>
internal static unsafe class Word2VecKernels<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>scores[i] = h · row[i]. There is room for a multiple of four scores, and what is behind the last is overwritten.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score(float* hidden, float* matrix, int* rows, int count, int stride, float* scores)
    {
        var last = count - 1;
        for (var i = 0; i < count; i += 4)
        {
            // Behind the end stands the last row again: four at a time without a special case.
            var row0 = matrix + ((nint)rows[i] * stride);
            var row1 = matrix + ((nint)rows[Math.Min(i + 1, last)] * stride);
            var row2 = matrix + ((nint)rows[Math.Min(i + 2, last)] * stride);
            var row3 = matrix + ((nint)rows[Math.Min(i + 3, last)] * stride);
            var sum0 = TLanes.All(0);
            var sum1 = TLanes.All(0);
            var sum2 = TLanes.All(0);
            var sum3 = TLanes.All(0);
            for (var at = 0; at < stride; at += ILanes<TLanes>.Count)
            {
                var h = TLanes.Load(hidden + at);
                sum0 = TLanes.MultiplyAdd(h, TLanes.Load(row0 + at), sum0);
                sum1 = TLanes.MultiplyAdd(h, TLanes.Load(row1 + at), sum1);
                sum2 = TLanes.MultiplyAdd(h, TLanes.Load(row2 + at), sum2);
                sum3 = TLanes.MultiplyAdd(h, TLanes.Load(row3 + at), sum3);
            }

            // Written as one vector, since they are read as one soon after.
            Vector128.Create(sum0.Sum(), sum1.Sum(), sum2.Sum(), sum3.Sum()).Store(scores + i);
        }
    }

    /// <summary>gradient = Σ coefficient[i] · row[i], then row[i] += coefficient[i] · h. A row may come twice: the gradient is that of the rows as they were.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update(float* hidden, float* matrix, int* rows, float* coefficients, int count, int stride, float* gradient)
    {
        if (count == 6)
        {
            Update6(hidden, matrix, rows, coefficients, stride, gradient);
            return;
        }

        for (var at = 0; at < stride; at += ILanes<TLanes>.Count)
        {
            var g = TLanes.All(0);
            for (var i = 0; i < count; i++)
            {
                g = TLanes.MultiplyAdd(TLanes.All(coefficients[i]), TLanes.Load(matrix + ((nint)rows[i] * stride) + at), g);
            }

            g.Store(gradient + at);
        }

        for (var i = 0; i < count; i++)
        {
            var row = matrix + ((nint)rows[i] * stride);
            var c = TLanes.All(coefficients[i]);
            for (var at = 0; at < stride; at += ILanes<TLanes>.Count)
            {
                TLanes.MultiplyAdd(c, TLanes.Load(hidden + at), TLanes.Load(row + at)).Store(row + at);
            }
        }
    }

    /// <summary>Six rows, which five negative samples make, in one go.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Update6(float* hidden, float* matrix, int* rows, float* coefficients, int stride, float* gradient)
    {
        var row0 = matrix + ((nint)rows[0] * stride);
        var row1 = matrix + ((nint)rows[1] * stride);
        var row2 = matrix + ((nint)rows[2] * stride);
        var row3 = matrix + ((nint)rows[3] * stride);
        var row4 = matrix + ((nint)rows[4] * stride);
        var row5 = matrix + ((nint)rows[5] * stride);
        var c0 = TLanes.All(coefficients[0]);
        var c1 = TLanes.All(coefficients[1]);
        var c2 = TLanes.All(coefficients[2]);
        var c3 = TLanes.All(coefficients[3]);
        var c4 = TLanes.All(coefficients[4]);
        var c5 = TLanes.All(coefficients[5]);
        for (var at = 0; at < stride; at += ILanes<TLanes>.Count)
        {
            var g = TLanes.MultiplyAdd(c0, TLanes.Load(row0 + at), TLanes.All(0));
            g = TLanes.MultiplyAdd(c1, TLanes.Load(row1 + at), g);
            g = TLanes.MultiplyAdd(c2, TLanes.Load(row2 + at), g);
            g = TLanes.MultiplyAdd(c3, TLanes.Load(row3 + at), g);
            g = TLanes.MultiplyAdd(c4, TLanes.Load(row4 + at), g);
            g = TLanes.MultiplyAdd(c5, TLanes.Load(row5 + at), g);
            g.Store(gradient + at);
            var h = TLanes.Load(hidden + at);
            TLanes.MultiplyAdd(c0, h, TLanes.Load(row0 + at)).Store(row0 + at);
            TLanes.MultiplyAdd(c1, h, TLanes.Load(row1 + at)).Store(row1 + at);
            TLanes.MultiplyAdd(c2, h, TLanes.Load(row2 + at)).Store(row2 + at);
            TLanes.MultiplyAdd(c3, h, TLanes.Load(row3 + at)).Store(row3 + at);
            TLanes.MultiplyAdd(c4, h, TLanes.Load(row4 + at)).Store(row4 + at);
            TLanes.MultiplyAdd(c5, h, TLanes.Load(row5 + at)).Store(row5 + at);
        }
    }

    /// <summary>Asks the memory for rows that will be needed soon.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Prefetch(float* matrix, int* rows, int count, int stride)
    {
        if (Sse.IsSupported)
        {
            for (var i = 0; i < count; i++)
            {
                var row = matrix + ((nint)rows[i] * stride);
                for (var at = 0; at < stride; at += 16)
                {
                    Sse.Prefetch0(row + at);
                }
            }
        }
    }

    /// <summary>target = scale · Σ row[i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(float* matrix, int* rows, int count, float scale, int stride, float* target)
    {
        var factor = TLanes.All(scale);
        for (var at = 0; at < stride; at += ILanes<TLanes>.Count)
        {
            var sum = TLanes.Load(matrix + ((nint)rows[0] * stride) + at);
            for (var i = 1; i < count; i++)
            {
                sum = TLanes.Add(sum, TLanes.Load(matrix + ((nint)rows[i] * stride) + at));
            }

            TLanes.Multiply(sum, factor).Store(target + at);
        }
    }

    /// <summary>row[i] += scale · source, for each of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scatter(float* source, float scale, float* matrix, int* rows, int count, int stride)
    {
        var factor = TLanes.All(scale);
        for (var i = 0; i < count; i++)
        {
            var row = matrix + ((nint)rows[i] * stride);
            for (var at = 0; at < stride; at += ILanes<TLanes>.Count)
            {
                TLanes.MultiplyAdd(factor, TLanes.Load(source + at), TLanes.Load(row + at)).Store(row + at);
            }
        }
    }
}
