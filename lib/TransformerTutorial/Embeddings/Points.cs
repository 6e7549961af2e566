using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>Checks of tensors that hold one point in each row.</summary>
internal static class Points
{
    /// <summary>Throws unless the tensor is a matrix of floating-point numbers with enough rows, at least one column, and only finite elements.</summary>
    public static void Check(Tensor points, long minimum, string name)
    {
        ArgumentNullException.ThrowIfNull(points, name);
        if (points.ndim != 2 || points.shape[0] < minimum || points.shape[1] == 0)
        {
            throw new ArgumentException($"Points are a matrix with one of them in each of at least {minimum} rows: (N, d), not [{string.Join(", ", points.shape)}].", name);
        }

        if (points.dtype is not (ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"Points are Float32 or Float64, not {points.dtype}.", name);
        }

        using var scope = NewDisposeScope();
        var rows = points.detach().isfinite().all(1).cpu();
        if (!rows.all().item<bool>())
        {
            throw new ArgumentException($"Row {Array.IndexOf(rows.data<bool>().ToArray(), false)} of the points has a number that is NaN or infinite.", name);
        }
    }

    /// <summary>Throws unless the tensor is a matrix with so many columns, of the type that the map was found in.</summary>
    public static void CheckColumns(Tensor points, long columns, ScalarType type, string name)
    {
        ArgumentNullException.ThrowIfNull(points, name);
        if (points.ndim != 2 || points.shape[1] != columns)
        {
            throw new ArgumentException($"A matrix with {columns} columns is needed: (N, {columns}), not [{string.Join(", ", points.shape)}].", name);
        }

        if (points.dtype != type)
        {
            throw new ArgumentException($"The map was found in {type}, and these points are {points.dtype}: convert them, points.to(ScalarType.{type}).", name);
        }
    }
}
