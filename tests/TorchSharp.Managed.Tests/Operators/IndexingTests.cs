using System.Runtime.InteropServices;
using static TorchSharp.Managed.Tests.Operators.ShapeTests;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Index expressions, read and written, compared with what they are by definition: a map from places in the result to places in the source.</summary>
public class IndexingTests
{
    public static TheoryData<string> Expressions => [.. Table.Keys];

    private delegate Tensor Get(Tensor x);

    private delegate void Set(Tensor x, Tensor value);

    private static readonly Tensor Rows = Integers([2], 1, -2);
    private static readonly Tensor Grid = Integers([2, 2], 0, 1, 1, 0);
    private static readonly Tensor Mask = Truths([2, 3], false, true, false, true, true, false);

    private static readonly long[][] MaskPlaces = [[0, 1], [1, 0], [1, 1]];

    // On a source of shape [2, 3, 4]; places named twice are only read.
    private static readonly Dictionary<string, (Get Get, Set? Set, long[] Result, Func<long[], long[]> Place)> Table = new()
    {
        ["x[1]"] = (x => x[1], (x, v) => x[1] = v, [3, 4], i => [1, i[0], i[1]]),
        ["x[-1, 2]"] = (x => x[-1, 2], (x, v) => x[-1, 2] = v, [4], i => [1, 2, i[0]]),
        ["x[0, 1, 2]"] = (x => x[0, 1, 2], (x, v) => x[0, 1, 2] = v, [], _ => [0, 1, 2]),
        ["x[^1]"] = (x => x[^1], (x, v) => x[^1] = v, [3, 4], i => [1, i[0], i[1]]),
        ["x[.., 1]"] = (x => x[.., 1], (x, v) => x[.., 1] = v, [2, 4], i => [i[0], 1, i[1]]),
        ["x[..., 1]"] = (x => x[TensorIndex.Ellipsis, 1], (x, v) => x[TensorIndex.Ellipsis, 1] = v, [2, 3], i => [i[0], i[1], 1]),
        ["x[1.., .., 0]"] = (x => x[1.., .., 0], (x, v) => x[1.., .., 0] = v, [1, 3], i => [1, i[1], 0]),
        ["x[.., ^2..]"] = (x => x[.., ^2..], (x, v) => x[.., ^2..] = v, [2, 2, 4], i => [i[0], i[1] + 1, i[2]]),
        ["x[.., ..^1]"] = (x => x[.., ..^1], (x, v) => x[.., ..^1] = v, [2, 2, 4], i => i),
        ["x[.., (0, 2)]"] = (x => x[.., (0, 2)], (x, v) => x[.., (0, 2)] = v, [2, 2, 4], i => i),
        ["x[None]"] = (x => x[TensorIndex.None], (x, v) => x[TensorIndex.None] = v, [1, 2, 3, 4], i => i[1..]),
        ["x[.., None, 1]"] = (x => x[.., TensorIndex.None, 1], (x, v) => x[.., TensorIndex.None, 1] = v, [2, 1, 4], i => [i[0], 1, i[2]]),
        ["x[..., 1:4:2]"] = (x => x[TensorIndex.Ellipsis, TensorIndex.Slice(1, 4, 2)], (x, v) => x[TensorIndex.Ellipsis, TensorIndex.Slice(1, 4, 2)] = v, [2, 3, 2], i => [i[0], i[1], 1 + (2 * i[2])]),
        ["x[True]"] = (x => x[TensorIndex.Bool(true)], (x, v) => x[TensorIndex.Bool(true)] = v, [1, 2, 3, 4], i => i[1..]),
        ["x[False]"] = (x => x[TensorIndex.Bool(false)], null, [0, 2, 3, 4], i => i[1..]),
        ["x[rows]"] = (x => x[Rows], (x, v) => x[Rows] = v, [2, 3, 4], i => [1 - i[0], i[1], i[2]]),
        ["x[grid]"] = (x => x[Grid], null, [2, 2, 3, 4], i => [(i[0] + i[1]) % 2, i[2], i[3]]),
        ["x[.., rows]"] = (x => x[.., TensorIndex.Tensor(Rows)], (x, v) => x[.., TensorIndex.Tensor(Rows)] = v, [2, 2, 4], i => [i[0], 1, i[2]]),
        ["x[..., grid]"] = (x => x[TensorIndex.Ellipsis, TensorIndex.Tensor(Grid)], null, [2, 3, 2, 2], i => [i[0], i[1], (i[2] + i[3]) % 2]),
        ["x[rows, grid]"] = (x => x[Rows, Grid], null, [2, 2, 4], i => [1 - i[1], (i[0] + i[1]) % 2, i[2]]),
        ["x[rows, .., rows]"] = (x => x[TensorIndex.Tensor(Rows), .., TensorIndex.Tensor(Rows)], (x, v) => x[TensorIndex.Tensor(Rows), .., TensorIndex.Tensor(Rows)] = v, [2, 3], i => [1 - i[0], i[1], i[0] == 0 ? 1 : 2]),
        ["x[.., 0, rows]"] = (x => x[.., 0, TensorIndex.Tensor(Rows)], (x, v) => x[.., 0, TensorIndex.Tensor(Rows)] = v, [2, 2], i => [i[0], 0, i[1] == 0 ? 1 : 2]),
        ["x[0-d]"] = (x => x[Integers([], -1)], (x, v) => x[Integers([], -1)] = v, [3, 4], i => [1, i[0], i[1]]),
        ["x[int32]"] = (x => x[Rows.@int()], null, [2, 3, 4], i => [1 - i[0], i[1], i[2]]),
        ["x[mask]"] = (x => x[Mask], (x, v) => x[Mask] = v, [3, 4], i => [.. MaskPlaces[i[0]], i[1]]),
        ["x[mask, 1:3]"] = (x => x[TensorIndex.Tensor(Mask), 1..3], (x, v) => x[TensorIndex.Tensor(Mask), 1..3] = v, [3, 2], i => [.. MaskPlaces[i[0]], i[1] + 1]),
        ["x[.., mask]"] = (x => x.permute(2, 0, 1)[.., TensorIndex.Tensor(Mask)], null, [4, 3], i => [.. MaskPlaces[i[1]], i[0]]),
        ["x[empty]"] = (x => x[Integers([0])], null, [0, 3, 4], i => i),
        ["index_select"] = (x => x.index_select(1, Integers([4], 2, 0, 2, 1)), null, [2, 4, 4], i => [i[0], new long[] { 2, 0, 2, 1 }[i[1]], i[2]]),
        ["index_copy_"] = (x => x.index_select(1, Integers([2], 2, 0)), (x, v) => x.index_copy_(1, Integers([2], 2, 0), v), [2, 2, 4], i => [i[0], 2 - (2 * i[1]), i[2]]),
        ["take"] = (x => x.take(Integers([2, 2], 3, -1, 0, 3)), null, [2, 2], i => Places([2, 3, 4]).ElementAt((int)new long[] { 3, 23, 0, 3 }[(i[0] * 2) + i[1]])),
        ["gather"] = (x => x.gather(1, Integers([2, 1, 2], 2, 0, 2, 1)), (x, v) => x.scatter_(1, Integers([2, 1, 2], 2, 0, 2, 1), v), [2, 1, 2], i => [i[0], new long[] { 2, 0, 2, 1 }[(i[0] * 2) + i[2]], i[2]]),
        ["gather more"] = (x => x.gather(2, Integers([1, 2, 6], 3, 3, 1, 0, 2, 2, 0, 0, 1, 2, 3, 3)), null, [1, 2, 6], i => [0, i[1], new long[] { 3, 3, 1, 0, 2, 2, 0, 0, 1, 2, 3, 3 }[(i[1] * 6) + i[2]]]),
        ["take_along_dim"] = (x => x.take_along_dim(Integers([2, 1, 2], 2, 0, 2, 1), 2), null, [2, 3, 2], i => [i[0], i[1], new long[] { 2, 0, 2, 1 }[(i[0] * 2) + i[2]]]),
        ["masked_select"] = (x => x.permute(2, 0, 1).masked_select(Mask), null, [12], i => [.. MaskPlaces[i[0] % 3], i[0] / 3]),
        ["masked_scatter_"] = (x => x.permute(2, 0, 1).masked_select(Mask), (x, v) => x.permute(2, 0, 1).masked_scatter_(Mask, v), [12], i => [.. MaskPlaces[i[0] % 3], i[0] / 3]),
    };

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Reading_takes_the_right_places_and_sends_its_gradient_there(string name)
    {
        var (get, _, shape, place) = Table[name];
        CheckPlaces([2, 3, 4], x => get(x), shape, place);
    }

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Writing_changes_the_right_places_and_takes_their_gradient_away(string name)
    {
        var (_, set, shape, place) = Table[name];
        if (set is null)
        {
            return;
        }

        foreach (var source in Layouts([2, 3, 4]))
        {
            var count = (int)Shapes.Count(shape);
            var value = Tensor(shape, [.. Enumerable.Range(100, count).Select(n => (float)n)]);
            var expected = Values(source);
            var weights = Enumerable.Range(1, 24).Select(n => (float)n).ToArray();
            var (rest, taken) = ((float[])weights.Clone(), new float[count]);
            var number = 0;
            foreach (var index in Places(shape))
            {
                var at = Flat(place(index), [2, 3, 4]);
                (expected[at], taken[number], rest[at]) = (100 + number, weights[at], 0);
                number++;
            }

            // Outside the graph, and recorded.
            var plain = source.clone();
            set(plain, value);
            Assert.Equal(expected, Values(plain));

            var x = source.detach().requires_grad_();
            var y = value.detach().requires_grad_();
            var changed = x.clone();
            set(changed, y);
            Assert.Equal(expected, Values(changed));
            changed.backward([Tensor([2, 3, 4], weights)]);
            Assert.Equal(rest, Values(x.grad!));
            Assert.Equal(taken, Values(y.grad!));
        }
    }

