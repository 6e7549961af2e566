using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The tensor repeated along its dimensions, counted from the last.</summary>
    public static Tensor tile(Tensor input, long[] dims) => input.tile(dims);

    /// <summary>Every element repeated so many times in its place.</summary>
    public static Tensor repeat_interleave(Tensor input, long repeats, long? dim = null, long? output_size = null) => input.repeat_interleave(repeats, dim, output_size);

    /// <summary>Every element repeated as many times as its entry says.</summary>
    public static Tensor repeat_interleave(Tensor input, Tensor repeats, long? dim = null, long? output_size = null) => input.repeat_interleave(repeats, dim, output_size);

    /// <summary>The order along some dimensions reversed.</summary>
    public static Tensor flip(Tensor input, params long[] dims) => input.flip(dims);

    /// <summary>Left and right exchanged: the second dimension reversed.</summary>
    public static Tensor fliplr(Tensor input) => input.fliplr();

    /// <summary>Up and down exchanged: the first dimension reversed.</summary>
    public static Tensor flipud(Tensor input) => input.flipud();

    /// <summary>The elements moved on along the first dimension.</summary>
    public static Tensor roll(Tensor input, long[] shifts) => input.roll(shifts);

    /// <summary>The elements moved on along a dimension.</summary>
    public static Tensor roll(Tensor input, long shifts, long? dims = null) => input.roll(shifts, dims);

    /// <summary>The elements moved on along two dimensions.</summary>
    public static Tensor roll(Tensor input, (long, long) shifts, (long, long) dims) => input.roll(shifts, dims);

    /// <summary>The elements moved on along three dimensions.</summary>
    public static Tensor roll(Tensor input, (long, long, long) shifts, (long, long, long) dims) => input.roll(shifts, dims);

    /// <summary>The elements moved on along some dimensions.</summary>
    public static Tensor roll(Tensor input, long[] shifts, long[] dims) => input.roll(shifts, dims);

    /// <summary>The elements moved on along some dimensions.</summary>
    public static Tensor roll(Tensor input, ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => input.roll(shifts, dims);

    // Copies with elements repeated, reversed, moved on, or surrounded by more.
    public partial class Tensor
    {
        // As many as an array of their numbers can list.
        private static readonly long MostPlaces = Array.MaxLength / sizeof(long);

        /// <summary>A copy repeated along its dimensions: [2, 3] repeated (4, 1, 2) is [4, 2, 6].</summary>
        /// <param name="sizes">How often, at least one number for each dimension; surplus ones in front make new dimensions.</param>
        public Tensor repeat(params long[] sizes)
        {
            ArgumentNullException.ThrowIfNull(sizes);
            if (sizes.Length < Rank || sizes.Any(size => size < 0))
            {
                throw Errors.Of("repeat", $"the numbers of repetitions {Shapes.Text(sizes)} must not be negative nor fewer than the dimensions of {Shapes.Text(Shape)}");
            }

            // [2, 3] -> [1, 2, 1, 3] -> [r, 2, s, 3] -> [2 r, 3 s]
            var surplus = sizes.Length - Rank;
            var (apart, repeated, target) = (new long[2 * sizes.Length], new long[2 * sizes.Length], new long[sizes.Length]);
            for (var i = 0; i < sizes.Length; i++)
            {
                var length = i < surplus ? 1 : Shape[i - surplus];
                (apart[2 * i], apart[(2 * i) + 1]) = (1, length);
                (repeated[2 * i], repeated[(2 * i) + 1]) = (sizes[i], length);
                target[i] = sizes[i] * length;
            }

            using var view = reshape(apart);
            using var expanded = view.expand(repeated);
            using var copy = expanded.clone();
            return copy.view(target);
        }

        /// <summary>A copy repeated along its dimensions, counted from the last; where fewer numbers than dimensions are given, the first dimensions stay as they are.</summary>
        public Tensor tile(long[] reps)
        {
            ArgumentNullException.ThrowIfNull(reps);
            return repeat([.. Enumerable.Repeat(1L, Math.Max(Rank - reps.Length, 0)), .. reps]);
        }

        /// <summary>Every element repeated so many times in its place: [1, 2] twice is [1, 1, 2, 2].</summary>
        /// <param name="repeats">How often.</param>
        /// <param name="dim">Along which dimension; without one the result has a single dimension.</param>
        /// <param name="output_size">The length of the result along the dimension, if it is known; it is checked.</param>
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null)
        {
            if (dim is not { } given)
            {
                using var flat = reshape(-1);
                return flat.repeat_interleave(repeats, 0, output_size);
            }

            var d = PartDimension("repeat_interleave", given);
            CheckRepeats(repeats >= 0 && (output_size ?? (repeats * Shape[d])) == repeats * Shape[d], $"{repeats}", output_size);
            using var apart = unsqueeze(d + 1);
            long[] shape = [.. apart.Shape];
            shape[d + 1] = repeats;
            using var expanded = apart.expand(shape);
            using var copy = expanded.clone();
            return copy.flatten(d, d + 1);
        }

        /// <summary>Every element repeated as many times as its entry says.</summary>
        /// <param name="repeats">How often: one number for each place along the dimension, or one for all.</param>
        /// <param name="dim">Along which dimension; without one the result has a single dimension.</param>
        /// <param name="output_size">The length of the result along the dimension, if it is known; it is checked.</param>
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null)
        {
            ArgumentNullException.ThrowIfNull(repeats);
            if (dim is not { } given)
            {
                using var flat = reshape(-1);
                return flat.repeat_interleave(repeats, 0, output_size);
            }

            var d = PartDimension("repeat_interleave", given);
            CheckRepeats(repeats.Rank <= 1 && ScalarTypes.IsInteger(repeats.dtype) && (repeats.NumberOfElements == 1 || repeats.NumberOfElements == Shape[d]), Shapes.Text(repeats.Shape), output_size);
            using var wide = repeats.to(ScalarType.Int64);
            var counts = wide.data<long>().ToArray();
            CheckRepeats(counts.All(count => count >= 0), Shapes.Text(counts), output_size);
            var places = new List<long>();
            for (long i = 0; i < Shape[d]; i++)
            {
                var count = counts[counts.Length == 1 ? 0 : i];
                CheckRepeats(count <= MostPlaces - places.Count, Shapes.Text(counts), output_size);
                places.AddRange(Enumerable.Repeat(i, (int)count));
            }

            CheckRepeats(output_size is null || output_size == places.Count, Shapes.Text(counts), output_size);
            return TakePlaces("repeat_interleave", d, [.. places]);
        }

        /// <summary>A copy with the order along some dimensions reversed.</summary>
        public Tensor flip(params long[] dims)
        {
            ArgumentNullException.ThrowIfNull(dims);
            var reversed = Shapes.Dimensions("flip", dims, Rank);
            var result = Allocate(dtype, Shape);
            if (NumberOfElements > 0 && Rank > 0)
            {
                // Written from the far end, with steps backwards.
                var strides = (long[])result.Strides.Clone();
                long end = 0;
                foreach (var d in reversed)
                {
                    end += (Shape[d] - 1) * strides[d];
                    strides[d] = -strides[d];
                }

                using var backwards = result.Alias(Shape, strides, end);
                Copying.Copy(this, backwards);
            }
            else
            {
                Copying.Copy(this, result);
            }

            return Graph.Record("flip", result, [this], [], (_, gradient) => [gradient.flip(dims)]);
        }

        /// <summary>Left and right exchanged: the second dimension reversed.</summary>
        public Tensor fliplr() => Rank >= 2 ? flip(1) : throw Errors.Of("fliplr", $"input must have at least 2 dimensions, but its shape is {Shapes.Text(Shape)}");

        /// <summary>Up and down exchanged: the first dimension reversed.</summary>
        public Tensor flipud() => Rank >= 1 ? flip(0) : throw Errors.Of("flipud", "input must have at least 1 dimension, but its shape is []");

        /// <summary>The elements moved on along the first dimension; those that fall off the end come in at the beginning.</summary>
        public Tensor roll(long[] shifts) => roll(shifts, new long[] { 0 });

        /// <summary>The elements moved on along a dimension, or in logical order if none is given; those that fall off the end come in at the beginning.</summary>
        public Tensor roll(long shifts, long? dims = null) => roll(new long[] { shifts }, dims is { } d ? new long[] { d } : []);

        /// <summary>The elements moved on along two dimensions.</summary>
        public Tensor roll((long, long) shifts, (long, long) dims) => roll([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);

        /// <summary>The elements moved on along three dimensions.</summary>
        public Tensor roll((long, long, long) shifts, (long, long, long) dims) => roll([shifts.Item1, shifts.Item2, shifts.Item3], [dims.Item1, dims.Item2, dims.Item3]);

        /// <summary>The elements moved on along some dimensions.</summary>
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => roll(shifts.ToArray(), dims.ToArray());

        /// <summary>The elements moved on along some dimensions; those that fall off the end come in at the beginning.</summary>
        /// <param name="shifts">How far; negative towards the beginning.</param>
        /// <param name="dims">The dimensions, one for each shift; none, together with one shift: in logical order.</param>
        public Tensor roll(long[] shifts, long[] dims)
        {
            ArgumentNullException.ThrowIfNull(shifts);
            ArgumentNullException.ThrowIfNull(dims);
            if (dims.Length == 0 && shifts.Length == 1)
            {
                using var flat = reshape(-1);
                using var rolled = flat.roll(shifts);
                return rolled.view(Shape);
            }

            if (dims.Length != shifts.Length || dims.Length == 0)
            {
                throw Errors.Of("roll", $"shifts {Shapes.Text(shifts)} and dimensions {Shapes.Text(dims)} must align");
            }

            // Always a copy, of one dimension after the other.
            var result = Handle();
            for (var i = 0; i < dims.Length; i++)
            {
                using var before = result;
                result = before.RollOne(PartDimension("roll", dims[i]), shifts[i]);
            }

            return result;
        }

        /// <summary>This tensor with more elements around it, or with some cut off: what <c>torch.nn.functional.pad</c> computes.</summary>
        /// <param name="pad">Pairs of lengths before and after, for the last dimension, the last but one, and so on; negative to cut off.</param>
        /// <param name="mode">What the new elements are: a constant, or this tensor's own, mirrored without the edge, the edge itself, or from the other end.</param>
        /// <param name="value">The constant.</param>
        internal Tensor Padded(ReadOnlySpan<long> pad, PaddingModes mode, double value)
        {
            if (pad.Length % 2 != 0 || pad.Length / 2 > Rank)
            {
                throw Errors.Of("pad", $"{Shapes.Text(pad)} must be pairs of lengths for at most the {Rank} dimensions of {Shapes.Text(Shape)}");
            }

            foreach (var length in pad)
            {
                if (length is < -int.MaxValue or > int.MaxValue)
                {
                    throw Errors.Of("pad", $"{Shapes.Text(pad)} is too much for a tensor of shape {Shapes.Text(Shape)}: a length may be at most {int.MaxValue}");
                }
            }

            return mode is PaddingModes.Constant or PaddingModes.Zeros
                ? PadWithConstant(pad.ToArray(), mode == PaddingModes.Zeros ? 0 : value)
                : PadWithOwnElements(pad, mode);
        }

        private Tensor PadWithConstant(long[] pad, double value)
        {
            var shape = (long[])Shape.Clone();
            for (var i = 0; i < pad.Length / 2; i++)
            {
                var d = Rank - 1 - i;
                shape[d] += pad[2 * i] + pad[(2 * i) + 1];
                if (shape[d] < 0)
                {
                    throw Errors.Of("pad", $"{Shapes.Text(pad)} would leave a negative length of dimension {d} of {Shapes.Text(Shape)}");
                }
            }

            var result = Zeros(dtype, shape);
            if (value != 0)
            {
                result.fill_(value);
            }

            using (NewDisposeScope())
            {
                var from = detach();
                var to = result.detach();
                for (var i = 0; i < pad.Length / 2; i++)
                {
                    var d = Rank - 1 - i;
                    var (before, after) = (pad[2 * i], pad[(2 * i) + 1]);
                    var first = Math.Max(0, -before);
                    var length = Math.Max(0, Shape[d] - first - Math.Max(0, -after));
                    from = from.narrow(d, Math.Min(first, Shape[d] - length), length);
                    to = to.narrow(d, Math.Min(Math.Max(0, before), shape[d] - length), length);
                }

                Copying.Copy(from, to);
            }

            return Graph.Record("pad", result, [this], [], (_, gradient) => [gradient.PadWithConstant(Array.ConvertAll(pad, length => -length), 0)]);
        }

        private Tensor PadWithOwnElements(ReadOnlySpan<long> pad, PaddingModes mode)
        {
            var result = Handle();
            for (var i = 0; i < pad.Length / 2; i++)
            {
                var d = Rank - 1 - i;
                var (before, after, length) = (pad[2 * i], pad[(2 * i) + 1], Shape[d]);
                var limit = mode switch { PaddingModes.Reflect => length - 1, PaddingModes.Circular => length, _ => length == 0 ? 0 : MostPlaces };
                if (before > limit || after > limit || before + length + after < 0 || before + length + after > MostPlaces)
                {
                    throw Errors.Of("pad", $"{Shapes.Text(pad)} does not fit dimension {d} of {Shapes.Text(Shape)}: {mode} padding may be at most {limit} there");
                }

                var places = new long[before + length + after];
                for (var p = 0; p < places.Length; p++)
                {
                    var place = p - before;
                    places[p] = mode switch
                    {
                        PaddingModes.Reflect => place < 0 ? -place : place >= length ? (2 * (length - 1)) - place : place,
                        PaddingModes.Replicate => Math.Clamp(place, 0, length - 1),
                        _ => place < 0 ? place + length : place >= length ? place - length : place,
                    };
                }

                using var inner = result;
                result = inner.TakePlaces("pad", d, places);
            }

            return result;
        }

        private Tensor TakePlaces(string name, int d, long[] places)
        {
            using var list = Allocate(ScalarType.Int64, places.Length);
            list.data<long>().CopyFrom(places);
            return Take(name, Selection.ByLists(name, Shape, [(d, list)], allowNegative: false));
        }

        private Tensor RollOne(int d, long shift)
        {
            var result = Allocate(dtype, Shape);
            var length = Shape[d];
            var on = length == 0 ? 0 : ((shift % length) + length) % length;
            using (NewDisposeScope())
            {
                var (from, to) = (detach(), result.detach());
                Copying.Copy(from.narrow(d, 0, length - on), to.narrow(d, on, length - on));
                Copying.Copy(from.narrow(d, length - on, on), to.narrow(d, 0, on));
            }

            return Graph.Record("roll", result, [this], [], (_, gradient) => [gradient.RollOne(d, -on)]);
        }

        private void CheckRepeats(bool fits, string repeats, long? outputSize)
        {
            if (!fits)
            {
                throw Errors.Of("repeat_interleave", $"repeats {repeats} (output_size {outputSize?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "not given"}) don't fit the shape {Shapes.Text(Shape)}: expected whole numbers that are not negative nor too large for memory, one for each place or one for all");
            }
        }
    }
}
