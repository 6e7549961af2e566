using System.Globalization;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Indexing() => new()
    {
        ["index"] = Exactly(c => c[0][Places(c.Text("form"))]),
        ["index_rows"] = Exactly(c => c[0][c[1]]),
        ["index_columns"] = Exactly(c => c[0][TensorIndex.Colon, TensorIndex.Tensor(c[1])]),
        ["index_pairs"] = Exactly(c => c[0][c[1], c[2]]),
        ["index_outer"] = Exactly(c => c[0][TensorIndex.Tensor(c[1]), TensorIndex.Colon, TensorIndex.Tensor(c[2])]),
        ["index_mask"] = Exactly(c => c[0][c[1]]),
        ["set_scalar"] = Exactly(c => InPlace(c[0], x => x[Places(c.Text("form"))] = tensor(c.Number("value"), x.dtype))),
        ["set_row"] = Exactly(c => InPlace(c[0], x => x[1] = c[1])),
        ["set_columns"] = Exactly(c => InPlace(c[0], x => x[TensorIndex.Colon, TensorIndex.Slice(1, 3)] = c[1])),
        ["set_rows"] = Exactly(c => InPlace(c[0], x => x[c[1]] = c[2])),
        ["set_mask"] = Exactly(c => InPlace(c[0], x => x[c[1]] = c[2])),
        ["set_mask_scalar"] = Exactly(c => InPlace(c[0], x => x[c[1]] = tensor(c.Number("value"), x.dtype))),
        ["index_select"] = Exactly(c => c[0].index_select(c.Long("dim"), c[1])),
        ["index_select_first"] = Exactly(c => c[0].index_select(0, tensor(new long[] { 2, 0, 2 }))),
        ["gather"] = Exactly(c => c[0].gather(c.Long("dim"), c[1])),
        ["scatter"] = Exactly(c => c[0].scatter(c.Long("dim"), c[1], c[2])),
        ["scatter_"] = Exactly(c => InPlace(c[0], x => x.scatter_(c.Long("dim"), c[1], c[2]))),
        ["scatter_add"] = Within(1, c => c[0].scatter_add(c.Long("dim"), c[1], c[2])),
        ["scatter_add_"] = Within(1, c => InPlace(c[0], x => x.scatter_add_(c.Long("dim"), c[1], c[2]))),
        ["index_add"] = Within(1, c => c[0].index_add(c.Long("dim"), c[1], c[2], c.Scalar("alpha"))),
        ["index_add_"] = Within(1, c => InPlace(c[0], x => x.index_add_(c.Long("dim"), c[1], c[2], c.Scalar("alpha")))),
        ["index_copy_"] = Exactly(c => InPlace(c[0], x => x.index_copy_(c.Long("dim"), c[1], c[2]))),
        ["index_put"] = Within(1, c => InPlace(c[0], x => x.index_put_(c[3], new[] { c[1], c[2] }, c.Flag("accumulate")))),
        ["take"] = Exactly(c => c[0].take(c[1])),
        ["masked_select"] = Exactly(c => c[0].masked_select(c[1])),
        ["nonzero"] = Exactly(c => c[0].nonzero()),
        ["where_indices"] = Exactly(c => where(c[0])),
        ["fill_"] = Exactly(c => InPlace(c[0], x => x.fill_(c.Scalar("value")))),
        ["zero_"] = Exactly(c => InPlace(c[0], x => x.zero_())),
        ["copy_"] = Exactly(c => InPlace(c[0], x => x.copy_(c[1]))),
    };

    private static TensorIndex[] Places(string form) => [.. form.Split(',').Select(Place)];

    private static TensorIndex Place(string text)
    {
        if (!text.Contains(':', StringComparison.Ordinal))
        {
            return text switch
            {
                "..." => TensorIndex.Ellipsis,
                "None" => TensorIndex.None,
                _ => TensorIndex.Single(long.Parse(text, CultureInfo.InvariantCulture)),
            };
        }

        long?[] parts = [.. text.Split(':').Select(part => part.Length == 0 ? (long?)null : long.Parse(part, CultureInfo.InvariantCulture)), null, null];
        return TensorIndex.Slice(parts[0], parts[1], parts[2]);
    }
}
