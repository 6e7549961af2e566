using static TorchSharp.Managed.Tests.Errors.ErrorCase;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Misuses of indexing, gathering and scattering: indices past the end, masks and sources of other shapes, indices that are no whole numbers.</summary>
internal static class IndexErrors
{
    public static readonly ErrorCase[] Cases =
    [
        Of("an index past the end", () => Floats(2, 3)[2], "2", "dimension 0", "size 2", "[2, 3]"),
        Of("a negative index past the front", () => Floats(2, 3)[0, -4], "-4", "dimension", "size 3"),
        Of("an index of a number", () => Floats()[0], "[]"),
        Of("more indices than dimensions", () => Floats(2, 3)[0, 0, 0], "too many indices", "[2, 3]"),
        Of("a slice backwards", () => Floats(3)[TensorIndex.Slice(step: -1)], "step", "-1"),
        Of("a list of indices past the end", () => Floats(2, 3)[tensor(new long[] { 0, 5 })], "5", "dimension 0", "size 2", "[2, 3]"),
        Of("lists of indices that do not broadcast", () => Floats(4, 4)[tensor(new long[] { 0, 1 }), tensor(new long[] { 0, 1, 2 })], "[2]", "[3]"),
        Of("an index with a fraction", () => Floats(4)[Floats(2)], "Float32", "Int64"),
        Of("a mask of another shape", () => Floats(4)[Bools(3)], "[3]", "[4]"),
        Of("writing to a place past the end", () => { Floats(2, 3)[2] = Floats(3); }, "2", "dimension 0", "size 2"),
        Of("writing of another shape", () => { Floats(2, 3)[0] = Floats(2); }, "[2]", "[3]"),
        Of("writing of another shape to a list", () => { Floats(4)[tensor(new long[] { 0, 1 })] = Floats(3); }, "[3]", "[2]"),
        Of("writing of another type to a list", () => { Floats(4)[tensor(new long[] { 0, 1 })] = Longs(2); }, "Float32", "Int64"),
        Of("index_select past the end", () => Floats(2, 3).index_select(1, tensor(new long[] { 3 })), "index_select:", "3", "dimension 1", "[2, 3]"),
        Of("index_select by a matrix", () => Floats(2, 3).index_select(1, Longs(1, 1)), "index_select:", "[1, 1]", "vector"),
        Of("index_select by numbers with a fraction", () => Floats(2, 3).index_select(1, Floats(1)), "index_select:", "Float32", "Int64"),
        Of("index_select along a dimension that there is not", () => Floats(2, 3).index_select(2, Longs(1)), "index_select:", "[-2, 1]", "2"),
        Of("gather past the end", () => Floats(2, 3).gather(1, full([2, 1], 3, int64)), "gather:", "3", "dimension 1", "size 3", "[2, 3]"),
        Of("gather by a negative index", () => Floats(2, 3).gather(1, full([2, 1], -1, int64)), "gather:", "-1", "dimension 1", "size 3", "[2, 3]"),
        Of("gather by fewer dimensions", () => Floats(2, 3).gather(1, Longs(2)), "gather:", "[2]", "[2, 3]"),
        Of("gather by more rows", () => Floats(2, 3).gather(1, Longs(3, 1)), "gather:", "[3, 1]", "[2, 3]"),
        Of("gather by numbers with a fraction", () => Floats(2, 3).gather(1, Floats(2, 1)), "gather:", "Float32", "Int64"),
        Of("scatter past the end", () => Floats(2, 3).scatter(1, full([2, 1], 3, int64), Floats(2, 1)), "scatter", "3", "dimension 1", "[2, 3]"),
        Of("scatter of less than there are indices", () => Floats(2, 3).scatter(1, Longs(2, 2), Floats(2, 1)), "scatter", "[2, 2]", "[2, 1]"),
        Of("scatter_add past the end", () => Floats(2, 3).scatter_add(1, full([2, 1], 3, int64), Floats(2, 1)), "scatter_add", "3", "[2, 3]"),
        Of("take past the end", () => Floats(2, 3).take(tensor(new long[] { 6 })), "take:", "index 6", "size 6"),
        Of("take_along_dim", () => Floats(2, 3).take_along_dim(Longs(2), 1), "take_along_dim:", "[2, 3]", "[2]"),
        Of("index_add", () => Floats(2, 3).index_add(0, Longs(2), Floats(3, 3), 1), "index_add", "[2, 3]", "[3, 3]"),
        Of("index_fill past the end", () => Floats(2, 3).index_fill(0, tensor(new long[] { 2 }), 1), "index_fill", "2", "[2, 3]"),
        Of("index_put_ past the end", () => Floats(2, 3).index_put_(Floats(1, 3), TensorIndex.Tensor(tensor(new long[] { 2 }))), "2", "dimension 0", "[2, 3]"),
        Of("masked_select by numbers", () => Floats(2).masked_select(Floats(2)), "masked_select:", "Float32", "Bool"),
        Of("masked_select by another shape", () => Floats(2).masked_select(Bools(3)), "masked_select:", "[2]", "[3]"),
        Of("masked_scatter_ of too few", () => Floats(3).masked_scatter_(ones([3], @bool), Floats(2)), "masked_scatter_:", "3", "[2]"),
        Of("embedding past the end", () => nn.Embedding_from_pretrained(Floats(4, 2)).call(tensor(new long[] { 4 })), "embedding:", "4", "[4, 2]"),
        Of("embedding by a negative index", () => nn.Embedding_from_pretrained(Floats(4, 2)).call(tensor(new long[] { -1 })), "embedding:", "-1", "[4, 2]"),
        Of("embedding from a vector", () => nn.Embedding_from_pretrained(Floats(4)).call(Longs(4)), "[4]"),
        Of("bincount of negative numbers", () => bincount(tensor(new long[] { -1 })), "bincount:", "-1", "[1]"),
        Of("bincount of a matrix", () => bincount(Longs(2, 2)), "bincount:", "[2, 2]"),
        Of("one_hot of more classes than there are", () => nn.functional.one_hot(tensor(new long[] { 3 }), 3), "one_hot:", "3", "2"),
        Of("one_hot of numbers with a fraction", () => nn.functional.one_hot(Floats(3), 3), "one_hot:", "Float32", "Int64"),
    ];
}
