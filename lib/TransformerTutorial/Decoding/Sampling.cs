using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>Draws one word from a distribution, cut and tempered as the options say.</summary>
internal static class Sampling
{
    /// <returns>An id; null if no word that may be written has a probability.</returns>
    public static int? Draw(StepScores scores, int row, SamplingOptions options, SplitMix random)
    {
        var probabilities = Tempered(scores, row, options.Temperature);
        var ids = Kept(scores, row, probabilities, options);
        var left = random.NextDouble() * ids.Sum(id => probabilities[id]);
        int? drawn = null;
        foreach (var id in ids)
        {
            // Rounding may leave a little: it goes to the last one.
            if (probabilities[id] > 0)
            {
                drawn = id;
                left -= probabilities[id];
                if (left < 0)
                {
                    break;
                }
            }
        }

        return drawn;
    }

    // The ids that may be drawn: all, in their order, or the likeliest, the likeliest first. A temperature changes no order, so the scores' own will do.
    private static IReadOnlyList<int> Kept(StepScores scores, int row, double[] probabilities, SamplingOptions options)
    {
        if (options is { TopK: null, TopP: 1 })
        {
            return [.. Enumerable.Range(0, probabilities.Length)];
        }

        const int First = 64;
        var most = Math.Min(options.TopK ?? int.MaxValue, probabilities.Length);
        var total = options.TopK is null ? probabilities.Sum() : scores.Best(row, most).Sum(candidate => probabilities[candidate.Id]);
        for (var asked = Math.Min(First, most); ; asked = Math.Min(4 * asked, most))
        {
            var likeliest = scores.Best(row, asked);
            var (sum, count) = (0.0, 0);
            while (count < likeliest.Length && (count == 0 || sum < options.TopP * total))
            {
                sum += probabilities[likeliest[count++].Id];
            }

            if (count < likeliest.Length || asked == most)
            {
                return [.. likeliest.Take(count).Select(candidate => candidate.Id)];
            }
        }
    }

    // Of each word; together 1, and 0 for those that may not be written.
    private static double[] Tempered(StepScores scores, int row, double temperature)
    {
        var values = scores.Row(row);
        var logits = new double[values.Length];
        for (var id = 0; id < logits.Length; id++)
        {
            logits[id] = scores.IsAllowed(id) ? values[id] : double.NegativeInfinity;
        }

        if (Array.TrueForAll(logits, double.IsNegativeInfinity))
        {
            return new double[logits.Length];
        }

        using var scope = NewDisposeScope();
        var tempered = tensor(logits);                                                                 // (V)
        tempered = temperature == 1 ? tempered : tempered.sub(tempered.max()).div(temperature);        // the largest is 0, so that a small temperature overflows to −∞ only
        return tempered.softmax(-1).data<double>().ToArray();
    }
}
