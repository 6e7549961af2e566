using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Optimisers: what moves parameters along their gradients.</summary>
    public static partial class optim
    {
        /// <summary>Something with a learning rate that a scheduler can set.</summary>
        public interface ILearningRateController
        {
            /// <summary>The learning rate of the next step.</summary>
            double LearningRate { get; set; }

            /// <summary>The learning rate that schedules start from.</summary>
            double InitialLearningRate { get; set; }
        }

        /// <summary>Something with a momentum that a scheduler can set.</summary>
        public interface IMomentum
        {
            /// <summary>The share of the last step that is kept.</summary>
            double Momentum { get; set; }
        }

        /// <summary>Something with Adam's two decay rates.</summary>
        public interface IBetas
        {
            /// <summary>The decay rates of the averages of the gradient and of its square.</summary>
            (double, double) Betas { get; set; }
        }

        /// <summary>Moves parameters along their gradients.</summary>
        public abstract class Optimizer : IDisposable
        {
            /// <summary>The parameters in groups, each with its own options.</summary>
            protected IList<ParamGroup> _parameter_groups = [];

            /// <summary>The parameters in groups, each with its own options.</summary>
            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            /// <summary>The groups with everything in them.</summary>
            internal IList<ParamGroup> Groups => _parameter_groups;

            /// <summary>Moves every parameter that has a gradient by one step.</summary>
            /// <param name="closure">Computes the loss and its gradients first; or null, when that was done.</param>
            /// <returns>What the closure returned, or null.</returns>
            public abstract Tensor? step(Func<Tensor>? closure = null);

            /// <summary>Sets the gradients of all parameters to zero.</summary>
            public abstract void zero_grad();

            /// <summary>Adds parameters with options of their own.</summary>
            public abstract void add_param_group(ParamGroup param_group);

            /// <summary>All parameters of all groups.</summary>
            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

            /// <summary>Disposes what the optimiser remembers of the parameters. The parameters stay.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes what the optimiser remembers of the parameters.</summary>
            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>An optimiser's options and memory, in the order of its groups and parameters.</summary>
            public class StateDictionary
            {
                /// <summary>The options of each group.</summary>
                public List<OptimizerOptions> Options { get; } = [];

                /// <summary>What is remembered of each parameter.</summary>
                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group the places of its parameters in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }
    }
}