    [Fact]
    public void Two_ellipses_in_one_index_are_refused() => Assert.Contains("single ellipsis",
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => torch.zeros(2, 3, 4)[torch.TensorIndex.Ellipsis, 0, torch.TensorIndex.Ellipsis]).Message, StringComparison.Ordinal);

    [Fact]
    public void A_constant_becomes_part_of_the_graph_when_a_recorded_value_is_written_into_it()
    {
        var x = torch.Tensor.Zeros(ScalarType.Float32, 2, 3);
        var y = Tensor([], 5).requires_grad_();
        x[Integers([2], 1, 0), Integers([2], 2, 0)] = y;
        Assert.Equal([5, 0, 0, 0, 0, 5], Values(x));
        x.backward([Tensor([2, 3], 1, 2, 3, 4, 5, 6)]);
        Assert.Equal(7, y.grad!.item<float>());
    }

    [Fact]
    public void Values_broadcast_and_numbers_are_written_as_they_are()
    {
        var x = torch.Tensor.Zeros(ScalarType.Float32, 2, 3);
        x[0] = Tensor([1, 1, 1], 2);
        x[.., 2] = Tensor([2], 7, 8);
        x[Truths([2, 3], false, true, false, false, true, false)] = Tensor([], 9);
        Assert.Equal([2, 9, 7, 0, 9, 8], Values(x));
        x.index_put_((Scalar)4, Integers([1], 1));
        x.index_fill_(1, Integers([1], 0), 3);
        Assert.Equal([3, 9, 7, 3, 4, 4], Values(x));
    }

    [Fact]
    public void Accumulating_adds_every_value_also_where_a_place_is_named_twice()
    {
        var x = Tensor([3, 2], 1, 1, 1, 1, 1, 1).requires_grad_();
        var v = Tensor([3, 2], 1, 2, 3, 4, 5, 6).requires_grad_();
        var index = Integers([3], 0, 2, 0);
        foreach (var sum in new[] { x.clone().index_put_(v, [index], accumulate: true), x.clone().index_add_(0, index, v, 1), x.index_add(0, index, v, 1) })
        {
            Assert.Equal([7, 9, 1, 1, 4, 5], Values(sum));
            x.grad = null;
            v.grad = null;
            sum.backward([Tensor([3, 2], 1, 2, 3, 4, 5, 6)]);
            Assert.Equal([1, 2, 3, 4, 5, 6], Values(x.grad!));
            Assert.Equal([1, 2, 5, 6, 1, 2], Values(v.grad!));
        }

        var scattered = torch.Tensor.Zeros(ScalarType.Int64, 2, 2).scatter_add(1, Integers([2, 3], 0, 1, 0, 1, 1, 1), Integers([2, 3], 1, 2, 3, 4, 5, 6));
        Assert.Equal([4, 2, 0, 15], scattered.data<long>().ToArray());
    }

    [Fact]
    public void A_selection_has_a_second_derivative()
    {
        var x = Tensor([3], 2, 3, 4).requires_grad_();
        var taken = x[Integers([2], 2, 2)];
        var first = autograd.grad([taken.mul(taken).mul(taken)], [x], [Tensor([2], 1, 1)], create_graph: true)[0];
        Assert.Equal([0, 0, 96], Values(first));
        first.backward([Tensor([3], 1, 1, 1)]);
        Assert.Equal([0, 0, 48], Values(x.grad!));
    }

    [Fact]
    public void The_row_of_the_padding_gets_no_gradient_and_rows_that_occur_often_get_all_of_theirs()
    {
        var weight = Tensor([3, 2], 1, 2, 3, 4, 5, 6).requires_grad_();
        var rows = Gathering.Rows(weight, Integers([2, 2], 2, 1, 2, 2), paddingIndex: 1);
        Assert.Equal([2, 2, 2], rows.shape);
        Assert.Equal([5, 6, 3, 4, 5, 6, 5, 6], Values(rows));
        rows.backward([Tensor([2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8)]);
        Assert.Equal([0, 0, 0, 0, 13, 16], Values(weight.grad!));
    }

    [Fact]
    public void The_bits_of_an_embedding_and_its_gradient_do_not_depend_on_threads()
    {
        var random = new Random(3);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5) * MathF.Pow(10, random.Next(6)))];
        var table = Tensor([50, 100], Draw(5000));
        var indices = Integers([3000], [.. Enumerable.Range(0, 3000).Select(_ => (long)random.Next(50))]);
        var gradient = Tensor([3000, 100], Draw(300_000));
        var before = TorchSharp.Kernels.Workers.Count;
        try
        {
            var results = new List<float[]>();
            foreach (var threads in new[] { 1, 2, 3 })
            {
                TorchSharp.Kernels.Workers.Count = threads;
                var weight = table.detach().requires_grad_();
                var rows = Gathering.Rows(weight, indices);
                rows.backward([gradient]);
                results.Add([.. Values(rows), .. Values(weight.grad!)]);
            }

            Assert.Equal(results[0], results[1]);
            Assert.Equal(results[0], results[2]);

            // In the order of occurrence, one after the other.
            var expected = new float[5000];
            var (numbers, values) = (indices.data<long>().ToArray(), Values(gradient));
            for (var i = 0; i < values.Length; i++)
            {
                expected[(numbers[i / 100] * 100) + (i % 100)] += values[i];
            }

            Assert.Equal(expected, results[0][300_000..]);
        }
        finally
        {
            TorchSharp.Kernels.Workers.Count = before;
        }
    }

    [Fact]
    public void Places_of_true_elements_come_in_logical_order()
    {
        var places = Mask.T.nonzero();
        Assert.Equal([3, 2], places.shape);
        Assert.Equal([0, 1, 1, 0, 1, 1], places.data<long>().ToArray());
        var lists = torch.where(Mask);
        Assert.Equal([0, 1, 1], lists[0].data<long>().ToArray());
        Assert.Equal([1, 0, 1], lists[1].data<long>().ToArray());
        Assert.Equal([1, 0], Truths([], true).nonzero().shape);
        Assert.Equal([0, 2], Truths([0, 4]).nonzero().shape);
    }

    [Fact]
    public void Triangles_keep_what_lies_on_and_beside_a_diagonal()
    {
        foreach (var source in Layouts([2, 3, 4]))
        {
            for (var k = -4; k <= 5; k++)
            {
                var x = source.detach().requires_grad_();
                var lower = x.tril(k);
                var upper = x.triu(k);
                lower.backward([source]);
                Assert.Equal(Values(lower), Values(x.grad!));
                x.grad = null;
                upper.backward([source]);
                Assert.Equal(Values(upper), Values(x.grad!));
                foreach (var place in Places([2, 3, 4]))
                {
                    var value = Values(source)[Flat(place, [2, 3, 4])];
                    Assert.Equal(place[2] - place[1] <= k ? value : 0, lower[place].item<float>());
                    Assert.Equal(place[2] - place[1] >= k ? value : 0, upper[place].item<float>());
                }
            }
        }
    }

    [Fact]
    public void A_diagonal_goes_into_a_matrix_and_comes_back()
    {
        var x = Tensor([2], 3, 4).requires_grad_();
        var matrix = x.diag(-1);
        Assert.Equal([3, 3], matrix.shape);
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 4, 0], Values(matrix));
        var back = matrix.diag(-1);
        Assert.Equal([3, 4], Values(back));
        back.backward([Tensor([2], 1, 2)]);
        Assert.Equal([1, 2], Values(x.grad!));
        Assert.Equal([0, 1, 0, 0, 0, 2, 0, 0, 0], Values(Tensor([1, 2], 1, 2).diag_embed(1)));
        Assert.Equal([2, 3, 2], Tensor([3, 2], 1, 2, 3, 4, 5, 6).diag_embed(0, 0, -1).shape);
    }

    [Theory]
    [InlineData("index", "index 2 is out of bounds for dimension 0 with size 2 of [2, 3]")]
    [InlineData("mask", "the shape of the mask [3] at index 0 does not match the shape of the indexed tensor [2, 3] at index 0")]
    [InlineData("many", "too many indices (3) for a tensor of shape [2, 3]")]
    [InlineData("lists", "shape mismatch: indexing tensors could not be broadcast together with shapes [2], [3]")]
    [InlineData("floats", "tensors used as indices must be Int64 or Int32, but one is Float32")]
    [InlineData("index_select", "index -1 is out of bounds for dimension 1 with size 3 of [2, 3]")]
    [InlineData("gather", "size does not match at dimension 0: expected index [3, 1] to be no larger than [2, 3] apart from dimension 1")]
    [InlineData("scatter_", "expected index [2, 2] to be no larger than src [2, 1]")]
    [InlineData("put", "shape mismatch: value tensor of shape [4] cannot be broadcast to indexing result of shape [1, 3]")]
    [InlineData("types", "requires the source and destination dtypes match, got Float32 for the destination and Int64 for the source")]
    [InlineData("take", "index 6 is out of bounds for dimension 0 with size 6 of [6]")]
    [InlineData("embedding", "index 5 is out of bounds for dimension 0 with size 2 of [2, 3]")]
    [InlineData("masked_scatter_", "6 elements of the mask are true, but the source of shape [5] has only 5")]
    [InlineData("index_add_", "the source must have the shape [1, 3], as many entries along dimension 0 of [2, 3] as there are indices, but it has [2, 3]")]
    public void Wrong_indices_are_named(string what, string message)
    {
        var x = Tensor([2, 3], 1, 2, 3, 4, 5, 6);
        var error = Assert.Throws<ExternalException>(() => what switch
        {
            "index" => x[Integers([1], 2)],
            "mask" => x[Truths([3], true, true, true)],
            "many" => x[0, 1, 2],
            "lists" => x[Integers([2], 0, 0), Integers([3], 0, 0, 0)],
            "floats" => x[x],
            "index_select" => x.index_select(1, Integers([1], -1)),
            "gather" => x.gather(1, Integers([3, 1], 0, 0, 0)),
            "scatter_" => x.scatter_(1, Integers([2, 2], 0, 0, 0, 0), Tensor([2, 1], 1, 2)),
            "put" => x.index_put_(Tensor([4], 1, 2, 3, 4), Integers([1], 0)),
            "types" => x.index_put_(Integers([], 4), Integers([1], 0)),
            "take" => x.take(Integers([1], 6)),
            "embedding" => Gathering.Rows(x, Integers([1], 5)),
            "masked_scatter_" => x.masked_scatter_(Truths([], true), Tensor([5], 1, 2, 3, 4, 5)),
            _ => x.index_add_(0, Integers([1], 0), x, 1),
        });
        Assert.EndsWith(": " + message, error.Message, StringComparison.Ordinal);
    }
}
