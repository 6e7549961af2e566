namespace TransformerTutorial.Embeddings;

/// <summary>How CBOW makes one vector of those around a word.</summary>
public enum ContextCombination
{
    /// <summary>Their mean: its size doesn't depend on how many they are.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}
