using System.Numerics;
using TorchSharp.Kernels;
using TransformerTutorial.Testing;

namespace TorchSharp.Tests.Kernels;

/// <summary>Every product against a loop that adds one fused multiply-add after the other, bit for bit.</summary>
[Collection(nameof(Workers))]
public sealed class MatrixProductTests : IDisposable
{
    private readonly int _count = Workers.Count;

    private enum Layout
    {
        RowMajor,
        ColumnMajor,
        Spread,
        BroadcastRow,
        BroadcastColumn,
    }

    public void Dispose() => Workers.Count = _count;

    [Fact]
    public void The_width_in_use_is_one_that_there_is_code_for() => Assert.Contains(MatrixProduct.WidthInUse, new[] { 0, 128, 256, 512 });

    [Fact]
    public void Every_small_shape_is_the_chain_of_fused_multiply_adds()
    {
        var random = TestSeed.Random();
        int[] sizes = [0, 1, 2, 3, 5, 8, 11, 12, 13, 16, 17, 31, 33];
        foreach (var m in sizes)
        {
            foreach (var n in sizes)
            {
                foreach (var k in new[] { 0, 1, 2, 7, 16 })
                {
                    Check<float>(random, m, n, k);
                    Check<double>(random, m, n, k);
                }
            }
        }
    }

    [Theory]
    [InlineData(64, 64, 64)]
    [InlineData(25, 97, 31)]
    [InlineData(100, 200, 257)]
    [InlineData(13, 70, 1100)]
    [InlineData(500, 40, 300)]
    [InlineData(970, 65, 20)]
    [InlineData(1, 1000, 300)]
    [InlineData(2, 700, 513)]
    [InlineData(13, 650, 300)]
    [InlineData(30, 500, 90)]
    [InlineData(1000, 1, 300)]
    [InlineData(1100, 3, 70)]
    [InlineData(5, 1, 2000)]
    public void Shapes_that_are_cut_into_blocks_are_the_chain_of_fused_multiply_adds(int m, int n, int k)
    {
        var random = TestSeed.Random();
        foreach (var threads in new[] { 1, 2, 4 })
        {
            Workers.Count = threads;
            foreach (var (a, b) in new[] { (Layout.RowMajor, Layout.RowMajor), (Layout.ColumnMajor, Layout.RowMajor), (Layout.RowMajor, Layout.ColumnMajor) })
            {
                Check<float>(random, m, n, k, a, b);
            }

            Check<double>(random, m, n, k, Layout.RowMajor, Layout.ColumnMajor);
        }
    }

    [Fact]
    public void Strides_biases_accumulation_and_threads_in_any_combination()
    {
        var layouts = Enum.GetValues<Layout>();
        TestSeed.ForEachCase(400, (_, random) =>
        {
            Workers.Count = random.Next(1, 5);
            var (m, n, k) = (random.Next(1, 80), random.Next(1, 140), random.Next(0, random.Next(8) == 0 ? 900 : 60));
            var (a, b) = (layouts[random.Next(layouts.Length)], layouts[random.Next(layouts.Length)]);
            var (bias, accumulate, gap) = (random.Next(2) == 0, random.Next(2) == 0, random.Next(3));
            Check<float>(random, m, n, k, a, b, bias, accumulate, gap);
            Check<double>(random, m, n, k, a, b, bias, accumulate, gap);
        });
    }

    [Theory]
    [InlineData(300, 8, 8, 4)]
    [InlineData(40, 24, 24, 16)]
    [InlineData(3, 70, 90, 60)]
    [InlineData(7, 1, 50, 9)]
    [InlineData(0, 2, 2, 2)]
    public void A_batch_is_its_products_one_by_one(int batch, int m, int n, int k)
    {
        foreach (var threads in new[] { 1, 2, 4 })
        {
            Workers.Count = threads;
            CheckBatch<float>(batch, m, n, k);
            CheckBatch<double>(batch, m, n, k);
        }
    }

