using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerTutorial.Layers;

/// <summary>How the weights of layers begin.</summary>
internal static class Initialization
{
    /// <summary>Weights uniform with variance 2 / (in + out) (X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010, equation 16), biases 0.</summary>
    public static void Xavier(Linear map)
    {
        using var noGradient = no_grad();
        nn.init.xavier_uniform_(map.weight!);
        map.bias?.zero_();
    }

    /// <summary>
    /// Vectors with normal numbers of variance 1 / d. Multiplied by √d where they enter a model they have the variance 1, like the codes of positions that are added; as the rows of an output matrix they give
    /// logits of variance about 1 for normalised vectors. So one matrix serves both.
    /// </summary>
    public static void Normal(Embedding embedding)
    {
        using var noGradient = no_grad();
        var table = embedding.weight!;
        nn.init.normal_(table, 0, 1 / Math.Sqrt(table.shape[1]));
    }
}
