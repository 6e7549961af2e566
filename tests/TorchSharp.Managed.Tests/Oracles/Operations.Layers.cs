using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Layers() => new()
    {
        ["Linear"] = Within(2, c => c.Load(Linear(c.Long("size"), c.Long("output"), c.Flag("bias", true))).call(c[0])),
        ["Bilinear"] = Within(2, c => c.Load(Bilinear(c.Long("size1"), c.Long("size2"), c.Long("output"))).call(c[0], c[1])),
        ["Embedding"] = Exactly(c => c.Load(Embedding(c.Long("count"), c.Long("size"), c.LongOrNull("padding_idx"))).call(c[0])),
        ["LayerNorm"] = Within(2, c => c.Load(LayerNorm(c.Longs("shape"), c.Number("eps", 1e-5), c.Flag("affine", true))).call(c[0]), 3),
        ["BatchNorm1d"] = Within(2, c => Normalised(c, c.Load(BatchNorm1d(c.Long("features"), 1e-5, c.Number("momentum", 0.1), c.Flag("affine", true), c.Flag("tracking", true)))), 3),
        ["BatchNorm2d"] = Within(2, c => Normalised(c, c.Load(BatchNorm2d(c.Long("features"), 1e-5, c.Number("momentum", 0.1), c.Flag("affine", true), c.Flag("tracking", true)))), 3),
        ["GroupNorm"] = Within(2, c => c.Load(GroupNorm(c.Long("groups"), c.Long("channels"), 1e-5, c.Flag("affine", true))).call(c[0]), 3),
        ["InstanceNorm1d"] = Within(2, c => c.Load(InstanceNorm1d(c.Long("features"), 1e-5, 0.1, c.Flag("affine"))).call(c[0]), 3),
        ["Conv1d"] = Within(2, c => c.Load(MakeConv1d(c)).call(c[0])),
        ["Conv2d"] = Within(2, c => c.Load(MakeConv2d(c)).call(c[0])),
        ["PReLU"] = Exactly(c => c.Load(PReLU(c.Long("count"))).call(c[0])),
        ["RNN"] = Within(2, c => Listed(c.Load(RNN(c.Long("size"), c.Long("hidden"), c.Long("layers", 1), NonLinearity(c), c.Flag("bias", true), c.Flag("batch_first"), 0, c.Flag("bidirectional"))).call(c[0], c.Optional(1))), 3),
        ["GRU"] = Within(2, c => Listed(c.Load(GRU(c.Long("size"), c.Long("hidden"), c.Long("layers", 1), c.Flag("bias", true), c.Flag("batch_first"), 0, c.Flag("bidirectional"))).call(c[0], c.Optional(1))), 3),
        ["LSTM"] = Within(2, c => Listed(c.Load(LSTM(c.Long("size"), c.Long("hidden"), c.Long("layers", 1), c.Flag("bias", true), c.Flag("batch_first"), 0, c.Flag("bidirectional"))).call(c[0], Pair(c))), 3),
        ["RNNCell"] = Within(2, c => c.Load(RNNCell(c.Long("size"), c.Long("hidden"), NonLinearity(c), c.Flag("bias", true))).call(c[0], c[1]), 3),
        ["GRUCell"] = Within(2, c => c.Load(GRUCell(c.Long("size"), c.Long("hidden"), c.Flag("bias", true))).call(c[0], c[1]), 3),
        ["LSTMCell"] = Within(2, c => Listed(c.Load(LSTMCell(c.Long("size"), c.Long("hidden"), c.Flag("bias", true))).call(c[0], Pair(c))), 3),
        ["MultiheadAttention"] = Within(2, c => Attended(c), 3),
        ["TransformerEncoderLayer"] = Within(2, c => c.Load(EncoderLayer(c)).call(c[0], Mask(c, "src_mask")!, Mask(c, "src_key_padding_mask")!), 3),
        ["TransformerDecoderLayer"] = Within(2, c => c.Load(DecoderLayer(c)).call(c[0], c[1], Mask(c, "tgt_mask"), Mask(c, "memory_mask"), Mask(c, "tgt_key_padding_mask"), Mask(c, "memory_key_padding_mask")), 3),
        ["TransformerEncoder"] = Within(2, c => c.Load(TransformerEncoder(EncoderLayer(c), c.Long("layers"))).call(c[0], Mask(c, "mask"), Mask(c, "src_key_padding_mask")), 3),
        ["TransformerDecoder"] = Within(2, c => c.Load(TransformerDecoder(DecoderLayer(c), c.Long("layers"))).call(c[0], c[1], Mask(c, "tgt_mask"), Mask(c, "memory_mask"), Mask(c, "tgt_key_padding_mask"), Mask(c, "memory_key_padding_mask")), 3),
        ["Transformer"] = Within(2, c => Transformed(c), 3),
        ["TwoLayers"] = Within(2, c => c.Load(Sequential(Linear(c.Long("size"), c.Long("inner")), GELU(), LayerNorm(c.Long("inner")), Linear(c.Long("inner"), c.Long("output")))).call(c[0]), 3),
    };

    private static NonLinearities NonLinearity(OracleCase c) => c.Text("nonlinearity") == "relu" ? NonLinearities.ReLU : NonLinearities.Tanh;

    private static Activations Activation(OracleCase c) => c.Text("activation") == "gelu" ? Activations.GELU : Activations.ReLU;

    private static (Tensor, Tensor)? Pair(OracleCase c) => c.Inputs.Length > 2 ? (c[1], c[2]) : null;

    /// <summary>The mask that the case names, or null: masks stand after the plain inputs, in the order of the argument "masks".</summary>
    private static Tensor? Mask(OracleCase c, string name)
    {
        var masks = c.Texts("masks");
        for (var i = 0; i < masks.Count; i++)
        {
            if (masks[i] == name)
            {
                return c.Inputs[c.Inputs.Length - masks.Count + i];
            }
        }

        return null;
    }

    private static Tensor[] Normalised<T>(OracleCase c, T module)
        where T : nn.Module<Tensor, Tensor>
    {
        module.train(c.Flag("training", true));
        return [module.call(c[0]), .. module.named_buffers().Where(pair => pair.name.StartsWith("running", StringComparison.Ordinal)).Select(pair => pair.buffer)];
    }

    private static Conv1d MakeConv1d(OracleCase c) => c.Text("padding") == "same"
        ? Conv1d(c.Long("channels"), c.Long("output"), c.Long("kernel"), TorchSharp.Padding.Same, 1, c.Long("dilation", 1))
        : Conv1d(c.Long("channels"), c.Long("output"), c.Long("kernel"), c.Long("stride", 1), c.Long("padding"), c.Long("dilation", 1), Padding(c.Text("mode", "zeros")), c.Long("groups", 1), c.Flag("bias", true));

    private static Conv2d MakeConv2d(OracleCase c) => c.Text("padding") == "same"
        ? Conv2d(c.Long("channels"), c.Long("output"), c.Long("kernel"), TorchSharp.Padding.Same, 1, c.Long("dilation", 1))
        : Conv2d(c.Long("channels"), c.Long("output"), c.Long("kernel"), c.Long("stride", 1), c.Long("padding"), c.Long("dilation", 1), Padding(c.Text("mode", "zeros")), c.Long("groups", 1), c.Flag("bias", true));

    private static Tensor[] Attended(OracleCase c)
    {
        var module = c.Load(MultiheadAttention(c.Long("size"), c.Long("heads"), 0, c.Flag("bias", true), c.Flag("bias_kv"), c.Flag("zero_attn"), c.LongOrNull("kdim"), c.LongOrNull("vdim")));
        var (output, weights) = module.call(c[0], c[1], c[2], Mask(c, "key_padding_mask"), true, Mask(c, "attn_mask"));
        return [output, weights];
    }

    private static TransformerEncoderLayer EncoderLayer(OracleCase c) => TransformerEncoderLayer(c.Long("size"), c.Long("heads"), c.Long("inner"), 0, Activation(c));

    private static TransformerDecoderLayer DecoderLayer(OracleCase c) => TransformerDecoderLayer(c.Long("size"), c.Long("heads"), c.Long("inner"), 0, Activation(c));

    private static Tensor Transformed(OracleCase c)
    {
        var module = c.Load(Transformer(c.Long("size"), c.Long("heads"), c.Long("encoders"), c.Long("decoders"), c.Long("inner"), 0, Activation(c)));
        return module.call(c[0], c[1], Mask(c, "src_mask"), Mask(c, "tgt_mask"), Mask(c, "memory_mask"), Mask(c, "src_key_padding_mask"), Mask(c, "tgt_key_padding_mask"), Mask(c, "memory_key_padding_mask"));
    }
}
