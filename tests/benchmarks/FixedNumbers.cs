using static TorchSharp.torch;

namespace TransformerTutorial.Benchmarks;

/// <summary>Numbers that look random and are the same as those of torch_peer.py: both sides of a comparison begin with them.</summary>
internal static class FixedNumbers
{
    /// <summary>32 bits for a number.</summary>
    public static uint Mixed(long i)
    {
        var bits = unchecked((uint)i * 2654435761u);
        bits = unchecked((bits ^ (bits >> 16)) * 0x45d9f3bu);
        return bits ^ (bits >> 16);
    }

    /// <summary>Between -1/2 and 1/2.</summary>
    public static float Number(long i) => ((Mixed(i) >> 8) / 16777216f) - 0.5f;

    /// <summary>A tensor of them, from <paramref name="first"/> on.</summary>
    public static Tensor Numbers(long first, params long[] shape)
    {
        var values = new float[shape.Aggregate((product, length) => product * length)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Number(first + i);
        }

        return tensor(values).view(shape);
    }

    /// <summary>Fills parameters in the order of their names: matrices small, biases too, the scales of norms stay.</summary>
    public static void Fill(IEnumerable<(string Name, Tensor Value)> parameters)
    {
        using var mode = no_grad();
        foreach (var (place, (name, value)) in parameters.OrderBy(named => named.Name, StringComparer.Ordinal).Index())
        {
            if (value.dim() > 1)
            {
                value.copy_(Numbers(place, value.shape) * (2 / Math.Sqrt(value.shape[^1])));
            }
            else if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                value.copy_(Numbers(place, value.shape));
            }
        }
    }
}
