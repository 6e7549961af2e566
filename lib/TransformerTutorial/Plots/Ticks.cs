namespace TransformerTutorial.Plots;

/// <summary>Round numbers for an axis: multiples of 1, 2 or 5 times a power of ten, or powers of ten on a logarithmic axis.</summary>
internal static class Ticks
{
    /// <summary>The smallest of 1, 2, 5 times a power of ten that is not below <paramref name="step"/>; 1 for nothing.</summary>
    public static double RoundStep(double step)
    {
        if (!(step > 0) || !double.IsFinite(step))
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
        var share = step / power;
        return power * (share <= 1.0000001 ? 1 : share <= 2.0000001 ? 2 : share <= 5.0000001 ? 5 : 10);
    }

    /// <summary>At most about <paramref name="most"/> round values within a range.</summary>
    public static IReadOnlyList<double> Of(double low, double high, bool logarithmic, int most) =>
        logarithmic ? Logarithmic(low, high, most) : Linear(low, high, most);

    private static List<double> Linear(double low, double high, int most)
    {
        var step = RoundStep((high - low) / Math.Max(most, 1));
        var decimals = (int)Math.Clamp(-Math.Floor(Math.Log10(step)), 0, 15);
        var result = new List<double>();
        for (var i = Math.Ceiling((low / step) - 1e-9); i * step <= high + (step * 1e-9) && result.Count <= 4 * (most + 1); i++)
        {
            // i * 0.1 is not always the nearest double to its decimal form; rounding makes it so.
            result.Add(decimals == 0 ? i * step : Math.Round(i * step, decimals));
        }

        return result;
    }

    private static List<double> Logarithmic(double low, double high, int most)
    {
        var (first, last) = ((int)Math.Ceiling(Math.Log10(low) - 1e-9), (int)Math.Floor(Math.Log10(high) + 1e-9));
        foreach (var digits in new double[][] { [1, 2, 5], [1] })
        {
            var values = Enumerable.Range(first - 1, last - first + 3)
                .SelectMany(exponent => digits.Select(digit => digit * Math.Pow(10, exponent)))
                .Where(value => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
                .ToList();
            if (values.Count <= most && values.Count >= 3)
            {
                return values;
            }
        }

        if (last - first < 1)
        {
            return [.. Linear(low, high, most).Where(value => value > 0)];
        }

        var every = (int)Math.Ceiling((last - first + 1) / (double)Math.Max(most, 1));
        return [.. Enumerable.Range(first, last - first + 1).Where(exponent => (exponent - first) % every == 0).Select(exponent => Math.Pow(10, exponent))];
    }
}
