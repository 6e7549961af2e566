using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>The map that <see cref="TSne"/> drew.</summary>
/// <param name="Positions">Where each point lies, Float32: (N, 2). Their mean is zero; direction and size mean nothing.</param>
/// <param name="Divergence">How badly the map shows the neighbours, in nats: the Kullback-Leibler divergence from the points' neighbourhoods to the map's.</param>
public sealed record TSneMap(Tensor Positions, double Divergence);
