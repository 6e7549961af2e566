namespace TransformerTutorial.Embeddings;

/// <summary>
/// Word2vec's arithmetic on vectors: what every objective needs of a hidden vector h and some rows of an output matrix. Vectors are padded with zeros to a multiple of 16.
/// An element's bits don't depend on how rows are grouped: a sum over rows adds one row after the other, a dot product sixteen at a time.
/// </summary>
internal static unsafe class Word2VecKernels<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>scores[i] = h · row[i].</summary>
    public static void Score(float* hidden, float* matrix, int* rows, int count, int stride, float* scores)
    {
        var i = 0;
        for (; i <= count - 3; i += 3)
        {
            var first = matrix + ((nint)rows[i] * stride);
            var second = matrix + ((nint)rows[i + 1] * stride);
            var third = matrix + ((nint)rows[i + 2] * stride);
            var (sum1, sum2, sum3) = (TLanes.All(0), TLanes.All(0), TLanes.All(0));
            for (var at = 0; at < stride; at += ILanes<TLanes>.Count)
            {
                var h = TLanes.Load(hidden + at);
                sum1 = TLanes.MultiplyAdd(h, TLanes.Load(first + at), sum1);
                sum2 = TLanes.MultiplyAdd(h, TLanes.Load(second + at), sum2);
                sum3 = TLanes.MultiplyAdd(h, TLanes.Load(third + at), sum3);
            }

            scores[i] = sum1.Sum();
            scores[i + 1] = sum2.Sum();
            scores[i + 2] = sum3.Sum();
        }

        for (; i < count; i++)
        {
            var row = matrix + ((nint)rows[i] * stride);
            var sum = TLanes.All(0);
            for (var at = 0; at < stride; at += ILanes<TLanes>.Count)
            {
                sum = TLanes.MultiplyAdd(TLanes.Load(hidden + at), TLanes.Load(row + at), sum);
            }

            scores[i] = sum.Sum();
        }
    }

    /// <summary>gradient = Σ coefficient[i] · row[i], then row[i] += coefficient[i] · h. A row may come twice: the gradient is that of the rows as they were.</summary>
    public static void Update(float* hidden, float* matrix, int* rows, float* coefficients, int count, int stride, float* gradient)
    {
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

    /// <summary>target = scale · Σ row[i].</summary>
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
