using System.Globalization;
using System.Text;
using TransformerTutorial.Layers;

namespace TransformerTutorial.Models;

/// <summary>What a Transformer costs for a batch of a size, computed from its configuration alone: parameters, floating-point operations, memory in Float32.</summary>
/// <remarks>
/// <para>Parameters are exact. Operations are those of the matrix products, a multiplication and an addition for each pair of numbers, padding included, scores computed and hidden ones too; softmax, norms, activations and sums are left out (a few percent).
/// The backward pass has two products for each one of the forward pass.</para>
/// <para>Activations are the numbers that the forward pass keeps for the backward pass: the inputs of norms and products, queries, keys, values, attention's weights, what dropout took, the logits and their softmax. They are an estimate: what is kept is up to the engine.</para>
/// </remarks>
/// <example><c>Console.WriteLine(configuration.Cost(batch: 32, source: 20, target: 20));</c> prints the tables.</example>
public sealed class TransformerCost
{
    private const int BytesOfANumber = 4;

    private TransformerCost(TransformerConfiguration configuration, long batch, long source, long target)
    {
        (Configuration, Batch, Source, Target) = (configuration, batch, source, target);
        ParametersByPart = [.. CountParameters().Where(item => item.Count > 0)];
        OperationsByPart = [.. CountOperations()];
        ActivationsByPart = [.. CountActivations()];
        CacheNumbers = configuration.DecoderLayers * batch * 2 * SharedWidth * (source + target);
    }

    /// <summary>What it is the cost of.</summary>
    public TransformerConfiguration Configuration { get; }

    /// <summary>How many sentences, B.</summary>
    public long Batch { get; }

    /// <summary>How many ids each has that is read, S.</summary>
    public long Source { get; }

    /// <summary>How many ids each has that is written, T.</summary>
    public long Target { get; }

    /// <summary>How many numbers each part learns. A shared table is counted once, in its first place.</summary>
    public IReadOnlyList<CostItem> ParametersByPart { get; }

    /// <summary>The floating-point operations of one forward pass.</summary>
    public IReadOnlyList<CostItem> OperationsByPart { get; }

    /// <summary>The numbers that a forward pass keeps for the backward pass, estimated.</summary>
    public IReadOnlyList<CostItem> ActivationsByPart { get; }

    /// <summary>How many numbers the model learns.</summary>
    public long Parameters => ParametersByPart.Sum(item => item.Count);

    /// <summary>The floating-point operations of one forward pass.</summary>
    public long ForwardOperations => OperationsByPart.Sum(item => item.Count);

    /// <summary>The floating-point operations of one training step, forwards and backwards.</summary>
    public long TrainingOperations => 3 * ForwardOperations;

    /// <summary>The parameters' memory, in bytes.</summary>
    public long WeightBytes => Parameters * BytesOfANumber;

    /// <summary>The gradients' memory, in bytes.</summary>
    public long GradientBytes => Parameters * BytesOfANumber;

    /// <summary>The memory of Adam's two running means, in bytes.</summary>
    public long AdamBytes => 2 * Parameters * BytesOfANumber;

    /// <summary>The memory of what a forward pass keeps for the backward pass, in bytes, estimated.</summary>
    public long ActivationBytes => ActivationsByPart.Sum(item => item.Count) * BytesOfANumber;

    /// <summary>The memory of a <see cref="DecoderCache"/> after the last word, in bytes: keys and values of T words and of S memory vectors in every layer.</summary>
    public long CacheBytes => CacheNumbers * BytesOfANumber;

    private long CacheNumbers { get; }

    // How wide keys and values of all their heads are.
    private long SharedWidth => (Configuration.KeyValueHeads ?? Configuration.Heads) * (Configuration.Width / Configuration.Heads);

    private bool IsGated => Configuration.Activation == FeedForwardActivation.SwiGlu;

    internal static TransformerCost Of(TransformerConfiguration configuration, long batch, long source, long target)
    {
        configuration.Validate();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(target);
        return Math.Max(source, target) <= configuration.MaximumLength
            ? new(configuration, batch, source, target)
            : throw new ArgumentException($"Sentences of {source} and {target} ids are longer than {nameof(configuration.MaximumLength)}, {configuration.MaximumLength}.");
    }

    /// <summary>Three tables: parameters, operations and memory.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Table("parameters", ParametersByPart, Parameters);
        Table(string.Create(CultureInfo.InvariantCulture, $"operations of a forward pass, B = {Batch}, S = {Source}, T = {Target}"), OperationsByPart, ForwardOperations);
        text.Append("memory in Float32\n");
        foreach (var (what, bytes) in new[] { ("weights", WeightBytes), ("gradients", GradientBytes), ("Adam's two means", AdamBytes), ("activations, estimated", ActivationBytes), ("cache after the last word", CacheBytes) })
        {
            text.Append(CultureInfo.InvariantCulture, $"  {what,-26}{bytes / 1048576.0,12:N2} MiB\n");
        }

