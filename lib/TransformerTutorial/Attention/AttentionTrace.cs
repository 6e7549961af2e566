using TransformerTutorial.Plots;
using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// Listens to attention: while it records, every attention that runs (here and in what is awaited or started from here) leaves its weights and scores in <see cref="Records"/>, in the order in which they ran.
/// It changes no result: what it keeps are copies without gradients, in memory until the trace is garbage.
/// </summary>
/// <remarks>In a notebook a trace that is begun in one cell hears nothing of the next: a cell is where its flow of control ends. So give it what is to be listened to, as in the example.</remarks>
/// <example>
/// <code>
/// var trace = AttentionTrace.Record(model, () => model.call(ids));
/// trace.Show(words, title: "Every head looks somewhere else")
/// </code>
/// </example>
public sealed class AttentionTrace : IDisposable
{
    private static readonly AsyncLocal<AttentionTrace?> Innermost = new();

    private readonly AttentionTrace? _outer;
    private readonly Dictionary<nn.Module, string> _names = new(ReferenceEqualityComparer.Instance);
    private readonly List<AttentionRecord> _records = [];
    private readonly Lock _lock = new();
    private volatile bool _hasEnded;

    private AttentionTrace(nn.Module? model, AttentionTrace? outer)
    {
        _outer = outer;
        foreach (var (name, module) in model?.named_modules() ?? [])
        {
            _names[module] = name;
        }
    }

    /// <summary>What was recorded, in the order in which it ran.</summary>
    public IReadOnlyList<AttentionRecord> Records
    {
        get
        {
            lock (_lock)
            {
                return [.. _records];
            }
        }
    }

    /// <summary>Begins to record; disposing the trace ends it. Traces may stand in one another: each records all that runs inside it.</summary>
    /// <param name="model">Where the names of attentions come from: one inside this model is called as in <c>named_modules()</c>. Without it, each by its kind.</param>
    public static AttentionTrace Record(nn.Module? model = null)
    {
        var trace = new AttentionTrace(model, Current());
        Innermost.Value = trace;
        return trace;
    }

    /// <summary>Records what runs in an action.</summary>
    /// <param name="model">Where the names of attentions come from, or null.</param>
    /// <param name="run">What is to be listened to.</param>
    /// <returns>The trace, which has ended.</returns>
    public static AttentionTrace Record(nn.Module? model, Action run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var trace = Record(model);
        run();
        return trace;
    }

    /// <inheritdoc cref="Record(nn.Module?, Action)"/>
    public static AttentionTrace Record(Action run) => Record(null, run);

    /// <summary>Records what runs in an action until it is completed.</summary>
    /// <param name="model">Where the names of attentions come from, or null.</param>
    /// <param name="run">What is to be listened to.</param>
    /// <returns>The trace, which has ended.</returns>
    public static async Task<AttentionTrace> Record(nn.Module? model, Func<Task> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var trace = Record(model);
        await run().ConfigureAwait(false);
        return trace;
    }

    /// <inheritdoc cref="Record(nn.Module?, Func{Task})"/>
    public static Task<AttentionTrace> Record(Func<Task> run) => Record(null, run);

    /// <summary>Ends the recording. What was recorded stays readable.</summary>
    public void Dispose()
    {
        _hasEnded = true;
        Innermost.Value = Current();
    }

    /// <summary>Draws the maps of all records, or of some: one panel a head, queries downwards, keys from left to right.</summary>
    /// <param name="queryLabels">One label for each query.</param>
    /// <param name="keyLabels">One label for each key; null where the keys are the queries.</param>
    /// <param name="title">The finding, in one sentence; null for a plain description.</param>
    /// <param name="name">Draws only records of this name, or of a module inside the one of this name (<c>layers.1</c> stands for <c>layers.1.self</c>, not for <c>layers.10</c>); null for all.</param>
    /// <param name="sentence">Which sentence of the batch.</param>
    /// <param name="showScores">Draws scores instead of weights.</param>
    /// <param name="altText">What a person who cannot see the picture should know; null for a description of what is drawn.</param>
    /// <exception cref="InvalidOperationException">Nothing was recorded, or nothing of this name.</exception>
    /// <exception cref="ArgumentException">The labels are more or fewer than a record's queries or keys; the message names it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sentence.</exception>
    public FigureGrid Show(
        IEnumerable<string> queryLabels,
        IEnumerable<string>? keyLabels = null,
        string? title = null,
        string? name = null,
        int sentence = 0,
        bool showScores = false,
        string? altText = null)
    {
        ArgumentNullException.ThrowIfNull(queryLabels);
        var all = Records;
        AttentionRecord[] shown = [.. all.Where(record => name is null || record.Name == name || record.Name.StartsWith(name + ".", StringComparison.Ordinal))];
        if (shown.Length == 0)
        {
            throw new InvalidOperationException(all.Count == 0
                ? "No attention ran while the trace recorded, so there is nothing to show. A trace begun in one cell of a notebook hears nothing of the next: AttentionTrace.Record(() => …) in one cell does."
                : $"No attention '{name}' or inside it ran while the trace recorded; there are {string.Join(", ", all.Select(record => record.Name).Distinct())}.");
        }

        string[] queries = [.. queryLabels];
        string[] keys = keyLabels is null ? queries : [.. keyLabels];
        return AttentionMaps.Draw(shown, queries, keys, title, sentence, showScores, altText);
    }

    /// <summary>Whether a trace records here.</summary>
    internal static bool IsRecording => Current() is not null;

    /// <summary>Gives weights and scores to every trace that records here. Each calls them as its own model calls the module, or by their kind.</summary>
    internal static void Add(nn.Module? module, string kind, Tensor weights, Tensor scores)
    {
        for (var trace = Current(); trace is not null; trace = trace._outer)
        {
            if (!trace._hasEnded)
            {
                trace.Keep(module is not null && trace._names.TryGetValue(module, out var name) && name.Length > 0 ? name : kind, weights, scores);
            }
        }
    }

    // The innermost trace that has not ended.
    private static AttentionTrace? Current()
    {
        var trace = Innermost.Value;
        while (trace is { _hasEnded: true })
        {
            trace = trace._outer;
        }

        return trace;
    }

    private void Keep(string name, Tensor weights, Tensor scores)
    {
        var record = new AttentionRecord(name, Copy(weights), Copy(scores));
        lock (_lock)
        {
            _records.Add(record);
        }

        static Tensor Copy(Tensor tensor)
        {
            using var detached = tensor.detach();
            return detached.clone().DetachFromDisposeScope();
        }
    }
}
