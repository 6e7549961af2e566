namespace TransformerTutorial.Embeddings;

/// <summary>How far <see cref="TSne"/> has come.</summary>
/// <param name="Iteration">How many steps are done.</param>
/// <param name="Iterations">How many there will be.</param>
/// <param name="Divergence">How badly the map shows the neighbours, in nats: the Kullback-Leibler divergence, without exaggeration.</param>
public readonly record struct TSneProgress(int Iteration, int Iterations, double Divergence);
