using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>NAdam (T. Dozat, 2016): Adam that looks ahead, as Nesterov's momentum does.</summary>
public class NAdam : StepOptimizer, IBetas
{
    /// <summary>Moves parameters, all in one group.</summary>
    public NAdam(IEnumerable<Parameter> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, double momentum_decay = 0.004)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, momentum_decay)
    {
    }

    /// <summary>Moves groups of parameters; what a group's options leave open is taken from the arguments.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public NAdam(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, double momentum_decay = 0.004) =>
        Begin(new Options { LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, momentum_decay = momentum_decay }, parameters);

    /// <summary>The decay rates of groups that say nothing else.</summary>
    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
    }

    private protected override OptimizerOptions CreateOptions() => new Options();

    private protected override OptimizerState CreateState(Parameter parameter) => new StepState(
        parameter, _ => ([1], [ZerosLike(parameter), ZerosLike(parameter)]), required: 2);

    private protected override void Move(Parameter parameter, Tensor gradient, OptimizerState state, OptimizerOptions options)
    {
        var (memory, set, rate) = ((StepState)state, (Options)options, options.LearningRate!.Value);
        using var direction = Direction(parameter, gradient, set.weight_decay);
        memory.Step++;
        var (beta1, beta2) = (set.beta1!.Value, set.beta2!.Value);
        var present = beta1 * (1 - (0.5 * Power(0.96, memory.Step * set.momentum_decay!.Value)));
        var next = beta1 * (1 - (0.5 * Power(0.96, (memory.Step + 1) * set.momentum_decay.Value)));
        var product = memory.Numbers[0] *= present;
        memory[0].mul_(beta1).add_(direction, 1 - beta1);
        memory[1].mul_(beta2).addcmul_(direction, direction, 1 - beta2);
        using var denominator = memory[1].div(1 - Power(beta2, memory.Step)).sqrt_().add_(set.eps!.Value);
        parameter.addcdiv_(direction, denominator, -rate * (1 - present) / (1 - product));
        parameter.addcdiv_(memory[0], denominator, -rate * next / (1 - (product * next)));
    }

    /// <summary>The options of a group.</summary>
    public class Options : ListedOptions
    {
        // Fields, as in TorchSharp.

        /// <summary>The decay rate of the average of the gradient.</summary>
        public double? beta1;

        /// <summary>The decay rate of the average of the gradient's square.</summary>
        public double? beta2;

        /// <summary>Added to the denominator.</summary>
        public double? eps;

        /// <summary>How much of the parameter is added to its gradient.</summary>
        public double? weight_decay;

        /// <summary>How fast the momentum rises to the first beta.</summary>
        public double? momentum_decay;

        internal override void List(Fields fields)
        {
            fields.Share(nameof(beta1), ref beta1);
            fields.Share(nameof(beta2), ref beta2);
            fields.Number(nameof(eps), ref eps);
            fields.Number(nameof(weight_decay), ref weight_decay);
            fields.Number(nameof(momentum_decay), ref momentum_decay);
        }
    }

    /// <summary>Parameters that are moved with the same options.</summary>
    public class ParamGroup : ParamGroup<Options>, IBetas
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
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, double momentum_decay = 0.004)
            : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, momentum_decay = momentum_decay })
        {
        }

        /// <inheritdoc/>
        public (double, double) Betas
        {
            get => (Options.beta1!.Value, Options.beta2!.Value);
            set => (Options.beta1, Options.beta2) = value;
        }
    }
}
