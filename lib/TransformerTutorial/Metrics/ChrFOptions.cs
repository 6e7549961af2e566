namespace TransformerTutorial.Metrics;

/// <summary>How chrF is computed. What is not said is sacreBLEU's default.</summary>
public sealed record ChrFOptions
{
    /// <summary>The options of chrF++: words and pairs of words beside characters.</summary>
    public static ChrFOptions PlusPlus { get; } = new() { WordOrder = 2 };

    /// <summary>The length of the longest runs of characters, from 1 to 20.</summary>
    public int CharacterOrder { get; init; } = 6;

    /// <summary>The length of the longest runs of words, from 0 to 10.</summary>
    public int WordOrder { get; init; }

    /// <summary>β: recall counts β times as much as precision; from 1 on.</summary>
    public int Beta { get; init; } = 2;

    /// <summary>Refuses what has no meaning.</summary>
    internal void Validate()
    {
        if (CharacterOrder is < 1 or > 20 || WordOrder is < 0 or > 10 || Beta is < 1 or > 1000)
        {
            throw new ArgumentException($"Characters are taken in runs of up to 1 to 20, words in runs of up to 0 to 10, β is from 1 to 1000; these are {CharacterOrder}, {WordOrder} and {Beta}.");
        }
    }
}
