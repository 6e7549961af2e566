namespace TransformerTutorial.Embeddings;

/// <summary>How the answer to "a is to b as c is to what?" is looked for.</summary>
public enum AnalogyMethod
{
    /// <summary>
    /// The word nearest to <c>b - a + c</c>, all of length 1: the greatest <c>cos(x, b) - cos(x, a) + cos(x, c)</c> (3CosAdd).
    /// Source: T. Mikolov, W. Yih and G. Zweig, "Linguistic Regularities in Continuous Space Word Representations", 2013, section 4.
    /// </summary>
    Addition,

    /// <summary>
    /// The word with the greatest <c>cos(x, b) cos(x, c) / (cos(x, a) + ε)</c>, where cosines are moved to the range from 0 to 1 by (1 + cos) / 2 and ε is 1e-6 (3CosMul): no one term can outweigh the other two.
    /// Source: O. Levy and Y. Goldberg, "Linguistic Regularities in Sparse and Explicit Word Representations", 2014, equation 4; ε as gensim has it.
    /// </summary>
    Multiplication,
}
