using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Places in sorted sequences, sets and runs, against PyTorch's numbers and plain loops.</summary>
public class SearchingTests
{
    [Fact]
    public void Places_in_sorted_rows_are_PyTorchs_with_ties_and_NaN()
    {
        var rows = tensor(new[,] { { 1f, 3, 3, 5 }, { 2, 4, 6, float.NaN } });
        var values = tensor(new[,] { { 3f, 0, 9 }, { float.NaN, 4, 6 } });
        Assert.Equal([1, 0, 4, 4, 1, 2], searchsorted(rows, values).data<long>().ToArray());
        Assert.Equal([3, 0, 4, 4, 2, 4], searchsorted(rows, values, right: true).data<long>().ToArray());
        Assert.Equal([1, 0, 4, 4, 1, 2], searchsorted(rows.flip(1), values, out_int32: true, sorter: tensor(new long[,] { { 3, 2, 1, 0 }, { 3, 2, 1, 0 } })).data<int>().ToArray());
    }

    [Fact]
    public void Buckets_and_sets_agree_with_counting()
    {
        var boundaries = new long[] { -3, 0, 0, 4, 9 };
        var values = arange(-5, 12).reshape(1, 17);
        var numbers = values.data<long>().ToArray();
        Assert.Equal(numbers.Select(v => (long)boundaries.Count(b => b < v)), values.bucketize(tensor(boundaries)).data<long>().ToArray());
        Assert.Equal(numbers.Select(v => (long)boundaries.Count(b => b <= v)), values.bucketize(tensor(boundaries), right: true).data<long>().ToArray());
        Assert.Equal(numbers.Select(v => boundaries.Contains(v)), values.isin(tensor(boundaries)).data<bool>().ToArray());
        Assert.Equal(numbers.Select(v => !boundaries.Contains(v)), isin(values, tensor(boundaries).@float(), invert: true).data<bool>().ToArray());
        Assert.Equal([1, 17], values.isin(tensor(boundaries)).shape);
        Assert.False(values.isin(zeros(0)).any().item<bool>());
        Assert.False(tensor(float.NaN).isin(tensor(new[] { 1f, float.NaN })).item<bool>());
        Assert.Equal([true, false], tensor(new[] { true, false }).isin(tensor(new[] { true })).data<bool>().ToArray());
    }

    [Fact]
    public void Runs_of_equal_elements_and_slices_are_PyTorchs()
    {
        var (output, inverse, counts) = tensor(new long[,] { { 1, 1 }, { 1, 1 }, { 2, 1 }, { 1, 1 } }).unique_consecutive(true, true, 0);
        Assert.Equal([1, 1, 2, 1, 1, 1], output.data<long>().ToArray());
        Assert.Equal([3, 2], output.shape);
        Assert.Equal([0, 0, 1, 2], inverse!.data<long>().ToArray());
        Assert.Equal([2, 1, 1], counts!.data<long>().ToArray());
        (output, inverse, counts) = unique_consecutive(tensor(new long[,] { { 1, 1 }, { 2, 2 }, { 2, 1 } }), true, true);
        Assert.Equal([1, 2, 1], output.data<long>().ToArray());
        Assert.Equal([0, 0, 1, 1, 1, 2], inverse!.data<long>().ToArray());
        Assert.Equal([3, 2], inverse.shape);
        Assert.Equal([2, 3, 1], counts!.data<long>().ToArray());
        (output, inverse, counts) = zeros(0).unique_consecutive(false, true);
        Assert.Equal(0, output.numel() + counts!.numel());
        Assert.Null(inverse);
        Assert.Equal([5], tensor(5f).unique_consecutive().output.data<float>().ToArray());
    }

    [Fact]
    public void Places_of_triangles_are_PyTorchs()
    {
        Assert.Equal([0, 0, 1, 1, 1, 2, 2, 2, 2, 0, 1, 0, 1, 2, 0, 1, 2, 3], tril_indices(3, 4, 1).data<long>().ToArray());
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 0, 1, 2, 0, 1, 2, 1, 2], triu_indices(3, 3, -1, ScalarType.Int32).data<int>().ToArray());
        Assert.Equal([2, 0], triu_indices(2, 0).shape);
        Assert.Throws<ExternalException>(() => tril_indices(2, 2, dtype: ScalarType.Float32));
    }

    [Fact]
    public void What_cannot_be_searched_is_refused_with_its_shapes()
    {
        Assert.Contains("[2, 3] and [4]", Assert.Throws<ExternalException>(() => searchsorted(zeros(2, 3), zeros(4))).Message, StringComparison.Ordinal);
        Assert.Contains("[3]", Assert.Throws<ExternalException>(() => searchsorted(zeros(3), zeros(4), sorter: zeros(2).@long())).Message, StringComparison.Ordinal);
        Assert.Contains("[2, 3]", Assert.Throws<ExternalException>(() => zeros(4).bucketize(zeros(2, 3))).Message, StringComparison.Ordinal);
    }
}
