using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A plain recurrent network: h' = f(W x + b + U h + c).</summary>
    /// <remarks>Input (T, N, in), or (N, T, in) where the batch is first; output likewise with the hidden vectors of both directions beside each other; states (layers * directions, N, hidden).
    /// Weights are drawn uniformly from +-1 / sqrt(hidden), in the order of their names.</remarks>
    public sealed class RNN : torch.nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        private readonly RecurrentStack _stack;

        internal RNN(RecurrentStack stack, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(RNN))
        {
            _stack = stack;
            foreach (var (name, parameter) in stack.Parameters(nameof(RNN), device, dtype))
            {
                register_parameter(name, parameter);
            }

            stack.Draw(parameters());
        }

        /// <summary>Runs over whole sequences, hooks included.</summary>
        /// <returns>The hidden vectors of the last layer at all times, and the last state.</returns>
        public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

        /// <summary>Runs over sequences of several lengths.</summary>
        /// <returns>The hidden vectors of the last layer at all times, and the state at the end of each sequence.</returns>
        public (torch.nn.utils.rnn.PackedSequence, Tensor) call(torch.nn.utils.rnn.PackedSequence input, Tensor? h0 = null)
        {
            var (output, states) = input.Run(nameof(RNN), _stack, h0 is { } h ? [h] : null, OwnParameter, training);
            return (output, states[0]);
        }

        /// <inheritdoc/>
        public override (Tensor, Tensor) forward(Tensor input1, Tensor? input2)
        {
            var (output, states) = _stack.Run(nameof(RNN), input1, input2 is { } h ? [h] : null, OwnParameter, training);
            return (output, states[0]);
        }

        /// <summary>Does nothing: the weights need no particular place in memory here.</summary>
        public void flatten_parameters()
        {
        }
    }

    /// <summary>Long short-term memory (Hochreiter and Schmidhuber 1997): a state of two vectors, and gates that say what is kept, added and shown.</summary>
    /// <remarks>Input (T, N, in), or (N, T, in) where the batch is first; output likewise with the hidden vectors of both directions beside each other; states (layers * directions, N, hidden).
    /// Weights are drawn uniformly from +-1 / sqrt(hidden), in the order of their names.</remarks>
    public sealed class LSTM : torch.nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor, Tensor)>
    {
        private readonly RecurrentStack _stack;

        internal LSTM(RecurrentStack stack, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(LSTM))
        {
            _stack = stack;
            foreach (var (name, parameter) in stack.Parameters(nameof(LSTM), device, dtype))
            {
                register_parameter(name, parameter);
            }

            stack.Draw(parameters());
        }

        /// <summary>Runs over whole sequences, hooks included.</summary>
        /// <returns>The hidden vectors of the last layer at all times, and the last state.</returns>
        public new (Tensor, Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

        /// <summary>Runs over sequences of several lengths.</summary>
        /// <returns>The hidden vectors of the last layer at all times, and the state at the end of each sequence.</returns>
        public (torch.nn.utils.rnn.PackedSequence, Tensor, Tensor) call(torch.nn.utils.rnn.PackedSequence input, (Tensor, Tensor)? h0_c0 = null)
        {
            var (output, states) = input.Run(nameof(LSTM), _stack, h0_c0 is var (h, c) ? [h, c] : null, OwnParameter, training);
            return (output, states[0], states[1]);
        }

        /// <inheritdoc/>
        public override (Tensor, Tensor, Tensor) forward(Tensor input1, (Tensor, Tensor)? input2)
        {
            var (output, states) = _stack.Run(nameof(LSTM), input1, input2 is var (h, c) ? [h, c] : null, OwnParameter, training);
            return (output, states[0], states[1]);
        }

        /// <summary>Does nothing: the weights need no particular place in memory here.</summary>
        public void flatten_parameters()
        {
        }
    }

    /// <summary>Gated recurrent units (Cho et al. 2014).</summary>
    /// <remarks>Input (T, N, in), or (N, T, in) where the batch is first; output likewise with the hidden vectors of both directions beside each other; states (layers * directions, N, hidden).
    /// Weights are drawn uniformly from +-1 / sqrt(hidden), in the order of their names.</remarks>
    public sealed class GRU : torch.nn.Module<Tensor, Tensor?, (Tensor, Tensor)>
    {
        private readonly RecurrentStack _stack;

        internal GRU(RecurrentStack stack, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(GRU))
        {
            _stack = stack;
            foreach (var (name, parameter) in stack.Parameters(nameof(GRU), device, dtype))
            {
                register_parameter(name, parameter);
            }

            stack.Draw(parameters());
        }

        /// <summary>Runs over whole sequences, hooks included.</summary>
        /// <returns>The hidden vectors of the last layer at all times, and the last state.</returns>
        public new (Tensor, Tensor) call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

        /// <summary>Runs over sequences of several lengths.</summary>
        /// <returns>The hidden vectors of the last layer at all times, and the state at the end of each sequence.</returns>
        public (torch.nn.utils.rnn.PackedSequence, Tensor) call(torch.nn.utils.rnn.PackedSequence input, Tensor? h0 = null)
        {
            var (output, states) = input.Run(nameof(GRU), _stack, h0 is { } h ? [h] : null, OwnParameter, training);
            return (output, states[0]);
        }

        /// <inheritdoc/>
        public override (Tensor, Tensor) forward(Tensor input1, Tensor? input2)
        {
            var (output, states) = _stack.Run(nameof(GRU), input1, input2 is { } h ? [h] : null, OwnParameter, training);
            return (output, states[0]);
        }

        /// <summary>Does nothing: the weights need no particular place in memory here.</summary>
        public void flatten_parameters()
        {
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A plain recurrent network.</summary>
            /// <param name="inputSize">The length of an input vector.</param>
            /// <param name="hiddenSize">The length of a hidden vector.</param>
            /// <param name="numLayers">How many layers; each one reads the one below.</param>
            /// <param name="nonLinearity">The function f.</param>
            /// <param name="bias">Whether there are biases.</param>
            /// <param name="batchFirst">Whether the batch is the first dimension of input and output.</param>
            /// <param name="dropout">The probability with which a number between layers becomes zero in training.</param>
            /// <param name="bidirectional">Whether a second network runs backwards.</param>
            /// <param name="device">The processor.</param>
            /// <param name="dtype">The type of the parameters.</param>
            public static RNN RNN(long inputSize, long hiddenSize, long numLayers = 1, NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(new RecurrentStack(nonLinearity == NonLinearities.ReLU ? RecurrentKind.ReLU : RecurrentKind.Tanh, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), device, dtype);

            /// <summary>Long short-term memory. The parameters as for <see cref="RNN"/>.</summary>
            public static LSTM LSTM(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(new RecurrentStack(RecurrentKind.Lstm, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), device, dtype);

            /// <summary>Gated recurrent units. The parameters as for <see cref="RNN"/>.</summary>
            public static GRU GRU(long inputSize, long hiddenSize, long numLayers = 1, bool bias = true, bool batchFirst = false, double dropout = 0, bool bidirectional = false, Device? device = null, ScalarType? dtype = null) =>
                new(new RecurrentStack(RecurrentKind.Gru, inputSize, hiddenSize, numLayers, bias, batchFirst, dropout, bidirectional), device, dtype);
        }
    }
}
