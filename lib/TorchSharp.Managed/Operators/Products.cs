using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// Products of matrices: matmul and its special cases, and the linear map of a layer.
// In all of them an element is one sum along k in order, so the bits of a row depend on that row and the other matrix alone (see MatrixProduct).
public static partial class torch
{
    /// <inheritdoc cref="Tensor.matmul"/>
    public static Tensor matmul(Tensor input, Tensor target) => input.matmul(target);

    /// <inheritdoc cref="Tensor.mm"/>
    public static Tensor mm(Tensor input, Tensor target) => input.mm(target);

    /// <inheritdoc cref="Tensor.bmm"/>
    public static Tensor bmm(Tensor input, Tensor batch2) => input.bmm(batch2);

    /// <inheritdoc cref="Tensor.mv"/>
    public static Tensor mv(Tensor input, Tensor target) => input.mv(target);

    /// <inheritdoc cref="Tensor.dot"/>
    public static Tensor dot(Tensor input, Tensor other) => input.dot(other);

    public partial class Tensor
    {
        /// <summary>
        /// The matrix product of the last two dimensions, other dimensions broadcast: (..., m, k) x (..., k, n) -> (..., m, n). A vector on the left is a row, on the right a column, and that
        /// dimension is not in the result.
        /// </summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit, or the types differ.</exception>
        public Tensor matmul(Tensor target)
        {
            CheckProduct("matmul", target);
            if (Rank == 0 || target.Rank == 0)
            {
                throw Errors.Of("matmul", $"both arguments need to be at least 1D, but they are {Shapes.Text(Shape)} and {Shapes.Text(target.Shape)}");
            }

            if (Shape[^1] != target.Shape[Math.Max(0, target.Rank - 2)])
            {
                throw Errors.Of("matmul", $"shapes {Shapes.Text(Shape)} and {Shapes.Text(target.Shape)} cannot be multiplied: the last dimension of the first ({Shape[^1]}) must equal the {(target.Rank == 1 ? "length" : "last but one dimension")} of the second ({target.Shape[Math.Max(0, target.Rank - 2)]})");
            }

            if (Rank >= 2 && target.Rank >= 2)
            {
                return MatrixProducts.Multiply(this, target);
            }

            // A vector becomes a matrix with one row or one column, which the result loses again.
            using var left = Rank == 1 ? view(1, Shape[0]) : Handle();
            using var right = target.Rank == 1 ? target.view(target.Shape[0], 1) : target.Handle();
            using var product = MatrixProducts.Multiply(left, right);
            List<long> shape = [.. product.Shape];
            if (target.Rank == 1)
            {
                shape.RemoveAt(shape.Count - 1);
            }

            if (Rank == 1)
            {
                shape.RemoveAt(shape.Count - (target.Rank == 1 ? 1 : 2));
            }

            return product.view([.. shape]);
        }

        /// <summary>The product of two matrices: (m, k) x (k, n) -> (m, n).</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit, or the types differ.</exception>
        public Tensor mm(Tensor target) => ProductOfRanks("mm", target, 2, 2);

        /// <summary>Products of two batches of matrices: (b, m, k) x (b, k, n) -> (b, m, n).</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit, or the types differ.</exception>
        public Tensor bmm(Tensor batch2) => ProductOfBatches("bmm", batch2);

        /// <summary>The product of a matrix and a vector: (m, k) x (k) -> (m).</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit, or the types differ.</exception>
        public Tensor mv(Tensor target) => ProductOfRanks("mv", target, 2, 1);

        /// <summary>The inner product of two vectors: a single number.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit, or the types differ.</exception>
        public Tensor dot(Tensor target) => ProductOfRanks("dot", target, 1, 1);

