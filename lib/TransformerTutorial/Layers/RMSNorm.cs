using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerTutorial.Layers;

/// <summary>
/// Root-mean-square normalisation: every vector along the last dimension is divided by its root mean square and multiplied by a learnt weight,
/// <c>y = x / sqrt(mean(x²) + ε) · weight</c>. Unlike layer normalisation it subtracts no mean and adds no bias.
/// </summary>
/// <remarks>Source: B. Zhang and R. Sennrich, "Root Mean Square Layer Normalization", 2019, equation 4; TorchSharp 0.106 has no such layer. Shapes: (…, d) to (…, d).</remarks>
/// <example>A vector (3, 4) has the root mean square 3.5355, so it becomes (0.8485, 1.1314).</example>
public sealed class RMSNorm : nn.Module<Tensor, Tensor>
{
    private readonly double _epsilon;

    // The field's name is the parameter's name in state_dict, as in PyTorch's own layer.
    private readonly Parameter weight;

    /// <summary>Normalises vectors of a length.</summary>
    /// <param name="normalizedShape">The vectors' length d.</param>
    /// <param name="eps">Added to the mean square, so that zeros stay zeros.</param>
    public RMSNorm(long normalizedShape, double eps = 1e-6)
        : base(nameof(RMSNorm))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(normalizedShape);
        _epsilon = eps;
        weight = new Parameter(ones(normalizedShape));
        RegisterComponents();
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The last dimension has another length.</exception>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.ndim == 0 || input.shape[^1] != weight.shape[0])
        {
            throw new ArgumentException($"RMSNorm over {weight.shape[0]} features was given a tensor of shape [{string.Join(", ", input.shape)}].", nameof(input));
        }

        using var scope = NewDisposeScope();
        var meanSquare = input.square().mean([-1], keepdim: true);     // (…, 1)
        var result = input * (meanSquare + _epsilon).rsqrt() * weight; // (…, d)
        return result.MoveToOuterDisposeScope();
    }
}
