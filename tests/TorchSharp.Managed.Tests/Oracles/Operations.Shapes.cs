using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Shapes() => new()
    {
        ["reshape"] = Exactly(c => c[0].reshape(c.Longs("shape"))),
        ["view"] = Exactly(c => c[0].view(c.Longs("shape"))),
        ["transpose"] = Exactly(c => c[0].transpose(c.Long("dim0"), c.Long("dim1"))),
        ["permute"] = Exactly(c => c[0].permute(c.Longs("dims"))),
        ["flatten"] = Exactly(c => c[0].flatten(c.Long("start_dim"), c.Long("end_dim"))),
        ["unflatten"] = Exactly(c => c[0].unflatten(c.Long("dim"), c.Longs("sizes"))),
        ["contiguous"] = Exactly(c => c[0].contiguous()),
        ["clone"] = Exactly(c => c[0].clone()),
        ["narrow"] = Exactly(c => c[0].narrow(c.Long("dim"), c.Long("start"), c.Long("length"))),
        ["select"] = Exactly(c => c[0].select(c.Long("dim"), c.Long("index"))),
        ["flip"] = Exactly(c => c[0].flip(c.Longs("dims"))),
        ["roll"] = Exactly(c => c[0].roll(c.Longs("shifts"), c.Longs("dims"))),
        ["roll_flat"] = Exactly(c => c[0].roll(c.Long("shifts"))),
        ["repeat"] = Exactly(c => c[0].repeat(c.Longs("sizes"))),
        ["tile"] = Exactly(c => c[0].tile(c.Longs("dims"))),
        ["tril"] = Exactly(c => c[0].tril(c.Long("diagonal"))),
        ["triu"] = Exactly(c => c[0].triu(c.Long("diagonal"))),
        ["tril_"] = Exactly(c => InPlace(c[0], x => x.tril_(c.Long("diagonal")))),
        ["triu_"] = Exactly(c => InPlace(c[0], x => x.triu_(c.Long("diagonal")))),
        ["diagonal"] = Exactly(c => c[0].diagonal(c.Long("offset"), c.Long("dim1"), c.Long("dim2"))),
        ["diag"] = Exactly(c => c[0].diag(c.Long("diagonal"))),
        ["unsqueeze"] = Exactly(c => c[0].unsqueeze(c.Long("dim"))),
        ["squeeze"] = Exactly(c => c[0].squeeze(c.LongOrNull("dim"))),
        ["expand"] = Exactly(c => c[0].expand(c.Longs("sizes"))),
        ["broadcast_to"] = Exactly(c => c[0].broadcast_to(c.Longs("shape"))),
        ["movedim"] = Exactly(c => c[0].movedim(c.Longs("source"), c.Longs("destination"))),
        ["swapaxes"] = Exactly(c => c[0].swapaxes(c.Long("axis0"), c.Long("axis1"))),
        ["t"] = Exactly(c => c[0].T),
        ["matrix_transpose"] = Exactly(c => c[0].mT),
        ["cat"] = Exactly(c => cat(c.Inputs, c.Long("dim"))),
        ["stack"] = Exactly(c => stack(c.Inputs, c.Long("dim"))),
        ["hstack"] = Exactly(c => hstack(c.Inputs)),
        ["vstack"] = Exactly(c => vstack(c.Inputs)),
        ["unbind"] = Exactly(c => c[0].unbind(c.Long("dim"))),
        ["split"] = Exactly(c => c[0].split(c.Long("size"), c.Int("dim"))),
        ["split_sizes"] = Exactly(c => c[0].split(c.Longs("sizes"), c.Long("dim"))),
        ["chunk"] = Exactly(c => c[0].chunk(c.Long("chunks"), c.Long("dim"))),
        ["repeat_interleave"] = Exactly(c => c[0].repeat_interleave(c.Long("repeats"), c.LongOrNull("dim"))),
        ["repeat_interleave_each"] = Exactly(c => c[0].repeat_interleave(c[1], c.Long("dim"))),
        ["pad"] = Exactly(c => nn.functional.pad(c[0], c.Longs("pad"), Padding(c.Text("mode")), c.Number("value"))),
        ["unfold"] = Exactly(c => nn.functional.unfold(c[0], c.Long("kernel"), c.Long("dilation"), c.Long("padding"), c.Long("stride"))),
        ["fold"] = Within(2, c => nn.functional.fold(c[0], c.Long("output_size"), c.Long("kernel"), c.Long("dilation"), c.Long("padding"), c.Long("stride"))),
        ["one_hot"] = Exactly(c => nn.functional.one_hot(c[0], c.Long("num_classes"))),
    };

    private static PaddingModes Padding(string mode) => mode switch
    {
        "zeros" => PaddingModes.Zeros,
        "reflect" => PaddingModes.Reflect,
        "replicate" => PaddingModes.Replicate,
        "circular" => PaddingModes.Circular,
        _ => PaddingModes.Constant,
    };
}
