using System.Numerics;

namespace TorchSharp;

// Places of values among others: in a sorted sequence, in a set, in runs of equal values.
public static partial class torch
{
    /// <summary>For each value the place in an ascending sequence before which (or, from the right, behind which) it would be put.</summary>
    /// <param name="sorted_sequence">One sequence, or one for every row of the values: (..., n), ascending along the last dimension unless a sorter is given.</param>
    /// <param name="values">The values: any shape for one sequence, otherwise (..., m) with the same leading dimensions.</param>
    /// <param name="out_int32">Whether the result is Int32 instead of Int64.</param>
    /// <param name="right">Whether equal elements count as lying before the place.</param>
    /// <param name="sorter">The order that would sort the sequence, of its shape, as argsort gives it.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes do not fit.</exception>
    public static Tensor searchsorted(Tensor sorted_sequence, Tensor values, bool out_int32 = false, bool right = false, Tensor? sorter = null)
    {
        Errors.Given(sorted_sequence);
        Errors.Given(values);
        if (sorter is not null)
        {
            if (!sorter.Shape.AsSpan().SequenceEqual(sorted_sequence.Shape))
            {
                throw Errors.Of("searchsorted", $"expects a sorter of the sequence's shape {Shapes.Text(sorted_sequence.Shape)}, but it is {Shapes.Text(sorter.Shape)}");
            }

            using var sorted = sorted_sequence.gather(-1, sorter);
            return searchsorted(sorted, values, out_int32, right);
        }

        var one = sorted_sequence.Rank == 1;
        if (sorted_sequence.Rank == 0 || (!one && (values.Rank != sorted_sequence.Rank || !values.Shape.AsSpan(..^1).SequenceEqual(sorted_sequence.Shape.AsSpan(..^1)))))
        {
            throw Errors.Of("searchsorted", $"expects one sequence, or a sequence for each row of the values, but the shapes were {Shapes.Text(sorted_sequence.Shape)} and {Shapes.Text(values.Shape)}");
        }

        var type = TypePromotion.Of(sorted_sequence, values);
        type = type == ScalarType.Bool ? ScalarType.Byte : type;
        using var sequence = sorted_sequence.detach().to(type).contiguous();
        using var sought = values.detach().to(type).contiguous();
        var result = Tensor.Allocate(ScalarType.Int64, values.Shape);
        var rowLength = one || values.NumberOfElements == 0 ? values.NumberOfElements : values.Shape[^1];
        switch (type)
        {
            case ScalarType.Float32:
                Search<float>(sequence, sought, result, rowLength, right);
                break;
            case ScalarType.Float64:
                Search<double>(sequence, sought, result, rowLength, right);
                break;
            case ScalarType.Int64:
                Search<long>(sequence, sought, result, rowLength, right);
                break;
            case ScalarType.Int32:
                Search<int>(sequence, sought, result, rowLength, right);
                break;
            default:
                Search<byte>(sequence, sought, result, rowLength, right);
                break;
        }

        return out_int32 ? result.to(ScalarType.Int32, disposeAfter: true) : result;
    }

    /// <summary>The number of the bucket of each element: bucket i lies between boundary i - 1 and boundary i.</summary>
    /// <param name="input">The elements.</param>
    /// <param name="boundaries">The boundaries, ascending: (n).</param>
    /// <param name="outInt32">Whether the result is Int32 instead of Int64.</param>
    /// <param name="right">Whether a boundary belongs to the bucket above it; otherwise to that below.</param>
    public static Tensor bucketize(Tensor input, Tensor boundaries, bool outInt32 = false, bool right = false)
    {
        if (Errors.Given(boundaries).Rank != 1)
        {
            throw Errors.Of("bucketize", $"expects a vector of boundaries, but its shape was {Shapes.Text(boundaries.Shape)}");
        }

        return searchsorted(boundaries, input, outInt32, right);
    }

