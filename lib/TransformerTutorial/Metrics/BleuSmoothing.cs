namespace TransformerTutorial.Metrics;

/// <summary>What BLEU does where no n-gram of some length matches: without smoothing, one such length makes the whole score 0.</summary>
/// <remarks>Source: B. Chen and C. Cherry 2014, "A Systematic Comparison of Smoothing Techniques for Sentence-Level BLEU", section 3, the first three of their techniques.</remarks>
public enum BleuSmoothing
{
    /// <summary><c>exp</c>: the first length without a match counts 1/2 match, the next 1/4, and so on (technique 3; NIST's own).</summary>
    Exponential,

    /// <summary><c>floor</c>: a length without a match counts a small number of matches, 0.1 where no other is given (technique 1).</summary>
    Floor,

    /// <summary><c>add-k</c>: from pairs on, k is added to matches and totals, 1 where no other is given (technique 2).</summary>
    AddK,

    /// <summary><c>none</c>: as Papineni et al. 2002 define it.</summary>
    None,
}
