using static TorchSharp.Managed.Tests.Errors.ErrorCase;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Misuses of views, joining and splitting: lengths that cannot be, dimensions that there are not or that are named twice.</summary>
internal static class ShapeErrors
{
    public static readonly ErrorCase[] Cases =
    [
        Of("view to another number of elements", () => Floats(2, 3).view(4), "view:", "[4]", "[2, 3]"),
        Of("view that needs a copy", () => Floats(2, 3).t().view(6), "view:", "[6]", "[3, 2]", "reshape"),
        Of("view with two lengths to infer", () => Floats(2, 3).view(-1, -1), "view:", "[-1, -1]"),
        Of("view with an impossible length", () => Floats(2, 3).view(-2, 3), "view:", "-2"),
        Of("view that leaves a remainder", () => Floats(2, 3).view(-1, 4), "view:", "[-1, 4]", "[2, 3]"),
        Of("view of nothing with a length to infer", () => Floats(0, 3).view(-1, 0), "view:", "[-1, 0]"),
        Of("reshape", () => Floats(2, 3).reshape(5), "reshape:", "[5]", "[2, 3]"),
        Of("reshape past what can be counted", () => Floats(2, 3).reshape(long.MaxValue, 2), $"{long.MaxValue}"),
        Of("expand", () => Floats(2, 3).expand(2, 4), "expand:", "[2, 3]", "[2, 4]"),
        Of("expand to fewer dimensions", () => Floats(2, 3).expand(3), "expand:", "[2, 3]", "[3]"),
        Of("broadcast_to", () => Floats(2, 3).broadcast_to(2, 4), "[2, 3]", "[2, 4]"),
        Of("flatten from behind", () => Floats(2, 3).flatten(1, 0), "flatten:", "[2, 3]", "1", "0"),
        Of("flatten of a dimension that there is not", () => Floats(2, 3).flatten(0, 2), "flatten:", "[-2, 1]", "2"),
        Of("unflatten", () => Floats(2, 6).unflatten(1, 4, 2), "unflatten", "[4, 2]", "6"),

        // Dimensions that there are not.
        Of("transpose", () => Floats(2, 3).transpose(0, 2), "transpose:", "[-2, 1]", "2"),
        Of("t of three dimensions", () => Floats(2, 3, 4).t(), "t:", "[2, 3, 4]"),
        Of("permute of too few", () => Floats(2, 3, 4).permute(1, 0), "permute:", "[1, 0]", "[2, 3, 4]"),
        Of("permute of one twice", () => Floats(2, 3).permute(0, 0), "permute:", "0", "multiple times"),
        Of("movedim", () => Floats(2, 3).movedim([0, 1], [0]), "movedim:", "[0, 1]", "[0]"),
        Of("squeeze", () => Floats(2, 1).squeeze(2), "squeeze:", "[-2, 1]", "2"),
        Of("unsqueeze", () => Floats(2, 1).unsqueeze(4), "unsqueeze:", "[-3, 2]", "4"),
        Of("size", () => Floats(2, 1).size(2), "size:", "[-2, 1]", "2"),
        Of("size of a number", () => Floats().size(0), "size:", "[]"),
        Of("stride", () => Floats(2, 1).stride(-3), "stride:", "[-2, 1]", "-3"),
        Of("narrow past the end", () => Floats(2, 3).narrow(1, 2, 2), "narrow:", "[2, 3]", "2", "3"),
        Of("narrow by a negative length", () => Floats(2, 3).narrow(1, 0, -1), "narrow:", "-1"),
        Of("select", () => Floats(2, 3).select(1, 3), "select:", "3", "[2, 3]"),
        Of("slice backwards", () => Floats(2, 3).slice(1, 2, 0, -1), "slice:", "-1"),
        Of("diagonal of one dimension", () => Floats(2, 3).diagonal(0, 1, 1), "diagonal:", "[2, 3]", "1"),
        Of("diag of three dimensions", () => Floats(2, 3, 4).diag(), "diag:", "[2, 3, 4]"),
        Of("tril of a vector", () => Floats(3).tril(), "tril:", "[3]"),
        Of("triu of a vector", () => Floats(3).triu(), "triu:", "[3]"),
        Of("unfold of windows that are too long", () => Floats(3).unfold(0, 4, 1), "unfold:", "4", "[3]"),
        Of("as_strided beyond the memory", () => Floats(3).as_strided([2, 3], [3, 1]), "as_strided:", "[2, 3]", "[3, 1]"),
        Of("flip of one dimension twice", () => Floats(2, 3).flip(0, 0), "flip:", "0", "multiple times"),
        Of("as_strided further than can be counted", () => Floats(3).as_strided([1L << 40, 3], [1L << 40, 1]), "as_strided:", $"[{1L << 40}, 3]"),
        Of("fliplr of a vector", () => Floats(3).fliplr(), "fliplr:", "[3]"),
        Of("roll", () => Floats(2, 3).roll([1, 2], [0]), "roll:", "[1, 2]", "[0]"),
        Of("rot90 in one dimension", () => Floats(2, 3).rot90(1, (0, 0)), "rot90:", "[2, 3]"),
        Of("repeat of too few dimensions", () => Floats(2, 3).repeat(2), "repeat:", "[2]", "[2, 3]"),
        Of("repeat of a negative number of times", () => Floats(2).repeat(-1), "repeat:", "[-1]", "[2]"),
        Of("repeat_interleave", () => Floats(3).repeat_interleave(tensor(new long[] { 1, 2 })), "repeat_interleave:", "[3]"),
        Of("repeat_interleave by more than any tensor has", () => Floats(3).repeat_interleave(tensor(new long[] { 1, 2, long.MaxValue })), "repeat_interleave:", $"[1, 2, {long.MaxValue}]", "[3]"),
        Of("tile to too much memory", () => Floats(2).expand(1L << 31, 2).contiguous(), "allocate:"),
        Of("pad of an odd number of lengths", () => nn.functional.pad(Floats(2, 3), new long[] { 1, 2, 3 }), "pad:", "[1, 2, 3]", "[2, 3]"),
        Of("pad to less than nothing", () => nn.functional.pad(Floats(2, 3), (-2, -2)), "pad:", "[-2, -2]", "[2, 3]"),
        Of("pad by more than any tensor has", () => nn.functional.pad(Floats(2, 3), (long.MaxValue, 1)), "pad:", $"[{long.MaxValue}, 1]", "[2, 3]"),
        Of("pad by the edge by more than any tensor has", () => nn.functional.pad(Floats(2, 3), (int.MaxValue, int.MaxValue), PaddingModes.Replicate), "pad:", $"[{int.MaxValue}, {int.MaxValue}]", "[2, 3]"),
        Of("reflection further than the length", () => nn.functional.pad(Floats(2, 3), (3, 0), PaddingModes.Reflect), "pad:", "[3, 0]", "[2, 3]"),

        // Joining and splitting.
        Of("cat of nothing", () => cat([]), "cat:", "at least one"),
        Of("cat of other lengths", () => cat([Floats(2, 3), Floats(2, 4)], 0), "cat:", "[2, 3]", "[2, 4]", "number 1"),
        Of("cat of other numbers of dimensions", () => cat([Floats(2, 3), Floats(2)], 0), "cat:", "[2, 3]", "[2]"),
        Of("cat of numbers", () => cat([Floats(), Floats()], 0), "cat:", "zero-dimensional"),
        Of("cat along a dimension that there is not", () => cat([Floats(2, 3), Floats(2, 3)], 2), "cat:", "[-2, 1]", "2"),
        Of("stack of nothing", () => stack(Array.Empty<Tensor>()), "stack:", "at least one"),
        Of("stack of other shapes", () => stack([Floats(2, 3), Floats(3, 2)]), "stack:", "[2, 3]", "[3, 2]"),
        Of("stack along a dimension that there is not", () => stack([Floats(2), Floats(2)], 2), "stack:", "[-2, 1]", "2"),
        Of("vstack of other lengths", () => vstack([Floats(2), Floats(3)]), "vstack:", "[1, 2]", "[1, 3]"),
        Of("meshgrid of matrices", () => meshgrid([Floats(2, 2)], "ij"), "meshgrid:", "[2, 2]"),
        Of("meshgrid of an unknown order", () => meshgrid([Floats(2)], "ji"), "meshgrid:", "ji"),
        Of("split by nothing", () => Floats(4).split(0), "split:", "0", "[4]"),
        Of("split into lengths that do not add up", () => Floats(4).split([1, 2]), "split:", "[1, 2]", "[4]"),
        Of("split into lengths that add up by overflow", () => Floats(4).split([long.MaxValue, long.MaxValue, 6]), "split:", "[4]"),
        Of("split along a dimension that there is not", () => Floats(4).split(2, 1), "split:", "[-1, 0]", "1"),
        Of("chunk into none", () => Floats(4).chunk(0), "chunk:", "0"),
        Of("tensor_split into none", () => Floats(4).tensor_split(0), "tensor_split:", "0"),
        Of("unbind of a number", () => Floats().unbind(), "unbind:"),
    ];
}
