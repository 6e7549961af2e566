using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>One step of a plain recurrent network: (N, in) and the state (N, hidden) -> the next state.</summary>
    public sealed class RNNCell : torch.nn.Module<Tensor, Tensor?, Tensor>
    {
        private readonly RecurrentKind _kind;
        private readonly long _inputSize;
        private readonly long _hiddenSize;

        internal RNNCell(RecurrentKind kind, long inputSize, long hiddenSize, bool bias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(RNNCell))
        {
            _kind = kind;
            (_inputSize, _hiddenSize) = (inputSize, hiddenSize);
            foreach (var (name, parameter) in RecurrentCell.Parameters(nameof(RNNCell), kind, inputSize, hiddenSize, bias, device, dtype))
            {
                register_parameter(name, parameter);
            }
        }

        /// <summary>The weights of the input.</summary>
        public Parameter weight_ih
        {
            get => OwnParameter(nameof(weight_ih))!;
            set => SetOwnParameter(nameof(weight_ih), value);
        }

        /// <summary>The weights of the state.</summary>
        public Parameter weight_hh
        {
            get => OwnParameter(nameof(weight_hh))!;
            set => SetOwnParameter(nameof(weight_hh), value);
        }

        /// <summary>The bias of the input, or null.</summary>
        public Parameter? bias_ih
        {
            get => OwnParameter(nameof(bias_ih));
            set => SetOwnParameter(nameof(bias_ih), value);
        }

        /// <summary>The bias of the state, or null.</summary>
        public Parameter? bias_hh
        {
            get => OwnParameter(nameof(bias_hh));
            set => SetOwnParameter(nameof(bias_hh), value);
        }

        /// <summary>One step, hooks included.</summary>
        /// <param name="input">(N, in) or (in).</param>
        /// <param name="h0">The state, (N, hidden) or (hidden); null for zeros.</param>
        public new Tensor call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor? input2)
        {
            var state = RecurrentCell.Step(nameof(RNNCell), _kind, input1, input2 is { } h ? [h] : null, _inputSize, _hiddenSize, weight_ih, weight_hh, bias_ih, bias_hh);
            return state[0];
        }
    }

    /// <summary>One step of an LSTM: (N, in) and the states h and c (N, hidden) -> the next two.</summary>
    public sealed class LSTMCell : torch.nn.Module<Tensor, (Tensor, Tensor)?, (Tensor, Tensor)>
    {
        private readonly long _inputSize;
        private readonly long _hiddenSize;

        internal LSTMCell(long inputSize, long hiddenSize, bool bias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(LSTMCell))
        {
            (_inputSize, _hiddenSize) = (inputSize, hiddenSize);
            foreach (var (name, parameter) in RecurrentCell.Parameters(nameof(LSTMCell), RecurrentKind.Lstm, inputSize, hiddenSize, bias, device, dtype))
            {
                register_parameter(name, parameter);
            }
        }

        /// <summary>The weights of the input.</summary>
        public Parameter weight_ih
        {
            get => OwnParameter(nameof(weight_ih))!;
            set => SetOwnParameter(nameof(weight_ih), value);
        }

        /// <summary>The weights of the state.</summary>
        public Parameter weight_hh
        {
            get => OwnParameter(nameof(weight_hh))!;
            set => SetOwnParameter(nameof(weight_hh), value);
        }

        /// <summary>The bias of the input, or null.</summary>
        public Parameter? bias_ih
        {
            get => OwnParameter(nameof(bias_ih));
            set => SetOwnParameter(nameof(bias_ih), value);
        }

        /// <summary>The bias of the state, or null.</summary>
        public Parameter? bias_hh
        {
            get => OwnParameter(nameof(bias_hh));
            set => SetOwnParameter(nameof(bias_hh), value);
        }

        /// <summary>One step, hooks included.</summary>
        /// <param name="input">(N, in) or (in).</param>
        /// <param name="h0_c0">The state, (N, hidden) or (hidden); null for zeros.</param>
        public new (Tensor, Tensor) call(Tensor input, (Tensor, Tensor)? h0_c0 = null) => base.call(input, h0_c0);

        /// <inheritdoc/>
        public override (Tensor, Tensor) forward(Tensor input1, (Tensor, Tensor)? input2)
        {
            var state = RecurrentCell.Step(nameof(LSTMCell), RecurrentKind.Lstm, input1, input2 is var (h, c) ? [h, c] : null, _inputSize, _hiddenSize, weight_ih, weight_hh, bias_ih, bias_hh);
            return (state[0], state[1]);
        }
    }

    /// <summary>One step of a GRU: (N, in) and the state (N, hidden) -> the next state.</summary>
    public sealed class GRUCell : torch.nn.Module<Tensor, Tensor?, Tensor>
    {
        private readonly long _inputSize;
        private readonly long _hiddenSize;

        internal GRUCell(long inputSize, long hiddenSize, bool bias, torch.Device? device, torch.ScalarType? dtype)
            : base(nameof(GRUCell))
        {
            (_inputSize, _hiddenSize) = (inputSize, hiddenSize);
            foreach (var (name, parameter) in RecurrentCell.Parameters(nameof(GRUCell), RecurrentKind.Gru, inputSize, hiddenSize, bias, device, dtype))
            {
                register_parameter(name, parameter);
            }
        }

        /// <summary>The weights of the input.</summary>
        public Parameter weight_ih
        {
            get => OwnParameter(nameof(weight_ih))!;
            set => SetOwnParameter(nameof(weight_ih), value);
        }

        /// <summary>The weights of the state.</summary>
        public Parameter weight_hh
        {
            get => OwnParameter(nameof(weight_hh))!;
            set => SetOwnParameter(nameof(weight_hh), value);
        }

        /// <summary>The bias of the input, or null.</summary>
        public Parameter? bias_ih
        {
            get => OwnParameter(nameof(bias_ih));
            set => SetOwnParameter(nameof(bias_ih), value);
        }

        /// <summary>The bias of the state, or null.</summary>
        public Parameter? bias_hh
        {
            get => OwnParameter(nameof(bias_hh));
            set => SetOwnParameter(nameof(bias_hh), value);
        }

        /// <summary>One step, hooks included.</summary>
        /// <param name="input">(N, in) or (in).</param>
        /// <param name="h0">The state, (N, hidden) or (hidden); null for zeros.</param>
        public new Tensor call(Tensor input, Tensor? h0 = null) => base.call(input, h0);

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor? input2)
        {
            var state = RecurrentCell.Step(nameof(GRUCell), RecurrentKind.Gru, input1, input2 is { } h ? [h] : null, _inputSize, _hiddenSize, weight_ih, weight_hh, bias_ih, bias_hh);
            return state[0];
        }
    }

    internal static class RecurrentCell
    {
        public static IEnumerable<(string Name, Parameter Parameter)> Parameters(string layer, RecurrentKind kind, long inputSize, long hiddenSize, bool bias, torch.Device? device, torch.ScalarType? dtype)
        {
            var stack = new RecurrentStack(kind, inputSize, hiddenSize, 1, bias, false, 0, false);
            var parameters = stack.Parameters(layer, device, dtype).Select(item => (item.Name.Replace("_l0", "", StringComparison.Ordinal), item.Parameter)).ToList();
            stack.Draw(parameters.Select(item => item.Parameter));
            return parameters;
        }

        public static Tensor[] Step(string layer, RecurrentKind kind, Tensor input, Tensor[]? state, long inputSize, long hiddenSize, Tensor weightInput, Tensor weightState, Tensor? biasInput, Tensor? biasState)
        {
            long[] expected = input.Rank == 0 ? [hiddenSize] : [.. input.Shape[..^1], hiddenSize];
            if (input.Rank is not (1 or 2) || input.Shape[^1] != inputSize || state?.Any(part => !part.Shape.AsSpan().SequenceEqual(expected)) == true)
            {
                throw Errors.Of(layer, $"expected an input (N, {inputSize}) or ({inputSize}) and states of {hiddenSize} numbers, but the shapes are {string.Join(" and ", ((Tensor[])[input, .. state ?? []]).Select(tensor => Shapes.Text(tensor.Shape)))}");
            }

            using var fromInput = torch.nn.functional.linear(input, weightInput, biasInput);
            state ??= [.. Enumerable.Range(0, kind == RecurrentKind.Lstm ? 2 : 1).Select(_ => Tensor.Zeros(input.dtype, expected))];
            return RecurrentCore.Step(kind, fromInput, state, weightState, biasState);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>One step of a plain recurrent network.</summary>
            public static RNNCell RNNCell(long inputSize, long hiddenSize, NonLinearities nonLinearity = NonLinearities.Tanh, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(nonLinearity == NonLinearities.ReLU ? RecurrentKind.ReLU : RecurrentKind.Tanh, inputSize, hiddenSize, bias, device, dtype);

            /// <summary>One step of an LSTM.</summary>
            public static LSTMCell LSTMCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) => new(inputSize, hiddenSize, bias, device, dtype);

            /// <summary>One step of a GRU.</summary>
            public static GRUCell GRUCell(long inputSize, long hiddenSize, bool bias = true, Device? device = null, ScalarType? dtype = null) => new(inputSize, hiddenSize, bias, device, dtype);
        }
    }
}
