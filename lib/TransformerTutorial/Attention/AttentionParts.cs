namespace TransformerTutorial.Attention;

/// <summary>What attention returns besides its output.</summary>
[Flags]
public enum AttentionParts
{
    /// <summary>The output alone: what a model needs.</summary>
    None = 0,

    /// <summary>The weights.</summary>
    Weights = 1,

    /// <summary>The scores.</summary>
    Scores = 2,

    /// <summary>Weights and scores: what a chapter shows.</summary>
    All = Weights | Scores,
}
