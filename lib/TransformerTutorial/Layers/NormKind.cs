namespace TransformerTutorial.Layers;

/// <summary>How vectors are normalised.</summary>
public enum NormKind
{
    /// <summary><c>nn.LayerNorm</c>: mean 0 and variance 1, then a learnt factor and summand for each feature (J. Ba, J. Kiros and G. Hinton, "Layer Normalization", 2016, equation 4).</summary>
    Layer,

    /// <summary><see cref="RMSNorm"/>: root mean square 1, then a learnt factor for each feature.</summary>
    RootMeanSquare,
}
