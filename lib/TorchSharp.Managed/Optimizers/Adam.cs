using static TorchSharp.torch.optim;

namespace TorchSharp.Modules;

/// <summary>Adam (D. P. Kingma and J. Ba, 2015, algorithm 1); weight decay is added to the gradient.</summary>
public class Adam : OptimizerHelper, IBetas
{
    /// <summary>Moves parameters, all in one group.</summary>
    public Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    /// <summary>Moves groups of parameters; what a group's options leave open is taken from the arguments.</summary>
    /// <exception cref="ArgumentException">A rate, eps or decay is negative, or a beta not within [0, 1).</exception>
    public Adam(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
        Begin(new Options { LearningRate = lr, InitialLearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize }, parameters);

    /// <summary>The decay rates of groups that say nothing else.</summary>
    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
    }

    private protected override OptimizerOptions CreateOptions() => new Options();

    private protected override OptimizerState CreateState(Parameter parameter) => new AdamState(parameter);

    private protected override void Move(Parameter parameter, Tensor gradient, OptimizerState state, OptimizerOptions options) =>
        ((AdamState)state).Move(gradient, (Options)options, decoupled: false);

    /// <summary>The options of a group.</summary>
    public class Options : AdamOptions
    {
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
        public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1E-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay, amsgrad = amsgrad, maximize = maximize })
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
