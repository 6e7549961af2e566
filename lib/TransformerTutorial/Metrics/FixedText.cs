using System.Globalization;

namespace TransformerTutorial.Metrics;

/// <summary>Numbers with so many digits behind the point, as Python writes them: a number in the middle between two goes to the even digit, where .NET's goes away from 0.</summary>
internal static class FixedText
{
    public static string Of(double value, int digits)
    {
        // In the middle between two are the odd multiples of 2^-(digits + 1), and nothing else that a double can be.
        var halves = value * (1 << (digits + 1));
        if (halves == Math.Floor(halves) && halves % 2 != 0)
        {
            var power = Enumerable.Repeat(10.0, digits).Aggregate(1.0, (a, b) => a * b);
            value = Math.Round(value * power, MidpointRounding.ToEven) / power;
        }

        return value.ToString($"F{digits}", CultureInfo.InvariantCulture);
    }
}
