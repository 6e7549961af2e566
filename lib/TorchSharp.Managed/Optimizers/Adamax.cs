using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Adamax (D. P. Kingma and J. Ba, 2015, algorithm 2): Adam with the largest gradient so far, decaying, in place of the root of squares.</summary>
public class Adamax : StepOptimizer, IBetas
{
    /// <summary>Moves parameters, all in one group.</summary>
    public Adamax(IEnumerable<Parameter> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay)
    {
    }

    /// <summary>Moves groups of parameters; what a group's options leave open is taken from the arguments.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Adamax(IEnumerable<ParamGroup> parameters, double lr = 0.002, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0) =>
        Begin(new Options { LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay }, parameters);

    /// <summary>The decay rates of groups that say nothing else.</summary>
    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
    }

    private protected override OptimizerOptions CreateOptions() => new Options();

    private protected override OptimizerState CreateState(Parameter parameter) => new StepState(
        parameter, _ => ([], [ZerosLike(parameter), ZerosLike(parameter)]), required: 2);

    private protected override void Move(Parameter parameter, Tensor gradient, OptimizerState state, OptimizerOptions options)
    {
        var (memory, set, rate) = ((StepState)state, (Options)options, options.LearningRate!.Value);
        using var direction = Direction(parameter, gradient, set.weight_decay);
        memory.Step++;
        var (beta1, beta2) = (set.beta1!.Value, set.beta2!.Value);
        memory[0].mul_(beta1).add_(direction, 1 - beta1);
        using var size = direction.abs().add_(set.eps!.Value);
        using var largest = memory[1].mul_(beta2).maximum(size);
        memory[1].copy_(largest);
        parameter.addcdiv_(memory[0], memory[1], -rate / (1 - Power(beta1, memory.Step)));
    }

    /// <summary>The options of a group.</summary>
    public class Options : ListedOptions
    {
        // Fields, as in TorchSharp.

        /// <summary>The decay rate of the average of the gradient.</summary>
        public double? beta1;

        /// <summary>The decay rate of the largest gradient.</summary>
        public double? beta2;

        /// <summary>Added to the gradient's size.</summary>
        public double? eps;

        /// <summary>How much of the parameter is added to its gradient.</summary>
        public double? weight_decay;

        internal override void List(Fields fields)
        {
            fields.Share(nameof(beta1), ref beta1);
            fields.Share(nameof(beta2), ref beta2);
            fields.Number(nameof(eps), ref eps);
            fields.Number(nameof(weight_decay), ref weight_decay);
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
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0)
            : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay })
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
