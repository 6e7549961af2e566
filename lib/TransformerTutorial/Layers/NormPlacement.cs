namespace TransformerTutorial.Layers;

/// <summary>Where a <see cref="Residual"/> normalises.</summary>
public enum NormPlacement
{
    /// <summary>What the sublayer reads: <c>x + sublayer(norm(x))</c>. The sum runs through the model untouched, so a stack of such layers needs one more norm at its end (R. Xiong et al., "On Layer Normalization in the Transformer Architecture", 2020, figure 1b).</summary>
    Before,

    /// <summary>The sum: <c>norm(x + sublayer(x))</c>, the paper's (A. Vaswani et al. 2017, section 3.1).</summary>
    After,
}
