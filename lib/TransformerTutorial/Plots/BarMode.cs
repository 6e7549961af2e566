namespace TransformerTutorial.Plots;

/// <summary>How the bars of several traces share a position.</summary>
public enum BarMode
{
    /// <summary>Side by side.</summary>
    Grouped,

    /// <summary>On top of each other.</summary>
    Stacked,
}
