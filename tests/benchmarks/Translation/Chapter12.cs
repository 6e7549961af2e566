namespace TransformerTutorial.Benchmarks.Translation;

/// <summary>How chapter 12 trains its translator; the model itself is <see cref="TranslationWork.OfChapter12"/>.</summary>
internal static class Chapter12
{
    /// <summary>The sentence that the chapter is about.</summary>
    public const string Greeting = "好久不见。";

    /// <summary>The seed of the corpus.</summary>
    public const int CorpusSeed = 1;

    /// <summary>Tokens of each language.</summary>
    public const int Vocabulary = 2_000;

    /// <summary>Tokens of a batch, padding included.</summary>
    public const int TokensPerBatch = 2_000;

    /// <summary>Steps until the rate is at its highest.</summary>
    public const int WarmUp = 100;

    /// <summary>The highest learning rate.</summary>
    public const double HighestRate = 0.005;

    /// <summary>The share of probability that label smoothing gives to the other words.</summary>
    public const double Smoothing = 0.1;
}
