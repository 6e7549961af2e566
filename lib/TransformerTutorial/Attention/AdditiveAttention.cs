using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// Additive attention: a small network with one hidden layer scores each pair of query and key, <c>score = vᵀ tanh(W q + U k)</c>; the output is the mean of the memory's vectors under the softmax of the scores.
/// Queries and memory may have different widths. There are no values apart from the memory, and no heads.
/// </summary>
/// <remarks>
/// <para>Against the dot product it needs an intermediate (B, T, S, a) and as many tanh, and it cannot be written as one matrix product.</para>
/// <para>Source: D. Bahdanau, K. Cho and Y. Bengio, "Neural Machine Translation by Jointly Learning to Align and Translate", 2015, sections 3.1 and A.1.2. Its hidden layer has a bias only if asked for (the paper leaves biases out).</para>
/// </remarks>
public sealed class AdditiveAttention : nn.Module<Tensor, Tensor, AllowedMask?, AttentionResult>
{
    // The fields' names are the parameters' names in state_dict.
    private readonly Linear q_proj;
    private readonly Linear k_proj;
    private readonly Linear score;

    /// <summary>Attention between queries and a memory.</summary>
    /// <param name="queryWidth">The length of a query.</param>
    /// <param name="memoryWidth">The length of a vector of the memory.</param>
    /// <param name="hiddenWidth">The length a of the hidden layer.</param>
    /// <param name="hasBias">Whether the hidden layer has a bias.</param>
    public AdditiveAttention(long queryWidth, long memoryWidth, long hiddenWidth, bool hasBias = false)
        : base(nameof(AdditiveAttention))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(queryWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(memoryWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenWidth);
        (QueryWidth, MemoryWidth, HiddenWidth) = (queryWidth, memoryWidth, hiddenWidth);
        q_proj = nn.Linear(queryWidth, hiddenWidth, hasBias);
        k_proj = nn.Linear(memoryWidth, hiddenWidth, hasBias: false);
        score = nn.Linear(hiddenWidth, 1, hasBias: false);
        RegisterComponents();
    }

    /// <summary>The length of a query.</summary>
    public long QueryWidth { get; }

    /// <summary>The length of a vector of the memory.</summary>
    public long MemoryWidth { get; }

    /// <summary>The length a of the hidden layer.</summary>
    public long HiddenWidth { get; }

    /// <summary>Attends, hooks included.</summary>
    /// <param name="query">(B, T, d_q).</param>
    /// <param name="memory">(B, S, d_m).</param>
    /// <param name="mask">Which vectors of the memory each query may look at; null for all. Broadcasts to (B, 1, T, S).</param>
    /// <returns>The output (B, T, d_m); weights and scores (B, T, S).</returns>
    public new AttentionResult call(Tensor query, Tensor memory, AllowedMask? mask = null) => base.call(query, memory, mask);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Shapes or types don't fit; the message names them.</exception>
    public override AttentionResult forward(Tensor query, Tensor memory, AllowedMask? mask)
    {
        using var scope = NewDisposeScope();
        var (output, weights, scores) = Attend(query, memory, ProjectMemory(memory), mask);
        return AttentionResult.Of(output, weights!, scores!, AttentionParts.All);
    }

    /// <summary>U k for every vector of the memory: (B, S, d_m) to (B, S, a). A decoder computes it once and gives it to each of its steps.</summary>
    /// <exception cref="ArgumentException">The memory has another width or type.</exception>
    public Tensor ProjectMemory(Tensor memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (memory.ndim != 3 || memory.shape[2] != MemoryWidth)
        {
            throw new ArgumentException($"The memory is (B, S, {MemoryWidth}); this tensor has shape {MaskChecks.Text(memory.shape)}.", nameof(memory));
        }

        AttentionChecks.SameType("the memory", memory, score.weight!);
        return k_proj.call(memory);
    }

    /// <summary>Attends to a memory that was projected before.</summary>
    /// <param name="query">(B, T, d_q).</param>
    /// <param name="memory">(B, S, d_m).</param>
    /// <param name="projectedMemory">What <see cref="ProjectMemory"/> made of it: (B, S, a).</param>
    /// <param name="mask">Which vectors of the memory each query may look at; null for all. Broadcasts to (B, 1, T, S).</param>
    /// <param name="parts">What the result holds besides the output.</param>
    /// <returns>The output (B, T, d_m); the weights and scores (B, T, S) that were asked for. A query that may look at nothing has zeros in output and weights, and passes no gradient.</returns>
    /// <exception cref="ArgumentException">Shapes or types don't fit; the message names them.</exception>
    public AttentionResult Attend(Tensor query, Tensor memory, Tensor projectedMemory, AllowedMask? mask = null, AttentionParts parts = AttentionParts.All)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(projectedMemory);
        if (query.ndim != 3 || memory.ndim != 3 || query.shape[2] != QueryWidth || memory.shape[2] != MemoryWidth || query.shape[0] != memory.shape[0]
            || projectedMemory.shape is not [var batch, var keys, var width] || batch != memory.shape[0] || keys != memory.shape[1] || width != HiddenWidth)
        {
            throw new ArgumentException(
                $"Additive attention takes queries (B, T, {QueryWidth}), a memory (B, S, {MemoryWidth}) and its projection (B, S, {HiddenWidth}); these are {MaskChecks.Text(query.shape)}, {MaskChecks.Text(memory.shape)} and {MaskChecks.Text(projectedMemory.shape)}.", nameof(query));
        }

        AttentionChecks.SameType("the query", query, score.weight!);
        AttentionChecks.SameType("the memory", memory, score.weight!);
        AttentionChecks.SameType("the projected memory", projectedMemory, score.weight!);
        using var scope = NewDisposeScope();
        var queries = q_proj.call(query).unsqueeze(2);                                       // (B, T, 1, a)
        var hidden = (queries + projectedMemory.unsqueeze(1)).tanh();                        // (B, T, S, a)
        var products = score.call(hidden).squeeze(-1).unsqueeze(1);                          // (B, 1, T, S): one head, so that masks fit
        var (weights, scores) = MaskedSoftmax.Compute(products, mask);                       // (B, 1, T, S)
        AttentionTrace.Add(this, "additive", weights, scores);
        var (rowWeights, rowScores) = (weights.squeeze(1), scores.squeeze(1));               // (B, T, S)
        return AttentionResult.Of(rowWeights.matmul(memory), rowWeights, rowScores, parts);  // (B, T, d_m)
    }
}
