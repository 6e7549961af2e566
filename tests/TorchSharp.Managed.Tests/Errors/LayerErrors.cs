using static TorchSharp.Managed.Tests.Errors.ErrorCase;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Misuses of layers: inputs of another width or number of dimensions, sizes that no layer can have.</summary>
internal static class LayerErrors
{
    public static readonly ErrorCase[] Cases =
    [
        Of("Linear of another width", () => nn.Linear(3, 4).call(Floats(5, 2)), "linear:", "[5, 2]", "[4, 3]"),
        Of("Linear of whole numbers", () => nn.Linear(3, 4).call(Longs(5, 3)), "linear:", "Int64", "Float32"),
        Of("Linear of a negative width", () => nn.Linear(-3, 4), "Linear:", "[4, -3]"),
        Of("Bilinear", () => nn.Bilinear(3, 4, 5).call(Floats(2, 3), Floats(2, 5)), "bilinear:", "[2, 3]", "[2, 5]", "[5, 3, 4]"),
        Of("Embedding past the end", () => nn.Embedding(4, 2).call(tensor(new long[] { 1, 4 })), "embedding:", "4", "[4, 2]"),
        Of("Embedding by numbers with a fraction", () => nn.Embedding(4, 2).call(Floats(3)), "embedding:", "Float32", "Int64"),
        Of("Embedding with padding past the end", () => nn.Embedding(4, 2, padding_idx: 4), "Embedding:", "4"),
        Of<NotSupportedException>("Embedding with sparse gradients", () => nn.Embedding(4, 2, sparse: true), "Embedding", "sparse"),
        Of<ArgumentException>("EmbeddingBag of three dimensions", () => nn.EmbeddingBag(4, 2).call(Longs(2, 2, 2)), "[2, 2, 2]"),
        Of("LayerNorm of another width", () => nn.LayerNorm(4).call(Floats(2, 3)), "layer_norm:", "[4]", "[2, 3]"),
        Of("LayerNorm of whole numbers", () => nn.LayerNorm(4).call(Longs(2, 4)), "layer_norm:", "Int64", "[2, 4]"),
        Of("BatchNorm1d of other channels", () => nn.BatchNorm1d(4).call(Floats(2, 3)), "batch_norm:", "[2, 3]", "3", "[4]"),
        Of<ArgumentException>("BatchNorm1d of images", () => nn.BatchNorm1d(4).call(Floats(2, 4, 2, 2)), "BatchNorm1d", "[2, 4, 2, 2]"),
        Of<ArgumentException>("BatchNorm2d of rows", () => nn.BatchNorm2d(4).call(Floats(2, 4)), "BatchNorm2d", "[2, 4]"),
        Of("GroupNorm that does not divide", () => nn.functional.group_norm(Floats(2, 5), 2), "group_norm:", "2", "[2, 5]"),
        Of("GroupNorm of other channels", () => nn.GroupNorm(2, 4).call(Floats(2, 6)), "group_norm:", "[2, 6]", "[4]"),
        Of("Dropout of more than one", () => nn.Dropout(1.5).call(Floats(2)), "ropout:", "1.5", "0 and 1"),
        Of("Softmax along a dimension that there is not", () => nn.Softmax(2).call(Floats(2, 3)), "softmax:", "[-2, 1]", "2"),
        Of("PReLU of other channels", () => nn.PReLU(3).call(Floats(2, 4)), "prelu:", "[2, 4]", "[3]"),
        Of("Unflatten", () => nn.Unflatten(1, [2, 4]).call(Floats(2, 6)), "unflatten", "[2, 4]", "6"),
        Of("CosineSimilarity", () => nn.CosineSimilarity().call(Floats(2, 3), Floats(2, 4)), "[2, 3]", "[2, 4]"),

        // Convolution and pooling.
        Of("Conv1d of other channels", () => nn.Conv1d(3, 4, 2).call(Floats(1, 2, 8)), "conv1d:", "[1, 2, 8]", "[4, 3, 2]", "3"),
        Of("Conv2d of other channels", () => nn.Conv2d(3, 4, 2).call(Floats(1, 2, 8, 8)), "conv2d:", "[1, 2, 8, 8]", "[4, 3, 2, 2]", "3"),
        Of("Conv2d of a matrix", () => nn.Conv2d(3, 4, 2).call(Floats(8, 8)), "conv2d:", "[8, 8]", "[4, 3, 2, 2]"),
        Of("Conv2d of an image that is too small", () => nn.Conv2d(3, 4, 5).call(Floats(1, 3, 4, 4)), "conv2d:", "4", "5"),
        Of("Conv2d of whole numbers", () => nn.Conv2d(3, 4, 2).call(Longs(1, 3, 8, 8)), "conv2d:", "Int64", "Float32"),
        Of<ArgumentException>("Conv2d of groups that do not divide", () => nn.Conv2d(3, 4, 2, groups: 2), "Conv2d", "3", "4", "2"),
        Of("conv2d by no step", () => nn.functional.conv2d(Floats(1, 3, 8, 8), Floats(4, 3, 2, 2), strides: [0, 0]), "conv2d:", "stride"),
        Of("conv2d with another bias", () => nn.functional.conv2d(Floats(1, 3, 8, 8), Floats(4, 3, 2, 2), Floats(3)), "conv2d:", "[4]", "[3]"),
        Of("MaxPool2d of an image that is too small", () => nn.MaxPool2d(5).call(Floats(1, 3, 4, 4)), "max_pool2d:", "4", "5"),
        Of("MaxPool2d of a matrix", () => nn.MaxPool2d(2).call(Floats(4, 4)), "max_pool2d:", "[4, 4]"),
        Of("AvgPool2d with too much padding", () => nn.functional.avg_pool2d(Floats(1, 3, 4, 4), 2, padding: 2), "avg_pool2d:", "padding", "2"),
        Of("adaptive pooling to a negative length", () => nn.functional.adaptive_avg_pool2d(Floats(1, 3, 4, 4), -1), "adaptive_avg_pool2d:", "-1"),
        Of("MaxPool2d by more than can be counted", () => nn.functional.max_pool2d(Floats(1, 3, 4, 4), 4, dilation: long.MaxValue / 2), "max_pool2d:", $"{long.MaxValue / 2}"),
        Of("conv2d by more than can be counted", () => nn.functional.conv2d(Floats(1, 3, 8, 8), Floats(4, 3, 2, 2), dilation: [long.MaxValue / 2, 1]), "conv2d:", $"{long.MaxValue / 2}"),
        Of("fold", () => nn.functional.fold(Floats(1, 5, 4), 4, 2), "fold:", "[1, 5, 4]"),
        Of("interpolate without a size", () => nn.functional.interpolate(Floats(1, 1, 2, 2)), "interpolate:", "size"),

        // Recurrent networks.
        Of("RNN of another width", () => nn.RNN(3, 4).call(Floats(5, 2, 2)), "RNN:", "3", "[5, 2, 2]"),
        Of("LSTM of another width", () => nn.LSTM(3, 4).call(Floats(5, 2, 2)), "LSTM:", "3", "[5, 2, 2]"),
        Of("GRU of a vector", () => nn.GRU(3, 4).call(Floats(3)), "GRU:", "[3]"),
        Of("GRU with another state", () => nn.GRU(3, 4).call(Floats(5, 2, 3), Floats(1, 2, 3)), "GRU:", "[1, 2, 4]", "[1, 2, 3]"),
        Of("LSTM with another state", () => nn.LSTM(3, 4).call(Floats(5, 2, 3), (Floats(1, 2, 4), Floats(2, 2, 4))), "LSTM:", "[1, 2, 4]", "[2, 2, 4]"),
        Of("LSTMCell of another width", () => nn.LSTMCell(3, 4).call(Floats(2, 2)), "LSTMCell:", "3", "[2, 2]"),
        Of("GRUCell with another state", () => nn.GRUCell(3, 4).call(Floats(2, 3), Floats(2, 5)), "GRUCell:", "4", "[2, 3]", "[2, 5]"),
        Of<ArgumentException>("RNN without layers", () => nn.RNN(3, 4, 0), "numLayers 0"),
        Of("pack_padded_sequence of too long sequences", () => nn.utils.rnn.pack_padded_sequence(Floats(3, 2, 1), tensor(new long[] { 4, 1 })), "pack_padded_sequence:", "[4, 1]", "[3, 2, 1]"),
        Of("pack_padded_sequence out of order", () => nn.utils.rnn.pack_padded_sequence(Floats(3, 2, 1), tensor(new long[] { 1, 3 })), "pack_padded_sequence:", "[1, 3]", "decreasing"),
        Of("pad_sequence", () => nn.utils.rnn.pad_sequence([Floats(3, 2), Floats(3, 1)]), "pad_sequence:", "[3, 2]", "[3, 1]"),

        // Transformers.
        Of<ArgumentException>("MultiheadAttention that does not divide", () => nn.MultiheadAttention(6, 4), "6", "4"),
        Of("MultiheadAttention of another width", () => nn.MultiheadAttention(8, 2).call(Floats(3, 2, 6), Floats(3, 2, 6), Floats(3, 2, 6)), "MultiheadAttention:", "8", "[3, 2, 6]"),
        Of("MultiheadAttention of other batches", () => nn.MultiheadAttention(8, 2).call(Floats(3, 2, 8), Floats(3, 3, 8), Floats(3, 3, 8)), "MultiheadAttention:", "[3, 2, 8]", "[3, 3, 8]"),
        Of("MultiheadAttention with a mask of another shape", () => nn.MultiheadAttention(8, 2).call(Floats(3, 2, 8), Floats(4, 2, 8), Floats(4, 2, 8), null, false, Floats(3, 3)), "MultiheadAttention:", "attn_mask", "[3, 4]", "[3, 3]"),
        Of("MultiheadAttention with padding of another shape", () => nn.MultiheadAttention(8, 2).call(Floats(3, 2, 8), Floats(4, 2, 8), Floats(4, 2, 8), Bools(4, 2)), "MultiheadAttention:", "key_padding_mask", "[2, 4]", "[4, 2]"),
        Of("MultiheadAttention with a mask of whole numbers", () => nn.MultiheadAttention(8, 2).call(Floats(3, 2, 8), Floats(3, 2, 8), Floats(3, 2, 8), null, false, Longs(3, 3)), "MultiheadAttention:", "attn_mask", "Int64"),
        Of("Transformer of other widths", () => nn.Transformer(8, 2, 1, 1, 8).call(Floats(3, 2, 8), Floats(3, 2, 6)), "Transformer:", "8", "[3, 2, 8]", "[3, 2, 6]"),
        Of("Transformer of other batches", () => nn.Transformer(8, 2, 1, 1, 8).call(Floats(3, 2, 8), Floats(3, 4, 8)), "Transformer:", "[3, 2, 8]", "[3, 4, 8]"),
        Of("TransformerEncoderLayer of another width", () => nn.TransformerEncoderLayer(8, 2, 8).call(Floats(3, 2, 6)), "MultiheadAttention:", "8", "[3, 2, 6]"),
        Of("TransformerDecoderLayer of another memory", () => nn.TransformerDecoderLayer(8, 2, 8).call(Floats(3, 2, 8), Floats(3, 3, 8)), "MultiheadAttention:", "[3, 2, 8]", "[3, 3, 8]"),
    ];
}
