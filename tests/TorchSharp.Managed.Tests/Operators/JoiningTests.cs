using System.Runtime.InteropServices;
using static TorchSharp.Managed.Tests.Operators.ShapeTests;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Joining tensors, and copies with elements repeated, reversed, moved on, or surrounded by more.</summary>
public class JoiningTests
{
    public static TheoryData<string> Copies => [.. Table.Keys];

    private static readonly Dictionary<string, (long[] Shape, Func<Tensor, Tensor> Copy, long[] Result, Func<long[], long[]?> Place, float Constant)> Table = new()
    {
        ["repeat"] = ([2, 3], x => x.repeat(2, 1, 2), [2, 2, 6], i => [i[1], i[2] % 3], 0),
        ["repeat not at all"] = ([2, 3], x => x.repeat(0, 1), [0, 3], i => i, 0),
        ["tile"] = ([2, 3], x => x.tile([2]), [2, 6], i => [i[0], i[1] % 3], 0),
        ["repeat_interleave"] = ([2, 3], x => x.repeat_interleave(2, 1), [2, 6], i => [i[0], i[1] / 2], 0),
        ["repeat_interleave flat"] = ([2, 3], x => x.repeat_interleave(2), [12], i => [i[0] / 6, i[0] / 2 % 3], 0),
        ["repeat_interleave by a tensor"] = ([2, 3], x => x.repeat_interleave(Integers([3], 0, 3, 1), 1, 4), [2, 4], i => [i[0], i[1] < 3 ? 1 : 2], 0),
        ["repeat_interleave by one number"] = ([3], x => x.repeat_interleave(Integers([1], 2)), [6], i => [i[0] / 2], 0),
        ["flip"] = ([2, 3, 2], x => x.flip(0, -1), [2, 3, 2], i => [1 - i[0], i[1], 1 - i[2]], 0),
        ["flip nothing"] = ([2, 3], x => x.flip(), [2, 3], i => i, 0),
        ["fliplr"] = ([2, 3], x => x.fliplr(), [2, 3], i => [i[0], 2 - i[1]], 0),
        ["roll"] = ([2, 5], x => x.roll(-7, 1), [2, 5], i => [i[0], (i[1] + 2) % 5], 0),
        ["roll flat"] = ([2, 3], x => x.roll(1), [2, 3], i => [((i[0] * 3) + i[1] + 5) % 6 / 3, ((i[0] * 3) + i[1] + 5) % 3], 0),
        ["roll two"] = ([2, 5], x => x.roll((1, 2), (0, 1)), [2, 5], i => [1 - i[0], (i[1] + 3) % 5], 0),
        ["rot90"] = ([2, 3], x => x.rot90(), [3, 2], i => [i[1], 2 - i[0]], 0),
        ["rot90 twice"] = ([2, 3], x => x.rot90(-2), [2, 3], i => [1 - i[0], 2 - i[1]], 0),
        ["rot90 back"] = ([2, 3], x => x.rot90(3), [3, 2], i => [1 - i[1], i[0]], 0),
        ["select_scatter"] = ([2, 3], x => x.select_scatter(Tensor([2], 7, 7), 1, 1), [2, 3], i => i[1] == 1 ? null : i, 7),
        ["slice_scatter"] = ([2, 3], x => x.slice_scatter(Tensor([2, 2], 7, 7, 7, 7), 1, 1), [2, 3], i => i[1] > 0 ? null : i, 7),
        ["diagonal_scatter"] = ([2, 3], x => x.diagonal_scatter(Tensor([2], 7, 7), 1), [2, 3], i => i[1] == i[0] + 1 ? null : i, 7),
        ["pad"] = ([2, 3], x => x.Padded([1, 2, 0, 1], PaddingModes.Constant, 7), [3, 6], i => i[0] == 2 || i[1] is < 1 or > 3 ? null : [i[0], i[1] - 1], 7),
        ["pad and cut"] = ([2, 3], x => x.Padded([-1, 2], PaddingModes.Constant, 7), [2, 4], i => i[1] > 1 ? null : [i[0], i[1] + 1], 7),
        ["cut"] = ([2, 4], x => x.Padded([-1, -2], PaddingModes.Constant, 7), [2, 1], i => [i[0], i[1] + 1], 7),
        ["pad by reflection"] = ([2, 3], x => x.Padded([2, 1], PaddingModes.Reflect, 7), [2, 6], i => [i[0], new long[] { 2, 1, 0, 1, 2, 1 }[i[1]]], 0),
        ["pad by the edge"] = ([2, 3], x => x.Padded([2, 1, 0, 1], PaddingModes.Replicate, 7), [3, 6], i => [Math.Min(i[0], 1), new long[] { 0, 0, 0, 1, 2, 2 }[i[1]]], 0),
        ["pad in a circle"] = ([2, 3], x => x.Padded([2, 1], PaddingModes.Circular, 7), [2, 6], i => [i[0], new long[] { 1, 2, 0, 1, 2, 0 }[i[1]]], 0),
    };

    [Theory]
    [MemberData(nameof(Copies))]
    public void A_copy_takes_the_right_places_and_sends_its_gradient_there(string name)
    {
        var (shape, copy, result, place, constant) = Table[name];
        CheckPlaces(shape, copy, result, place, constant);
    }

