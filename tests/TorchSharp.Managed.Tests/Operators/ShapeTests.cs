using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Views compared with what they are by definition: a map from places in the view to places in the source.</summary>
public class ShapeTests
{
    /// <summary>Name, shape of the source, the view, and for each place in the view the place in the source.</summary>
    public static TheoryData<string> Views => [.. Table.Keys];

    private static readonly Dictionary<string, (long[] Shape, Func<Tensor, Tensor> View, long[] Result, Func<long[], long[]> Place)> Table = new()
    {
        ["view"] = ([2, 6], x => x.contiguous().view(3, -1), [3, 4], i => Split((i[0] * 4) + i[1], 6)),
        ["reshape of a transposed"] = ([2, 6], x => x.T.reshape(3, 4), [3, 4], i => Split((i[0] * 4) + i[1], 2).Reverse().ToArray()),
        ["flatten"] = ([2, 3, 2], x => x.flatten(1), [2, 6], i => [i[0], i[1] / 2, i[1] % 2]),
        ["flatten a number"] = ([], x => x.flatten(), [1], _ => []),
        ["unflatten"] = ([2, 6], x => x.unflatten(1, 2, -1), [2, 2, 3], i => [i[0], (i[1] * 3) + i[2]]),
        ["squeeze all"] = ([1, 3, 1], x => x.squeeze(), [3], i => [0, i[0], 0]),
        ["squeeze one"] = ([1, 3, 1], x => x.squeeze(-1), [1, 3], i => [0, i[1], 0]),
        ["squeeze none"] = ([1, 3, 1], x => x.squeeze(1), [1, 3, 1], i => i),
        ["unsqueeze"] = ([2, 3], x => x.unsqueeze(-2), [2, 1, 3], i => [i[0], i[2]]),
        ["expand"] = ([2, 1], x => x.expand(3, -1, 4), [3, 2, 4], i => [i[1], 0]),
        ["transpose"] = ([2, 3, 4], x => x.transpose(0, -1), [4, 3, 2], i => [i[2], i[1], i[0]]),
        ["permute"] = ([2, 3, 4], x => x.permute(2, 0, 1), [4, 2, 3], i => [i[1], i[2], i[0]]),
        ["T"] = ([2, 3], x => x.T, [3, 2], i => [i[1], i[0]]),
        ["mT"] = ([2, 3, 4], x => x.mT, [2, 4, 3], i => [i[0], i[2], i[1]]),
        ["movedim"] = ([2, 3, 4], x => x.movedim([0, 1], [-1, 0]), [3, 4, 2], i => [i[2], i[0], i[1]]),
        ["narrow"] = ([2, 5], x => x.narrow(1, -4, 3), [2, 3], i => [i[0], i[1] + 1]),
        ["select"] = ([2, 5], x => x.select(1, -2), [2], i => [i[0], 3]),
        ["slice"] = ([2, 5], x => x.slice(1, 1, 100, 2), [2, 2], i => [i[0], 1 + (2 * i[1])]),
        ["slice of nothing"] = ([2, 5], x => x.slice(1, 4, 2, 1), [2, 0], i => i),
        ["diagonal"] = ([3, 4], x => x.diagonal(1), [3], i => [i[0], i[0] + 1]),
        ["diagonal below"] = ([2, 3, 4], x => x.diagonal(-1, 1, 2), [2, 2], i => [i[0], i[1] + 1, i[1]]),
        ["unfold"] = ([7], x => x.unfold(0, 3, 2), [3, 3], i => [(i[0] * 2) + i[1]]),
        ["unfold inside"] = ([5, 2], x => x.unfold(0, 4, 1), [2, 2, 4], i => [i[0] + i[2], i[1]]),
        ["as_strided"] = ([2, 4], x => x.contiguous().as_strided([3, 2], [1, 2], x.contiguous().storage_offset() + 1), [3, 2], i => Split(1 + i[0] + (2 * i[1]), 4)),
        ["part of a split"] = ([2, 5], x => x.split(2, 1)[1], [2, 2], i => [i[0], i[1] + 2]),
        ["last of a chunk"] = ([2, 5], x => x.chunk(3, 1)[2], [2, 1], i => [i[0], 4]),
        ["one of unbind"] = ([2, 5], x => x.unbind(-1)[3], [2], i => [i[0], 3]),
        ["one of tensor_split"] = ([5], x => x.tensor_split(3)[1], [2], i => [i[0] + 2]),
        ["last of tensor_split at indices"] = ([5], x => x.tensor_split([1, 3])[2], [2], i => [i[0] + 3]),
        ["part of hsplit"] = ([2, 4], x => x.hsplit(2)[1], [2, 2], i => [i[0], i[1] + 2]),
        ["part of vsplit"] = ([4], x => x.vsplit(1, 3)[1], [2], i => [i[0] + 1]),
        ["part of dsplit"] = ([1, 2, 4], x => x.dsplit(4)[3], [1, 2, 1], i => [0, i[1], 3]),
        ["part by a tensor"] = ([5], x => x.tensor_split(Integers([2], 1, 3))[1], [2], i => [i[0] + 1]),
        ["alias"] = ([2, 3], x => x.alias(), [2, 3], i => i),
    };

