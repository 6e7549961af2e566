using System.Collections;

namespace TransformerTutorial.Checks;

/// <summary>Asserts a fact in a chapter: returns it when it holds, so that a cell shows it, and throws when it doesn't.</summary>
/// <remarks>The kinds of fact are those of <see cref="Evidence"/>.</remarks>
public static class Check
{
    /// <summary>Two values are equal; sequences element by element, arrays with their shapes.</summary>
    /// <exception cref="CheckFailedException">They are not; the message names the first difference.</exception>
    public static CheckResult Equal<T>(string what, T expected, T measured) => Require(Evidence.Equal(what, expected, measured));

    /// <summary>A value lies within a tolerance of what was expected.</summary>
    /// <exception cref="CheckFailedException">It does not.</exception>
    public static CheckResult Close(string what, double expected, double measured, double relativeTolerance = 1e-6, double absoluteTolerance = 0) =>
        Require(Evidence.Close(what, expected, measured, relativeTolerance, absoluteTolerance));

    /// <summary>Every element lies within a tolerance of its expected value; the shapes are equal.</summary>
    /// <exception cref="CheckFailedException">They are not; the message names the shapes or the first difference.</exception>
    public static CheckResult Close(string what, IEnumerable expected, IEnumerable measured, double relativeTolerance = 1e-6, double absoluteTolerance = 0) =>
        Require(Evidence.Close(what, expected, measured, relativeTolerance, absoluteTolerance));

    /// <summary>A statement is true.</summary>
    /// <exception cref="CheckFailedException">It is not.</exception>
    public static CheckResult True(string what, bool measured) => Require(Evidence.True(what, measured));

    /// <summary>All of these facts hold.</summary>
    /// <exception cref="CheckFailedException">One does not; the message lists every one that fails.</exception>
    public static CheckResult All(params Evidence[] facts) => Require(facts);

    private static CheckResult Require(params Evidence[] facts)
    {
        CheckFailedException.ThrowIfAny("Check failed", facts);
        return new CheckResult(facts);
    }
}

/// <summary>A check or a claim's check failed: the measured numbers don't bear it out.</summary>
public sealed class CheckFailedException : Exception
{
    /// <summary>Creates one without a message.</summary>
    public CheckFailedException()
    {
    }

    /// <summary>Creates one with a message.</summary>
    public CheckFailedException(string message)
        : base(message)
    {
    }

    /// <summary>Creates one with a message and a cause.</summary>
    public CheckFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static void ThrowIfAny(string prefix, IReadOnlyCollection<Evidence> facts)
    {
        if (facts.Count == 0)
        {
            throw new ArgumentException($"{prefix}: no facts were given, so nothing was checked.");
        }

        string[] failed = [.. facts.Where(fact => !fact.Holds).Select(fact => fact.ToString())];
        if (failed.Length > 0)
        {
            throw new CheckFailedException($"{prefix}: {string.Join("; ", failed)}.");
        }
    }
}
