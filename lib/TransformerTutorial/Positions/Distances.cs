using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>How far each key stands from each query. The only thing about positions that relative encodings look at.</summary>
internal static class Distances
{
    /// <summary>The key's position minus the query's: (T, S), Int64. Negative where the key comes first.</summary>
    public static Tensor Between(long targetLength, long sourceLength, long offset)
    {
        using var scope = NewDisposeScope();
        var queries = arange(offset, offset + targetLength, dtype: ScalarType.Int64).unsqueeze(1);   // (T, 1)
        var keys = arange(sourceLength, dtype: ScalarType.Int64).unsqueeze(0);                       // (1, S)
        return (keys - queries).MoveToOuterDisposeScope();                                           // (T, S)
    }
}