    [Theory]
    [MemberData(nameof(Views))]
    public void A_view_shows_the_right_places_and_sends_its_gradient_there(string name)
    {
        var (shape, make, resultShape, place) = Table[name];
        CheckPlaces(shape, make, resultShape, place);
    }

    [Fact]
    public void All_parts_of_a_split_give_their_gradients_back_together()
    {
        var x = Tensor([2, 3], 1, 2, 3, 4, 5, 6).requires_grad_();
        var parts = x.split([1, 2], 1);
        parts[0].mul(parts[1]).backward([Tensor([2, 2], 1, 10, 100, 1000)]);
        Assert.Equal([32, 1, 10, 6500, 400, 4000], Values(x.grad!));
    }

    [Fact]
    public void Writing_through_views_reaches_the_source()
    {
        var x = Tensor([2, 3], 1, 2, 3, 4, 5, 6);
        x.T.select(0, 1).fill_(9);
        x.unbind(0)[1].narrow(0, 2, 1).copy_(Tensor([], 7));
        Assert.Equal([1, 9, 3, 4, 9, 7], Values(x));
    }

    [Fact]
    public void Changing_the_shape_of_a_tensor_itself_keeps_its_history()
    {
        var x = Tensor([2, 3], 1, 2, 3, 4, 5, 6).requires_grad_();
        var y = x.mul(x);
        Assert.Same(y, y.transpose_(0, 1));
        Assert.Equal([3, 2], y.shape);
        y.unsqueeze_(0).squeeze_();
        y.backward([Tensor([3, 2], 1, 0, 0, 10, 0, 0)]);
        Assert.Equal([2, 0, 0, 0, 100, 0], Values(x.grad!));
        Assert.Throws<ExternalException>(() => x.transpose_(0, 1));
    }

    [Theory]
    [InlineData("view", "shape [4] is invalid for input of size 6 (shape [2, 3])")]
    [InlineData("narrow", "start (2) + length (9223372036854775807) exceeds dimension size (3) of dimension 1 of [2, 3]")]
    [InlineData("select", "index 3 is out of bounds for dimension 1 with size 3 of [2, 3]")]
    [InlineData("permute", "1 dimensions [0] were given for a tensor of shape [2, 3]: expected each of its 2 once")]
    [InlineData("transpose", "dimension out of range (expected to be in range of [-2, 1], but got 2)")]
    [InlineData("expand", "a tensor of shape [2, 3] cannot be expanded to [2, 4]: existing sizes must match, except where they are 1")]
    [InlineData("split", "expects lengths that add up to exactly 3 (dimension 1 of [2, 3]), but got [1, 1]")]
    [InlineData("as_strided", "size [2] with strides [9223372036854775] from 0 does not fit a storage of 6 elements")]
    [InlineData("unfold", "windows of 4 at a step of 1 don't fit dimension 1 of [2, 3]: expected 0 <= size <= 3 and step >= 1")]
    [InlineData("diagonal", "dimensions 0 and -2 of [2, 3] must be two different ones")]
    public void Wrong_arguments_are_named(string operation, string message)
    {
        var x = Tensor([2, 3], 1, 2, 3, 4, 5, 6);
        var error = Assert.Throws<ExternalException>(() => operation switch
        {
            "view" => x.view(4),
            "narrow" => x.narrow(1, 2, long.MaxValue),
            "select" => x.select(1, 3),
            "permute" => x.permute(0),
            "transpose" => x.transpose(0, 2),
            "expand" => x.expand(2, 4),
            "split" => x.split([1, 1], 1)[0],
            "as_strided" => x.as_strided([2], [9223372036854775]),
            "unfold" => x.unfold(1, 4, 1),
            _ => x.diagonal(0, 0, -2),
        });
        Assert.Equal($"{operation}: {message}", error.Message);
    }

