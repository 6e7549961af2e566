using System.Runtime.InteropServices;
using TorchSharp.Managed.Tests.Operators;
using static TorchSharp.Managed.Tests.Modules.ModuleSamples;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Modules;

/// <summary>Recurrent networks against their cells, step by step, and packed sequences against padded ones.</summary>
[Collection(DefaultGenerator.Name)]
public class RecurrentTests
{
    public RecurrentTests() => manual_seed(11);

    [Fact]
    public void A_network_is_its_cell_step_by_step()
    {
        using var network = nn.LSTM(3, 4);
        using var cell = nn.LSTMCell(3, 4);
        cell.load_state_dict(network.state_dict().ToDictionary(item => item.Key.Replace("_l0", "", StringComparison.Ordinal), item => item.Value));
        var x = randn(5, 2, 3);
        (Tensor, Tensor) state = (randn(2, 4), randn(2, 4));
        var (output, h, c) = network.call(x, (state.Item1.unsqueeze(0), state.Item2.unsqueeze(0)));
        for (var t = 0; t < 5; t++)
        {
            state = cell.call(x.select(0, t), state);
            Assert.Equal(Read(state.Item1), Read(output.select(0, t)));
        }

        Assert.Equal(Read(state.Item1), Read(h.select(0, 0)));
        Assert.Equal(Read(state.Item2), Read(c.select(0, 0)));
    }

    [Fact]
    public void A_cell_is_its_formula()
    {
        using var cell = nn.GRUCell(3, 4);
        var (x, h) = (randn(2, 3), randn(2, 4));
        var (i, s) = (x.matmul(cell.weight_ih.t()).add(cell.bias_ih!).chunk(3, -1), h.matmul(cell.weight_hh.t()).add(cell.bias_hh!).chunk(3, -1));
        var (reset, update) = (i[0].add(s[0]).sigmoid(), i[1].add(s[1]).sigmoid());
        var proposed = i[2].add(reset.mul(s[2])).tanh();
        Close(proposed.mul(ones(1).sub(update)).add(update.mul(h)), cell.call(x, h));

        using var plain = nn.RNNCell(3, 4, nn.NonLinearities.ReLU, bias: false);
        Close(x.matmul(plain.weight_ih.t()).add(h.matmul(plain.weight_hh.t())).relu(), plain.call(x, h));
        Close(x.matmul(plain.weight_ih.t()).relu(), plain.call(x));
        Close(plain.call(x, h).select(0, 1), plain.call(x.select(0, 1), h.select(0, 1)));

        using var lstm = nn.LSTMCell(3, 4);
        var c = randn(2, 4);
        var gates = x.matmul(lstm.weight_ih.t()).add(lstm.bias_ih!).add(h.matmul(lstm.weight_hh.t())).add(lstm.bias_hh!).chunk(4, -1);
        var next = gates[1].sigmoid().mul(c).add(gates[0].sigmoid().mul(gates[2].tanh()));
        var (shown, kept) = lstm.call(x, (h, c));
        Close(next, kept);
        Close(gates[3].sigmoid().mul(next.tanh()), shown);
    }

    [Fact]
    public void Layers_read_each_other_and_a_second_direction_reads_backwards()
    {
        using var network = nn.GRU(3, 4, numLayers: 2, bidirectional: true);
        using var first = nn.GRU(3, 4);
        using var second = nn.GRU(8, 4);
        var (x, state) = (randn(5, 2, 3), network.state_dict());
        var (output, h) = network.call(x);
        Assert.Equal([5, 2, 8], output.shape);
        Assert.Equal([4, 2, 4], h.shape);
        Tensor Run(nn.Module<Tensor, Tensor?, (Tensor, Tensor)> one, Tensor input, int layer, bool reverse)
        {
            var suffix = $"_l{layer}{(reverse ? "_reverse" : "")}";
            one.load_state_dict(state.Where(item => item.Key.EndsWith(suffix, StringComparison.Ordinal)).ToDictionary(item => item.Key.Replace(suffix, "_l0", StringComparison.Ordinal), item => item.Value));
            var result = one.call(reverse ? input.flip(0) : input, null).Item1;
            return reverse ? result.flip(0) : result;
        }

        var middle = cat([Run(first, x, 0, false), Run(first, x, 0, true)], -1);
        var expected = cat([Run(second, middle, 1, false), Run(second, middle, 1, true)], -1);
        Assert.Equal(Read(expected), Read(output));
        Assert.Equal(Read(expected.select(0, 0).narrow(-1, 4, 4)), Read(h.select(0, 3)));
    }

