using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>Draws one word from a distribution, cut and tempered as the options say.</summary>
internal static class Sampling
{
    /// <returns>An id; null if no word that may be written has a probability.</returns>
    public static int? Draw(StepScores scores, int row, SamplingOptions options, SplitMix random)
    {
        int[] allowed = [.. Enumerable.Range(0, scores.Row(row).Length).Where(id => scores.IsAllowed(id) && !double.IsNegativeInfinity(scores[row, id]))];
        if (allowed.Length == 0)
        {
            return null;
        }

        var probabilities = Tempered([.. allowed.Select(id => scores[row, id])], options.Temperature);
        int[] likeliest = [.. Enumerable.Range(0, allowed.Length).OrderByDescending(place => probabilities[place]).ThenBy(place => place).Take(options.TopK ?? int.MaxValue)];
        var total = likeliest.Sum(place => probabilities[place]);
        var (kept, count) = (0.0, 0);
        while (count < likeliest.Length && (count == 0 || kept < options.TopP * total))
        {
            kept += probabilities[likeliest[count++]];
        }

        // Rounding may leave a little: it goes to the last one.
        var left = random.NextDouble() * kept;
        var drawn = 0;
        while (drawn < count - 1 && (left -= probabilities[likeliest[drawn]]) >= 0)
        {
            drawn++;
        }

        return allowed[likeliest[drawn]];
    }

    // Of the words that may be written, together 1.
    private static double[] Tempered(double[] logProbabilities, double temperature)
    {
        using var scope = NewDisposeScope();
        var logits = tensor(logProbabilities);                                             // (words)
        logits = temperature == 1 ? logits : logits.sub(logits.max()).div(temperature);    // the largest is 0, so that a small temperature overflows to −∞ only
        return logits.softmax(-1).data<double>().ToArray();
    }
}
