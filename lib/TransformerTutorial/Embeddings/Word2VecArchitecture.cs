namespace TransformerTutorial.Embeddings;

/// <summary>What word2vec predicts from what. Mikolov, Chen, Corrado and Dean, 2013, "Efficient Estimation of Word Representations in Vector Space", sections 3.1 and 3.2.</summary>
public enum Word2VecArchitecture
{
    /// <summary>Continuous bag of words: the word in the middle from the sum or mean of the vectors around it.</summary>
    Cbow,

    /// <summary>Skip-gram: each word around from the vector of the word in the middle.</summary>
    SkipGram,
}
