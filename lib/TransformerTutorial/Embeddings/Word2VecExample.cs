namespace TransformerTutorial.Embeddings;

/// <summary>One step of word2vec's gradient descent: what was predicted from what, with which draws and at which rate. Ids are those of the vocabulary.</summary>
/// <param name="Inputs">The words whose input vectors make the hidden vector: skip-gram's one middle word, or CBOW's words around.</param>
/// <param name="Target">The word to predict.</param>
/// <param name="Negatives">The words drawn against it; empty without negative sampling. A draw that hit the target is left out, so there may be fewer than asked for.</param>
/// <param name="LearningRate">The rate of this step.</param>
public sealed record Word2VecExample(IReadOnlyList<int> Inputs, int Target, IReadOnlyList<int> Negatives, float LearningRate);
