namespace TorchSharp.Modules;

/// <summary>Rprop (M. Riedmiller and H. Braun, 1993, as PyTorch writes it): steps that depend on the gradient's sign only and grow while it stays; for whole data sets.</summary>
public class Rprop : StepOptimizer
{
    /// <summary>Moves parameters, all in one group.</summary>
    public Rprop(IEnumerable<Parameter> parameters, double lr = 0.01, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1E-06, double max_step = 50, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, etaminus, etaplus, min_step, max_step, maximize)
    {
    }

    /// <summary>Moves groups of parameters; what a group's options leave open is taken from the arguments.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public Rprop(IEnumerable<ParamGroup> parameters, double lr = 0.01, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1E-06, double max_step = 50, bool maximize = false) =>
        Begin(new Options { LearningRate = lr, InitialLearningRate = lr, etaminus = etaminus, etaplus = etaplus, min_step = min_step, max_step = max_step, maximize = maximize }, parameters);

    private protected override OptimizerOptions CreateOptions() => new Options();

    private protected override OptimizerState CreateState(Parameter parameter) => new StepState(
        parameter, options => ([], [ZerosLike(parameter), ZerosLike(parameter).fill_(options.LearningRate!.Value)]), required: 2);

    private protected override void Move(Parameter parameter, Tensor gradient, OptimizerState state, OptimizerOptions options)
    {
        var (memory, set, rate) = ((StepState)state, (Options)options, options.LearningRate!.Value);
        using var direction = Direction(parameter, gradient, null, set.maximize);
        memory.Step++;
        var (last, steps) = (memory[0], memory[1]);
        using var agreement = direction.mul(last);
        using var turned = agreement.lt(0);
        using var stayed = agreement.gt(0);
        using var factor = torch.ones_like(last).masked_fill_(stayed, set.etaplus!.Value).masked_fill_(turned, set.etaminus!.Value);
        steps.mul_(factor).clamp_(set.min_step!.Value, set.max_step!.Value);

        // Where the sign has changed there is no step, and the next one may go either way.
        using var kept = direction.masked_fill(turned, 0);
        using var sign = kept.sign();
        parameter.addcmul_(sign, steps, -1);
        last.copy_(kept);
    }

    /// <summary>The options of a group.</summary>
    public class Options : ListedOptions
    {
        // Fields, as in TorchSharp.

        /// <summary>Whether to go up instead of down.</summary>
        public bool? maximize;

        /// <summary>What a step is multiplied by when the sign has changed.</summary>
        public double? etaminus;

        /// <summary>What a step is multiplied by when the sign has stayed.</summary>
        public double? etaplus;

        /// <summary>The smallest step.</summary>
        public double? min_step;

        /// <summary>The largest step.</summary>
        public double? max_step;

        internal override void List(Fields fields)
        {
            fields.Flag(nameof(maximize), ref maximize);
            fields.Share(nameof(etaminus), ref etaminus);
            fields.Number(nameof(etaplus), ref etaplus);
            fields.Number(nameof(min_step), ref min_step);
            fields.Number(nameof(max_step), ref max_step);
        }

        internal override void Check()
        {
            base.Check();
            if (!(etaminus > 0 && etaplus > 1))
            {
                throw new ArgumentException(FormattableString.Invariant($"Invalid etas: expected 0 < etaminus < 1 < etaplus, but got {etaminus} and {etaplus}."));
            }
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
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.01, double etaminus = 0.5, double etaplus = 1.2, double min_step = 1E-06, double max_step = 50, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, etaminus = etaminus, etaplus = etaplus, min_step = min_step, max_step = max_step, maximize = maximize })
        {
        }
    }
}
