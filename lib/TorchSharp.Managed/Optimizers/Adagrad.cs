namespace TorchSharp.Modules;

/// <summary>Adagrad (J. Duchi, E. Hazan and Y. Singer, 2011): the gradient over the root of the sum of all its squares so far.</summary>
public class Adagrad : StepOptimizer
{
    /// <summary>Moves parameters, all in one group.</summary>
    public Adagrad(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1E-10)
        : this([new ParamGroup { Parameters = parameters }], lr, lr_decay, weight_decay, initial_accumulator_value, eps)
    {
    }

    /// <summary>Moves groups of parameters; what a group's options leave open is taken from the arguments.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Adagrad(IEnumerable<ParamGroup> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1E-10) =>
        Begin(new Options { LearningRate = lr, InitialLearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay, initial_accumulator_value = initial_accumulator_value, eps = eps }, parameters);

    private protected override OptimizerOptions CreateOptions() => new Options();

    private protected override OptimizerState CreateState(Parameter parameter) => new StepState(
        parameter, options => ([], [ZerosLike(parameter).fill_(((Options)options).initial_accumulator_value!.Value)]), required: 1);

    private protected override void Move(Parameter parameter, Tensor gradient, OptimizerState state, OptimizerOptions options)
    {
        var (memory, set, rate) = ((StepState)state, (Options)options, options.LearningRate!.Value);
        using var direction = Direction(parameter, gradient, set.weight_decay);
        memory.Step++;
        memory[0].addcmul_(direction, direction, 1);
        using var denominator = memory[0].sqrt().add_(set.eps!.Value);
        parameter.addcdiv_(direction, denominator, -rate / (1 + ((memory.Step - 1) * set.lr_decay!.Value)));
    }

    /// <summary>The options of a group.</summary>
    public class Options : ListedOptions
    {
        // Fields, as in TorchSharp.

        /// <summary>How fast the learning rate falls.</summary>
        public double? lr_decay;

        /// <summary>Where the sum of squares begins.</summary>
        public double? initial_accumulator_value;

        /// <summary>Added to the denominator.</summary>
        public double? eps;

        /// <summary>How much of the parameter is added to its gradient.</summary>
        public double? weight_decay;

        internal override void List(Fields fields)
        {
            fields.Number(nameof(lr_decay), ref lr_decay);
            fields.Number(nameof(initial_accumulator_value), ref initial_accumulator_value);
            fields.Number(nameof(eps), ref eps);
            fields.Number(nameof(weight_decay), ref weight_decay);
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
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double lr_decay = 0, double weight_decay = 0, double initial_accumulator_value = 0, double eps = 1E-10)
            : base(parameters, new Options { LearningRate = lr, lr_decay = lr_decay, weight_decay = weight_decay, initial_accumulator_value = initial_accumulator_value, eps = eps })
        {
        }
    }
}