    [Fact]
    public void The_batch_may_come_first()
    {
        using var network = nn.RNN(3, 4);
        using var turned = nn.RNN(3, 4, batchFirst: true);
        turned.load_state_dict(network.state_dict());
        var x = randn(5, 2, 3);
        var (output, h) = network.call(x);
        var (outputTurned, hTurned) = turned.call(x.transpose(0, 1));
        Assert.Equal(Read(output), Read(outputTurned.transpose(0, 1)));
        Assert.Equal(Read(h), Read(hTurned));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Packed_sequences_give_what_each_sequence_alone_gives(bool bidirectional)
    {
        using var network = nn.LSTM(3, 4, numLayers: 2, bidirectional: bidirectional);
        Tensor[] sequences = [randn(2, 3), randn(5, 3), randn(3, 3)];
        using var packed = nn.utils.rnn.pack_sequence(sequences, enforce_sorted: false);
        Assert.Equal([3, 3, 2, 1, 1], packed.batch_sizes.data<long>().ToArray());
        var (output, h, c) = network.call(packed);
        var (padded, lengths) = nn.utils.rnn.pad_packed_sequence(output);
        Assert.Equal([2, 5, 3], lengths.data<long>().ToArray());
        for (var i = 0; i < sequences.Length; i++)
        {
            var (one, hOne, cOne) = network.call(sequences[i].unsqueeze(1));
            Assert.Equal(Read(one.squeeze(1)), Read(padded.select(1, i).narrow(0, 0, sequences[i].shape[0])));
            Assert.Equal(Read(hOne.squeeze(1)), Read(h.select(1, i)));
            Assert.Equal(Read(cOne.squeeze(1)), Read(c.select(1, i)));
        }
    }

    [Fact]
    public void Packing_and_padding_undo_each_other()
    {
        var padded = nn.utils.rnn.pad_sequence([Values([1, 2], 1, 2), Values([3, 2], 3, 4, 5, 6, 7, 8)], batch_first: true, padding_value: -1);
        Assert.Equal([1, 2, -1, -1, -1, -1, 3, 4, 5, 6, 7, 8], Read(padded));
        Assert.Equal([3, 2, 2], nn.utils.rnn.pad_sequence([zeros(1, 2), zeros(3, 2)]).shape);
        using var packed = nn.utils.rnn.pack_padded_sequence(padded, tensor(new long[] { 1, 3 }), batch_first: true, enforce_sorted: false);
        Assert.Equal([3, 4, 1, 2, 5, 6, 7, 8], Read(packed.data));
        var (again, lengths) = nn.utils.rnn.pad_packed_sequence(packed, batch_first: true, padding_value: -1);
        Assert.Equal(Read(padded), Read(again));
        Assert.Equal([1, 3], lengths.data<long>().ToArray());
        Assert.Equal([2, 4, 2], nn.utils.rnn.pad_packed_sequence(packed, batch_first: true, total_length: 4).Item1.shape);
        Assert.Throws<ExternalException>(() => nn.utils.rnn.pack_padded_sequence(padded, tensor(new long[] { 1, 3 }), batch_first: true));
        Assert.Throws<ExternalException>(() => nn.utils.rnn.pack_padded_sequence(padded, tensor(new long[] { 1, 4 }), batch_first: true, enforce_sorted: false));
    }

    [Fact]
    public void Everything_learns_and_wrong_shapes_are_named()
    {
        using var network = nn.GRU(3, 4, numLayers: 2, dropout: 0.5);
        network.call(randn(5, 2, 3)).Item1.square().sum().backward();
        Assert.All(network.named_parameters(), item => Assert.True(item.parameter.grad is { } gradient && Read(gradient).Any(value => value != 0), item.name));
        Assert.Contains("[5, 2, 4]", Assert.Throws<ExternalException>(() => network.call(randn(5, 2, 4))).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 2, 4]", Assert.Throws<ExternalException>(() => network.call(randn(5, 2, 3), randn(1, 2, 4))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => nn.GRU(3, 0));
    }
}
