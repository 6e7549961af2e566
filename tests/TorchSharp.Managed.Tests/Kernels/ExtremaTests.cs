using TorchSharp.Kernels;
using TransformerTutorial.Testing;

namespace TorchSharp.Tests.Kernels;

/// <summary>Extrema and their places against a plain search, with ties and NaN.</summary>
public unsafe class ExtremaTests
{
    [Fact]
    public void The_first_extremum_and_the_first_NaN_are_found() => TestSeed.ForEachCase(400, (number, random) =>
    {
        var n = random.Next(1, 100);
        var stride = random.Next(1, 3);
        var x = Enumerable.Range(0, n * stride).Select(_ => number % 4 == 0 && random.Next(60) == 0 ? float.NaN : random.Next(12)).ToArray();
        var chosen = Enumerable.Range(0, n).Select(i => x[i * stride]).ToArray();
        var nan = Array.FindIndex(chosen, float.IsNaN);
        var greatest = nan >= 0 ? nan : Array.IndexOf(chosen, chosen.Max());
        var least = nan >= 0 ? nan : Array.IndexOf(chosen, chosen.Min());
        fixed (float* values = x)
        fixed (double* doubles = x.Select(v => (double)v).ToArray())
        {
            Assert.Equal(greatest, Extrema.ArgMax(values, n, stride));
            Assert.Equal(least, Extrema.ArgMin(values, n, stride));
            Assert.Equal(chosen[greatest], Extrema.Max(values, n, stride));
            Assert.Equal(chosen[least], Extrema.Min(values, n, stride));
            Assert.Equal(greatest, Extrema.ArgMax(doubles, n, stride));
            Assert.Equal(least, Extrema.ArgMin(doubles, n, stride));
        }

        fixed (long* whole = chosen.Select(v => float.IsNaN(v) ? 5L : (long)v).ToArray())
        {
            var plain = new ReadOnlySpan<long>(whole, n).ToArray();
            Assert.Equal(Array.IndexOf(plain, plain.Max()), Extrema.ArgMaxOfWhole(whole, n));
            Assert.Equal(Array.IndexOf(plain, plain.Min()), Extrema.ArgMinOfWhole(whole, n));
            Assert.Equal(plain.Sum(), Sums.Sum(whole, n));
        }
    });
}
