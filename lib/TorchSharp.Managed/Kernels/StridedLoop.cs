namespace TorchSharp.Kernels;

/// <summary>
/// Visits the elements of several tensors of one (broadcast) shape together, in logical order, as few long rows: neighbouring dimensions that lie evenly in all
/// operands are merged. The body is called once per row with the offset of each operand's first element; <see cref="Steps"/> says how far apart a row's elements lie.
/// </summary>
/// <remarks>Offsets and steps count elements, from the address that each operand's <see cref="Tensor.Pointer"/> gives.</remarks>
internal sealed class StridedLoop
{
    private readonly long[] _lengths;
    private readonly long[][] _strides;

    /// <summary>A loop over a shape.</summary>
    /// <param name="shape">The common shape.</param>
    /// <param name="strides">For each operand its stride along each dimension of the common shape; 0 where it is stretched.</param>
    public StridedLoop(ReadOnlySpan<long> shape, params ReadOnlySpan<long[]> strides)
    {
        var lengths = new List<long>();
        var merged = new List<long>[strides.Length];
        for (var o = 0; o < strides.Length; o++)
        {
            merged[o] = [];
        }

        // From the last dimension to the first, so index 0 of the lists is the innermost.
        for (var d = shape.Length - 1; d >= 0; d--)
        {
            if (shape[d] == 1)
            {
                continue;
            }

            var mergeable = lengths.Count > 0;
            for (var o = 0; o < strides.Length && mergeable; o++)
            {
                mergeable = strides[o][d] == merged[o][^1] * lengths[^1];
            }

            if (mergeable)
            {
                lengths[^1] *= shape[d];
                continue;
            }

            lengths.Add(shape[d]);
            for (var o = 0; o < strides.Length; o++)
            {
                merged[o].Add(strides[o][d]);
            }
        }

        RowLength = lengths.Count > 0 ? lengths[0] : 1;
        Steps = new long[strides.Length];
        for (var o = 0; o < strides.Length; o++)
        {
            Steps[o] = merged[o].Count > 0 ? merged[o][0] : 1;
        }

        _lengths = lengths.Count > 1 ? [.. lengths.Skip(1)] : [];
        _strides = Array.ConvertAll(merged, list => list.Skip(1).ToArray());
        RowCount = Shapes.Count(_lengths);
    }

    /// <summary>What is done with one row: the offset of each operand's first element.</summary>
    public delegate void RowBody(ReadOnlySpan<long> offsets);

    /// <summary>Elements in a row.</summary>
    public long RowLength { get; }

    /// <summary>How many rows there are.</summary>
    public long RowCount { get; }

    /// <summary>For each operand the distance between neighbours in a row.</summary>
    public long[] Steps { get; }

    /// <summary>Visits all rows in order.</summary>
    public void ForEachRow(RowBody body) => ForEachRow(0, RowCount, body);

    /// <summary>Visits the rows from one number up to another.</summary>
    public void ForEachRow(long from, long to, RowBody body)
    {
        if (RowLength == 0 || from >= to)
        {
            return;
        }

        Span<long> offsets = stackalloc long[_strides.Length];
        Span<long> position = stackalloc long[_lengths.Length];
        var rest = from;
        for (var d = 0; d < _lengths.Length; d++)
        {
            position[d] = rest % _lengths[d];
            rest /= _lengths[d];
            for (var o = 0; o < offsets.Length; o++)
            {
                offsets[o] += position[d] * _strides[o][d];
            }
        }

        for (var row = from; row < to; row++)
        {
            body(offsets);

            for (var d = 0; d < _lengths.Length; d++)
            {
                var carry = ++position[d] == _lengths[d];
                for (var o = 0; o < offsets.Length; o++)
                {
                    offsets[o] += carry ? -(_lengths[d] - 1) * _strides[o][d] : _strides[o][d];
                }

                if (!carry)
                {
                    break;
                }

                position[d] = 0;
            }
        }
    }
}
