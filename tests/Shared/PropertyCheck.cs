using FsCheck;
using FsCheck.Fluent;

namespace TransformerTutorial.Testing;

/// <summary>FsCheck with the seed of the run. A failure shows the smallest case that FsCheck found, and the seed.</summary>
internal static class PropertyCheck
{
    // The increment of SplitMix (Steele, Lea and Flood, 2014, section 3), with which neighbouring seeds lead to different cases.
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>Checks that a property holds for values that a generator makes.</summary>
    public static void ForAll<T>(Gen<T> generator, Func<T, bool> property, int cases = 100) => Run(Prop.ForAll(generator.ToArbitrary(), property), cases);

    /// <summary>Checks that assertions hold for values that a generator makes.</summary>
    public static void ForAll<T>(Gen<T> generator, Action<T> assertions, int cases = 100) => Run(Prop.ForAll(generator.ToArbitrary(), assertions), cases);

    /// <summary>Checks that a property holds for values of a type that FsCheck knows, which it also makes smaller.</summary>
    public static void ForAll<T>(Func<T, bool> property, int cases = 100) => Run(Prop.ForAll(property), cases);

    private static void Run(Property property, int cases) => TestSeed.Named("a property", () => Check.One(
        Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(cases).WithReplay(unchecked((ulong)TestSeed.Value), Gamma), property));
}