    [Fact]
    public void A_row_of_a_product_does_not_depend_on_the_other_rows_and_columns()
    {
        var random = TestSeed.Random();
        const int M = 50, N = 100, K = 700;
        var (a, b) = (Numbers<float>(random, M * K), Numbers<float>(random, K * N));
        var whole = Multiply(M, N, K, a, K, 1, b, N, 1);
        for (var i = 0; i < M; i += 7)
        {
            Assert.Equal(whole[(i * N)..((i + 1) * N)], Multiply(1, N, K, a.AsSpan(i * K, K).ToArray(), K, 1, b, N, 1));
        }

        for (var j = 0; j < N; j += 9)
        {
            var column = Enumerable.Range(0, K).Select(k => b[(k * N) + j]).ToArray();
            Assert.Equal(Enumerable.Range(0, M).Select(i => whole[(i * N) + j]), Multiply(M, 1, K, a, K, 1, column, 1, 1));
        }
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_not_finite_reaches_exactly_its_row_and_column(float special)
    {
        const int M = 30, N = 75, K = 40;
        var (a, b) = (Enumerable.Repeat(0f, M * K).ToArray(), Enumerable.Repeat(1f, K * N).ToArray());
        a[(17 * K) + 3] = special;
        var product = Multiply(M, N, K, a, K, 1, b, N, 1);
        Assert.All(Enumerable.Range(0, M * N), i => Assert.Equal(i / N == 17 ? special : 0f, product[i]));

        // An infinity times a zero is no number, even if every other product is zero.
        var c = Multiply(N, M, K, b, 1, N, a, 1, K);
        Assert.All(Enumerable.Range(0, N * M), i => Assert.Equal(i % M == 17 ? special : 0f, c[i]));
        b[(3 * N) + 70] = 0;
        Assert.Equal(float.NaN, Multiply(M, N, K, a, K, 1, b, N, 1)[(17 * N) + 70]);
    }

    [Fact]
    public void A_sum_of_nothing_is_positive_zero_and_a_bias_is_added_to_it()
    {
        Assert.All(Multiply<float>(3, 40, 0, [], 1, 1, [], 1, 1), sum => Assert.Equal(0, BitConverter.SingleToInt32Bits(sum)));

        // +0 + -0 = +0: the bias is added, not copied.
        var minus = -0f;
        Check(1, 1, 0, Array.Empty<float>(), 1, 1, [], 1, 1, [minus], null, 1);
    }

    [Fact]
    public async Task Products_of_several_threads_at_once_do_not_meet()
    {
        Workers.Count = 2;
        var callers = Enumerable.Range(0, 4).Select(caller => Task.Factory.StartNew(
            () =>
            {
                var random = TestSeed.Random(caller);
                for (var repeat = 0; repeat < 10; repeat++)
                {
                    Check<float>(random, 40 + caller, 70, 90);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        await Task.WhenAll(callers);
    }

    private static T[] Numbers<T>(Random random, int count)
        where T : INumber<T> => [.. Enumerable.Range(0, count).Select(_ => T.CreateChecked((random.NextDouble() * 2) - 1))];

    private static void Check<T>(Random random, int m, int n, int k, Layout aLayout = Layout.RowMajor, Layout bLayout = Layout.RowMajor, bool bias = false, bool accumulate = false, int gap = 0)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var (aRow, aColumn, aCount) = Strides(aLayout, m, k);
        var (bRow, bColumn, bCount) = Strides(bLayout, k, n);
        Check(m, n, k, Numbers<T>(random, aCount), aRow, aColumn, Numbers<T>(random, bCount), bRow, bColumn, bias ? Numbers<T>(random, n) : null, accumulate ? Numbers<T>(random, (m * (n + gap)) + 1) : null, n + gap);
    }

    private static (int Row, int Column, int Count) Strides(Layout layout, int rows, int columns) => layout switch
    {
        Layout.RowMajor => (columns, 1, rows * columns),
        Layout.ColumnMajor => (1, rows, rows * columns),
        Layout.Spread => ((columns * 3) + 1, 3, rows * ((columns * 3) + 1)),
        Layout.BroadcastRow => (0, 1, columns),
        _ => (1, 0, rows),
    };

    private static unsafe void Check<T>(int m, int n, int k, T[] a, int aRow, int aColumn, T[] b, int bRow, int bColumn, T[]? bias, T[]? before, int cRow)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // What surrounds the result must stay: a margin on both sides and the gaps between rows.
        const int Margin = 64;
        var guard = T.CreateChecked(12345);
        var c = Enumerable.Repeat(guard, (m * cRow) + (2 * Margin)).ToArray();
        var expected = c.ToArray();
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = T.Zero;
                for (var x = 0; x < k; x++)
                {
                    sum = T.FusedMultiplyAdd(a[(i * aRow) + (x * aColumn)], b[(x * bRow) + (j * bColumn)], sum);
                }

                var at = (i * cRow) + j;
                sum = bias is null ? sum : sum + bias[j];
                c[Margin + at] = before is null ? T.NaN : before[at];
                expected[Margin + at] = before is null ? sum : before[at] + sum;
            }
        }

        fixed (T* pa = a, pb = b, pc = c, pbias = bias)
        {
            if (typeof(T) == typeof(float))
            {
                MatrixProduct.Multiply(m, n, k, (float*)pa, aRow, aColumn, (float*)pb, bRow, bColumn, (float*)(pc + Margin), cRow, (float*)pbias, before is not null);
            }
            else
            {
                MatrixProduct.Multiply(m, n, k, (double*)pa, aRow, aColumn, (double*)pb, bRow, bColumn, (double*)(pc + Margin), cRow, (double*)pbias, before is not null);
            }
        }

        AssertSameBits(expected, c, $"{typeof(T).Name} {m} x {n} x {k}, strides {aRow}, {aColumn} and {bRow}, {bColumn}, bias {bias is not null}, accumulate {before is not null}, {Workers.Count} threads");
    }

    private static unsafe T[] Multiply<T>(int m, int n, int k, T[] a, int aRow, int aColumn, T[] b, int bRow, int bColumn)
        where T : unmanaged
    {
        var c = new T[m * n];
        fixed (T* pa = a, pb = b, pc = c)
        {
            MatrixProduct.Multiply(m, n, k, (float*)pa, aRow, aColumn, (float*)pb, bRow, bColumn, (float*)pc, n);
        }

        return c;
    }

    private static unsafe void CheckBatch<T>(int batch, int m, int n, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var random = TestSeed.Random(batch);
        var (a, b, bias) = (Numbers<T>(random, batch * m * k), Numbers<T>(random, batch * k * n), Numbers<T>(random, n));

        // b is stored transposed. Strides of 0 share one operand; offsets go through the batch backwards.
        foreach (var (aStride, bStride, offsets) in new[] { (m * k, k * n, false), (0, k * n, false), (m * k, 0, false), (m * k, k * n, true) })
        {
            var (c, expected) = (new T[batch * m * n], new T[batch * m * n]);
            var aOffsets = Enumerable.Range(0, batch).Select(i => (long)(batch - 1 - i) * aStride).ToArray();
            var bOffsets = Enumerable.Range(0, batch).Select(i => (long)i * bStride).ToArray();
            var cOffsets = Enumerable.Range(0, batch).Select(i => (long)(batch - 1 - i) * m * n).ToArray();
            fixed (T* pa = a, pb = b, pc = c, pe = expected, pbias = bias)
            {
                fixed (long* oa = aOffsets, ob = bOffsets, oc = cOffsets)
                {
                    for (var i = 0; i < batch; i++)
                    {
                        var (atA, atB, atC) = offsets ? (aOffsets[i], bOffsets[i], cOffsets[i]) : (i * aStride, i * bStride, i * m * n);
                        if (typeof(T) == typeof(float))
                        {
                            MatrixProduct.Multiply(m, n, k, (float*)(pa + atA), k, 1, (float*)(pb + atB), 1, k, (float*)(pe + atC), n, (float*)pbias);
                        }
                        else
                        {
                            MatrixProduct.Multiply(m, n, k, (double*)(pa + atA), k, 1, (double*)(pb + atB), 1, k, (double*)(pe + atC), n, (double*)pbias);
                        }
                    }

                    if (typeof(T) == typeof(float) && offsets)
                    {
                        MatrixProduct.MultiplyBatch(batch, m, n, k, (float*)pa, oa, k, 1, (float*)pb, ob, 1, k, (float*)pc, oc, n, (float*)pbias);
                    }
                    else if (typeof(T) == typeof(float))
                    {
                        MatrixProduct.MultiplyBatch(batch, m, n, k, (float*)pa, aStride, k, 1, (float*)pb, bStride, 1, k, (float*)pc, m * n, n, (float*)pbias);
                    }
                    else if (offsets)
                    {
                        MatrixProduct.MultiplyBatch(batch, m, n, k, (double*)pa, oa, k, 1, (double*)pb, ob, 1, k, (double*)pc, oc, n, (double*)pbias);
                    }
                    else
                    {
                        MatrixProduct.MultiplyBatch(batch, m, n, k, (double*)pa, aStride, k, 1, (double*)pb, bStride, 1, k, (double*)pc, m * n, n, (double*)pbias);
                    }
                }
            }

            AssertSameBits(expected, c, $"{batch} of {m} x {n} x {k}, strides {aStride} and {bStride}");
        }
    }

    private static void AssertSameBits<T>(T[] expected, T[] actual, string what)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (var i = 0; i < expected.Length; i++)
        {
            // Equals, unlike ==, takes NaN for NaN, but 0 for -0 as well.
            Assert.True(expected[i].Equals(actual[i]) && T.IsNegative(expected[i]) == T.IsNegative(actual[i]), $"{what}: element {i} is {actual[i]:R}, not {expected[i]:R}");
        }
    }
}
