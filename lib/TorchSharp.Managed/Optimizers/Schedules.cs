using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        // The schedules of PyTorch's torch.optim.lr_scheduler (1.13), with its formulas: most multiply the present rate by a factor, so that schedules can be chained.
        public static partial class lr_scheduler
        {
            /// <summary>The initial rate times a function of the step's number.</summary>
            /// <param name="optimizer">Whose learning rates to set.</param>
            /// <param name="lr_lambda">From the step's number, beginning with 0, to the factor.</param>
            /// <param name="last_epoch">The number of the last step; -1 to begin.</param>
            /// <param name="verbose">Whether to print every change.</param>
            public static LRScheduler LambdaLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new FromInitial(optimizer, lr_lambda, last_epoch, verbose);

            /// <summary>The present rate times a function of the step's number, from step 1 on.</summary>
            public static LRScheduler MultiplicativeLR(Optimizer optimizer, Func<int, double> lr_lambda, int last_epoch = -1, bool verbose = false) =>
                new FromPresent(optimizer, step => step > 0 ? lr_lambda(step) : 1, null, last_epoch, verbose);

            /// <summary>The rate times <paramref name="gamma"/> after every <paramref name="step_size"/> steps.</summary>
            public static LRScheduler StepLR(Optimizer optimizer, int step_size, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(step_size, 1);
                return new FromPresent(optimizer, step => step > 0 && step % step_size == 0 ? gamma : 1, step => Power(gamma, step / step_size), last_epoch, verbose);
            }

            /// <summary>The rate times <paramref name="gamma"/> at each of the milestones.</summary>
            public static LRScheduler MultiStepLR(Optimizer optimizer, IList<int> milestones, double gamma = 0.1, int last_epoch = -1, bool verbose = false)
            {
                int[] sorted = [.. milestones.Order()];
                return new FromPresent(optimizer, step => Power(gamma, sorted.Count(milestone => milestone == step)),
                    step => Power(gamma, sorted.Count(milestone => milestone <= step)), last_epoch, verbose);
            }

            /// <summary>The rate times <paramref name="gamma"/> at every step.</summary>
            public static LRScheduler ExponentialLR(Optimizer optimizer, double gamma = 0.1, int last_epoch = -1, bool verbose = false) =>
                new FromPresent(optimizer, step => step > 0 ? gamma : 1, step => Power(gamma, step), last_epoch, verbose);

            /// <summary>The rate times <paramref name="factor"/> for the first <paramref name="total_iters"/> steps.</summary>
            public static LRScheduler ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int total_iters = 5, int last_epoch = -1, bool verbose = false) =>
                new FromPresent(optimizer, step => step == 0 ? factor : step == total_iters ? 1.0 / factor : 1, step => step >= total_iters ? 1 : factor, last_epoch, verbose);

            /// <summary>The rate times a factor that goes evenly from <paramref name="start_factor"/> to <paramref name="end_factor"/> in <paramref name="total_iters"/> steps.</summary>
            public static LRScheduler LinearLR(Optimizer optimizer, double start_factor = 1.0 / 3, double end_factor = 1, int total_iters = 5, int last_epoch = -1, bool verbose = false)
            {
                var change = end_factor - start_factor;
                return new FromPresent(optimizer,
                    step => step == 0 ? start_factor : step > total_iters ? 1 : 1 + (change / ((total_iters * start_factor) + ((step - 1) * change))),
                    step => start_factor + (change * Math.Min(total_iters, step) / total_iters), last_epoch, verbose);
            }

            /// <summary>The rate falls to zero in <paramref name="total_iters"/> steps as a power of what is left.</summary>
            public static LRScheduler PolynomialLR(Optimizer optimizer, int total_iters = 5, double power = 1, int last_epoch = -1, bool verbose = false) =>
                new FromPresent(optimizer,
                    step => step == 0 || step > total_iters ? 1 : Power((1 - ((double)step / total_iters)) / (1 - ((step - 1.0) / total_iters)), power),
                    step => Power(1 - ((double)Math.Min(total_iters, step) / total_iters), power), last_epoch, verbose);

            /// <summary>Half a cosine from the initial rate down to <paramref name="eta_min"/> in <paramref name="T_max"/> steps, and up again (Loshchilov and Hutter, 2017, without restarts).</summary>
            public static LRScheduler CosineAnnealingLR(Optimizer optimizer, double T_max, double eta_min = 0, int last_epoch = -1, bool verbose = false)
            {
                ArgumentOutOfRangeException.ThrowIfZero(T_max);
                return new CosineAnnealing(optimizer, T_max, eta_min, last_epoch, verbose);
            }

            /// <summary>Up to <paramref name="max_lr"/> and down again, once, while the momentum goes the other way (Smith and Topin, 2019).</summary>
            /// <param name="optimizer">Whose learning rates to set.</param>
            /// <param name="max_lr">The highest rate.</param>
            /// <param name="total_steps">The length of the cycle; or give the next two.</param>
            /// <param name="epochs">The number of passes through the data.</param>
            /// <param name="steps_per_epoch">The steps in each pass.</param>
            /// <param name="pct_start">The share of the cycle in which the rate rises.</param>
            /// <param name="anneal_strategy">Along a cosine or a line.</param>
            /// <param name="cycle_momentum">Whether the momentum (or Adam's first beta) moves too.</param>
            /// <param name="base_momentum">The lowest momentum, at the highest rate.</param>
            /// <param name="max_momentum">The highest momentum, at the ends.</param>
            /// <param name="div_factor">The highest rate over the first.</param>
            /// <param name="final_div_factor">The first rate over the last.</param>
            /// <param name="three_phase">Whether the fall to the first rate mirrors the rise, before the last fall.</param>
            /// <param name="last_epoch">The number of the last step; -1 to begin.</param>
            /// <param name="verbose">Whether to print every change.</param>
            /// <exception cref="ArgumentException">No length is given, or a value is out of range, or the optimiser has no momentum to move.</exception>
            public static LRScheduler OneCycleLR(Optimizer optimizer, double max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true, double base_momentum = 0.85, double max_momentum = 0.95,
                double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false)
            {
                ArgumentNullException.ThrowIfNull(optimizer);
                var count = optimizer.ParamGroups.Count();
                return OneCycleLR(optimizer, Enumerable.Repeat(max_lr, count), total_steps, epochs, steps_per_epoch, pct_start, anneal_strategy, cycle_momentum,
                    Enumerable.Repeat(base_momentum, count), Enumerable.Repeat(max_momentum, count), div_factor, final_div_factor, three_phase, last_epoch, verbose);
            }

            /// <summary>The same with values for each group.</summary>
            public static LRScheduler OneCycleLR(Optimizer optimizer, IEnumerable<double> max_lr, int total_steps = -1, int epochs = -1, int steps_per_epoch = -1, double pct_start = 0.3,
                impl.OneCycleLR.AnnealStrategy anneal_strategy = impl.OneCycleLR.AnnealStrategy.Cos, bool cycle_momentum = true, IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null,
                double div_factor = 25, double final_div_factor = 10000, bool three_phase = false, int last_epoch = -1, bool verbose = false)
            {
                if (pct_start is < 0 or > 1)
                {
                    throw new ArgumentException($"Expected a number between 0 and 1 for pct_start, but got {pct_start}.", nameof(pct_start));
                }

                var steps = total_steps != -1 ? total_steps
                    : epochs == -1 || steps_per_epoch == -1 ? throw new ArgumentException("You must define either total_steps OR (epochs AND steps_per_epoch).", nameof(total_steps))
                    : epochs * steps_per_epoch;
                return steps > 0
                    ? new impl.OneCycleLR(optimizer, [.. max_lr], steps, pct_start, anneal_strategy, cycle_momentum, base_momentum?.ToArray(), max_momentum?.ToArray(),
                        div_factor, final_div_factor, three_phase, last_epoch, verbose)
                    : throw new ArgumentException($"Expected a positive number of steps, but got {steps}.", nameof(total_steps));
            }

            /// <summary>Lowers the rate when a metric has stopped getting better; told by <c>step(metric)</c>.</summary>
            /// <param name="optimizer">Whose learning rates to set.</param>
            /// <param name="mode">"min" if lower is better, "max" if higher is.</param>
            /// <param name="factor">What the rate is multiplied by; below 1.</param>
            /// <param name="patience">How many steps without improvement are let pass.</param>
            /// <param name="threshold">How much better counts as better.</param>
            /// <param name="threshold_mode">"rel" for a share of the best value, "abs" for a difference.</param>
            /// <param name="cooldown">Steps after a reduction that don't count.</param>
            /// <param name="min_lr">The lowest rate, one for all groups or one for each.</param>
            /// <param name="eps">Smaller reductions are not made.</param>
            /// <param name="verbose">Whether to print every change.</param>
            /// <exception cref="ArgumentException">The factor is not below 1, or a mode is unknown.</exception>
            public static LRScheduler ReduceLROnPlateau(Optimizer optimizer, string mode = "min", double factor = 0.1, int patience = 10, double threshold = 0.0001, string threshold_mode = "rel",
                int cooldown = 0, IList<double>? min_lr = null, double eps = 1E-08, bool verbose = false) =>
                new OnPlateau(optimizer, mode, factor, patience, threshold, threshold_mode, cooldown, min_lr, eps, verbose);

            /// <summary>One schedule after the other.</summary>
            /// <param name="optimizer">Whose learning rates to set; all the schedules' optimiser.</param>
            /// <param name="schedulers">The schedules.</param>
            /// <param name="milestones">The step at which each but the first begins.</param>
            /// <param name="last_epoch">The number of the last step; -1 to begin.</param>
            /// <exception cref="ArgumentException">A schedule is for another optimiser, or the numbers don't fit.</exception>
            public static LRScheduler SequentialLR(Optimizer optimizer, IEnumerable<LRScheduler> schedulers, IEnumerable<int> milestones, int last_epoch = -1) =>
                new Sequence(optimizer, [.. schedulers], [.. milestones], last_epoch);

            /// <summary>Several schedules at once, each multiplying what the one before left.</summary>
            public static LRScheduler ChainedLR(IEnumerable<LRScheduler> schedulers) => new Chain([.. schedulers]);

            // The engine's own power and cosine: the runtime's differ from one operating system to the next.
            private static double Power(double x, double y) => y == 1 ? x : VectorMath.Pow(x, y);

            /// <summary>The initial rate times a factor.</summary>
            private sealed class FromInitial : LRScheduler
            {
                private readonly Func<int, double> _factor;

                public FromInitial(Optimizer optimizer, Func<int, double> factor, int last_epoch, bool verbose)
                    : base(optimizer, last_epoch, verbose)
                {
                    _factor = factor;
                    step();
                }

                protected override IEnumerable<double> get_lr() => BaseRates.Select(rate => rate * _factor(LastEpoch));
            }

            /// <summary>The present rate times a factor; and, to jump to a step, the initial rate times another.</summary>
            private sealed class FromPresent : LRScheduler
            {
                private readonly Func<int, double> _factor;
                private readonly Func<int, double>? _closedForm;

                public FromPresent(Optimizer optimizer, Func<int, double> factor, Func<int, double>? closedForm, int last_epoch, bool verbose)
                    : base(optimizer, last_epoch, verbose)
                {
                    (_factor, _closedForm) = (factor, closedForm);
                    step();
                }

                protected override IEnumerable<double> get_lr() => Groups.Select(group => group.LearningRate * _factor(LastEpoch));

                protected override IEnumerable<double> get_closed_form_lr() => _closedForm is null ? get_lr() : BaseRates.Select(rate => rate * _closedForm(LastEpoch));
            }

            private sealed class CosineAnnealing : LRScheduler
            {
                private readonly double _length;
                private readonly double _lowest;

                public CosineAnnealing(Optimizer optimizer, double length, double lowest, int last_epoch, bool verbose)
                    : base(optimizer, last_epoch, verbose)
                {
                    (_length, _lowest) = (length, lowest);
                    step();
                }

                protected override IEnumerable<double> get_lr() =>
                    LastEpoch == 0 ? base.get_lr()
                    : (LastEpoch - 1 - _length) % (2 * _length) == 0 ? Groups.Zip(BaseRates, (group, rate) => group.LearningRate + ((rate - _lowest) * (1 - VectorMath.Cos(Math.PI / _length)) / 2))
                    : Groups.Select(group => (Wave(LastEpoch) / Wave(LastEpoch - 1) * (group.LearningRate - _lowest)) + _lowest);

                protected override IEnumerable<double> get_closed_form_lr() => BaseRates.Select(rate => _lowest + ((rate - _lowest) * Wave(LastEpoch) / 2));

                private double Wave(int epoch) => 1 + VectorMath.Cos(Math.PI * epoch / _length);
            }

            private sealed class OnPlateau : LRScheduler
            {
                private readonly bool _lowerIsBetter;
                private readonly bool _relative;
                private readonly double _factor;
                private readonly int _patience;
                private readonly double _threshold;
                private readonly int _cooldown;
                private readonly double[] _lowest;
                private readonly double _smallestChange;
                private double _best;
                private int _badSteps;
                private int _coolingSteps;

                public OnPlateau(Optimizer optimizer, string mode, double factor, int patience, double threshold, string threshold_mode, int cooldown, IList<double>? min_lr, double eps, bool verbose)
                    : base(optimizer, -1, verbose)
                {
                    if (factor >= 1)
                    {
                        throw new ArgumentException($"Factor should be < 1.0, but is {factor}.", nameof(factor));
                    }

                    _lowerIsBetter = mode == "min" || (mode == "max" ? false : throw new ArgumentException($"Mode '{mode}' is unknown: it must be 'min' or 'max'.", nameof(mode)));
                    _relative = threshold_mode == "rel"
                        || (threshold_mode == "abs" ? false : throw new ArgumentException($"Threshold mode '{threshold_mode}' is unknown: it must be 'rel' or 'abs'.", nameof(threshold_mode)));
                    (_factor, _patience, _threshold, _cooldown, _smallestChange) = (factor, patience, threshold, cooldown, eps);
                    var groups = BaseRates.Count;
                    _lowest = min_lr is null or { Count: 0 } ? new double[groups]
                        : min_lr.Count == 1 ? [.. Enumerable.Repeat(min_lr[0], groups)]
                        : min_lr.Count == groups ? [.. min_lr]
                        : throw new ArgumentException($"Expected 1 or {groups} lowest rates, but got {min_lr.Count}.", nameof(min_lr));
                    _best = _lowerIsBetter ? double.PositiveInfinity : double.NegativeInfinity;
                }

                public override void step() => throw new InvalidOperationException("step() should not be used with the ReduceLROnPlateau scheduler. Use step(double, int?), instead.");

                public override void step(int? epoch) => step();

                public override void step(double current, int? epoch = null)
                {
                    LastEpoch = epoch ?? LastEpoch + 1;
                    var bar = _relative ? _best * (_lowerIsBetter ? 1 - _threshold : 1 + _threshold) : _best + (_lowerIsBetter ? -_threshold : _threshold);
                    var better = _lowerIsBetter ? current < bar : current > bar;
                    (_best, _badSteps) = better ? (current, 0) : (_best, _badSteps + 1);
                    if (_coolingSteps > 0)
                    {
                        _coolingSteps--;
                        _badSteps = 0;
                    }

                    if (_badSteps > _patience)
                    {
                        Reduce();
                        _coolingSteps = _cooldown;
                        _badSteps = 0;
                    }

                    LastRates = [.. Groups.Select(group => group.LearningRate)];
                }

                private void Reduce()
                {
                    var i = 0;
                    foreach (var group in Groups)
                    {
                        var rate = Math.Max(group.LearningRate * _factor, _lowest[i]);
                        if (group.LearningRate - rate > _smallestChange)
                        {
                            group.LearningRate = rate;
                            if (Verbose)
                            {
                                Console.WriteLine(FormattableString.Invariant($"Epoch {LastEpoch}: reducing learning rate of group {i} to {rate:g4}."));
                            }
                        }

                        i++;
                    }
                }
            }

            private sealed class Sequence : LRScheduler
            {
                private readonly LRScheduler[] _schedulers;
                private readonly int[] _milestones;

                public Sequence(Optimizer optimizer, LRScheduler[] schedulers, int[] milestones, int last_epoch)
                    : base(optimizer, last_epoch + 1)
                {
                    if (Array.Exists(schedulers, scheduler => !ReferenceEquals(scheduler.Optimizer, optimizer)))
                    {
                        throw new ArgumentException("The SequentialLR scheduler expects all its sub-schedulers to be bound to the same optimizer.", nameof(schedulers));
                    }

                    if (milestones.Length != schedulers.Length - 1)
                    {
                        throw new ArgumentException($"Received {schedulers.Length} schedulers and {milestones.Length} milestones; there must be one milestone less than schedulers.", nameof(milestones));
                    }

                    (_schedulers, _milestones) = (schedulers, milestones);

                    // Every schedule set its first rate when it was made; only the first one's counts.
                    foreach (var group in Groups)
                    {
                        group.LearningRate = group.InitialLearningRate;
                    }

                    foreach (var scheduler in schedulers)
                    {
                        scheduler.LastEpoch--;
                    }

                    schedulers[0].step();
                    LastRates = [.. schedulers[0].LastRates];
                }

                protected override IEnumerable<double> get_lr()
                {
                    var current = _milestones.Count(milestone => milestone <= LastEpoch);
                    if (current > 0 && _milestones[current - 1] == LastEpoch)
                    {
                        _schedulers[current].step(0);
                    }
                    else
                    {
                        _schedulers[current].step();
                    }

                    return base.get_lr();
                }
            }

            private sealed class Chain(LRScheduler[] schedulers) : LRScheduler
            {
                public override void step()
                {
                    foreach (var scheduler in schedulers)
                    {
                        scheduler.step();
                    }

                    LastRates = [.. schedulers[^1].LastRates];
                }
            }

            /// <summary>Schedules that have types of their own.</summary>
            public static partial class impl
            {
                // Sets the momentum, or Adam's first beta.
                private static void SetMomentum(ILearningRateController group, double momentum)
                {
                    if (group is IBetas betas)
                    {
                        betas.Betas = (momentum, betas.Betas.Item2);
                    }
                    else
                    {
                        ((IMomentum)group).Momentum = momentum;
                    }
                }

                private static void RequireMomentum(IEnumerable<ILearningRateController> groups)
                {
                    if (groups.Any(group => group is not (IMomentum or IBetas)))
                    {
                        throw new ArgumentException("The optimizer must support momentum where cycle_momentum is true.", nameof(groups));
                    }
                }

                /// <summary>See <see cref="lr_scheduler.OneCycleLR(Optimizer, double, int, int, int, double, OneCycleLR.AnnealStrategy, bool, double, double, double, double, bool, int, bool)"/>.</summary>
                public class OneCycleLR : LRScheduler
                {
                    private readonly (double End, double[] FromRate, double[] ToRate, double[] FromMomentum, double[] ToMomentum)[] _phases;
                    private readonly int _steps;
                    private readonly AnnealStrategy _strategy;
                    private readonly bool _movesMomentum;

                    internal OneCycleLR(Optimizer optimizer, double[] highest, int steps, double share, AnnealStrategy strategy, bool movesMomentum, double[]? lowMomentum, double[]? highMomentum,
                        double divisor, double finalDivisor, bool threePhases, int last_epoch, bool verbose)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (movesMomentum)
                        {
                            RequireMomentum(Groups);
                        }

                        (_steps, _strategy, _movesMomentum) = (steps, strategy, movesMomentum);
                        lowMomentum ??= [.. Enumerable.Repeat(0.85, highest.Length)];
                        highMomentum ??= [.. Enumerable.Repeat(0.95, highest.Length)];
                        var first = Array.ConvertAll(highest, rate => rate / divisor);
                        var last = Array.ConvertAll(first, rate => rate / finalDivisor);
                        _phases = threePhases
                            ? [((share * steps) - 1, first, highest, highMomentum, lowMomentum), ((2 * share * steps) - 2, highest, first, lowMomentum, highMomentum), (steps - 1, first, last, highMomentum, highMomentum)]
                            : [((share * steps) - 1, first, highest, highMomentum, lowMomentum), (steps - 1, highest, last, lowMomentum, highMomentum)];
                        step();
                    }

                    /// <summary>How values move between the ends of a phase.</summary>
                    public enum AnnealStrategy
                    {
                        /// <summary>Along half a cosine.</summary>
                        Cos = 0,

                        /// <summary>Along a line.</summary>
                        Linear = 1,
                    }

                    /// <inheritdoc/>
                    /// <exception cref="InvalidOperationException">The cycle is over.</exception>
                    protected override IEnumerable<double> get_lr()
                    {
                        if (LastEpoch > _steps)
                        {
                            throw new InvalidOperationException($"Tried to step {LastEpoch + 1} times. The specified number of total steps is {_steps}");
                        }

                        var number = 0;
                        var start = 0.0;
                        while (number < _phases.Length - 1 && LastEpoch > _phases[number].End)
                        {
                            start = _phases[number++].End;
                        }

                        var phase = _phases[number];
                        var share = (LastEpoch - start) / (phase.End - start);
                        var rates = new List<double>();
                        foreach (var group in Groups)
                        {
                            var i = rates.Count;
                            rates.Add(Between(phase.FromRate[i], phase.ToRate[i], share));
                            if (_movesMomentum)
                            {
                                SetMomentum(group, Between(phase.FromMomentum[i], phase.ToMomentum[i], share));
                            }
                        }

                        return rates;
                    }

                    private double Between(double from, double to, double share) => _strategy == AnnealStrategy.Cos
                        ? to + ((from - to) / 2.0 * (VectorMath.Cos(Math.PI * share) + 1))
                        : ((to - from) * share) + from;
                }
            }
        }
    }
}
