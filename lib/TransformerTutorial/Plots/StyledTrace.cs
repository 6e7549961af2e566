namespace TransformerTutorial.Plots;

/// <summary>A trace with the looks that it has in its picture.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="Index">Its place in its panel.</param>
/// <param name="Color">Its colour.</param>
/// <param name="Symbol">The shape of its points.</param>
internal sealed record StyledTrace(Trace Trace, int Index, Color Color, MarkerSymbol Symbol);
