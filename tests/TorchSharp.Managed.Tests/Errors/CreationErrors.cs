using static TorchSharp.Managed.Tests.Errors.ErrorCase;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Misuses of factories and of randomness: negative lengths, ranges that are empty, probabilities that are none.</summary>
internal static class CreationErrors
{
    public static readonly ErrorCase[] Cases =
    [
        Of("zeros of a negative length", () => zeros(2, -1), "zeros:", "[2, -1]", "negative"),
        Of("ones of a negative length", () => ones(-1), "ones:", "[-1]", "negative"),
        Of("full of a negative length", () => full([-1], 3), "full:", "[-1]", "negative"),
        Of("rand of a negative length", () => rand(-1), "rand:", "[-1]", "negative"),
        Of("randn of a negative length", () => randn([3, -1]), "randn:", "[3, -1]", "negative"),
        Of("eye of a negative length", () => eye(-1), "eye:", "-1"),
        Of("zeros of too much memory", () => zeros(1L << 31, 2), "allocate:", "bytes"),
        Of("zeros of more than can be counted", () => zeros(long.MaxValue, 2), $"[{long.MaxValue}, 2]"),
        Of("arange by no step", () => arange(0, 3, (Scalar)0), "arange:", "0", "3", "step"),
        Of("arange in the wrong direction", () => arange(3, 0, 1), "arange:", "3", "0"),
        Of("arange to infinity", () => arange(0, double.PositiveInfinity, 1), "arange:", "finite"),
        Of("arange of bools", () => arange(0, 2, 1, @bool), "arange:", "Bool"),
        Of("linspace in a negative number of steps", () => linspace(0, 1, -1), "linspace:", "-1"),
        Of("logspace in a negative number of steps", () => logspace(0, 1, -1), "logspace:", "-1"),
        Of<ArgumentException>("randint of an empty range", () => randint(3, 3, [2]), "from=3", "to=3"),
        Of<ArgumentException>("randint past what a byte holds", () => randint(0, 300, [2], uint8), "to=300", "255"),
        Of("randperm of a negative number", () => randperm(-1), "randperm", "-1"),
        Of<ArgumentException>("normal with a negative deviation", () => normal(0, -1, [2]), "normal", "-1"),
        Of<ArgumentException>("normal_ with a negative deviation", () => Floats(2).normal_(0, -1), "normal_", "-1"),
        Of<ArgumentException>("uniform_ of an empty range", () => Floats(2).uniform_(1, 0), "uniform_", "from=1", "to=0"),
        Of<ArgumentException>("bernoulli_ of more than one", () => Floats(2).bernoulli_(1.5), "bernoulli_", "1.5", "[0, 1]"),
        Of<ArgumentException>("bernoulli of more than one", () => bernoulli(full([2], 1.5)), "bernoulli", "1.5", "[0, 1]"),
        Of<ArgumentException>("bernoulli of what is not a number", () => bernoulli(full([2], double.NaN)), "bernoulli", "NaN", "[0, 1]"),
        Of<ArgumentException>("exponential_ of a negative rate", () => Floats(2).exponential_(-1), "exponential_", "-1"),
        Of("normal_ of whole numbers", () => Longs(2).normal_(), "normal_:", "Int64", "[2]"),
        Of("rand of whole numbers", () => rand(2, dtype: int64), "Int64"),
        Of<ArgumentException>("multinomial with a negative weight", () => multinomial(tensor([1f, -1f]), 1), "multinomial", "-1", "[1, 2]"),
        Of<ArgumentException>("multinomial without weight", () => multinomial(Floats(2), 1), "multinomial", "zero", "[1, 2]"),
        Of<ArgumentException>("multinomial with an infinite weight", () => multinomial(tensor([1f, float.PositiveInfinity]), 1), "multinomial", "[1, 2]", "finite"),
        Of<ArgumentException>("multinomial of more than there are", () => multinomial(ones(2), 3), "multinomial", "3", "[1, 2]"),
        Of<ArgumentException>("multinomial of none", () => multinomial(ones(2), 0), "multinomial", "0"),
        Of("multinomial of three dimensions", () => multinomial(ones(2, 2, 2), 1), "multinomial:", "[2, 2, 2]"),
        Of("multinomial of whole numbers", () => multinomial(ones(2, int64), 1), "multinomial:", "Int64", "[2]"),
        Of("dropout by more than one", () => nn.functional.dropout(Floats(2), 1.5), "dropout:", "1.5", "0 and 1"),
        Of("dropout by a negative probability", () => nn.functional.dropout(Floats(2), -0.5), "dropout:", "-0.5", "0 and 1"),
        Of<ArgumentException>("a default type of whole numbers", () => set_default_dtype(int64), "Int64"),
        Of<ArgumentOutOfRangeException>("no threads", () => set_num_threads(0), "0"),
        Of<ArgumentException>("a generator's state that is none", () => new Generator(1).set_state(zeros(7, uint8)), "7"),
        Of<NotSupportedException>("from_array of what is no tensor's type", () => from_array(new[] { "a" }), "String"),
        Of<NotSupportedException>("dimensions with names", () => zeros(2, names: ["batch"]), "zeros", "names"),
    ];
}
