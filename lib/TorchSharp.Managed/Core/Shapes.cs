namespace TorchSharp;

/// <summary>Arithmetic on shapes and strides. Strides count elements, not bytes.</summary>
internal static class Shapes
{
    /// <summary>How many elements a shape has.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">More than 64 bits can count.</exception>
    public static long Count(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (var length in shape)
        {
            if (Math.BigMul(count, length, out count) != count >> 63)
            {
                throw Errors.Of("numel", $"a tensor of shape {Text(shape)} would have more elements than can be counted; expected at most {long.MaxValue}");
            }
        }

        return count;
    }

    /// <summary>A shape as messages write it: <c>[2, 3]</c>.</summary>
    public static string Text(ReadOnlySpan<long> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    /// <summary>The strides of a tensor whose elements lie one after the other, last dimension fastest.</summary>
    public static long[] ContiguousStrides(ReadOnlySpan<long> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }

        return strides;
    }

    /// <summary>Whether elements with these strides lie one after the other. Dimensions of length 1 may have any stride; an empty tensor is contiguous.</summary>
    public static bool IsContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long expected = 1;
        var contiguous = true;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] == 0)
            {
                return true;
            }

            contiguous &= shape[i] == 1 || strides[i] == expected;
            expected *= shape[i];
        }

        return contiguous;
    }

    /// <summary>A dimension counted from the front, from one that may be negative (from the back).</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">There is no such dimension.</exception>
    public static int Dimension(string operation, long dimension, int rank)
    {
        // A tensor without dimensions answers to 0 and -1, as if it had one.
        var range = Math.Max(rank, 1);
        return dimension >= -range && dimension < range
            ? (int)(dimension < 0 ? dimension + range : dimension)
            : throw Errors.Of(operation, $"dimension out of range (expected to be in range of [{-range}, {range - 1}], but got {dimension})");
    }

    /// <summary>Several dimensions counted from the front, each at most once.</summary>
    public static int[] Dimensions(string operation, ReadOnlySpan<long> dimensions, int rank)
    {
        var result = new int[dimensions.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = Dimension(operation, dimensions[i], rank);
            if (Array.IndexOf(result, result[i], 0, i) >= 0)
            {
                throw Errors.Of(operation, $"dim {result[i]} appears multiple times in the list of dims {Text(dimensions)}");
            }
        }

        return result;
    }

    /// <summary>The shape that two shapes broadcast to: aligned at the last dimension, a length of 1 stretches.</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">Two lengths differ and neither is 1.</exception>
    public static long[] Broadcast(string operation, long[] left, long[] right) => TryBroadcast(left, right)
        ?? throw Errors.Of(operation, $"shapes {Text(left)} and {Text(right)} cannot be broadcast together: counted from the last dimension, lengths must be equal or 1");

    /// <summary>The shape that two shapes broadcast to, or null where two lengths differ and neither is 1.</summary>
    public static long[]? TryBroadcast(long[] left, long[] right)
    {
        if (left.AsSpan().SequenceEqual(right))
        {
            return left;
        }

        var result = new long[Math.Max(left.Length, right.Length)];
        for (var i = 0; i < result.Length; i++)
        {
            var l = i < result.Length - left.Length ? 1 : left[i - (result.Length - left.Length)];
            var r = i < result.Length - right.Length ? 1 : right[i - (result.Length - right.Length)];
            if (l != r && l != 1 && r != 1)
            {
                return null;
            }

            result[i] = l == 1 ? r : l;
        }

        return result;
    }

    /// <summary>Throws unless one shape broadcasts to another without stretching that.</summary>
    public static void RequireBroadcast(string operation, long[] shape, long[] target)
    {
        if (TryBroadcast(shape, target) is not { } result || !result.AsSpan().SequenceEqual(target))
        {
            throw Errors.Of(operation, $"a tensor of shape {Text(shape)} does not broadcast to the shape {Text(target)}");
        }
    }

    /// <summary>The strides with which a tensor reads as if it had a larger, broadcast shape: 0 along stretched dimensions.</summary>
    /// <remarks>The shape must broadcast to the target; see <see cref="Broadcast"/>.</remarks>
    public static long[] BroadcastStrides(long[] shape, long[] strides, long[] target)
    {
        var result = new long[target.Length];
        var shift = target.Length - shape.Length;
        for (var i = shift; i < target.Length; i++)
        {
            result[i] = shape[i - shift] == 1 && target[i] != 1 ? 0 : strides[i - shift];
        }

        return result;
    }

    /// <summary>Strides that show the same elements under another shape without a copy, or null where there are none.</summary>
    public static long[]? ViewStrides(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides, ReadOnlySpan<long> target)
    {
        if (Count(shape) == 0)
        {
            return ContiguousStrides(target);
        }

        var result = new long[target.Length];
        var to = target.Length - 1;

        // Walk from the back over maximal runs of dimensions that lie evenly in memory; each run must be covered by whole dimensions of the target.
        long runLength = 1, covered = 1;
        var runStride = shape.Length > 0 ? strides[^1] : 1;
        for (var from = shape.Length - 1; from >= 0; from--)
        {
            runLength *= shape[from];
            var ends = from == 0 || (shape[from - 1] != 1 && strides[from - 1] != runLength * runStride);
            if (!ends)
            {
                continue;
            }

            while (to >= 0 && (covered < runLength || target[to] == 1))
            {
                result[to] = covered * runStride;
                covered *= target[to];
                to--;
            }

            if (covered != runLength)
            {
                return null;
            }

            if (from > 0)
            {
                runStride = strides[from - 1];
                runLength = 1;
                covered = 1;
            }
        }

        for (; to >= 0; to--)
        {
            result[to] = covered * runStride;
        }

        return result;
    }

    /// <summary>A shape in which one length may be -1, "whatever is left", with that length filled in.</summary>
    /// <param name="operation">The operation's public name, for messages.</param>
    /// <param name="shape">The wanted shape.</param>
    /// <param name="source">The shape of the elements that there are.</param>
    public static long[] Infer(string operation, ReadOnlySpan<long> shape, ReadOnlySpan<long> source)
    {
        var count = Count(source);
        var result = shape.ToArray();
        var unknown = -1;
        for (var i = 0; i < result.Length; i++)
        {
            if (result[i] == -1)
            {
                unknown = unknown < 0 ? i : throw Errors.Of(operation, $"only one dimension of {Text(shape)} can be inferred");
            }
            else if (result[i] < 0)
            {
                throw Errors.Of(operation, $"invalid shape dimension {result[i]} in {Text(shape)}");
            }
        }

        // One length at a time, so that a product past 64 bits is refused instead of wrapping round to a number that fits.
        var known = Count(unknown < 0 ? result : [.. result[..unknown], .. result[(unknown + 1)..]]);

        if (unknown >= 0 && known > 0 && count % known == 0)
        {
            result[unknown] = count / known;
        }
        else if (unknown >= 0 || known != count)
        {
            throw Errors.Of(operation, unknown >= 0 && known == 0
                ? $"cannot reshape a tensor of {count} elements (shape {Text(source)}) into {Text(shape)}, because the unspecified dimension -1 can be any value"
                : $"shape {Text(shape)} is invalid for input of size {count} (shape {Text(source)})");
        }

        return result;
    }
}
