namespace TransformerTutorial.Models;

/// <summary>Which of a Transformer's three tables (source vectors, target vectors, output) are one.</summary>
/// <remarks>Sources: O. Press and L. Wolf, "Using the Output Embedding to Improve Language Models", 2017; A. Vaswani et al., "Attention Is All You Need", 2017, section 3.4.</remarks>
public enum EmbeddingSharing
{
    /// <summary>Each is its own.</summary>
    None,

    /// <summary>A target word's vector is also its row of the output matrix.</summary>
    TargetAndOutput,

    /// <summary>All three, the paper's choice: both languages share one vocabulary.</summary>
    All,
}
