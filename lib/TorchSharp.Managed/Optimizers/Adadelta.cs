namespace TorchSharp.Modules;

/// <summary>Adadelta (M. D. Zeiler, 2012): steps in the units of the parameter, from running averages of squared gradients and squared steps.</summary>
public class Adadelta : StepOptimizer
{
    /// <summary>Moves parameters, all in one group.</summary>
    public Adadelta(IEnumerable<Parameter> parameters, double lr = 1, double rho = 0.9, double eps = 1E-06, double weight_decay = 0, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, rho, eps, weight_decay, maximize)
    {
    }

    /// <summary>Moves groups of parameters; what a group's options leave open is taken from the arguments.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Adadelta(IEnumerable<ParamGroup> parameters, double lr = 1, double rho = 0.9, double eps = 1E-06, double weight_decay = 0, bool maximize = false) =>
        Begin(new Options { LearningRate = lr, InitialLearningRate = lr, rho = rho, eps = eps, weight_decay = weight_decay, maximize = maximize }, parameters);

    private protected override OptimizerOptions CreateOptions() => new Options();

    private protected override OptimizerState CreateState(Parameter parameter) => new StepState(
        parameter, _ => ([], [ZerosLike(parameter), ZerosLike(parameter)]), required: 2);

    private protected override void Move(Parameter parameter, Tensor gradient, OptimizerState state, OptimizerOptions options)
    {
        var (memory, set, rate) = ((StepState)state, (Options)options, options.LearningRate!.Value);
        using var direction = Direction(parameter, gradient, set.weight_decay, set.maximize);
        memory.Step++;
        var (rho, eps) = (set.rho!.Value, set.eps!.Value);
        memory[0].mul_(rho).addcmul_(direction, direction, 1 - rho);
        using var root = memory[0].add(eps).sqrt_();
        using var change = memory[1].add(eps).sqrt_().div_(root).mul_(direction);
        memory[1].mul_(rho).addcmul_(change, change, 1 - rho);
        parameter.add_(change, -rate);
    }

    /// <summary>The options of a group.</summary>
    public class Options : ListedOptions
    {
        // Fields, as in TorchSharp.

        /// <summary>The decay rate of both averages.</summary>
        public double? rho;

        /// <summary>Added to both averages.</summary>
        public double? eps;

        /// <summary>How much of the parameter is added to its gradient.</summary>
        public double? weight_decay;

        /// <summary>Whether to go up instead of down.</summary>
        public bool? maximize;

        internal override void List(Fields fields)
        {
            fields.Share(nameof(rho), ref rho);
            fields.Number(nameof(eps), ref eps);
            fields.Number(nameof(weight_decay), ref weight_decay);
            fields.Flag(nameof(maximize), ref maximize);
        }
    }

    /// <summary>Parameters that are moved with the same options.</summary>
    public class ParamGroup : ParamGroup<Options>
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
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 1, double rho = 0.9, double eps = 1E-06, double weight_decay = 0, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, rho = rho, eps = eps, weight_decay = weight_decay, maximize = maximize })
        {
        }
    }
}
