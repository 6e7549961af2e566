using System.Globalization;
using TorchSharp;

namespace TransformerTutorial.Display;

/// <summary>The part of a tensor that is shown, copied out of it: as many numbers as fit on a screen, however large the tensor is.</summary>
internal sealed class TensorSample
{
    private const int DrawnRows = 48;
    private const int DrawnColumns = 96;

    private TensorSample(torch.Tensor tensor)
    {
        Shape = [.. tensor.shape];
        Type = tensor.dtype;
        RequiresGradient = tensor.requires_grad;
    }

    public long[] Shape { get; }

    public torch.ScalarType Type { get; }

    public bool RequiresGradient { get; }

    /// <summary>The rows that are shown of every slice.</summary>
    public long[] Rows { get; private init; } = [];

    /// <summary>The columns that are shown of every slice.</summary>
    public long[] Columns { get; private init; } = [];

    /// <summary>The slices that are shown: one for a matrix, a vector or a number, none for a tensor without elements.</summary>
    public IReadOnlyList<TensorSlice> Slices { get; private init; } = [];

    /// <summary>How many slices there are, shown or not.</summary>
    public long SliceCount { get; private init; }

    /// <summary>How far apart the rows are that a slice's drawing has; 1 for all of them.</summary>
    public long DrawnRowStep { get; private init; }

    /// <summary>How far apart the columns are that a slice's drawing has; 1 for all of them.</summary>
    public long DrawnColumnStep { get; private init; }

    /// <summary>All numbers that are shown or drawn.</summary>
    public IEnumerable<double> AllNumbers => Slices.SelectMany(slice => slice.Drawing is null ? slice.Values.Select(value => value.Number) : slice.Values.Select(value => value.Number).Concat(slice.Drawing));

    public static TensorSample Of(torch.Tensor tensor, int limit, int slices)
    {
        if (tensor.dtype is torch.ScalarType.ComplexFloat32 or torch.ScalarType.ComplexFloat64)
        {
            throw new NotSupportedException($"A tensor of {tensor.dtype} cannot be shown; show its real and its imaginary part.");
        }

        if (tensor.shape.Contains(0))
        {
            return new TensorSample(tensor);
        }

        using var scope = torch.NewDisposeScope();
        using var guard = torch.no_grad();
        var values = tensor.detach();
        var lead = tensor.shape.Length > 2 ? tensor.shape[..^2] : [];
        var (height, width) = (tensor.shape.Length < 2 ? 1 : tensor.shape[^2], tensor.shape.Length < 1 ? 1 : tensor.shape[^1]);
        var (rows, columns) = (Ends(height, limit), Ends(width, limit));
        var (rowStep, columnStep) = (Step(height, DrawnRows), Step(width, DrawnColumns));
        var isCut = rows.Length < height || columns.Length < width;
        var sliceCount = lead.Aggregate(1L, (product, length) => product * length);
        var copied = new List<TensorSlice>();
        for (var i = 0L; i < Math.Min(sliceCount, slices); i++)
        {
            var place = Place(i, lead);
            var matrix = place.Aggregate(values, (part, index) => part.select(0, index)).reshape(height, width); // (rows, columns)
            var drawing = isCut && height > 1 ? Read(Part(matrix, Every(height, rowStep), Every(width, columnStep))).Select(value => value.Number).ToArray() : null;
            copied.Add(new TensorSlice(place, Read(Part(matrix, rows, columns)), drawing));
        }

        return new TensorSample(tensor)
        {
            Rows = rows,
            Columns = columns,
            Slices = copied,
            SliceCount = sliceCount,
            DrawnRowStep = rowStep,
            DrawnColumnStep = columnStep,
        };
    }

    /// <summary>All indices, or where there are too many, as many from both ends: 0 1 2 … 97 98 99.</summary>
    private static long[] Ends(long length, int limit)
    {
        if (length <= limit)
        {
            return Every(length, 1);
        }

        var head = (limit + 1) / 2;
        return [.. Enumerable.Range(0, limit).Select(i => i < head ? i : length - limit + i)];
    }

    private static long Step(long length, int most) => (length + most - 1) / most;

    private static long[] Every(long length, long step) => [.. Enumerable.Range(0, (int)((length + step - 1) / step)).Select(i => i * step)];

    private static long[] Place(long index, long[] lengths)
    {
        var place = new long[lengths.Length];
        for (var axis = lengths.Length - 1; axis >= 0; axis--)
        {
            (index, place[axis]) = Math.DivRem(index, lengths[axis]);
        }

        return place;
    }

    private static torch.Tensor Part(torch.Tensor matrix, long[] rows, long[] columns) =>
        matrix.index_select(0, torch.tensor(rows, device: matrix.device)).index_select(1, torch.tensor(columns, device: matrix.device)).cpu();

    private static TensorValue[] Read(torch.Tensor part)
    {
        if (part.dtype == torch.ScalarType.Bool)
        {
            return [.. part.data<bool>().ToArray().Select(value => new TensorValue(value ? 1 : 0, value ? "True" : "False"))];
        }

        if (!torch.is_floating_point(part))
        {
            return [.. part.to_type(torch.ScalarType.Int64).data<long>().ToArray().Select(value => new TensorValue(value, value.ToString(CultureInfo.InvariantCulture)))];
        }

        return [.. part.to_type(torch.ScalarType.Float64).data<double>().ToArray().Select(value => new TensorValue(value, null))];
    }
}

/// <summary>One matrix of a tensor.</summary>
/// <param name="Place">Its indices along the dimensions before the last two.</param>
/// <param name="Values">The values that are shown, row by row.</param>
/// <param name="Drawing">The numbers of the drawing of the whole matrix, row by row; null where all values are shown.</param>
internal sealed record TensorSlice(long[] Place, TensorValue[] Values, double[]? Drawing);

/// <summary>One element.</summary>
/// <param name="Number">The number, for its colour.</param>
/// <param name="Exact">The exact text of a whole number or a truth value; null for floating-point numbers, whose digits are chosen together.</param>
internal readonly record struct TensorValue(double Number, string? Exact);
