using TransformerTutorial.Attention;
using TransformerTutorial.Layers;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>Copies the parameters of PyTorch's and TorchSharp's <c>nn.Transformer</c>, found by their names in <c>state_dict</c>, into an <see cref="EncoderDecoder"/>'s two stacks.</summary>
internal static class TransformerWeights
{
    private static readonly (string Our, string Their)[] OfBoth =
        [(".feed_forward.up.", ".linear1."), (".feed_forward.down.", ".linear2."), (".o_proj.", ".out_proj."), (".in_proj.", ".in_proj_")];

    private static readonly (string Our, string Their)[] OfEncoder =
        [(".attention.", ".self_attn."), (".attention_residual.norm.", ".norm1."), (".feed_forward_residual.norm.", ".norm2."), .. OfBoth];

    private static readonly (string Our, string Their)[] OfDecoder =
    [
        (".self_attention.", ".self_attn."), (".self_attention_residual.norm.", ".norm1."), (".cross_attention.", ".multihead_attn."), (".cross_attention_residual.norm.", ".norm2."),
        (".feed_forward_residual.norm.", ".norm3."), .. OfBoth,
    ];

    /// <summary>Copies all or nothing.</summary>
    /// <exception cref="ArgumentException">A parameter is missing, superfluous or of another shape; the message names it.</exception>
    public static void Copy(EncoderDecoder model, IReadOnlyDictionary<string, Tensor> source)
    {
        var configuration = model.Configuration;
        if (configuration.Norm != NormKind.Layer || configuration.Activation == FeedForwardActivation.SwiGlu || (configuration.KeyValueHeads ?? configuration.Heads) != configuration.Heads)
        {
            throw new ArgumentException("nn.Transformer has layer normalisation, ReLU or GELU, and as many heads for keys and values as for queries; this model's configuration differs.", nameof(source));
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var own = model.state_dict();
        string[] stacks = ["encoder.", "decoder."];
        var unused = source.Keys.ToHashSet(StringComparer.Ordinal);
        var copies = new List<(Tensor Target, Tensor Source)>();
        foreach (var (name, target) in own.Where(one => stacks.Any(stack => one.Key.StartsWith(stack, StringComparison.Ordinal))))
        {
            var (theirs, part) = Counterpart(name);
            if (!source.TryGetValue(theirs, out var found))
            {
                throw new ArgumentException($"There is no {theirs}, from which {name} {MaskChecks.Text(target.shape)} comes.", nameof(source));
            }

            unused.Remove(theirs);
            var expected = target.shape.ToArray();
            expected[0] *= part is null ? 1 : 3;
            if (!found.shape.SequenceEqual(expected) || found.dtype != target.dtype)
            {
                throw new ArgumentException($"{theirs} is {MaskChecks.Text(found.shape)}, {found.dtype}; {name} needs it as {MaskChecks.Text(expected)}, {target.dtype}.", nameof(source));
            }

            copies.Add((target, part is { } third ? found.narrow(0, third * target.shape[0], target.shape[0]) : found));
        }

        if (unused.Count > 0)
        {
            var names = unused.Order(StringComparer.Ordinal).ToArray();
            throw new ArgumentException($"This model has no place for {string.Join(", ", names.Take(4))}{(names.Length > 4 ? $" and {names.Length - 4} more" : "")}.", nameof(source));
        }

        foreach (var (target, found) in copies)
        {
            target.copy_(found);
        }
    }

    // Their name for one of our parameters, and which third of it it is; null for all of it.
    private static (string Name, int? Third) Counterpart(string name)
    {
        var theirs = name;
        foreach (var (our, their) in name.StartsWith("encoder.", StringComparison.Ordinal) ? OfEncoder : OfDecoder)
        {
            theirs = theirs.Replace(our, their, StringComparison.Ordinal);
        }

        string[] thirds = [".q_proj.", ".k_proj.", ".v_proj."];
        for (var third = 0; third < 3; third++)
        {
            if (theirs.Contains(thirds[third], StringComparison.Ordinal))
            {
                return (theirs.Replace(thirds[third], ".in_proj_", StringComparison.Ordinal), third);
            }
        }

        return (theirs, null);
    }
}
