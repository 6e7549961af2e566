namespace TransformerTutorial.Metrics;

/// <summary>How BLEU is computed. What is not said is sacreBLEU's default, under which papers report.</summary>
public sealed record BleuOptions
{
    /// <summary>How texts are cut into words.</summary>
    public BleuTokenization Tokenization { get; init; }

    /// <summary>What is done where no n-gram of some length matches.</summary>
    public BleuSmoothing Smoothing { get; init; }

    /// <summary>The number that <see cref="BleuSmoothing.Floor"/> (0.1 if null) or <see cref="BleuSmoothing.AddK"/> (1 if null) counts; null for the other two.</summary>
    public double? SmoothingValue { get; init; }

    /// <summary>Whether lengths that the hypotheses are too short to have are left out of the mean. Meant for single sentences: without it, a perfect sentence of three words scores 0.</summary>
    public bool IsEffectiveOrder { get; init; }

    /// <summary>The length of the longest n-grams, from 1 to 10.</summary>
    public int MaximumOrder { get; init; } = 4;

    /// <summary>The number of <see cref="SmoothingValue"/>, or the default of the smoothing; 0 where it takes none.</summary>
    internal double SmoothingNumber => SmoothingValue ?? Smoothing switch { BleuSmoothing.Floor => 0.1, BleuSmoothing.AddK => 1, _ => 0 };

    /// <summary>Refuses what has no meaning.</summary>
    internal void Validate()
    {
        Require(Enum.IsDefined(Tokenization) && Enum.IsDefined(Smoothing), $"There is no tokenization {Tokenization} or no smoothing {Smoothing}.");
        Require(MaximumOrder is >= 1 and <= 10, $"The longest n-grams have from 1 to 10 words; MaximumOrder is {MaximumOrder}.");
        Require(
            SmoothingValue is null || (Smoothing is BleuSmoothing.Floor or BleuSmoothing.AddK && double.IsFinite(SmoothingValue.Value) && SmoothingValue >= 0),
            FormattableString.Invariant($"A smoothing value is a number from 0 on, for Floor and AddK; it is {SmoothingValue} for {Smoothing}."));
    }

    private static void Require(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new ArgumentException(message);
        }
    }
}
