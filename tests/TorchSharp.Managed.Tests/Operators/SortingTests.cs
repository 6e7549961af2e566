using System.Runtime.InteropServices;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Sorting, selection and counting, against LINQ's stable sort and numbers worked out by hand.</summary>
public class SortingTests
{
    // With many equals, both zeros, infinities and NaNs.
    private static float[] Numbers(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => random.Next(8) switch { 0 => float.NaN, 1 => -0f, 2 => 0f, 3 => float.PositiveInfinity, _ => random.Next(-3, 4) / 2f })];

    private static float Rank(float x) => x == 0 ? 0 : x;

    private static long[] Expected(float[] x, bool descending)
    {
        var indices = Enumerable.Range(0, x.Length).Select(i => (long)i);
        return descending
            ? [.. indices.OrderByDescending(i => float.IsNaN(x[i])).ThenByDescending(i => Rank(x[i]))]
            : [.. indices.OrderBy(i => float.IsNaN(x[i])).ThenBy(i => Rank(x[i]))];
    }

    [Fact]
    public void Sorts_are_stable_with_NaN_as_the_greatest_and_topk_is_their_beginning() => TestSeed.ForEachCase(50, (_, random) =>
    {
        var x = Numbers(random, random.Next(1, 200));
        foreach (var descending in (bool[])[false, true])
        {
            var expected = Expected(x, descending);
            var (values, indices) = tensor(x).sort(0, descending);
            Assert.Equal(expected, indices.data<long>().ToArray());
            Assert.Equal(expected.Select(i => x[i]), values.data<float>().ToArray());
            Assert.Equal(expected, tensor(x).argsort(0, descending).data<long>().ToArray());
            var k = random.Next(0, Math.Min(x.Length, 70) + 1);
            Assert.Equal(expected[..k], tensor(x).topk(k, 0, largest: descending).indexes.data<long>().ToArray());
        }
    });

    [Fact]
    public void Whole_numbers_sort_over_their_whole_range()
    {
        long[] x = [3, long.MaxValue, -1, long.MinValue, 0];
        Assert.Equal([long.MinValue, -1, 0, 3, long.MaxValue], tensor(x).sort().Values.data<long>().ToArray());
        byte[] y = [200, 3, 127, 128];
        Assert.Equal([200, 128, 127, 3], tensor(y).sort(descending: true).Values.data<byte>().ToArray());
    }

    [Fact]
    public void Any_dimension_can_be_sorted_and_its_gradient_goes_back()
    {
        var x = tensor(new float[] { 3, 1, 2, 9, 8, 7 }).reshape(2, 3).requires_grad_();
        var (values, indices) = x.sort(0, descending: true);
        Assert.Equal([9, 8, 7, 3, 1, 2], values.data<float>().ToArray());
        Assert.Equal([1, 1, 1, 0, 0, 0], indices.data<long>().ToArray());
        (values * tensor(new float[] { 1, 2, 3, 4, 5, 6 }).reshape(2, 3)).sum().backward();
        Assert.Equal([4, 5, 6, 1, 2, 3], x.grad!.data<float>().ToArray());
    }

    [Fact]
    public void Medians_are_the_lower_ones_modes_the_least_and_quantiles_lie_between()
    {
        Assert.Equal(2f, tensor(new float[] { 4, 1, 3, 2 }).median().item<float>());
        Assert.True(float.IsNaN(tensor(new float[] { 4, float.NaN, 3 }).median().item<float>()));
        var (value, index) = tensor(new float[] { 2, 1, 2, 1, 3 }).mode();
        Assert.Equal((1f, 3L), (value.item<float>(), index.item<long>()));
        Assert.Equal([1f, 1.75f, 4f], tensor(new float[] { 4, 1, 3, 2 }).quantile(tensor(new float[] { 0, 0.25f, 1 })).data<float>().ToArray());
        Assert.Equal((3f, 2L), (tensor(new float[] { 4, 1, 3, 2 }).kthvalue(3, null).values.item<float>(), tensor(new float[] { 4, 1, 3, 2 }).kthvalue(3, null).indices.item<long>()));
    }

    [Fact]
    public void Distinct_elements_come_in_order_with_their_places_and_counts()
    {
        var (output, inverse, counts) = tensor(new float[] { 3, 1, 3, -0f, 0f, 1 }).reshape(2, 3).unique(return_inverse: true, return_counts: true);
        Assert.Equal([0, 1, 3], output.data<float>().ToArray());
        Assert.Equal([2, 1, 2, 0, 0, 1], inverse.data<long>().ToArray());
        Assert.Equal([2, 3], inverse.shape);
        Assert.Equal([2, 2, 2], counts.data<long>().ToArray());
        var rows = tensor(new long[] { 2, 1, 0, 5, 2, 1 }).reshape(3, 2).unique(dim: 0).output;
        Assert.Equal([0, 5, 2, 1], rows.data<long>().ToArray());
    }

    [Fact]
    public void Whole_numbers_and_bins_are_counted()
    {
        Assert.Equal([1, 0, 2, 0], bincount(tensor(new long[] { 2, 0, 2 }), minlength: 4).data<long>().ToArray());
        Assert.Equal([0.5, 0, 1.25], bincount(tensor(new long[] { 2, 0, 2 }), tensor(new double[] { 1, 0.5, 0.25 })).data<double>().ToArray());
        Assert.Equal([1, 0, 2], histc(tensor(new float[] { 0, 2, 3, 7 }), 3, 0, 3).data<float>().ToArray());
    }

    [Fact]
    public void Errors_name_the_operation_and_the_shape()
    {
        foreach (var (name, action) in new (string, Action)[]
        {
            ("topk", () => zeros(2, 3).topk(4)), ("kthvalue", () => zeros(2, 3).kthvalue(0, null)), ("bincount", () => zeros(2, 3).bincount(null)), ("histc", () => zeros(2, 3).histc(0)),
        })
        {
            var message = Assert.Throws<ExternalException>(action).Message;
            Assert.StartsWith(name + ":", message, StringComparison.Ordinal);
            Assert.Contains("[2, 3]", message, StringComparison.Ordinal);
        }
    }
}
