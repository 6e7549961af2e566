using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerTutorial.Attention;

/// <summary>
/// Multi-head attention: vectors are projected to queries, keys and values, cut into h parts, each part attends by itself, and a last projection mixes what they bring. Batch first.
/// With one input it is self-attention; with a memory, queries come from the first and keys and values from the second: cross-attention.
/// </summary>
/// <remarks>
/// <para>It has no mask of its own (a causal model gives one), no residual connection and no normalisation; positions are given to the call.</para>
/// <para>In <c>state_dict</c>: <c>q_proj</c>, <c>k_proj</c>, <c>v_proj</c> and <c>o_proj</c>, or <c>in_proj</c> (queries, keys, values below each other) and <c>o_proj</c> if it is fused. Weights begin uniform
/// (X. Glorot and Y. Bengio 2010, equation 16), each of the four matrices by its own size, biases with 0; for the same seed fused and separate begin with the same numbers.</para>
/// <para>Its numbers are those of TorchSharp's <c>nn.MultiheadAttention</c> with the same weights (<see cref="LoadFrom"/>), which is sequence first and shows the mean of the heads' weights only.</para>
/// <para>Source: A. Vaswani et al., "Attention Is All You Need", 2017, section 3.2.2; shared keys and values: J. Ainslie et al., "GQA: Training Generalized Multi-Query Transformer Models from Multi-Head Checkpoints", 2023, section 2.2.</para>
/// </remarks>
/// <example>
/// <code>
/// var attention = new MultiHeadAttention(new(Width: 64, Heads: 4));
/// var y = attention.call(x, mask: Masks.Causal(x.shape[1]));    // (B, T, d) to (B, T, d)
/// var maps = attention.Attend(x).Weights;                       // (B, h, T, T)
/// </code>
/// </example>
public sealed class MultiHeadAttention : nn.Module<Tensor, Tensor?, AllowedMask?, AttentionPositions?, KeyValueCache?, Tensor>
{
    private readonly long _keyValueHeads;
    private readonly long _keyWidth;
    private readonly long _valueWidth;

    // The fields' names are the parameters' names in state_dict. Either the first or the next three are null.
    private readonly Linear? in_proj;
    private readonly Linear? q_proj;
    private readonly Linear? k_proj;
    private readonly Linear? v_proj;
    private readonly Linear o_proj;

    /// <summary>Attention with the paper's settings: as many heads for keys and values as for queries, no biases, no dropout.</summary>
    /// <param name="width">The width d of queries and outputs.</param>
    /// <param name="heads">How many heads, h.</param>
    public MultiHeadAttention(long width, long heads)
        : this(new MultiHeadAttentionOptions(width, heads))
    {
    }

    /// <summary>Attention with these options.</summary>
    /// <exception cref="ArgumentException">The options don't fit each other; the message names them.</exception>
    public MultiHeadAttention(MultiHeadAttentionOptions options)
        : base(nameof(MultiHeadAttention))
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        _keyValueHeads = options.KeyValueHeads ?? options.Heads;
        _keyWidth = options.KeyWidth ?? options.Width;
        _valueWidth = options.ValueWidth ?? _keyWidth;
        var (width, shared) = (options.Width, SharedWidth);
        if (options.IsFused)
        {
            in_proj = nn.Linear(width, width + (2 * shared), options.HasBias);
        }
        else
        {
            q_proj = nn.Linear(width, width, options.HasBias);
            k_proj = nn.Linear(_keyWidth, shared, options.HasBias);
            v_proj = nn.Linear(_valueWidth, shared, options.HasBias);
        }

