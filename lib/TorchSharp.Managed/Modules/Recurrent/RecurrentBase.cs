using System.Globalization;

namespace TorchSharp.Modules;

/// <summary>What <see cref="RNN"/>, <see cref="LSTM"/> and <see cref="GRU"/> share: weights by layer and direction, and how layers follow each other.</summary>
/// <remarks>All weights are drawn uniformly from +-1 / sqrt(hidden), in the order of their names.</remarks>
internal sealed class RecurrentStack
{
    private readonly RecurrentKind _kind;
    private readonly long _inputSize;
    private readonly long _hiddenSize;
    private readonly long _layers;
    private readonly int _directions;
    private readonly bool _bias;
    private readonly bool _batchFirst;
    private readonly double _dropout;

    public RecurrentStack(RecurrentKind kind, long inputSize, long hiddenSize, long numLayers, bool bias, bool batchFirst, double dropout, bool bidirectional)
    {
        if (inputSize <= 0 || hiddenSize <= 0 || numLayers <= 0 || dropout is not (>= 0 and <= 1))
        {
            throw new ArgumentException($"A recurrent network needs positive sizes and layers and a dropout from 0 to 1; got inputSize {inputSize}, hiddenSize {hiddenSize}, numLayers {numLayers}, dropout {dropout}.");
        }

        (_kind, _inputSize, _hiddenSize, _layers, _bias, _batchFirst, _dropout) = (kind, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout);
        _directions = bidirectional ? 2 : 1;
    }

    /// <summary>How many vectors a state has.</summary>
    public int StateCount => _kind == RecurrentKind.Lstm ? 2 : 1;

    /// <summary>The parameters with their names, not yet drawn.</summary>
    public IEnumerable<(string Name, Parameter Parameter)> Parameters(string layer, torch.Device? device, torch.ScalarType? dtype)
    {
        var rows = RecurrentCore.Gates(_kind) * _hiddenSize;
        for (var level = 0; level < _layers; level++)
        {
            for (var direction = 0; direction < _directions; direction++)
            {
                var suffix = Suffix(level, direction);
                yield return ("weight_ih" + suffix, LayerParameters.Empty(layer, device, dtype, rows, level == 0 ? _inputSize : _hiddenSize * _directions));
                yield return ("weight_hh" + suffix, LayerParameters.Empty(layer, device, dtype, rows, _hiddenSize));
                if (_bias)
                {
                    yield return ("bias_ih" + suffix, LayerParameters.Empty(layer, device, dtype, rows));
                    yield return ("bias_hh" + suffix, LayerParameters.Empty(layer, device, dtype, rows));
                }
            }
        }
    }

    /// <summary>Draws the parameters.</summary>
    public void Draw(IEnumerable<Parameter> parameters)
    {
        var bound = 1 / Math.Sqrt(_hiddenSize);
        foreach (var parameter in parameters)
        {
            torch.nn.init.uniform_(parameter, -bound, bound);
        }
    }

    /// <summary>(T, N, in), or (N, T, in) where the batch is first, and states (layers * directions, N, hidden) or null for zeros.</summary>
    public (Tensor Output, Tensor[] States) Run(string layer, Tensor input, Tensor[]? states, Func<string, Tensor?> weight, bool training)
    {
        if (input.Rank != 3 || input.Shape[2] != _inputSize)
        {
            throw Errors.Of(layer, $"expected an input {(_batchFirst ? "(N, T" : "(T, N")}, {_inputSize}), but its shape is {Shapes.Text(input.Shape)}");
        }

        using var ordered = _batchFirst ? input.transpose(0, 1) : input.Handle();
        var (length, batch) = (ordered.Shape[0], ordered.Shape[1]);
        using var flat = ordered.reshape(length * batch, _inputSize);
        var (output, finals) = Run(layer, flat, [.. Enumerable.Repeat(batch, checked((int)length))], batch, states, weight, training);
        using (output)
        {
            using var shaped = output.view(length, batch, _hiddenSize * _directions);
            return (_batchFirst ? shaped.transpose(0, 1) : shaped.Handle(), finals);
        }
    }

    /// <summary>Sequences one time after the other, as a packed sequence has them.</summary>
    public (Tensor Output, Tensor[] States) Run(string layer, Tensor data, long[] sizes, long batch, Tensor[]? states, Func<string, Tensor?> weight, bool training)
    {
        long[] expected = [_layers * _directions, batch, _hiddenSize];
        foreach (var state in states ?? [])
        {
            if (!state.Shape.AsSpan().SequenceEqual(expected))
            {
                throw Errors.Of(layer, $"expected a hidden state of shape {Shapes.Text(expected)}, but its shape is {Shapes.Text(state.Shape)}");
            }
        }

        states ??= [.. Enumerable.Range(0, StateCount).Select(_ => Tensor.Zeros(data.dtype, expected))];
        var finals = Enumerable.Range(0, StateCount).Select(_ => new List<Tensor>()).ToArray();
        var current = data.Handle();
        for (var level = 0; level < _layers; level++)
        {
            var outputs = new Tensor[_directions];
            for (var direction = 0; direction < _directions; direction++)
            {
                var suffix = Suffix(level, direction);
                var index = (level * _directions) + direction;
                Tensor[] weights = [.. ((string[])["weight_ih", "weight_hh", "bias_ih", "bias_hh"]).Select(name => weight(name + suffix)).OfType<Tensor>()];
                var (output, final) = RecurrentCore.Run(_kind, current, sizes, Array.ConvertAll(states, state => state.select(0, index)), weights, direction == 1);
                outputs[direction] = output;
                for (var part = 0; part < final.Length; part++)
                {
                    finals[part].Add(final[part]);
                }
            }

            current.Dispose();
            current = _directions == 1 ? outputs[0] : torch.cat(outputs, -1);
            if (level < _layers - 1 && training && _dropout > 0)
            {
                using var all = current;
                current = torch.nn.functional.dropout(all, _dropout);
            }
        }

        return (current, Array.ConvertAll(finals, parts => torch.stack(parts.ToArray())));
    }

    private static string Suffix(int level, int direction) => string.Create(CultureInfo.InvariantCulture, $"_l{level}{(direction == 1 ? "_reverse" : "")}");
}
