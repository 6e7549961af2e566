namespace TransformerTutorial.Positions;

/// <summary>In which columns the sines and cosines of a sinusoidal code stand. Frequencies and values are the same either way.</summary>
public enum SinusoidalLayout
{
    /// <summary>Sines in the even columns, cosines in the odd ones, as the paper has it: sin ω₀p, cos ω₀p, sin ω₁p, cos ω₁p, …</summary>
    Interleaved,

    /// <summary>All sines, then all cosines: sin ω₀p, sin ω₁p, …, cos ω₀p, cos ω₁p, …</summary>
    HalfSplit,
}