        private Tensor ProductOfBatches(string operation, Tensor target)
        {
            ArgumentNullException.ThrowIfNull(target);
            if (Rank == 3 && target.Rank == 3 && Shape[0] != target.Shape[0])
            {
                throw Errors.Of(operation, $"shapes {Shapes.Text(Shape)} and {Shapes.Text(target.Shape)} must have the same number of matrices, but have {Shape[0]} and {target.Shape[0]}");
            }

            return ProductOfRanks(operation, target, 3, 3);
        }

        private Tensor ProductOfRanks(string operation, Tensor target, int rank, int targetRank)
        {
            CheckProduct(operation, target);
            return Rank == rank && target.Rank == targetRank && Shape[^1] == target.Shape[Math.Max(0, targetRank - 2)]
                ? matmul(target)
                : throw Errors.Of(operation, $"shapes {Shapes.Text(Shape)} and {Shapes.Text(target.Shape)} cannot be multiplied: expected {rank} and {targetRank} dimensions, and as many columns as the second has {(targetRank == 1 ? "elements" : "rows")}");
        }

        private void CheckProduct(string operation, Tensor target)
        {
            ArgumentNullException.ThrowIfNull(target);
            if (dtype != target.dtype)
            {
                throw Errors.Of(operation, $"expected both arguments to have the same type, but {Shapes.Text(Shape)} is {dtype} and {Shapes.Text(target.Shape)} is {target.dtype}");
            }
        }
    }
}

/// <summary>Products of matrices as recorded operations.</summary>
internal static unsafe class MatrixProducts
{
    /// <summary>The product of tensors of at least two dimensions, whose inner lengths agree; the dimensions before the last two are broadcast.</summary>
    public static Tensor Multiply(Tensor a, Tensor b)
    {
        var batch = Batch("matmul", a, b);
        var result = Tensor.Allocate(a.dtype, [.. batch, a.Shape[^2], b.Shape[^1]]);
        Compute(a, b, null, batch, result);
        return Graph.Record("matmul", result, [a, b], [a, b], static (node, gradient) =>
        {
            var (a, b) = (node.Saved(0), node.Saved(1));
            return [node.Needs(0) ? GradientOfLeft(gradient, b, a.Shape) : null, node.Needs(1) ? GradientOfRight(a, gradient, b.Shape) : null];
        });
    }

    /// <summary>A layer's linear map: input (..., k) and weight (n, k) -> (..., n), input x weight^T + bias. The bias is added to the finished sum.</summary>
    /// <param name="input">At least one dimension.</param>
    /// <param name="weight">A matrix with a row for each output; or a vector, for a single output without a dimension.</param>
    /// <param name="bias">(n), or null.</param>
    public static Tensor Linear(Tensor input, Tensor weight, Tensor? bias = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(weight);
        if (weight.Rank == 1)
        {
            using var product = input.matmul(weight);
            return bias is null ? product.Handle() : product.add(bias);
        }

        if (input.Rank == 0 || weight.Rank != 2 || input.Shape[^1] != weight.Shape[1])
        {
            throw Errors.Of("linear", $"an input of shape {Shapes.Text(input.Shape)} and a weight of shape {Shapes.Text(weight.Shape)} don't fit: expected (..., in) and (out, in)");
        }

        if (input.dtype != weight.dtype || (bias is not null && bias.dtype != input.dtype))
        {
            throw Errors.Of("linear", $"expected one type, but the input is {input.dtype}, the weight {weight.dtype}{(bias is null ? "" : $", the bias {bias.dtype}")}");
        }

        var outputs = weight.Shape[0];
        if (bias is not null && !bias.Shape.AsSpan().SequenceEqual([outputs]))
        {
            if (bias.NumberOfElements != 1 || bias.Rank > 1)
            {
                throw Errors.Of("linear", $"the bias must have the shape {Shapes.Text([outputs])} of the weight's {Shapes.Text(weight.Shape)} outputs, but it is {Shapes.Text(bias.Shape)}");
            }

            using var stretched = bias.expand(outputs);
            return Linear(input, weight, stretched);
        }

        var result = Tensor.Allocate(input.dtype, [.. input.Shape[..^1], outputs]);
        using (var source = input.detach())
        using (var rows = AsMatrix(source))
        using (var transposed = weight.Alias([weight.Shape[1], outputs], [weight.Strides[1], weight.Strides[0]], weight.Offset))
        using (var denseBias = bias?.contiguous())
        {
            Compute(rows, transposed, denseBias, [], result);
        }

        return Graph.Record("linear", result, [input, weight, bias], [input, weight], static (node, gradient) =>
        {
            var (input, weight) = (node.Saved(0), node.Saved(1));
            return
            [
                node.Needs(0) ? GradientOfLeft(gradient, Transposed(weight), input.Shape) : null,
                node.Needs(1) ? Multiply(Transposed(AsMatrix(gradient)), AsMatrix(input)) : null,
                node.Needs(2) ? AsMatrix(gradient).sum([0]) : null,
            ];
        });
    }

