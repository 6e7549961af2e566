namespace TransformerTutorial.Checks;

/// <summary>What a <see cref="LeakDetector"/> tries.</summary>
public sealed record LeakOptions
{
    /// <summary>How many other values each input gets, one after another. Vectors get ones of the size of the input, a hundred times and ten thousand times as large, in turn: some masks hold for small scores only.</summary>
    public int Changes { get; init; } = 3;

    /// <summary>How many token ids there are, V: other ids are drawn from 0 … V - 1. Null draws them from the ids that occur in the input.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>Where the draws begin. The default generator is left alone.</summary>
    public int Seed { get; init; } = 1;
}
