using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>The checks that several kinds of positions make of what they are given.</summary>
internal static class PositionChecks
{
    /// <summary>Throws unless the tensor holds vectors of a width, or of any if it is null, one below the other: (…, T, width).</summary>
    public static void Vectors(Tensor x, long? width, long offset, string owner, string name)
    {
        ArgumentNullException.ThrowIfNull(x, name);
        if (x.ndim < 2 || (width is not null && x.shape[^1] != width))
        {
            throw new ArgumentException($"{owner}{(width is null ? "" : $" of width {width}")} need a tensor of shape (…, T, {(width is null ? "d" : $"{width}")}), not {MaskChecks.Text(x.shape)}.", name);
        }

        Floating(x, owner, name);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
    }

    /// <summary>Throws unless these can be the queries and keys of one attention: (B, h, T, d_k) and (B, h, S, d_k).</summary>
    public static void QueryAndKey(Tensor query, Tensor key, long? heads, long headWidth, long offset, string owner)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        var wanted = heads is { } count ? $"(B, {count}, T, {headWidth})" : $"(B, h, T, {headWidth})";
        if (query.ndim != 4 || query.shape[3] != headWidth || (heads is { } h && query.shape[1] != h))
        {
            throw new ArgumentException($"{owner} need queries of shape {wanted}, not {MaskChecks.Text(query.shape)}.", nameof(query));
        }

        if (key.ndim != 4 || key.shape[0] != query.shape[0] || key.shape[1] != query.shape[1] || key.shape[3] != headWidth)
        {
            throw new ArgumentException($"{owner} need keys that fit the queries {MaskChecks.Text(query.shape)} in all but their number, not {MaskChecks.Text(key.shape)}.", nameof(key));
        }

        if (query.dtype != key.dtype)
        {
            throw new ArgumentException($"{owner} were given queries of {query.dtype} and keys of {key.dtype}.", nameof(key));
        }

        Floating(query, owner, nameof(query));
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
    }

    /// <summary>Throws unless there is a query and a key, and the first query stands at a position.</summary>
    public static void Lengths(long targetLength, long sourceLength, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targetLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sourceLength);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
    }

    /// <summary>Throws unless the tensor has the type of these positions' parameters.</summary>
    public static void SameType(Tensor x, Tensor parameter, string owner, string name)
    {
        if (x.dtype != parameter.dtype)
        {
            throw new ArgumentException($"{owner} hold {parameter.dtype}, but this tensor of shape {MaskChecks.Text(x.shape)} is {x.dtype}.", name);
        }
    }

    private static void Floating(Tensor x, string owner, string name)
    {
        if (x.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"{owner} need floating-point numbers, not {x.dtype}.", name);
        }
    }
}