    /// <summary>A view with the last two dimensions swapped.</summary>
    public static Tensor Transposed(Tensor x)
    {
        var (shape, strides) = ((long[])x.Shape.Clone(), (long[])x.Strides.Clone());
        (shape[^1], shape[^2]) = (shape[^2], shape[^1]);
        (strides[^1], strides[^2]) = (strides[^2], strides[^1]);
        return Graph.RecordView("transpose", x, shape, strides, x.Offset, static (_, gradient) => [Transposed(gradient)]);
    }

    // g b^T, summed over what a was broadcast along.
    private static Tensor GradientOfLeft(Tensor gradient, Tensor b, long[] shape) =>
        b.Rank == 2 && gradient.Rank != 2
            ? Multiply(AsMatrix(gradient), Transposed(b)).view(shape)
            : Multiply(gradient, Transposed(b)).SumTo(shape);

    // a^T g; where one matrix b served a whole batch, the batch's rows are one long sum.
    private static Tensor GradientOfRight(Tensor a, Tensor gradient, long[] shape) =>
        shape.Length == 2 && a.Rank > 2
            ? Multiply(Transposed(AsMatrix(a)), AsMatrix(gradient))
            : Multiply(Transposed(a), gradient).SumTo(shape);

    private static Tensor AsMatrix(Tensor x) => x.Rank == 2 ? x.Handle() : x.reshape(Shapes.Count(x.Shape.AsSpan()[..^1]), x.Shape[^1]);

    private static void Compute(Tensor a, Tensor b, Tensor? bias, long[] batch, Tensor result)
    {
        var (m, n, k) = (a.Shape[^2], b.Shape[^1], a.Shape[^1]);
        var (aRow, aColumn, bRow, bColumn) = (a.Strides[^2], a.Strides[^1], b.Strides[^2], b.Strides[^1]);
        var count = Shapes.Count(batch);
        if (result.IsFloating && (count <= 1 || (BatchStride(a, batch) is not null && BatchStride(b, batch) is not null)))
        {
            var (aBatch, bBatch) = count <= 1 ? (0, 0) : (BatchStride(a, batch)!.Value, BatchStride(b, batch)!.Value);
            if (result.dtype == torch.ScalarType.Float32)
            {
                var addend = bias is null ? null : bias.Pointer<float>();
                MatrixProduct.MultiplyBatch(count, m, n, k, a.Pointer<float>(), aBatch, aRow, aColumn, b.Pointer<float>(), bBatch, bRow, bColumn, result.Pointer<float>(), m * n, n, addend);
            }
            else
            {
                var addend = bias is null ? null : bias.Pointer<double>();
                MatrixProduct.MultiplyBatch(count, m, n, k, a.Pointer<double>(), aBatch, aRow, aColumn, b.Pointer<double>(), bBatch, bRow, bColumn, result.Pointer<double>(), m * n, n, addend);
            }
        }
        else
        {
            var (aOffsets, bOffsets, resultOffsets) = Offsets(a, b, batch);
            fixed (long* p = aOffsets, q = bOffsets, r = resultOffsets)
            {
                switch (result.dtype)
                {
                    case torch.ScalarType.Float32:
                        MatrixProduct.MultiplyBatch(count, m, n, k, a.Pointer<float>(), p, aRow, aColumn, b.Pointer<float>(), q, bRow, bColumn, result.Pointer<float>(), r, n);
                        break;
                    case torch.ScalarType.Float64:
                        MatrixProduct.MultiplyBatch(count, m, n, k, a.Pointer<double>(), p, aRow, aColumn, b.Pointer<double>(), q, bRow, bColumn, result.Pointer<double>(), r, n);
                        break;
                    case torch.ScalarType.Int64:
                        MultiplyIntegers<long>(a, p, b, q, bias, result);
                        break;
                    case torch.ScalarType.Int32:
                        MultiplyIntegers<int>(a, p, b, q, bias, result);
                        break;
                    case torch.ScalarType.Byte:
                        MultiplyIntegers<byte>(a, p, b, q, bias, result);
                        break;
                    default:
                        throw Errors.Of("matmul", $"products of {result.dtype} tensors are not implemented; convert {Shapes.Text(a.Shape)} and {Shapes.Text(b.Shape)} to another type first");
                }
            }
        }

        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(bias);
    }

