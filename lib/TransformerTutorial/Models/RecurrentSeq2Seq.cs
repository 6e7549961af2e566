using TorchSharp.Modules;
using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>
/// A recurrent encoder-decoder: the encoder reads a sentence, the decoder begins with the encoder's last state and writes another one, word by word, each step reading the word before. With attention, each step may also look
/// at all of the encoder's states; without, all that it knows of the sentence is that one state.
/// </summary>
/// <remarks>
/// <para>It is a baseline: no beam, no copying. Padding changes no bit of any other output: the encoder stops at each sentence's end, and attention hides what lies behind it.</para>
/// <para>Where it is simpler than the papers: it reads sentences in their order (Sutskever et al. reversed them), and a word's scores come from one tanh layer over state and context (Luong et al. 2015, equation 5) for both
/// kinds of attention (Bahdanau et al. have a maxout layer). Sources: I. Sutskever, O. Vinyals and Q. Le 2014; K. Cho et al. 2014; <see cref="RecurrentAttention"/>.</para>
/// </remarks>
/// <example>
/// <code>
/// var model = new RecurrentSeq2Seq(new(SourceVocabulary: 30, TargetVocabulary: 33) { Attention = RecurrentAttention.Additive });
/// var scores = model.call(source, sourceLengths, target);                             // (B, S), (B, T) to (B, T, V)
/// var answers = model.Translate(source, sourceLengths, beginId: 0, endId: 1, maximumLength: 20);
/// </code>
/// </example>
public sealed class RecurrentSeq2Seq : nn.Module<Tensor, IReadOnlyList<int>?, Tensor, Tensor>
{
    // The fields' names are the parameters' names in state_dict. Those from bridge on may be null.
    private readonly Embedding source_embedding;
    private readonly Embedding target_embedding;
    private readonly Dropout dropout;
    private readonly RecurrentLayer encoder;
    private readonly RecurrentLayer decoder;
    private readonly Linear output;
    private readonly Linear? bridge;
    private readonly Linear? memory_bridge;
    private readonly Linear? k_proj;
    private readonly AdditiveAttention? attention;
    private readonly Linear? combine;

    /// <summary>A model with these options.</summary>
    /// <exception cref="ArgumentException">The options don't fit each other; the message names them.</exception>
    public RecurrentSeq2Seq(RecurrentSeq2SeqOptions options)
        : base(nameof(RecurrentSeq2Seq))
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Options = options;
        var (d, h) = (options.Width, options.HiddenWidth);
        var between = options.Layers > 1 ? options.Dropout : 0;
        source_embedding = nn.Embedding(options.SourceVocabulary, d);
        target_embedding = nn.Embedding(options.TargetVocabulary, d);
        dropout = nn.Dropout(options.Dropout);
        encoder = new(options.Cell, d, h, options.Layers, options.IsBidirectional, between);
        var memoryWidth = encoder.OutputWidth;
        decoder = new(options.Cell, options.Attention == RecurrentAttention.Additive ? d + memoryWidth : d, h, options.Layers, dropout: between);
        output = nn.Linear(h, options.TargetVocabulary);
        if (options.IsBidirectional)
        {
            bridge = nn.Linear(2 * h, h);
            memory_bridge = options.Cell == RecurrentCell.Lstm ? nn.Linear(2 * h, h) : null;
        }

        if (options.Attention != RecurrentAttention.None)
        {
            k_proj = options.Attention == RecurrentAttention.Dot ? nn.Linear(memoryWidth, h, hasBias: false) : null;
            attention = options.Attention == RecurrentAttention.Additive ? new AdditiveAttention(h, memoryWidth, h, hasBias: true) : null;
            combine = nn.Linear(h + memoryWidth, h);
        }

