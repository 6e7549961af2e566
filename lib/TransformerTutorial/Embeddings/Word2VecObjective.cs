namespace TransformerTutorial.Embeddings;

/// <summary>How word2vec scores a prediction.</summary>
public enum Word2VecObjective
{
    /// <summary>Tells the true word from a few drawn ones by logistic regression; 1 + k dot products. Mikolov, Sutskever, Chen, Corrado and Dean, 2013,
    /// "Distributed Representations of Words and Phrases and their Compositionality", section 2.2.</summary>
    NegativeSampling,

    /// <summary>Walks down a Huffman tree with a yes-or-no decision at every node; about log₂ V dot products. Morin and Bengio, 2005, "Hierarchical Probabilistic Neural
    /// Network Language Model"; with a Huffman tree Mikolov et al., 2013, section 2.1.</summary>
    HierarchicalSoftmax,

    /// <summary>Cross-entropy over the whole vocabulary; V dot products, so for small vocabularies only.</summary>
    FullSoftmax,
}
