using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>RMSprop (T. Tieleman and G. Hinton, 2012, as PyTorch writes it): the gradient over the root of the running average of its square.</summary>
public class RMSProp : StepOptimizer, IMomentum
{
    /// <summary>Moves parameters, all in one group.</summary>
    public RMSProp(IEnumerable<Parameter> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, alpha, eps, weight_decay, momentum, centered, maximize)
    {
    }

    /// <summary>Moves groups of parameters; what a group's options leave open is taken from the arguments.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public RMSProp(IEnumerable<ParamGroup> parameters, double lr = 0.001, double alpha = 0.99, double eps = 1E-08, double weight_decay = 0, double momentum = 0, bool centered = false, bool maximize = false) =>
        Begin(new Options { LearningRate = lr, InitialLearningRate = lr, alpha = alpha, eps = eps, weight_decay = weight_decay, momentum = momentum, centered = centered, maximize = maximize }, parameters);

    /// <summary>The momentum of groups that say nothing else.</summary>
    public double Momentum
    {
        get => ((Options)_defaults).momentum!.Value;
        set => ((Options)_defaults).momentum = value;
    }

    private protected override OptimizerOptions CreateOptions() => new Options();

    private protected override OptimizerState CreateState(Parameter parameter) => new StepState(
        parameter, options => ([], [ZerosLike(parameter), ((Options)options).momentum > 0 ? ZerosLike(parameter) : null, ((Options)options).centered == true ? ZerosLike(parameter) : null]), required: 1);

    private protected override void Move(Parameter parameter, Tensor gradient, OptimizerState state, OptimizerOptions options)
    {
        var (memory, set, rate) = ((StepState)state, (Options)options, options.LearningRate!.Value);
        using var direction = Direction(parameter, gradient, set.weight_decay, set.maximize);
        memory.Step++;
        var squares = memory[0].mul_(set.alpha!.Value).addcmul_(direction, direction, 1 - set.alpha.Value);
        using var denominator = Denominator(memory, direction, squares, set);
        if (memory.Optional(1) is { } momentum)
        {
            momentum.mul_(set.momentum!.Value).addcdiv_(direction, denominator, 1);
            parameter.add_(momentum, -rate);
        }
        else
        {
            parameter.addcdiv_(direction, denominator, -rate);
        }
    }

    // The root of the average of squares, or of the variance.
    private static Tensor Denominator(StepState memory, Tensor direction, Tensor squares, Options set)
    {
        if (memory.Optional(2) is not { } average)
        {
            return squares.sqrt().add_(set.eps!.Value);
        }

        average.mul_(set.alpha!.Value).add_(direction, 1 - set.alpha.Value);
        return squares.addcmul(average, average, -1).sqrt_().add_(set.eps!.Value);
    }

    /// <summary>The options of a group.</summary>
    public class Options : ListedOptions
    {
        // Fields, as in TorchSharp.

        /// <summary>Whether to go up instead of down.</summary>
        public bool? maximize;

        /// <summary>The share of the last step that is kept.</summary>
        public double? momentum;

        /// <summary>The decay rate of the average of squares.</summary>
        public double? alpha;

        /// <summary>Added to the denominator.</summary>
        public double? eps;

        /// <summary>How much of the parameter is added to its gradient.</summary>
        public double? weight_decay;

        /// <summary>Whether the gradient's variance is used instead of its square.</summary>
        public bool? centered;

        internal override void List(Fields fields)
        {
            fields.Flag(nameof(maximize), ref maximize);
            fields.Number(nameof(momentum), ref momentum);
            fields.Number(nameof(alpha), ref alpha);
            fields.Number(nameof(eps), ref eps);
            fields.Number(nameof(weight_decay), ref weight_decay);
            fields.Flag(nameof(centered), ref centered);
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
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double eps = 1E-08, double alpha = 0.99, double weight_decay = 0, double momentum = 0, bool centered = false)
            : base(parameters, new Options { LearningRate = lr, eps = eps, alpha = alpha, weight_decay = weight_decay, momentum = momentum, centered = centered })
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