        RegisterComponents();
    }

    /// <summary>What it is made of.</summary>
    public RecurrentSeq2SeqOptions Options { get; }

    /// <summary>Scores for the next word after each word of the target (teacher forcing: it reads the target's words, not its own), hooks included.</summary>
    /// <param name="source">Ids of the sentences to read: (B, S).</param>
    /// <param name="sourceLengths">How many words each of them has; null if all are as long as S.</param>
    /// <param name="target">Ids of what is written, beginning with the id for begin: (B, T).</param>
    /// <returns>(B, T, V): row t scores the word at t + 1.</returns>
    /// <exception cref="ArgumentException">Ids, shapes or lengths don't fit; the message names them.</exception>
    public new Tensor call(Tensor source, IReadOnlyList<int>? sourceLengths, Tensor target) => base.call(source, sourceLengths, target);

    /// <inheritdoc cref="call"/>
    public override Tensor forward(Tensor source, IReadOnlyList<int>? sourceLengths, Tensor target)
    {
        ModelChecks.RequireIds(target, Options.TargetVocabulary, "Target sentences", nameof(target));
        using var scope = NewDisposeScope();
        var read = Read(source, sourceLengths);
        if (target.shape[0] != source.shape[0])
        {
            throw new ArgumentException($"There are {source.shape[0]} sentences to read and {target.shape[0]} to write.", nameof(target));
        }

        return Write(target, read, read.State).Scores.MoveToOuterDisposeScope();
    }

    /// <summary>The encoder's work alone.</summary>
    /// <param name="source">Ids of the sentences to read: (B, S).</param>
    /// <param name="sourceLengths">How many words each of them has; null if all are as long as S.</param>
    /// <returns>The encoder's states (B, S, h), or (B, S, 2 h) from both ends, zeros behind a sentence's end; and the state in which the decoder begins.</returns>
    /// <exception cref="ArgumentException">Ids, shapes or lengths don't fit; the message names them.</exception>
    public (Tensor States, RecurrentState Start) Encode(Tensor source, IReadOnlyList<int>? sourceLengths = null)
    {
        using var scope = NewDisposeScope();
        var read = Read(source, sourceLengths);
        return (read.States.MoveToOuterDisposeScope(), read.State.Map(part => part.MoveToOuterDisposeScope()));
    }

    /// <summary>Writes the answer to each sentence by itself: at each step the word with the highest score, which the next step reads (greedy decoding). Takes no gradient, and is in evaluation mode meanwhile.</summary>
    /// <param name="source">Ids of the sentences to read: (B, S).</param>
    /// <param name="sourceLengths">How many words each of them has; null if all are as long as S.</param>
    /// <param name="beginId">The target word that every sentence begins with.</param>
    /// <param name="endId">The target word that ends a sentence.</param>
    /// <param name="maximumLength">After how many words a sentence that doesn't end is cut off.</param>
    /// <returns>One answer for each sentence.</returns>
    /// <exception cref="ArgumentException">Ids, shapes or lengths don't fit; the message names them.</exception>
    public IReadOnlyList<Translation> Translate(Tensor source, IReadOnlyList<int>? sourceLengths, long beginId, long endId, int maximumLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumLength);
        ArgumentOutOfRangeException.ThrowIfNegative(beginId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(beginId, Options.TargetVocabulary);
        var wasTraining = training;
        eval();
        try
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var read = Read(source, sourceLengths);
            var batch = source.shape[0];
            var (state, word) = (read.State, full(batch, 1, beginId, dtype: ScalarType.Int64));       // (B, 1)
            var (words, maps) = (new List<long[]>(), new List<Tensor>());
            var hasEnded = new bool[batch];
            while (words.Count < maximumLength && hasEnded.Contains(false))
            {
                var (scores, next, weights) = Write(word, read, state);                               // (B, 1, V)
                state = next;
                word = scores.argmax(-1);                                                             // (B, 1)
                words.Add(word.data<long>().ToArray());
                maps.Add(weights ?? empty(0));
                for (var sentence = 0; sentence < batch; sentence++)
                {
                    hasEnded[sentence] |= words[^1][sentence] == endId;
                }
            }

            var length = (int sentence) => sourceLengths?[sentence] ?? source.shape[1];
            return [.. Enumerable.Range(0, (int)batch).Select(sentence =>
            {
                var ids = words.Select(step => step[sentence]).TakeWhile(id => id != endId).ToArray();
                var steps = hasEnded[sentence] ? ids.Length + 1 : ids.Length;
                var map = Options.Attention == RecurrentAttention.None
                    ? null
                    : cat(maps.Take(steps).Select(step => step[sentence]).ToArray(), 0).narrow(1, 0, length(sentence)).contiguous().MoveToOuterDisposeScope();   // (T, S)
                return new Translation(ids, hasEnded[sentence], map);
            })];
        }
        finally
        {
            train(wasTraining);
        }
    }

    /// <summary>What the decoder knows of the sentences.</summary>
    internal sealed record Reading(Tensor States, RecurrentState State, Tensor? Keys, AllowedMask? Mask);

    /// <summary>The encoder's work, as the decoder needs it.</summary>
    internal Reading Read(Tensor source, IReadOnlyList<int>? lengths)
    {
        ModelChecks.RequireIds(source, Options.SourceVocabulary, "Source sentences", nameof(source));
        ModelChecks.RequireLengths(lengths, source.shape[0], source.shape[1], "sourceLengths");
        var x = dropout.call(source_embedding.call(source));                                          // (B, S, d)
        var (states, last) = encoder.call(x, lengths);                                                // (B, S, h) or (B, S, 2 h)
        if (bridge is not null)
        {
            last = new(Bridge(bridge, last.Hidden), last.Memory is null ? null : Bridge(memory_bridge!, last.Memory));
        }

        var keys = k_proj?.call(states) ?? attention?.ProjectMemory(states);                          // (B, S, h)
        return new(states, last, keys, lengths is null ? null : Masks.Padding(lengths, source.shape[1]));
    }

    // (2 layers, B, h) to (layers, B, h)
    private Tensor Bridge(Linear map, Tensor state)
    {
        var both = state.view(Options.Layers, 2, state.shape[1], Options.HiddenWidth).transpose(1, 2);   // (layers, B, 2, h)
        return map.call(both.reshape(Options.Layers, state.shape[1], 2 * Options.HiddenWidth)).tanh();
    }

    /// <summary>The decoder's work from a state on: scores (B, T, V), the state behind the last word, and where it looked, (B, T, S).</summary>
    internal (Tensor Scores, RecurrentState State, Tensor? Weights) Write(Tensor target, Reading read, RecurrentState state)
    {
        var y = dropout.call(target_embedding.call(target));                                          // (B, T, d)
        return Options.Attention switch
        {
            RecurrentAttention.Dot => WriteThenLook(y, read, state),
            RecurrentAttention.Additive => LookThenWrite(y, read, state),
            _ => WriteOnly(y, state),
        };
    }

    private (Tensor, RecurrentState, Tensor?) WriteOnly(Tensor y, RecurrentState state)
    {
        var (states, last) = decoder.call(y, state: state);                                           // (B, T, h)
        return (output.call(states), last, null);
    }

    // All steps of the recurrence first, then all of them look at once.
    private (Tensor, RecurrentState, Tensor?) WriteThenLook(Tensor y, Reading read, RecurrentState state)
    {
        var (states, last) = decoder.call(y, state: state);                                           // (B, T, h)
        var found = ScaledDotProduct.Compute(
            states.unsqueeze(1), read.Keys!.unsqueeze(1), read.States.unsqueeze(1), read.Mask, bias: null, scale: 1, dropout: 0, AttentionParts.Weights, "decoder", module: this);
        return (Score(states, found.Output.squeeze(1)), last, found.Weights!.squeeze(1));
    }

    // One step after the other: what a step finds is part of what it reads.
    private (Tensor, RecurrentState, Tensor?) LookThenWrite(Tensor y, Reading read, RecurrentState state)
    {
        var (states, contexts, maps) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        for (var step = 0L; step < y.shape[1]; step++)
        {
            var found = attention!.Attend(state.Top.unsqueeze(1), read.States, read.Keys!, read.Mask, AttentionParts.Weights);   // (B, 1, memory width)
            var (hidden, next) = decoder.call(cat([y.narrow(1, step, 1), found.Output], 2), state: state);                       // (B, 1, h)
            state = next;
            states.Add(hidden);
            contexts.Add(found.Output);
            maps.Add(found.Weights!);
        }

        return (Score(cat(states, 1), cat(contexts, 1)), state, cat(maps, 1));
    }

    // (B, T, h) and (B, T, memory width) to (B, T, V)
    private Tensor Score(Tensor states, Tensor contexts) => output.call(combine!.call(cat([states, contexts], 2)).tanh());
}
