namespace TransformerTutorial.Metrics;

/// <summary>How BLEU cuts texts into words before it compares them. Scores with different tokenizations don't compare; the signature names it.</summary>
public enum BleuTokenization
{
    /// <summary><c>13a</c>: punctuation apart from words, as NIST's mteval-v13a does; for languages that put spaces between words.</summary>
    Default13a,

    /// <summary><c>zh</c>: each Chinese character by itself, the rest nearly as <see cref="Default13a"/> (HTML's entities stay as they are).</summary>
    Chinese,

    /// <summary><c>char</c>: each character by itself, white space left out.</summary>
    Character,

    /// <summary><c>none</c>: at white space only. For texts that are words already; scores of the same text cut by others don't compare.</summary>
    None,
}
