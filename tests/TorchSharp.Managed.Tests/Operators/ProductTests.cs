using System.Runtime.InteropServices;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Products of matrices in all their shapes, against chains of fused multiply-adds written down a second time.</summary>
public unsafe class ProductTests
{
    private static torch.Tensor Random(int seed, params long[] shape)
    {
        var random = new Random(seed);
        var result = torch.Tensor.Allocate(torch.ScalarType.Float32, shape);
        foreach (ref var element in new Span<float>(result.Pointer<float>(), (int)result.NumberOfElements))
        {
            element = random.NextSingle() - 0.5f;
        }

        return result;
    }

    private static float[] Values(torch.Tensor tensor)
    {
        using var dense = tensor.contiguous();
        var result = new Span<float>(dense.Pointer<float>(), (int)dense.NumberOfElements).ToArray();
        GC.KeepAlive(dense);
        return result;
    }

    private static float[] NaiveBatch(torch.Tensor a, torch.Tensor b, long[] batch)
    {
        var (m, n, k) = ((int)a.shape[^2], (int)b.shape[^1], (int)a.shape[^1]);
        var x = Values(a.expand([.. batch, m, k]));
        var y = Values(b.expand([.. batch, k, n]));
        var count = (int)batch.Aggregate(1L, (p, q) => p * q);
        var result = new float[count * m * n];
        for (var i = 0; i < result.Length; i++)
        {
            var (matrix, row, column) = (i / (m * n), i / n % m, i % n);
            for (var j = 0; j < k; j++)
            {
                result[i] = MathF.FusedMultiplyAdd(x[(matrix * m * k) + (row * k) + j], y[(matrix * k * n) + (j * n) + column], result[i]);
            }
        }

        return result;
    }

    [Theory]
    [InlineData("2,3 x 3,4", "")]
    [InlineData("5,2,3 x 3,4", "5")]
    [InlineData("2,3 x 5,3,4", "5")]
    [InlineData("5,2,3 x 5,3,4", "5")]
    [InlineData("6,1,2,3 x 5,3,4", "6,5")]
    [InlineData("6,1,2,3 x 1,5,3,4", "6,5")]
    [InlineData("6,5,2,3 x 5,3,4", "6,5")]
    [InlineData("0,2,3 x 3,4", "0")]
    [InlineData("2,2,0 x 2,0,4", "2")]
    public void Matmul_broadcasts_what_lies_before_the_matrices(string shapes, string batch)
    {
        static long[] Parse(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
        var parts = shapes.Split(" x ");
        var (a, b) = (Random(1, Parse(parts[0])), Random(2, Parse(parts[1])));
        var product = a.matmul(b);
        Assert.Equal([.. Parse(batch), a.shape[^2], b.shape[^1]], product.shape);
        Assert.Equal(NaiveBatch(a, b, Parse(batch)), Values(product));
    }

    [Fact]
    public void Vectors_are_rows_on_the_left_and_columns_on_the_right()
    {
        var (a, v, w) = (Random(1, 2, 3, 4), Random(2, 3), Random(3, 4));
        Assert.Equal([2, 4], v.matmul(a).shape);
        Assert.Equal(Values(v.view(1, 3).matmul(a)), Values(v.matmul(a)));
        Assert.Equal([2, 3], a.matmul(w).shape);
        Assert.Equal(Values(a.matmul(w.view(4, 1))), Values(a.matmul(w)));
        Assert.Equal([], w.matmul(w).shape);
        Assert.Equal(Values(w.matmul(w)), Values(w.dot(w)));
    }

    [Fact]
    public void The_same_row_has_the_same_bits_in_every_kind_of_product()
    {
        var (x, weight, bias) = (Random(1, 3, 5, 70), Random(2, 40, 70), Random(3, 40));
        var rows = Values(MatrixProducts.Linear(x, weight)).Chunk(40).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            var row = x.view(15, 70).Alias([70], [1], i * 70);
            Assert.Equal(rows[i], Values(weight.mv(row)));
            Assert.Equal(rows[i], Values(row.matmul(MatrixProducts.Transposed(weight))));
            Assert.Equal(rows[i].Zip(Values(bias), (sum, b) => sum + b), Values(MatrixProducts.Linear(row, weight, bias)));
        }
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 4 })]
    [InlineData(new long[] { 5, 2, 3 }, new long[] { 3, 4 })]
    [InlineData(new long[] { 2, 3 }, new long[] { 5, 3, 4 })]
    [InlineData(new long[] { 6, 1, 2, 3 }, new long[] { 5, 3, 4 })]
    [InlineData(new long[] { 3 }, new long[] { 5, 3, 4 })]
    [InlineData(new long[] { 5, 4, 3 }, new long[] { 3 })]
    public void The_gradients_are_products_with_the_other_factor(long[] left, long[] right)
    {
        // L = sum of the result, so dL/da[i, k] = sum of row k of b, over whatever a was broadcast along; checked through the bilinear form: sum a * da = sum b * db = L.
        var (a, b) = (Random(1, left).requires_grad_(), Random(2, right).requires_grad_());
        var total = a.matmul(b).sum();
        total.backward();
        var expected = Values(total)[0];
        Assert.Equal(expected, Values(a.mul(a.grad!).sum())[0], 1e-4f);
        Assert.Equal(expected, Values(b.mul(b.grad!).sum())[0], 1e-4f);
        Assert.Equal(left, a.grad!.shape);
        Assert.Equal(right, b.grad!.shape);
    }

    [Fact]
    public void A_linear_map_has_the_gradients_of_its_product_and_its_bias()
    {
        var (x, weight, bias) = (Random(1, 3, 5, 7).requires_grad_(), Random(2, 4, 7).requires_grad_(), Random(3, 4).requires_grad_());
        var g = Random(4, 3, 5, 4);
        MatrixProducts.Linear(x, weight, bias).mul(g).sum().backward();
        Assert.Equal(Values(g.matmul(weight.detach())), Values(x.grad!));
        Assert.Equal(NaiveBatch(MatrixProducts.Transposed(g.view(15, 4)), x.detach().view(15, 7), []), Values(weight.grad!));
        Assert.Equal(Values(g.view(15, 4).sum([0])), Values(bias.grad!));
    }

    [Fact]
    public void Whole_numbers_are_multiplied_too()
    {
        var a = torch.Tensor.Zeros(torch.ScalarType.Int64, 2, 3).fill_(2);
        var b = torch.Tensor.Zeros(torch.ScalarType.Int64, 3, 1).fill_(5);
        var product = a.matmul(b);
        Assert.Equal([30L, 30L], new Span<long>(product.Pointer<long>(), 2).ToArray());
    }

    [Fact]
    public void Errors_name_the_operation_and_both_shapes()
    {
        var (a, b) = (Random(1, 2, 3), Random(2, 4, 5));
        foreach (var (name, action) in new (string, Func<torch.Tensor>)[]
        {
            ("matmul", () => a.matmul(b)), ("mm", () => a.mm(b)), ("bmm", () => a.bmm(b)), ("mv", () => a.mv(b)), ("dot", () => a.dot(b)), ("linear", () => MatrixProducts.Linear(a, b)),
        })
        {
            var message = Assert.Throws<ExternalException>(action).Message;
            Assert.StartsWith(name + ":", message, StringComparison.Ordinal);
            Assert.Contains("[2, 3]", message, StringComparison.Ordinal);
            Assert.Contains("[4, 5]", message, StringComparison.Ordinal);
        }
    }
}
