namespace TransformerTutorial.Layers;

/// <summary>What a <see cref="FeedForward"/> does between its two maps.</summary>
public enum FeedForwardActivation
{
    /// <summary><c>max(0, x)</c>, the paper's (A. Vaswani et al. 2017, section 3.3).</summary>
    Relu,

    /// <summary><c>x Φ(x)</c>, with Φ the normal distribution's (D. Hendrycks and K. Gimpel, "Gaussian Error Linear Units", 2016, section 2).</summary>
    Gelu,

    /// <summary><c>silu(gate(x)) · up(x)</c> with a third map, the gate; <c>silu(x) = x / (1 + e^-x)</c> (N. Shazeer, "GLU Variants Improve Transformer", 2020, equation 6).</summary>
    SwiGlu,
}
