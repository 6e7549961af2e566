namespace TorchSharp.Kernels;

/// <summary>
/// Which elements of a tensor an index expression names: for each place of a result, a place in the source. The numbers of index tensors are read and checked once, here;
/// reading, writing and adding along the selection is in <see cref="Indexing"/>.
/// </summary>
/// <remarks>Two kinds. By lists: some dimensions are indexed by tensors of one (broadcast) shape, the others are taken whole (<c>x[i, :, j]</c>, <c>index_select</c>, embeddings).
/// Along a dimension: only that one is indexed, place by place, and all others run along (<c>gather</c>, <c>scatter</c>).</remarks>
internal sealed class Selection
{
    private readonly int[] _indexed;
    private readonly long[][] _indices;
    private readonly bool _othersRunAlong;

    private Selection(long[] sourceShape, long[] indexShape, int[] indexed, long[][] indices, bool othersRunAlong)
    {
        SourceShape = sourceShape;
        IndexShape = indexShape;
        _indexed = indexed;
        _indices = indices;
        _othersRunAlong = othersRunAlong;
        WholeDimensions = othersRunAlong ? [] : [.. Enumerable.Range(0, sourceShape.Length).Except(indexed)];

        // As in PyTorch: the places' dimensions stand where the indexed ones stood if those are neighbours, otherwise in front.
        var areNeighbours = indexed.Length > 0 && indexed[^1] - indexed[0] == indexed.Length - 1;
        IndexAt = areNeighbours && !othersRunAlong ? indexed[0] : 0;
        var whole = Array.ConvertAll(WholeDimensions, d => sourceShape[d]);
        ResultShape = [.. whole[..IndexAt], .. indexShape, .. whole[IndexAt..]];
    }

    /// <summary>The shape of the tensor that elements are taken from.</summary>
    public long[] SourceShape { get; }

    /// <summary>The shape of what is taken.</summary>
    public long[] ResultShape { get; }

    /// <summary>The common shape of the index tensors.</summary>
    public long[] IndexShape { get; }

    /// <summary>Where in the result's shape the index tensors' shape stands.</summary>
    public int IndexAt { get; }

    /// <summary>The source's dimensions that are taken whole.</summary>
    public int[] WholeDimensions { get; }

    /// <summary>Selects by lists of indices.</summary>
    /// <param name="operation">The operation's public name.</param>
    /// <param name="sourceShape">The shape of the source.</param>
    /// <param name="indices">Whole-number tensors for some dimensions, in their order; they broadcast.</param>
    /// <param name="allowNegative">Whether -1 is the last place.</param>
    public static Selection ByLists(string operation, long[] sourceShape, IReadOnlyList<(int Dimension, Tensor Index)> indices, bool allowNegative)
    {
        long[] shape = [];
        foreach (var (_, index) in indices)
        {
            shape = Shapes.TryBroadcast(shape, Errors.Given(index).Shape)
                ?? throw Errors.Of(operation, $"shape mismatch: indexing tensors could not be broadcast together with shapes {string.Join(", ", indices.Select(pair => Shapes.Text(pair.Index.Shape)))}");
        }

        // Where nothing is taken along the other dimensions, nothing is out of range either.
        var numbers = new long[indices.Count][];
        for (var i = 0; i < numbers.Length; i++)
        {
            using var stretched = indices[i].Index.detach().expand(shape);
            numbers[i] = Read(operation, stretched, indices[i].Dimension, sourceShape, allowNegative);
        }

        return new Selection(sourceShape, shape, [.. indices.Select(pair => pair.Dimension)], numbers, othersRunAlong: false);
    }

    /// <summary>Selects along one dimension: place (i, j, k) of the result is place (i, index[i, j, k], k) of the source, for dimension 1.</summary>
    public static Selection Along(string operation, long[] sourceShape, int dimension, Tensor index)
    {
        if (index.Rank != sourceShape.Length)
        {
            throw Errors.Of(operation, $"index tensor must have the same number of dimensions as the tensor it indexes, but their shapes are {Shapes.Text(index.Shape)} and {Shapes.Text(sourceShape)}");
        }

        for (var d = 0; d < sourceShape.Length; d++)
        {
            if (d != dimension && index.Shape[d] > sourceShape[d])
            {
                throw Errors.Of(operation, $"size does not match at dimension {d}: expected index {Shapes.Text(index.Shape)} to be no larger than {Shapes.Text(sourceShape)} apart from dimension {dimension}");
            }
        }

        return new Selection(sourceShape, index.Shape, [dimension], [Read(operation, index, dimension, sourceShape, allowNegative: false)], othersRunAlong: true);
    }

    /// <summary>For each place of the index tensors, in logical order, how far from a tensor's first element the selected one lies.</summary>
    /// <param name="strides">The strides of a tensor of the source's shape.</param>
    public long[] SourceStarts(long[] strides)
    {
        long[] starts;
        if (_othersRunAlong)
        {
            var others = (long[])strides.Clone();
            if (others.Length > 0)
            {
                others[_indexed[0]] = 0;
            }

            starts = Offsets(IndexShape, others);
        }
        else
        {
            starts = new long[Shapes.Count(IndexShape)];
        }

        for (var k = 0; k < _indexed.Length && strides.Length > 0; k++)
        {
            var stride = strides[_indexed[k]];
            var indices = _indices[k];
            for (var i = 0; i < starts.Length; i++)
            {
                starts[i] += indices[i] * stride;
            }
        }

        return starts;
    }

    /// <summary>For each place of the index tensors, in logical order, how far from a result's first element its first element lies.</summary>
    /// <param name="strides">The strides of a tensor of the result's shape.</param>
    public long[] ResultStarts(long[] strides) => Offsets(IndexShape, strides[IndexAt..(IndexAt + IndexShape.Length)]);

    private static long[] Offsets(long[] shape, long[] strides)
    {
        var offsets = new long[Shapes.Count(shape)];
        var loop = new StridedLoop(shape, strides);
        var step = loop.Steps[0];
        long at = 0;
        loop.ForEachRow(start =>
        {
            for (long i = 0; i < loop.RowLength; i++)
            {
                offsets[at++] = start[0] + (i * step);
            }
        });
        return offsets;
    }

    private static long[] Read(string operation, Tensor index, int dimension, long[] sourceShape, bool allowNegative)
    {
        if (index.dtype is not (torch.ScalarType.Int64 or torch.ScalarType.Int32))
        {
            throw Errors.Of(operation, $"tensors used as indices must be Int64 or Int32, but one is {index.dtype}");
        }

        using var wide = index.detach().to(torch.ScalarType.Int64);
        var numbers = wide.data<long>().ToArray();
        var length = sourceShape.Length == 0 ? 1 : sourceShape[dimension];
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = numbers[i];
            if (number < (allowNegative ? -length : 0) || number >= length)
            {
                throw Errors.Of(operation, $"index {number} is out of bounds for dimension {dimension} with size {length} of {Shapes.Text(sourceShape)}");
            }

            if (number < 0)
            {
                numbers[i] = number + length;
            }
        }

        return numbers;
    }
}
