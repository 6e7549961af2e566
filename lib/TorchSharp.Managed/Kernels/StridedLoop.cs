namespace TorchSharp.Kernels;

/// <summary>
/// Visits the elements of several tensors of one (broadcast) shape together, in logical order, as few long rows: neighbouring dimensions that lie evenly in all
/// operands are merged. The body is called once per row with the offset of each operand's first element; <see cref="Steps"/> says how far apart a row's elements lie.
/// </summary>
/// <remarks>Offsets and steps count elements, from the address that each operand's <see cref="Tensor.Pointer"/> gives.</remarks>
internal sealed class StridedLoop
{
    // Innermost first: dimension 0 is the row, the others count rows.
    private readonly int _rank;
    private readonly long[] _lengths;
    private readonly long[][] _strides;

    /// <summary>A loop over a shape.</summary>
    /// <param name="shape">The common shape.</param>
    /// <param name="strides">For each operand its stride along each dimension of the common shape; 0 where it is stretched.</param>
    public StridedLoop(ReadOnlySpan<long> shape, params ReadOnlySpan<long[]> strides)
    {
        _lengths = new long[shape.Length];
        _strides = new long[strides.Length][];
        for (var o = 0; o < strides.Length; o++)
        {
            _strides[o] = new long[shape.Length];
        }

        for (var d = shape.Length - 1; d >= 0; d--)
        {
            if (shape[d] == 1)
            {
                continue;
            }

            var mergeable = _rank > 0;
            for (var o = 0; o < strides.Length && mergeable; o++)
            {
                mergeable = strides[o][d] == _strides[o][_rank - 1] * _lengths[_rank - 1];
            }

            if (mergeable)
            {
                _lengths[_rank - 1] *= shape[d];
                continue;
            }

            _lengths[_rank] = shape[d];
            for (var o = 0; o < strides.Length; o++)
            {
                _strides[o][_rank] = strides[o][d];
            }

            _rank++;
        }

        Steps = new long[strides.Length];
        Measure();
    }

    private StridedLoop(int rank, long[] lengths, long[][] strides)
    {
        (_rank, _lengths, _strides) = (rank, lengths, strides);
        Steps = new long[strides.Length];
        Measure();
    }

    /// <summary>What is done with one row: the offset of each operand's first element.</summary>
    public delegate void RowBody(ReadOnlySpan<long> offsets);

    /// <summary>Elements in a row.</summary>
    public long RowLength { get; private set; }

    /// <summary>How many rows there are.</summary>
    public long RowCount { get; private set; }

    /// <summary>For each operand the distance between neighbours in a row.</summary>
    public long[] Steps { get; }

    /// <summary>How many dimensions are left after merging, the row's included.</summary>
    public int Rank => _rank;

    /// <summary>The length of a dimension; 0 is the row's, then from the inside to the outside.</summary>
    public long Length(int dimension) => _lengths[dimension];

    /// <summary>The stride of an operand along a dimension.</summary>
    public long Stride(int operand, int dimension) => _strides[operand][dimension];

    /// <summary>The loop over the same rows, but of one dimension only the first place is visited: the body takes care of that dimension itself.</summary>
    public StridedLoop Without(int dimension)
    {
        static long[] Remove(long[] values, int at) => [.. values[..at], .. values[(at + 1)..]];
        return new StridedLoop(_rank - 1, Remove(_lengths, dimension), Array.ConvertAll(_strides, values => Remove(values, dimension)));
    }

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
        Span<long> position = stackalloc long[Math.Max(_rank, 1)];
        offsets.Clear();
        var rest = from;
        for (var d = 1; d < _rank; d++)
        {
            (rest, position[d]) = Math.DivRem(rest, _lengths[d]);
            for (var o = 0; o < offsets.Length; o++)
            {
                offsets[o] += position[d] * _strides[o][d];
            }
        }

        for (var row = from; row < to; row++)
        {
            body(offsets);

            for (var d = 1; d < _rank; d++)
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

    private void Measure()
    {
        RowLength = _rank > 0 ? _lengths[0] : 1;
        RowCount = 1;
        for (var d = 1; d < _rank; d++)
        {
            RowCount *= _lengths[d];
        }

        for (var o = 0; o < Steps.Length; o++)
        {
            Steps[o] = _rank > 0 ? _strides[o][0] : 1;
        }
    }
}
