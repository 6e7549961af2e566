namespace TorchSharp.Modules;

/// <summary>Averaged stochastic gradient descent (B. T. Polyak and A. B. Juditsky, 1992, as PyTorch writes it). The running average of the parameter is in the state; the parameter itself is not averaged.</summary>
public class ASGD : StepOptimizer
{
    /// <summary>Moves parameters, all in one group.</summary>
    public ASGD(IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000, double weight_decay = 0, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, lambd, alpha, t0, weight_decay, maximize)
    {
    }

    /// <summary>Moves groups of parameters; what a group's options leave open is taken from the arguments.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public ASGD(IEnumerable<ParamGroup<Options>> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000, double weight_decay = 0, bool maximize = false) =>
        Begin(new Options { LearningRate = lr, InitialLearningRate = lr, lambd = lambd, alpha = alpha, t0 = t0, weight_decay = weight_decay, maximize = maximize }, parameters);

    private protected override OptimizerOptions CreateOptions() => new Options();

    private protected override OptimizerState CreateState(Parameter parameter) => new StepState(
        parameter, options => ([options.LearningRate!.Value, 1], [ZerosLike(parameter)]), required: 1);

    private protected override void Move(Parameter parameter, Tensor gradient, OptimizerState state, OptimizerOptions options)
    {
        var (memory, set, rate) = ((StepState)state, (Options)options, options.LearningRate!.Value);
        using var direction = Direction(parameter, gradient, set.weight_decay, set.maximize);
        memory.Step++;
        var (step, share, average) = (memory.Numbers[0], memory.Numbers[1], memory[0]);
        parameter.mul_(1 - (set.lambd!.Value * step)).add_(direction, -step);
        if (share == 1)
        {
            average.copy_(parameter);
        }
        else
        {
            using var distance = parameter.sub(average);
            average.add_(distance, share);
        }

        memory.Numbers[0] = rate / Power(1 + (set.lambd.Value * rate * memory.Step), set.alpha!.Value);
        memory.Numbers[1] = 1 / Math.Max(1, memory.Step - set.t0!.Value);
    }

    /// <summary>The options of a group.</summary>
    public class Options : ListedOptions
    {
        // Fields, as in TorchSharp.

        /// <summary>Whether to go up instead of down.</summary>
        public bool? maximize;

        /// <summary>How fast the parameter and the learning rate fall.</summary>
        public double? lambd;

        /// <summary>The power with which the learning rate falls.</summary>
        public double? alpha;

        /// <summary>How much of the parameter is added to its gradient.</summary>
        public double? weight_decay;

        /// <summary>The step at which averaging begins.</summary>
        public double? t0;

        internal override void List(Fields fields)
        {
            fields.Flag(nameof(maximize), ref maximize);
            fields.Number(nameof(lambd), ref lambd);
            fields.Number(nameof(alpha), ref alpha);
            fields.Number(nameof(weight_decay), ref weight_decay);
            fields.Number(nameof(t0), ref t0);
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
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lambd = 0.0001, double alpha = 0.75, double t0 = 1000000, double weight_decay = 0)
            : base(parameters, new Options { LearningRate = lr, lambd = lambd, alpha = alpha, t0 = t0, weight_decay = weight_decay })
        {
        }
    }
}
