using System.Numerics;
using TorchSharp.Kernels;
using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Stochastic gradient descent, with momentum (I. Sutskever and others, 2013, as PyTorch writes it) and weight decay.</summary>
public class SGD : OptimizerHelper, IMomentum
{
    /// <summary>Moves parameters, all in one group.</summary>
    public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, momentum, dampening, weight_decay, nesterov, maximize)
    {
    }

    /// <summary>Moves groups of parameters; what a group's options leave open is taken from the arguments.</summary>
    /// <exception cref="ArgumentException">A rate, momentum or decay is negative; Nesterov momentum without momentum, or with dampening.</exception>
    public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
    {
        if (nesterov && (momentum <= 0 || dampening != 0))
        {
            throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening.", nameof(nesterov));
        }

        Begin(new Options { LearningRate = lr, InitialLearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize }, parameters);
    }

    /// <summary>The momentum of groups that say nothing else.</summary>
    public double Momentum
    {
        get => ((Options)_defaults).momentum!.Value;
        set => ((Options)_defaults).momentum = value;
    }

    private protected override OptimizerOptions CreateOptions() => new Options();

    private protected override OptimizerState CreateState(Parameter parameter) => new State(parameter);

    private protected override void Move(Parameter parameter, Tensor gradient, OptimizerState state, OptimizerOptions options) =>
        ((State)state).Move(gradient, (Options)options);

    /// <summary>What is remembered of a parameter: the last step, where there is momentum.</summary>
    private sealed class State(Parameter parameter) : OptimizerState(parameter)
    {
        private Tensor? _buffer;

        public override void Initialize(OptimizerOptions options) => Replace(ref _buffer, null);

        public override void SaveStateDict(BinaryWriter writer) => SaveConditionalStateTensor(writer, _buffer);

        public override void LoadStateDict(BinaryReader reader) => Replace(ref _buffer, LoadConditionalStateTensor(reader));

        public override void LoadStateDict(OptimizerState source)
        {
            if (!ReferenceEquals(source, this))
            {
                Replace(ref _buffer, CopyOf(((State)source)._buffer));
            }
        }

        public override bool ApproximatelyEquals(OptimizerState other) => other is State same
            && (_buffer is null) == (same._buffer is null) && (_buffer is null || _buffer.allclose(same._buffer!));

        internal override void DisposeTensors() => Replace(ref _buffer, null);

        public unsafe void Move(Tensor gradient, Options options)
        {
            var first = options.momentum != 0 && _buffer is null;
            if (first)
            {
                _buffer = ZerosLikeParameter();
            }

            Elementwise.Move(_parameter, gradient, [options.momentum != 0 ? _buffer : null], new Stepper(options, first));
        }
    }

    private sealed class Stepper(Options options, bool first) : Elementwise.IStepper
    {
        public unsafe void Move<T>(T* parameter, T* gradient, T*[] memory, long n)
            where T : unmanaged, IFloatingPointIeee754<T> => Rows.SgdStep(parameter, gradient, memory[0], first, n, options.LearningRate!.Value,
                options.momentum!.Value, options.dampening!.Value, options.weight_decay!.Value, options.nesterov!.Value, options.maximize!.Value);
    }

    /// <summary>The options of a group.</summary>
    public class Options : ListedOptions
    {
        // Fields, as in TorchSharp.

        /// <summary>The share of the last step that is kept.</summary>
        public double? momentum;

        /// <summary>The share of the gradient that does not enter the momentum.</summary>
        public double? dampening;

        /// <summary>How much of the parameter is added to its gradient.</summary>
        public double? weight_decay;

        /// <summary>Whether to look ahead (Y. Nesterov, 1983).</summary>
        public bool? nesterov;

        /// <summary>Whether to go up instead of down.</summary>
        public bool? maximize;

        internal override void List(Fields fields)
        {
            fields.Number(nameof(momentum), ref momentum);
            fields.AnyNumber(nameof(dampening), ref dampening);
            fields.Number(nameof(weight_decay), ref weight_decay);
            fields.Flag(nameof(nesterov), ref nesterov);
            fields.Flag(nameof(maximize), ref maximize);
        }
    }

    /// <summary>Parameters that are moved with the same options.</summary>
    public class ParamGroup : ParamGroup<Options>, IMomentum
    {
        /// <summary>An empty group.</summary>
        public ParamGroup()
        {
        }

        /// <summary>A group with options.</summary>
        public ParamGroup(IEnumerable<Parameter> parameters, Options options)
            : base(parameters, options)
        {
        }

        /// <summary>A group with options, given one by one.</summary>
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize })
        {
        }

        /// <inheritdoc/>
        public double Momentum
        {
            get => Options.momentum!.Value;
            set => Options.momentum = value;
        }
    }
}
