namespace TransformerTutorial.Plots;

/// <summary>The shape of a point.</summary>
public enum MarkerSymbol
{
    /// <summary>A disc.</summary>
    Circle,

    /// <summary>A square.</summary>
    Square,

    /// <summary>A square on its corner.</summary>
    Diamond,

    /// <summary>A triangle, point up.</summary>
    TriangleUp,

    /// <summary>A diagonal cross.</summary>
    Cross,
}
