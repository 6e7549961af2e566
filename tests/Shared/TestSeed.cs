using System.Globalization;
using Xunit.Sdk;

namespace TransformerTutorial.Testing;

/// <summary>
/// Where tests take their randomness from: the same in every run, unless the environment variable TUTORIAL_SEED holds another whole number.
/// A failure names the seed, so that the same run can be had again.
/// </summary>
internal static class TestSeed
{
    private const string Variable = "TUTORIAL_SEED";
    private const int Default = 1;

    /// <summary>The seed of this run.</summary>
    public static int Value => Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text ? Default
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw new InvalidOperationException($"{Variable} is '{text}'; it must be a whole number.");

    /// <summary>The randomness of one case of a test, or of all of it. Neighbouring seeds share no case.</summary>
    public static Random Random(int number = 0) => new(unchecked((Value * 1_000_003) + number));

    /// <summary>Runs a test on so many cases, each with its number and randomness of its own.</summary>
    public static void ForEachCase(int cases, Action<int, Random> test)
    {
        for (var number = 0; number < cases; number++)
        {
            Named($"case {number}", () => test(number, Random(number)));
        }
    }

    /// <summary>Runs a test; if it fails, the message says with which seed.</summary>
    public static void Named(string what, Action test)
    {
        try
        {
            test();
        }
        catch (Exception failure)
        {
            throw new XunitException($"Failed with {Variable}={Value} in {what}: {failure.Message}", failure);
        }
    }
}