    /// <summary>Whether each element is among the test elements. NaN is not among any.</summary>
    /// <param name="tensor">The elements.</param>
    /// <param name="test_elements">What they are compared with, of any shape.</param>
    /// <param name="assumeUnique">A promise that no element occurs twice; it changes nothing.</param>
    /// <param name="invert">Whether the answer is turned around.</param>
    public static Tensor isin(Tensor tensor, Tensor test_elements, bool assumeUnique = false, bool invert = false)
    {
        _ = assumeUnique;
        Errors.Given(tensor);
        if (Errors.Given(test_elements).NumberOfElements == 0)
        {
            return torch.full(tensor.Shape, invert, ScalarType.Bool);
        }

        using var scope = NewDisposeScope();
        var type = TypePromotion.Of(tensor, test_elements);
        type = type == ScalarType.Bool ? ScalarType.Byte : type;
        var elements = tensor.detach().to(type);
        var (sorted, _) = test_elements.detach().to(type).flatten().sort(0);
        var nearest = searchsorted(sorted, elements).clamp_(max: sorted.NumberOfElements - 1);
        var found = sorted.take(nearest).eq(elements);
        return (invert ? found.logical_not() : found).MoveToOuterDisposeScope();
    }

    /// <summary>The first of each run of equal elements (of the flattened tensor), or of equal slices along a dimension.</summary>
    /// <param name="input">The elements.</param>
    /// <param name="return_inverse">Whether to give the number of its run for each element, too.</param>
    /// <param name="return_counts">Whether to give the length of each run, too.</param>
    /// <param name="dim">The dimension; null to flatten.</param>
    public static (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(Tensor input, bool return_inverse = false, bool return_counts = false, int? dim = null)
    {
        var d = dim is { } given ? Shapes.Dimension("unique_consecutive", given, Errors.Given(input).Rank) : 0;
        using var scope = NewDisposeScope();
        var source = dim is null || Errors.Given(input).Rank == 0 ? input.flatten() : input;
        var n = source.Shape[d];
        var begins = torch.ones([n], ScalarType.Bool);
        if (n > 1)
        {
            var differs = source.narrow(d, 1, n - 1).ne(source.narrow(d, 0, n - 1)).movedim([d], [0]).reshape(n - 1, source.NumberOfElements / n).any(1);
            begins.narrow(0, 1, n - 1).copy_(differs);
        }

        var places = begins.nonzero().flatten();
        var output = source.index_select(d, places).MoveToOuterDisposeScope();
        var inverse = return_inverse ? begins.cumsum(0).sub_(1) : null;
        if (inverse is not null && dim is null)
        {
            inverse = inverse.reshape(input.Shape);
        }

        var counts = return_counts ? places.diff(append: torch.full([Math.Min(n, 1)], n, ScalarType.Int64)) : null;
        return (output, inverse?.MoveToOuterDisposeScope(), counts?.MoveToOuterDisposeScope());
    }

    // Written so that NaN, which is neither less nor greater, comes last.
    private static unsafe void Search<T>(Tensor sequences, Tensor values, Tensor result, long rowLength, bool right)
        where T : unmanaged, INumber<T>
    {
        var n = sequences.Shape[^1];
        var sequence = sequences.Pointer<T>();
        var sought = values.Pointer<T>();
        var places = result.Pointer<long>();
        var total = values.NumberOfElements;
        for (long i = 0; i < total; i++)
        {
            var row = sequence + (i / rowLength * n);
            long from = 0, to = n;
            while (from < to)
            {
                var middle = from + ((to - from) / 2);
                if (right ? !(row[middle] > sought[i]) : !(row[middle] >= sought[i]))
                {
                    from = middle + 1;
                }
                else
                {
                    to = middle;
                }
            }

            places[i] = from;
        }

        GC.KeepAlive(sequences);
        GC.KeepAlive(values);
    }

    public partial class Tensor
    {
        /// <inheritdoc cref="torch.bucketize"/>
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) => torch.bucketize(this, boundaries, outInt32, right);

        /// <inheritdoc cref="torch.isin"/>
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) => torch.isin(this, test_elements, assumeUnique, invert);

        /// <inheritdoc cref="torch.unique_consecutive"/>
        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique_consecutive(bool return_inverse = false, bool return_counts = false, int? dim = null) =>
            torch.unique_consecutive(this, return_inverse, return_counts, dim);
    }
}
