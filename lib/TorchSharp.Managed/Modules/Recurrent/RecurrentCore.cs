namespace TorchSharp.Modules;

/// <summary>The kinds of recurrent networks.</summary>
internal enum RecurrentKind
{
    /// <summary>h' = tanh(W x + U h).</summary>
    Tanh,

    /// <summary>h' = max(0, W x + U h).</summary>
    ReLU,

    /// <summary>Long short-term memory: four gates, a state of two vectors.</summary>
    Lstm,

    /// <summary>Gated recurrent unit: three gates.</summary>
    Gru,
}

/// <summary>One step of a recurrent network, and whole sequences of steps.</summary>
internal static class RecurrentCore
{
    /// <summary>How many rows of weights there are for each hidden number.</summary>
    public static int Gates(RecurrentKind kind) => kind switch
    {
        RecurrentKind.Lstm => 4,
        RecurrentKind.Gru => 3,
        _ => 1,
    };

    /// <summary>The next state from what the input contributes, W x + b, and the present state (h, or h and c).</summary>
    /// <remarks>
    /// LSTM: Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al. 2000; gates in the order input, forget, cell, output.
    /// GRU: Cho et al. 2014; gates in the order reset, update, new, and the reset gate applied after the product as in cuDNN and PyTorch.
    /// </remarks>
    public static Tensor[] Step(RecurrentKind kind, Tensor fromInput, Tensor[] state, Tensor weight, Tensor? bias)
    {
        using var fromState = torch.nn.functional.linear(state[0], weight, bias);
        if (kind == RecurrentKind.Gru)
        {
            var (x, h) = (fromInput.chunk(3, -1), fromState.chunk(3, -1));
            using var resetSum = x[0].add(h[0]);
            using var reset = resetSum.sigmoid();
            using var updateSum = x[1].add(h[1]);
            using var update = updateSum.sigmoid();
            using var remembered = reset.mul(h[2]);
            using var newSum = x[2].add(remembered);
            using var proposed = newSum.tanh();
            using var difference = state[0].sub(proposed);
            using var kept = difference.mul(update);
            Dispose([.. x, .. h]);
            return [kept.add(proposed)];
        }

        using var sum = fromState.add(fromInput);
        if (kind != RecurrentKind.Lstm)
        {
            return [kind == RecurrentKind.Tanh ? sum.tanh() : sum.relu()];
        }

        var gates = sum.chunk(4, -1);
        using var input = gates[0].sigmoid();
        using var forget = gates[1].sigmoid();
        using var cell = gates[2].tanh();
        using var output = gates[3].sigmoid();
        using var old = forget.mul(state[1]);
        using var added = input.mul(cell);
        var next = old.add(added);
        using var shown = next.tanh();
        Dispose(gates);
        return [output.mul(shown), next];
    }

    /// <summary>Runs over sequences whose vectors lie one time after the other: at time t the first sizes[t] sequences of the batch.</summary>
    /// <param name="kind">Which network.</param>
    /// <param name="data">(sum of sizes, in).</param>
    /// <param name="sizes">How many sequences there are at each time; never more than before.</param>
    /// <param name="initial">The state at first, each (batch, hidden).</param>
    /// <param name="weights">W, U and, with biases, b and c: W x + b + U h + c.</param>
    /// <param name="reverse">Whether time runs backwards.</param>
    /// <returns>The hidden vectors in the order of the data, and the state of each sequence at its end.</returns>
    public static (Tensor Output, Tensor[] State) Run(RecurrentKind kind, Tensor data, long[] sizes, Tensor[] initial, Tensor[] weights, bool reverse)
    {
        var offsets = new long[sizes.Length];
        for (var t = 1; t < sizes.Length; t++)
        {
            offsets[t] = offsets[t - 1] + sizes[t - 1];
        }

        // What the inputs contribute at all times is one product.
        using var fromInputs = torch.nn.functional.linear(data, weights[0], weights.Length > 2 ? weights[2] : null);
        var bias = weights.Length > 3 ? weights[3] : null;
        var outputs = new Tensor[sizes.Length];
        var ended = new List<Tensor[]>();
        var first = reverse ? sizes.Length - 1 : 0;
        var state = Array.ConvertAll(initial, x => x.narrow(0, 0, sizes.Length == 0 ? x.Shape[0] : sizes[first]));
        for (var i = 0; i < sizes.Length; i++)
        {
            var t = reverse ? sizes.Length - 1 - i : i;
            var present = state[0].Shape[0];
            if (sizes[t] < present)
            {
                // Forwards, the shortest sequences end first.
                ended.Add(Array.ConvertAll(state, x => x.narrow(0, sizes[t], present - sizes[t])));
                state = Array.ConvertAll(state, x => x.narrow(0, 0, sizes[t]));
            }
            else if (sizes[t] > present)
            {
                // Backwards, the shorter sequences join later.
                state = [.. state.Select((x, part) => torch.cat([x, initial[part].narrow(0, present, sizes[t] - present)], 0))];
            }

            using var step = fromInputs.narrow(0, offsets[t], sizes[t]);
            state = Step(kind, step, state, weights[1], bias);
            outputs[t] = state[0];
        }

        ended.Reverse();
        var final = state.Select((x, part) => ended.Count == 0 ? x.Handle() : torch.cat([x, .. ended.Select(end => end[part])], 0)).ToArray();
        return (outputs.Length == 0 ? Tensor.Zeros(data.dtype, 0, initial[0].Shape[1]) : torch.cat(outputs, 0), final);
    }

    private static void Dispose(Tensor[] tensors) => Array.ForEach(tensors, tensor => tensor.Dispose());
}
