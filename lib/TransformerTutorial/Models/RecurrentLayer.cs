using TorchSharp.Modules;
using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Models;

/// <summary>
/// A recurrent network over a batch of sentences of several lengths, batch first: one of <c>nn.RNN</c>, <c>nn.LSTM</c> and <c>nn.GRU</c> behind one face. A sentence's state is the one after its last word, not the one
/// after its padding, and padding is never read: a sentence gets the same bits in any batch.
/// </summary>
/// <remarks>In <c>state_dict</c> its parameters are those of the network that it holds, under <c>network</c>. Outputs behind a sentence's end are zeros.</remarks>
/// <example>
/// <code>
/// var layer = new RecurrentLayer(RecurrentCell.Gru, inputWidth: 16, hiddenWidth: 32);
/// var (states, last) = layer.call(x, lengths: [7, 4]);    // (2, 7, 16) to (2, 7, 32); last.Top (2, 32) is states[0, 6] and states[1, 3]
/// </code>
/// </example>
public sealed class RecurrentLayer : nn.Module<Tensor, IReadOnlyList<int>?, RecurrentState?, (Tensor Outputs, RecurrentState Last)>
{
    // The field's name is the parameters' name in state_dict.
    private readonly nn.Module network;

    /// <summary>A recurrent network.</summary>
    /// <param name="cell">How it steps.</param>
    /// <param name="inputWidth">The length of the vectors that it reads.</param>
    /// <param name="hiddenWidth">The length h of its state.</param>
    /// <param name="layers">How many networks stand on each other, each reading the states of the one below.</param>
    /// <param name="isBidirectional">Whether a second one reads from the end; outputs are then 2 h long, and the state has two entries a layer, forwards first.</param>
    /// <param name="dropout">The probability with which a number between layers is taken for 0 in training.</param>
    public RecurrentLayer(RecurrentCell cell, long inputWidth, long hiddenWidth, long layers = 1, bool isBidirectional = false, double dropout = 0)
        : base(nameof(RecurrentLayer))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(inputWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hiddenWidth);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layers);
        (Cell, InputWidth, HiddenWidth, Layers, IsBidirectional) = (cell, inputWidth, hiddenWidth, layers, isBidirectional);
        network = cell switch
        {
            RecurrentCell.Plain => nn.RNN(inputWidth, hiddenWidth, layers, batchFirst: true, dropout: dropout, bidirectional: isBidirectional),
            RecurrentCell.Lstm => nn.LSTM(inputWidth, hiddenWidth, layers, batchFirst: true, dropout: dropout, bidirectional: isBidirectional),
            RecurrentCell.Gru => nn.GRU(inputWidth, hiddenWidth, layers, batchFirst: true, dropout: dropout, bidirectional: isBidirectional),
            _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "There is no such cell."),
        };
        RegisterComponents();
    }

    /// <summary>How it steps.</summary>
    public RecurrentCell Cell { get; }

    /// <summary>The length of the vectors that it reads.</summary>
    public long InputWidth { get; }

    /// <summary>The length h of its state.</summary>
    public long HiddenWidth { get; }

    /// <summary>How many networks stand on each other.</summary>
    public long Layers { get; }

    /// <summary>Whether it reads from both ends.</summary>
    public bool IsBidirectional { get; }

    /// <summary>The length of its outputs: h, or 2 h if it reads from both ends.</summary>
    public long OutputWidth => IsBidirectional ? 2 * HiddenWidth : HiddenWidth;

    /// <summary>Reads sentences, hooks included.</summary>
    /// <param name="input">(B, T, input width).</param>
    /// <param name="lengths">How many vectors of each sentence are words; null if all are.</param>
    /// <param name="state">Where it begins, (layers, B, h); null for zeros.</param>
    /// <returns>The last layer's states (B, T, output width), and the state after each sentence's last word (layers, B, h), or (2 layers, B, h) if it reads from both ends.</returns>
    /// <exception cref="ArgumentException">Shapes or lengths don't fit; the message names them.</exception>
    public new (Tensor Outputs, RecurrentState Last) call(Tensor input, IReadOnlyList<int>? lengths = null, RecurrentState? state = null) => base.call(input, lengths, state);

    /// <inheritdoc cref="call"/>
    public override (Tensor Outputs, RecurrentState Last) forward(Tensor input, IReadOnlyList<int>? lengths, RecurrentState? state)
    {
        Check(input, lengths, state);
        using var scope = NewDisposeScope();
        var (outputs, last) = lengths is null || lengths.All(length => length == input.shape[1]) ? RunAll(input, state) : RunPacked(input, lengths, state);
        return (outputs.MoveToOuterDisposeScope(), last.Map(part => part.MoveToOuterDisposeScope()));
    }

    private (Tensor, RecurrentState) RunAll(Tensor input, RecurrentState? state)
    {
        switch (network)
        {
            case LSTM lstm:
                var (outputs, hidden, memory) = lstm.call(input, state is null ? null : (state.Hidden, state.Memory!));
                return (outputs, new(hidden, memory));
            case GRU gru:
                var (gruOutputs, gruState) = gru.call(input, state?.Hidden);
                return (gruOutputs, new(gruState));
            default:
                var (plainOutputs, plainState) = ((RNN)network).call(input, state?.Hidden);
                return (plainOutputs, new(plainState));
        }
    }

    private (Tensor, RecurrentState) RunPacked(Tensor input, IReadOnlyList<int> lengths, RecurrentState? state)
    {
        using var packed = nn.utils.rnn.pack_padded_sequence(input, tensor(lengths.Select(length => (long)length).ToArray()), batch_first: true, enforce_sorted: false);
        switch (network)
        {
            case LSTM lstm:
                var (sequence, hidden, memory) = lstm.call(packed, state is null ? null : (state.Hidden, state.Memory!));
                return (Unpack(sequence), new(hidden, memory));
            case GRU gru:
                var (gruSequence, gruState) = gru.call(packed, state?.Hidden);
                return (Unpack(gruSequence), new(gruState));
            default:
                var (plainSequence, plainState) = ((RNN)network).call(packed, state?.Hidden);
                return (Unpack(plainSequence), new(plainState));
        }

        Tensor Unpack(nn.utils.rnn.PackedSequence sequence)
        {
            using (sequence)
            {
                return nn.utils.rnn.pad_packed_sequence(sequence, batch_first: true, total_length: input.shape[1]).Item1;
            }
        }
    }

    private void Check(Tensor input, IReadOnlyList<int>? lengths, RecurrentState? state)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.ndim != 3 || input.shape[2] != InputWidth || input.shape[1] == 0)
        {
            throw new ArgumentException($"A recurrent layer reads (B, T, {InputWidth}) with at least one step; this tensor has shape {MaskChecks.Text(input.shape)}.", nameof(input));
        }

        ModelChecks.RequireLengths(lengths, input.shape[0], input.shape[1], nameof(lengths));
        long[] expected = [IsBidirectional ? 2 * Layers : Layers, input.shape[0], HiddenWidth];
        if (state is not null && (!state.Hidden.shape.SequenceEqual(expected) || (state.Memory is null) != (Cell != RecurrentCell.Lstm) || (state.Memory is { } memory && !memory.shape.SequenceEqual(expected))))
        {
            throw new ArgumentException(
                $"This layer's state is {MaskChecks.Text(expected)}{(Cell == RecurrentCell.Lstm ? ", with a memory of the same shape" : ", without a memory")}; this one is {MaskChecks.Text(state.Hidden.shape)} with {(state.Memory is null ? "no memory" : $"a memory {MaskChecks.Text(state.Memory.shape)}")}.", nameof(state));
        }
    }
}