    // The dimensions before the last two; the message names all of them.
    private static long[] Batch(string operation, Tensor a, Tensor b) => Shapes.TryBroadcast(a.Shape[..^2], b.Shape[..^2])
        ?? throw Errors.Of(operation, $"the dimensions before the last two of {Shapes.Text(a.Shape)} and {Shapes.Text(b.Shape)} cannot be broadcast together");

    private static void MultiplyIntegers<T>(Tensor a, long* aOffsets, Tensor b, long* bOffsets, Tensor? bias, Tensor result)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        var (m, n, k) = (a.Shape[^2], b.Shape[^1], a.Shape[^1]);
        var (aRow, aColumn, bRow, bColumn) = (a.Strides[^2], a.Strides[^1], b.Strides[^2], b.Strides[^1]);
        var target = result.Pointer<T>();
        for (var i = 0L; i < result.NumberOfElements; i++)
        {
            var (matrix, element) = Math.DivRem(i, m * n);
            var (row, column) = Math.DivRem(element, n);
            var x = a.Pointer<T>() + aOffsets[matrix] + (row * aRow);
            var y = b.Pointer<T>() + bOffsets[matrix] + (column * bColumn);
            var sum = T.Zero;
            for (var j = 0L; j < k; j++)
            {
                sum = unchecked(sum + (x[j * aColumn] * y[j * bRow]));
            }

            target[i] = bias is null ? sum : unchecked(sum + bias.Pointer<T>()[column]);
        }
    }

    // The distance between neighbouring matrices, if it is the same everywhere.
    private static long? BatchStride(Tensor x, long[] batch)
    {
        var strides = Shapes.BroadcastStrides(x.Shape[..^2], x.Strides[..^2], batch);
        return Shapes.ViewStrides(batch, strides, [Shapes.Count(batch)])?[0];
    }

    private static (long[] A, long[] B, long[] C) Offsets(Tensor a, Tensor b, long[] batch)
    {
        var count = Shapes.Count(batch);
        var result = (A: new long[count], B: new long[count], C: new long[count]);
        var loop = new StridedLoop(batch, Shapes.BroadcastStrides(a.Shape[..^2], a.Strides[..^2], batch), Shapes.BroadcastStrides(b.Shape[..^2], b.Strides[..^2], batch));
        var size = a.Shape[^2] * b.Shape[^1];
        var next = 0L;
        loop.ForEachRow(offsets =>
        {
            for (var i = 0L; i < loop.RowLength; i++)
            {
                result.A[next] = offsets[0] + (i * loop.Steps[0]);
                result.B[next] = offsets[1] + (i * loop.Steps[1]);
                result.C[next] = next * size;
                next++;
            }
        });
        return result;
    }
}