        return text.ToString().TrimEnd('\n');

        void Table(string title, IReadOnlyList<CostItem> items, long total)
        {
            text.Append(title).Append('\n');
            foreach (var item in items)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {item.Part,-26}{item.Count,16:N0}{100.0 * item.Count / total,7:F1} %\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"  {"together",-26}{total,16:N0}\n");
        }
    }

    private IEnumerable<CostItem> CountParameters()
    {
        var c = Configuration;
        var (d, f, s) = (c.Width, c.FeedForwardWidth, SharedWidth);
        var attention = (2 * d * d) + (2 * d * s) + (c.HasBias ? (2 * d) + (2 * s) : 0);
        var feedForward = ((IsGated ? 3 : 2) * d * f) + (c.HasBias ? ((IsGated ? 2 : 1) * f) + d : 0);
        var norm = c.Norm == NormKind.Layer ? 2 * d : d;
        var last = c.EndsWithNorm ? 1 : 0;
        var positions = c.Positions == PositionKind.Learned ? c.MaximumLength * d : 0;
        yield return new(c.Sharing == EmbeddingSharing.All ? "word vectors, shared" : "source word vectors", c.SourceVocabulary * d);
        yield return new(c.Sharing == EmbeddingSharing.TargetAndOutput ? "target vectors, shared" : "target word vectors", c.Sharing == EmbeddingSharing.All ? 0 : c.TargetVocabulary * d);
        yield return new("positions", 2 * positions);
        yield return new("encoder self-attention", c.EncoderLayers * attention);
        yield return new("encoder feed-forward", c.EncoderLayers * feedForward);
        yield return new("encoder norms", ((2 * c.EncoderLayers) + last) * norm);
        yield return new("decoder self-attention", c.DecoderLayers * attention);
        yield return new("decoder cross-attention", c.DecoderLayers * attention);
        yield return new("decoder feed-forward", c.DecoderLayers * feedForward);
        yield return new("decoder norms", ((3 * c.DecoderLayers) + last) * norm);
        yield return new("output matrix", c.Sharing == EmbeddingSharing.None ? c.TargetVocabulary * d : 0);
    }

    private IEnumerable<CostItem> CountOperations()
    {
        var c = Configuration;
        var (d, f, s) = (c.Width, c.FeedForwardWidth, SharedWidth);
        var (read, written) = (Batch * Source, Batch * Target);
        long Project(long asking, long asked) => (asking * 2 * d * d) + (asked * 2 * d * s);   // queries and outputs, keys and values
        long Look(long asking, long keys) => asking * keys * 2 * d;                             // scores and means of values
        var feedForward = (IsGated ? 3 : 2) * d * f;
        yield return new("encoder projections", 2 * c.EncoderLayers * Project(read, read));
        yield return new("encoder attention", 2 * c.EncoderLayers * Look(read, Source));
        yield return new("encoder feed-forward", 2 * c.EncoderLayers * read * feedForward);
        yield return new("decoder projections", 2 * c.DecoderLayers * (Project(written, written) + Project(written, read)));
        yield return new("decoder attention", 2 * c.DecoderLayers * (Look(written, Target) + Look(written, Source)));
        yield return new("decoder feed-forward", 2 * c.DecoderLayers * written * feedForward);
        yield return new("logits", 2 * written * d * c.TargetVocabulary);
    }

    private IEnumerable<CostItem> CountActivations()
    {
        var c = Configuration;
        var (d, f, s) = (c.Width, c.FeedForwardWidth, SharedWidth);
        var (read, written) = (Batch * Source, Batch * Target);
        var isDropping = c.Dropout > 0;
        long Around(long positions) => positions * d * (isDropping ? 3 : 2);                                // the sum, the norm's output, what dropout took
        long Attention(long asking, long asked, long keys) =>
            (2 * asking * d) + (2 * asked * s) + (asking * c.Heads * keys * (isDropping ? 3 : 1));           // queries, heads' outputs; keys, values; weights, what dropout took, what it left
        long FeedForward(long positions) => positions * f * ((IsGated ? 4 : c.Activation == FeedForwardActivation.Gelu ? 2 : 1) + (isDropping ? 2 : 0));
        yield return new("inputs", (read + written) * d * (isDropping ? 2 : 1));
        yield return new("encoder attention", c.EncoderLayers * (Attention(read, read, Source) + Around(read)));
        yield return new("encoder feed-forward", c.EncoderLayers * (FeedForward(read) + Around(read)));
        yield return new("decoder attention", c.DecoderLayers * (Attention(written, written, Target) + Attention(written, read, Source) + (2 * Around(written))));
        yield return new("decoder feed-forward", c.DecoderLayers * (FeedForward(written) + Around(written)));
        yield return new("logits", 2 * written * c.TargetVocabulary);
    }
}