    /// <summary>Checks an operation that moves elements: values, and the gradient that goes back where each came from.</summary>
    /// <param name="shape">The source's shape.</param>
    /// <param name="make">The operation.</param>
    /// <param name="resultShape">The result's shape.</param>
    /// <param name="place">For each place in the result the place in the source; null for a constant.</param>
    /// <param name="constant">That constant.</param>
    internal static void CheckPlaces(long[] shape, Func<Tensor, Tensor> make, long[] resultShape, Func<long[], long[]?> place, float constant = 0)
    {
        foreach (var source in Layouts(shape))
        {
            var x = source.detach().requires_grad_();
            var result = make(x);
            Assert.Equal(resultShape, result.shape);

            var all = Values(source);
            var expected = new List<float>();
            var gradient = new float[all.Length];
            var number = 0;
            foreach (var index in Places(resultShape))
            {
                number++;
                if (place(index) is { } from)
                {
                    expected.Add(all[Flat(from, shape)]);
                    gradient[Flat(from, shape)] += number;
                }
                else
                {
                    expected.Add(constant);
                }
            }

            Assert.Equal([.. expected], Values(result));
            if (number > 0)
            {
                result.backward([Tensor(resultShape, [.. Enumerable.Range(1, number).Select(n => (float)n)])]);
                Assert.Equal(gradient, Values(x.grad!));
            }
        }
    }

    internal static Tensor Tensor(long[] shape, params float[] values)
    {
        var result = torch.Tensor.Allocate(ScalarType.Float32, shape);
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(result.bytes);
        return result;
    }

    internal static Tensor Integers(long[] shape, params long[] values)
    {
        var result = torch.Tensor.Allocate(ScalarType.Int64, shape);
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(result.bytes);
        return result;
    }

    internal static Tensor Truths(long[] shape, params bool[] values)
    {
        var result = torch.Tensor.Allocate(ScalarType.Bool, shape);
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(result.bytes);
        return result;
    }

    internal static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();

    /// <summary>Tensors of a shape with the values 1, 2, 3 ..., contiguous, transposed, and with gaps.</summary>
    internal static IEnumerable<Tensor> Layouts(long[] shape)
    {
        var dense = Tensor(shape, [.. Enumerable.Range(1, (int)Shapes.Count(shape)).Select(n => (float)n)]);
        yield return dense;
        yield return dense.T.contiguous().T;
        var spread = torch.Tensor.Zeros(ScalarType.Float32, [3, .. shape, 2]).select(0, 1).select(-1, 1);
        spread.copy_(dense);
        yield return spread;
    }

    /// <summary>All places of a shape, in logical order.</summary>
    internal static IEnumerable<long[]> Places(long[] shape)
    {
        for (long i = 0; i < Shapes.Count(shape); i++)
        {
            var place = new long[shape.Length];
            var rest = i;
            for (var d = shape.Length - 1; d >= 0; d--)
            {
                rest = Math.DivRem(rest, shape[d], out place[d]);
            }

            yield return place;
        }
    }

    /// <summary>The number of a place in logical order.</summary>
    internal static int Flat(long[] place, long[] shape)
    {
        long flat = 0;
        for (var d = 0; d < shape.Length; d++)
        {
            flat = (flat * shape[d]) + place[d];
        }

        return (int)flat;
    }

    private static long[] Split(long flat, long columns) => [flat / columns, flat % columns];
}