    [Fact]
    public void A_copy_never_shares_memory_with_its_source()
    {
        var x = Tensor([2], 1, 2);
        foreach (var copy in new[] { x.repeat(1), x.tile([1]), x.repeat_interleave(1), x.flip(), x.roll(0, 0), cat([x]), x.Padded([0, 0], PaddingModes.Constant, 0) })
        {
            copy.fill_(5);
        }

        Assert.Equal([1, 2], Values(x));
    }

    [Fact]
    public void Tensors_joined_along_a_dimension_get_their_parts_of_the_gradient()
    {
        foreach (var first in Layouts([2, 3]))
        {
            var x = first.detach().requires_grad_();
            var y = Tensor([2, 1], 10, 20).requires_grad_();
            var joined = cat([x, y, x], -1);
            Assert.Equal([1, 2, 3, 10, 1, 2, 3, 4, 5, 6, 20, 4, 5, 6], Values(joined));
            joined.backward([Tensor([2, 7], [.. Enumerable.Range(1, 14).Select(n => (float)n)])]);
            Assert.Equal([6, 8, 10, 20, 22, 24], Values(x.grad!));
            Assert.Equal([4, 11], Values(y.grad!));
        }
    }

    [Fact]
    public void Joining_takes_the_smallest_type_that_holds_all_and_passes_over_nothing()
    {
        var joined = cat([Integers([1], 7), Truths([1], true), Tensor([0])]);
        Assert.Equal(ScalarType.Float32, joined.dtype);
        Assert.Equal([7, 1], Values(joined));
        Assert.Equal([2, 2], Values(cat([Tensor([0]), Tensor([1, 2], 2, 2)], 1)));
        Assert.Equal(ScalarType.Int64, cat([Truths([1], true), Integers([1], 7)]).dtype);
    }

    [Fact]
    public void Stacking_makes_a_new_dimension()
    {
        var x = Tensor([2], 1, 2).requires_grad_();
        var y = Tensor([2], 3, 4);
        Assert.Equal([1, 2, 3, 4], Values(stack([x, y])));
        var columns = stack([x, y], -1);
        Assert.Equal([1, 3, 2, 4], Values(columns));
        columns.backward([Tensor([2, 2], 1, 2, 3, 4)]);
        Assert.Equal([1, 3], Values(x.grad!));
        Assert.Equal([4], hstack(x, y).shape);
        Assert.Equal([2, 2], vstack([x, y]).shape);
        Assert.Equal([1, 2, 2], dstack(x, y).shape);
        Assert.Equal([1, 3, 2, 4], Values(column_stack(x, y)));
        Assert.Equal([2, 4], hstack(Tensor([2, 1], 1, 2), Tensor([2, 3], 3, 4, 5, 6, 7, 8)).shape);
    }

    [Fact]
    public void Grids_and_products_list_all_combinations()
    {
        var (x, y) = (Tensor([2], 1, 2), Tensor([3], 3, 4, 5));
        var grids = meshgrid([x, y]);
        Assert.Equal([1, 1, 1, 2, 2, 2], Values(grids[0]));
        Assert.Equal([3, 4, 5, 3, 4, 5], Values(grids[1]));
        Assert.Equal([1, 2, 1, 2, 1, 2], Values(meshgrid([x, y], "xy")[0]));
        Assert.Equal([1, 3, 1, 4, 1, 5, 2, 3, 2, 4, 2, 5], Values(cartesian_prod(x, y)));
        Assert.Equal([1, 0, 0, 2, 0, 0, 0, 3, 4], Values(block_diag(Tensor([2, 1], 1, 2), Tensor([2], 3, 4))));
    }

    [Theory]
    [InlineData("cat", "sizes of tensors must match except in dimension 1: expected [2, 3] but got [3, 3] for tensor number 1 in the list")]
    [InlineData("cat of nothing", "expects at least one tensor")]
    [InlineData("cat of numbers", "zero-dimensional tensors cannot be concatenated")]
    [InlineData("stack", "expects each tensor to be equal size, but got [2, 3] and [3, 3]")]
    [InlineData("repeat", "the numbers of repetitions [2] must not be negative nor fewer than the dimensions of [2, 3]")]
    [InlineData("pad", "[3, 0] does not fit dimension 1 of [2, 3]: Reflect padding may be at most 2 there")]
    [InlineData("roll", "shifts [1, 2] and dimensions [0] must align")]
    public void What_does_not_fit_is_named(string what, string message)
    {
        var x = Tensor([2, 3], 1, 2, 3, 4, 5, 6);
        var y = torch.Tensor.Zeros(ScalarType.Float32, 3, 3);
        var error = Assert.Throws<ExternalException>(() => what switch
        {
            "cat" => cat([x, y], 1),
            "cat of nothing" => cat(new List<Tensor>()),
            "cat of numbers" => cat([x[0, 0]]),
            "stack" => stack([x, y]),
            "repeat" => x.repeat(2),
            "pad" => x.Padded([3, 0], PaddingModes.Reflect, 0),
            _ => x.roll(new long[] { 1, 2 }, new long[] { 0 }),
        });
        Assert.EndsWith(": " + message, error.Message, StringComparison.Ordinal);
    }
}
