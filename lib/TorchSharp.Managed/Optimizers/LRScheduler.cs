using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Learning rates that change from step to step.</summary>
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates of an optimiser's groups, step by step. Constructing one sets the rates of step 0.</summary>
            public abstract class LRScheduler
            {
                /// <summary>How often <see cref="step()"/> was called, the call in the constructor included.</summary>
                protected int _step_count;

                /// <summary>A scheduler of schedulers.</summary>
                protected LRScheduler()
                {
                }

                /// <summary>A scheduler for an optimiser.</summary>
                /// <param name="optimizer">Whose learning rates to set.</param>
                /// <param name="last_epoch">The number of the last step; -1 to begin.</param>
                /// <param name="verbose">Whether to print every change to the console.</param>
                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    Optimizer = optimizer;
                    LastEpoch = last_epoch;
                    Verbose = verbose;
                    BaseRates = [.. optimizer.ParamGroups.Select(group => group.InitialLearningRate)];
                    LastRates = [.. optimizer.ParamGroups.Select(group => group.LearningRate)];
                }

                internal Optimizer? Optimizer { get; }

                internal int LastEpoch { get; set; } = -1;

                internal bool Verbose { get; }

                internal List<double> BaseRates { get; set; } = [];

                internal List<double> LastRates { get; set; } = [];

                internal IEnumerable<ILearningRateController> Groups => Optimizer?.ParamGroups ?? [];

                /// <summary>Goes on to the next step's learning rates.</summary>
                public virtual void step() => step(null);

                /// <summary>Goes to the learning rates of a step.</summary>
                /// <param name="epoch">The step's number; null for the next.</param>
                public virtual void step(int? epoch)
                {
                    _step_count++;
                    LastEpoch = epoch ?? LastEpoch + 1;
                    double[] rates = [.. epoch is null ? get_lr() : get_closed_form_lr()];
                    var i = 0;
                    foreach (var group in Groups)
                    {
                        group.LearningRate = rates[i];
                        if (Verbose && LastRates[i] != rates[i])
                        {
                            Console.WriteLine($"Adjusting learning rate to {rates[i].ToString(CultureInfo.InvariantCulture)}");
                        }

                        LastRates[i] = rates[i];
                        i++;
                    }
                }

                /// <summary>Goes on, told a metric, which most schedulers ignore.</summary>
                public virtual void step(double current, int? epoch = null)
                {
                    _ = current;
                    step(epoch);
                }

                /// <summary>The learning rate of each group as last set.</summary>
                public IEnumerable<double> get_last_lr() => LastRates;

                /// <summary>The next rates from the present ones.</summary>
                protected virtual IEnumerable<double> get_lr() => Groups.Select(group => group.LearningRate);

                /// <summary>The rates of <c>LastEpoch</c> from the initial ones.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();
            }
        }
    }
}
