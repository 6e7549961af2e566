namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        // Rates that go up and down between two bounds (L. N. Smith, 2017), with PyTorch's formulas.
        public static partial class lr_scheduler
        {
            /// <summary>Up and down between two rates, again and again, while the momentum goes the other way.</summary>
            /// <param name="optimizer">Whose learning rates to set.</param>
            /// <param name="base_lr">The lowest rate, with which it begins.</param>
            /// <param name="max_lr">The highest rate of the first cycle.</param>
            /// <param name="step_size_up">The steps from the lowest to the highest.</param>
            /// <param name="step_size_down">The steps back; -1 for as many.</param>
            /// <param name="mode">How the height of the cycles changes; not used where <paramref name="scale_fn"/> is given.</param>
            /// <param name="gamma">What ExpRange multiplies the height by at each step.</param>
            /// <param name="scale_fn">The factor of the height, given the number of the cycle (from 1) or of the step.</param>
            /// <param name="scale_mode">What <paramref name="scale_fn"/> is given.</param>
            /// <param name="cycle_momentum">Whether the momentum (or Adam's first beta) moves too.</param>
            /// <param name="base_momentum">The lowest momentum, at the highest rate.</param>
            /// <param name="max_momentum">The highest momentum, at the lowest rate.</param>
            /// <param name="last_epoch">The number of the last step; -1 to begin.</param>
            /// <param name="verbose">Whether to print every change.</param>
            /// <exception cref="ArgumentException">A number of steps is not positive, or the optimiser has no momentum to move.</exception>
            public static LRScheduler CyclicLR(Optimizer optimizer, double base_lr, double max_lr, int step_size_up = 2000, int step_size_down = -1, impl.CyclicLR.Mode mode = impl.CyclicLR.Mode.Triangular,
                double gamma = 1, Func<double, double>? scale_fn = null, impl.CyclicLR.ScaleMode scale_mode = impl.CyclicLR.ScaleMode.Cycle, bool cycle_momentum = true,
                double base_momentum = 0.8, double max_momentum = 0.9, int last_epoch = -1, bool verbose = false)
            {
                ArgumentNullException.ThrowIfNull(optimizer);
                var count = optimizer.ParamGroups.Count();
                return CyclicLR(optimizer, Enumerable.Repeat(base_lr, count), Enumerable.Repeat(max_lr, count), step_size_up, step_size_down, mode, gamma, scale_fn, scale_mode, cycle_momentum,
                    Enumerable.Repeat(base_momentum, count), Enumerable.Repeat(max_momentum, count), last_epoch, verbose);
            }

            /// <summary>The same with values for each group.</summary>
            public static LRScheduler CyclicLR(Optimizer optimizer, IEnumerable<double> base_lr, IEnumerable<double> max_lr, int step_size_up = 2000, int step_size_down = -1, impl.CyclicLR.Mode mode = impl.CyclicLR.Mode.Triangular,
                double gamma = 1, Func<double, double>? scale_fn = null, impl.CyclicLR.ScaleMode scale_mode = impl.CyclicLR.ScaleMode.Cycle, bool cycle_momentum = true,
                IEnumerable<double>? base_momentum = null, IEnumerable<double>? max_momentum = null, int last_epoch = -1, bool verbose = false)
            {
                ArgumentNullException.ThrowIfNull(optimizer);
                ArgumentNullException.ThrowIfNull(base_lr);
                ArgumentNullException.ThrowIfNull(max_lr);
                var down = step_size_down == -1 ? step_size_up : step_size_down;
                if (step_size_up < 1 || down < 1)
                {
                    throw new ArgumentException($"Expected at least one step up and one down, but got {step_size_up} and {down}.", nameof(step_size_up));
                }

                (Func<double, double>, bool) scale = scale_fn is not null ? (scale_fn, scale_mode == impl.CyclicLR.ScaleMode.Iterations) : mode switch
                {
                    impl.CyclicLR.Mode.Triangular => (static _ => 1, false),
                    impl.CyclicLR.Mode.Triangular2 => (static cycle => Power(0.5, cycle - 1), false),
                    impl.CyclicLR.Mode.ExpRange => (step => Power(gamma, step), true),
                    _ => throw new ArgumentException($"Mode {mode} is unknown.", nameof(mode)),
                };
                var count = optimizer.ParamGroups.Count();
                return new impl.CyclicLR(optimizer, Ends(base_lr, max_lr, count), cycle_momentum ? Ends(base_momentum ?? Enumerable.Repeat(0.8, count), max_momentum ?? Enumerable.Repeat(0.9, count), count) : null,
                    (step_size_up, down), scale, last_epoch, verbose);
            }

            private static (double Lowest, double Highest)[] Ends(IEnumerable<double> lowest, IEnumerable<double> highest, int groups)
            {
                var ends = lowest.Zip(highest).ToArray();
                return ends.Length == groups ? ends : throw new ArgumentException($"Expected values for {groups} groups of parameters, but got {ends.Length}.", nameof(lowest));
            }

            public static partial class impl
            {
                /// <summary>See <see cref="lr_scheduler.CyclicLR(Optimizer, double, double, int, int, CyclicLR.Mode, double, Func{double, double}?, CyclicLR.ScaleMode, bool, double, double, int, bool)"/>.</summary>
                public class CyclicLR : LRScheduler
                {
                    private readonly (double Lowest, double Highest)[] _rates;
                    private readonly (double Lowest, double Highest)[]? _momenta;
                    private readonly (double Up, double Down) _steps;
                    private readonly (Func<double, double> Of, bool TakesSteps) _scale;

                    internal CyclicLR(Optimizer optimizer, (double Lowest, double Highest)[] rates, (double Lowest, double Highest)[]? momenta, (double Up, double Down) steps,
                        (Func<double, double> Of, bool TakesSteps) scale, int last_epoch, bool verbose)
                        : base(optimizer, last_epoch, verbose)
                    {
                        if (momenta is not null)
                        {
                            RequireMomentum(Groups);
                        }

                        (_rates, _momenta, _steps, _scale) = (rates, momenta, steps, scale);
                        step();
                    }

                    /// <summary>How the height of the cycles changes.</summary>
                    public enum Mode
                    {
                        /// <summary>Not at all.</summary>
                        Triangular = 0,

                        /// <summary>Each cycle is half as high as the one before.</summary>
                        Triangular2 = 1,

                        /// <summary>It is multiplied by gamma at each step.</summary>
                        ExpRange = 2,
                    }

                    /// <summary>What the height depends on.</summary>
                    public enum ScaleMode
                    {
                        /// <summary>The number of the cycle, from 1.</summary>
                        Cycle = 0,

                        /// <summary>The number of the step, from 0.</summary>
                        Iterations = 1,
                    }

                    /// <inheritdoc/>
                    protected override IEnumerable<double> get_lr()
                    {
                        var length = _steps.Up + _steps.Down;
                        var cycle = Math.Floor(1 + (LastEpoch / length));
                        var x = 1 + (LastEpoch / length) - cycle;
                        var top = _steps.Up / length;
                        var height = (x <= top ? x / top : (x - 1) / (top - 1)) * _scale.Of(_scale.TakesSteps ? LastEpoch : cycle);
                        var i = 0;
                        foreach (var group in _momenta is null ? [] : Groups)
                        {
                            var (lowest, highest) = _momenta![i++];
                            SetMomentum(group, highest - ((highest - lowest) * height));
                        }

                        return _rates.Select(rate => rate.Lowest + ((rate.Highest - rate.Lowest) * height)).ToArray();
                    }
                }
            }
        }
    }
}
