using static TorchSharp.torch;

namespace TransformerTutorial.Layers;

/// <summary>
/// Listens to a model: every tensor between its parts (the embedding, with positions, what each sublayer reads and writes, the sums that run through, the norms, the logits) is kept by name, in the order in which it was made.
/// It changes no result: what it keeps are copies without gradients, in memory until the trace is garbage.
/// </summary>
/// <remarks>Weights and scores of attention are an <see cref="Attention.AttentionTrace"/>'s; the two may stand in one another.</remarks>
/// <example>
/// <code>
/// var trace = ActivationTrace.Record(model, () => model.call(source, target));
/// trace["encoder.layers.0.feed_forward.hidden"]                          // (B, S, hidden)
/// trace.Records.Select(record => record.ToString())                      // what there is
/// </code>
/// </example>
public sealed class ActivationTrace
{
    private static readonly AsyncLocal<ActivationTrace?> Innermost = new();

    private readonly ActivationTrace? _outer;
    private readonly Dictionary<nn.Module, string> _names = new(ReferenceEqualityComparer.Instance);
    private readonly List<ActivationRecord> _records = [];

    private ActivationTrace(nn.Module model, ActivationTrace? outer)
    {
        _outer = outer;
        _names[model] = "";
        foreach (var (name, module) in model.named_modules())
        {
            _names[module] = name;
        }
    }

    /// <summary>What was recorded, in the order in which it was made.</summary>
    public IReadOnlyList<ActivationRecord> Records => _records;

    /// <summary>The last tensor of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message names those that there are.</exception>
    public Tensor this[string name] => _records.FindLast(record => record.Name == name)?.Values
        ?? throw new KeyNotFoundException(_records.Count == 0
            ? "Nothing of the model ran while the trace recorded."
            : $"No '{name}' was recorded; there are {string.Join(", ", _records.Select(record => record.Name).Distinct())}.");

    /// <summary>Records what runs of a model in an action, on this flow of control.</summary>
    /// <param name="model">The model; what runs outside it is not recorded.</param>
    /// <param name="run">What is to be listened to.</param>
    /// <returns>The trace, which has ended.</returns>
    public static ActivationTrace Record(nn.Module model, Action run)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(run);
        var outer = Innermost.Value;
        var trace = new ActivationTrace(model, outer);
        Innermost.Value = trace;
        try
        {
            run();
        }
        finally
        {
            Innermost.Value = outer;
        }

        return trace;
    }

    /// <summary>Gives a tensor to every trace that records here and knows the module.</summary>
    internal static void Add(nn.Module module, string part, Tensor values)
    {
        for (var trace = Innermost.Value; trace is not null; trace = trace._outer)
        {
            if (trace._names.TryGetValue(module, out var name))
            {
                using var detached = values.detach();
                trace._records.Add(new(name.Length == 0 ? part : $"{name}.{part}", detached.clone().DetachFromDisposeScope()));
            }
        }
    }
}
