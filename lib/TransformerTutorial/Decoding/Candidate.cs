using System.Globalization;
using TransformerTutorial.Metrics;

namespace TransformerTutorial.Decoding;

/// <summary>A word that could have been next. As text: <c>17: 52.1%</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="LogProbability">The logarithm of the probability that the model gives it, in nats.</param>
public readonly record struct Candidate(int Id, double LogProbability)
{
    /// <summary>The probability that the model gives it.</summary>
    public double Probability => ElementaryFunctions.Exp(LogProbability);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}: {100 * Probability:0.0}%");
}