        o_proj = nn.Linear(width, width, options.HasBias);
        RegisterComponents();
        Initialize();
    }

    /// <summary>What it is made of.</summary>
    public MultiHeadAttentionOptions Options { get; }

    /// <summary>
    /// One factor for each head's output, (h), before the last projection; null for 1 each. A factor of 0 takes a head out; the gradient with respect to the factors says how much each head matters
    /// (P. Michel, O. Levy and G. Neubig, "Are Sixteen Heads Really Better than One?", 2019, sections 2.3 and 4.1). It is no part of <c>state_dict</c>.
    /// </summary>
    public Tensor? HeadGates { get; set; }

    // How wide keys and values of all their heads are.
    private long SharedWidth => _keyValueHeads * Options.HeadWidth;

    /// <summary>Attends, hooks included: (B, T, d) to (B, T, d).</summary>
    /// <param name="query">What asks: (B, T, d).</param>
    /// <param name="memory">What is looked at: (B, S, width of keys and values); null for the queries' own vectors.</param>
    /// <param name="mask">Which keys each query may look at; null for all. Broadcasts to (B, h, T, S), where S counts the cache's keys too.</param>
    /// <param name="positions">What positions do to queries, keys and scores; null for nothing. For self-attention only: a query and a memory have no common positions.</param>
    /// <param name="cache">
    /// Keys and values of earlier steps, or null. For self-attention <c>new KeyValueCache()</c>: those of <paramref name="query"/> are appended, and queries stand behind them. For cross-attention
    /// <see cref="KeyValueCache.ForMemory"/>: it takes those of the memory in the first call; later calls use them and look at the memory no more (only at how long it is). A call that fails leaves the cache as it was.
    /// </param>
    /// <exception cref="ArgumentException">Shapes or types don't fit; the message names them.</exception>
    public new Tensor call(Tensor query, Tensor? memory = null, AllowedMask? mask = null, AttentionPositions? positions = null, KeyValueCache? cache = null) =>
        base.call(query, memory, mask, positions, cache);

    /// <inheritdoc cref="call"/>
    public override Tensor forward(Tensor query, Tensor? memory, AllowedMask? mask, AttentionPositions? positions, KeyValueCache? cache) =>
        Attend(query, memory, memory, mask, positions, cache, AttentionParts.None).Output;

    /// <summary>Attends and shows how: as <see cref="call"/> without hooks, with every head's weights.</summary>
    /// <param name="query">What asks: (B, T, d).</param>
    /// <param name="key">What keys are made from: (B, S, key width); null for the queries' own vectors.</param>
    /// <param name="value">What values are made from: (B, S, value width); null for what keys are made from.</param>
    /// <param name="mask">Which keys each query may look at; null for all. Broadcasts to (B, h, T, S).</param>
    /// <param name="positions">What positions do; null for nothing.</param>
    /// <param name="cache">Keys and values of earlier steps, or null.</param>
    /// <param name="parts">What the result holds besides the output.</param>
    /// <returns>The output (B, T, d); weights and scores (B, h, T, S).</returns>
    /// <exception cref="ArgumentException">Shapes or types don't fit; the message names them.</exception>
    public AttentionResult Attend(
        Tensor query,
        Tensor? key = null,
        Tensor? value = null,
        AllowedMask? mask = null,
        AttentionPositions? positions = null,
        KeyValueCache? cache = null,
        AttentionParts parts = AttentionParts.All)
    {
        ArgumentNullException.ThrowIfNull(query);
        var isSelf = key is null || ReferenceEquals(key, query);
        key ??= query;
        value ??= key;
        Check(query, key, value, isSelf, positions, cache);

        using var scope = NewDisposeScope();
        var offset = isSelf ? cache?.Length ?? 0 : 0;
        var (queries, keys, values) = Project(query, key, value, needsMemory: isSelf || cache is not { Length: > 0 });
        if (positions is not null)
        {
            queries = positions.Rotated(queries, offset);
            keys = positions.Rotated(keys!, offset);
        }

        var isNew = keys is not null;
        if (cache is not null)
        {
            (keys, values) = isNew ? cache.With(keys!, values!) : (cache.Keys, cache.Values);
        }

        var group = Options.Heads / _keyValueHeads;
        var allKeys = AttentionHeads.Repeat(keys!, group);                                                   // (B, h, S, d_k)
        var allValues = AttentionHeads.Repeat(values!, group);                                               // (B, h, S, d_k)
        var bias = positions?.Bias(queries, allKeys, offset, Options.Scale);                                 // (T, S), (h, T, S) or (B, h, T, S)
        Func<Tensor, Tensor>? valueTerm = positions?.ValueTerm is null ? null : weights => positions.AddedToOutput(weights, offset, queries.shape);
        var attended = ScaledDotProduct.Compute(
            queries, allKeys, allValues, mask, bias, Options.Scale, training ? Options.Dropout : 0, parts, "multi-head", this, valueTerm);
        var heads = HeadGates is null ? attended.Output : attended.Output * HeadGates.view(-1, 1, 1);        // (B, h, T, d_k)
        var output = o_proj.call(AttentionHeads.Join(heads));                                                // (B, T, d)
        if (cache is not null && isNew)
        {
            cache.Keep(this, keys!, values!);
        }

        return new(output.MoveToOuterDisposeScope(), attended.Weights?.MoveToOuterDisposeScope(), attended.Scores?.MoveToOuterDisposeScope());
    }

    /// <summary>Copies the weights of TorchSharp's layer; both then compute the same numbers.</summary>
    /// <param name="source">A layer of the same widths. Its number of heads, and whether it appends a zero key and value (add_zero_attn), cannot be seen from outside: the heads must be known to be as many, and nothing be appended.</param>
    /// <exception cref="ArgumentException">The layers are not made of the same parts; the message names the first that differs, and nothing is copied.</exception>
    public void LoadFrom(MultiheadAttention source)
    {
        ArgumentNullException.ThrowIfNull(source);
        var given = source.state_dict();
        if (given.ContainsKey("bias_k"))
        {
            throw new ArgumentException("The layer appends a learned key and value (add_bias_kv); this one has no such thing.", nameof(source));
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var d = Options.Width;
        string[] names = ["q_proj", "k_proj", "v_proj"];
        var found = new Dictionary<string, Tensor> { ["o_proj.weight"] = given["out_proj.weight"] };
        for (var i = 0; i < names.Length; i++)
        {
            found[$"{names[i]}.weight"] = given.TryGetValue("in_proj_weight", out var packed) ? packed.narrow(0, i * packed.shape[1], packed.shape[1]) : given[$"{names[i]}_weight"];
            if (given.TryGetValue("in_proj_bias", out var packedBias))
            {
                found[$"{names[i]}.bias"] = packedBias.narrow(0, i * (packedBias.shape[0] / 3), packedBias.shape[0] / 3);
            }
        }

        if (given.TryGetValue("out_proj.bias", out var outputBias))
        {
            found["o_proj.bias"] = outputBias;
        }

        if (in_proj is not null)
        {
            foreach (var kind in (string[])["weight", "bias"])
            {
                Tensor[] parts = [.. names.Where(name => found.ContainsKey($"{name}.{kind}")).Select(name => found[$"{name}.{kind}"])];
                if (parts.Length > 0 && parts.All(part => part.ndim == parts[0].ndim && part.shape[^1] == parts[0].shape[^1]))
                {
                    found[$"in_proj.{kind}"] = cat(parts, 0);
                }
            }
        }

        var own = state_dict();
        foreach (var (name, target) in own)
        {
            var isThere = found.TryGetValue(name, out var weight);
            if (!isThere || !weight!.shape.SequenceEqual(target.shape) || weight.dtype != target.dtype)
            {
                throw new ArgumentException(
                    $"This layer has {name} {MaskChecks.Text(target.shape)}, {target.dtype}; the other one has {(isThere ? $"it as {MaskChecks.Text(weight!.shape)}, {weight.dtype}" : "nothing of the kind")}.", nameof(source));
            }
        }

        if (given.ContainsKey("in_proj_bias") != Options.HasBias)
        {
            throw new ArgumentException("The layer has biases, and this one has none.", nameof(source));
        }

        foreach (var (name, target) in own)
        {
            target.copy_(found[name]);
        }
    }

    // (B, T, d) to (B, h, T, d_k); keys and values (B, h_kv, S, d_k), or null where they are known already.
    private (Tensor Queries, Tensor? Keys, Tensor? Values) Project(Tensor query, Tensor key, Tensor value, bool needsMemory)
    {
        var (d, shared) = (Options.Width, SharedWidth);
        if (in_proj is not null && needsMemory && ReferenceEquals(query, key) && ReferenceEquals(key, value))
        {
            var all = in_proj.call(query);                                                                   // (B, T, d + 2 h_kv d_k)
            var made = all.split([d, shared, shared], 2);
            return (AttentionHeads.Split(made[0], Options.Heads), AttentionHeads.Split(made[1], _keyValueHeads), AttentionHeads.Split(made[2], _keyValueHeads));
        }

        var queries = AttentionHeads.Split(q_proj?.call(query) ?? Part(query, 0, d), Options.Heads);         // (B, h, T, d_k)
        if (!needsMemory)
        {
            return (queries, null, null);
        }

        var keys = AttentionHeads.Split(k_proj?.call(key) ?? Part(key, d, shared), _keyValueHeads);          // (B, h_kv, S, d_k)
        var values = AttentionHeads.Split(v_proj?.call(value) ?? Part(value, d + shared, shared), _keyValueHeads);
        return (queries, keys, values);
    }

    // Some rows of the one matrix.
    private Tensor Part(Tensor input, long first, long count) =>
        nn.functional.linear(input, in_proj!.weight!.narrow(0, first, count), in_proj.bias?.narrow(0, first, count));

    private void Initialize()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (d, shared) = (Options.Width, SharedWidth);
        Tensor[] matrices = in_proj is { } all
            ? [all.weight!.narrow(0, 0, d), all.weight.narrow(0, d, shared), all.weight.narrow(0, d + shared, shared), o_proj.weight!]
            : [q_proj!.weight!, k_proj!.weight!, v_proj!.weight!, o_proj.weight!];
        foreach (var matrix in matrices)
        {
            matrix.copy_(nn.init.xavier_uniform_(empty(matrix.shape)));
        }

        foreach (var bias in (Tensor?[])[in_proj?.bias, q_proj?.bias, k_proj?.bias, v_proj?.bias, o_proj.bias])
        {
            bias?.zero_();
        }
    }

    private void Check(Tensor query, Tensor key, Tensor value, bool isSelf, AttentionPositions? positions, KeyValueCache? cache)
    {
        // Sequences whose keys are in the cache may have been reordered since the memory was given: it is looked at no more.
        var isMemoryKept = !isSelf && cache is { IsForMemory: true, Length: > 0 };
        if (query.ndim != 3 || key.ndim != 3 || value.ndim != 3 || query.shape[2] != Options.Width || key.shape[2] != _keyWidth || value.shape[2] != _valueWidth
            || (!isMemoryKept && key.shape[0] != query.shape[0]) || value.shape[0] != key.shape[0] || key.shape[1] != value.shape[1])
        {
            throw new ArgumentException(
                $"Multi-head attention takes queries (B, T, {Options.Width}), and keys and values made from (B, S, {_keyWidth}) and (B, S, {_valueWidth}); these are {MaskChecks.Text(query.shape)}, {MaskChecks.Text(key.shape)} and {MaskChecks.Text(value.shape)}.", nameof(query));
        }

        AttentionChecks.SameType("the query", query, o_proj.weight!);
        AttentionChecks.SameType("the input of the keys", key, o_proj.weight!);
        AttentionChecks.SameType("the input of the values", value, o_proj.weight!);
        if (!isSelf && positions is not null)
        {
            throw new ArgumentException("Queries and memory are two sequences without common positions: positions inside attention are for self-attention.", nameof(positions));
        }

        cache?.RequireUsable(this, isSelf, query, key);
        if (HeadGates is { } gates && (gates.ndim != 1 || gates.shape[0] != Options.Heads))
        {
            throw new ArgumentException($"{nameof(HeadGates)} has one factor for each of {Options.Heads} heads; its shape is {MaskChecks.Text(gates.shape)}.");
        }

        if (HeadGates is not null)
        {
            AttentionChecks.SameType(nameof(HeadGates), HeadGates, o_proj.weight!);
        }
    }
}
