using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A view with its dimensions in another order.</summary>
    public static Tensor permute(Tensor input, params long[] permutation) => input.permute(permutation);

    /// <summary>A view with two dimensions exchanged.</summary>
    public static Tensor transpose(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);

    /// <summary>A view with two dimensions exchanged.</summary>
    public static Tensor swapaxes(Tensor input, long axis0, long axis1) => input.transpose(axis0, axis1);

    /// <summary>A view with two dimensions exchanged.</summary>
    public static Tensor swapdims(Tensor input, long dim0, long dim1) => input.transpose(dim0, dim1);

    /// <summary>A view with one dimension moved to another place.</summary>
    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    /// <summary>A view with some dimensions moved to other places.</summary>
    public static Tensor movedim(Tensor input, long[] source, long[] destination) => input.movedim(source, destination);

    /// <summary>A view with one dimension moved to another place.</summary>
    public static Tensor moveaxis(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    /// <summary>A view with some dimensions moved to other places.</summary>
    public static Tensor moveaxis(Tensor input, long[] source, long[] destination) => input.movedim(source, destination);

    /// <summary>A matrix transposed; fewer dimensions stay as they are.</summary>
    public static Tensor t(Tensor input) => input.t();

    /// <summary>A batch of matrices, each transposed (and conjugated, which changes nothing for real numbers).</summary>
    public static Tensor adjoint(Tensor input) => input.adjoint();

    /// <summary>The plane of two dimensions turned by quarters, from the first dimension towards the second.</summary>
    public static Tensor rot90(Tensor input, long k = 1, (long, long)? dims = null) => input.rot90(k, dims);

    // Views that show the dimensions in another order.
    public partial class Tensor
    {
        /// <summary>A view with the order of all dimensions reversed.</summary>
        public Tensor T => Reorder("T", [.. Enumerable.Range(0, Rank).Reverse()]);

        /// <summary>A matrix transposed (and conjugated, which changes nothing for real numbers).</summary>
        public Tensor H => Rank is 0 or 2 ? T : throw Errors.Of("H", $"only matrices and single numbers have a conjugate transpose; the shape was {Shapes.Text(Shape)}");

        /// <summary>A batch of matrices, each transposed: the last two dimensions exchanged.</summary>
        public Tensor mT => Rank == 0 ? T : transpose(-2, -1);

        /// <summary>A matrix transposed; fewer dimensions stay as they are.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">There are more than two dimensions.</exception>
        public Tensor t() => Rank <= 2 ? T : throw Errors.Of("t", $"expects a tensor with <= 2 dimensions, but the shape was {Shapes.Text(Shape)}");

        /// <summary>A batch of matrices, each transposed (and conjugated, which changes nothing for real numbers).</summary>
        public Tensor adjoint() => mT;

        /// <summary>The plane of two dimensions turned by quarters, from the first dimension towards the second: a copy.</summary>
        /// <param name="k">How many quarters; negative the other way.</param>
        /// <param name="dims">The two dimensions, by default the first two.</param>
        public Tensor rot90(long k = 1, (long, long)? dims = null)
        {
            var (first, second) = dims ?? (0, 1);
            if (Rank < 2 || Shapes.Dimension("rot90", first, Rank) == Shapes.Dimension("rot90", second, Rank))
            {
                throw Errors.Of("rot90", $"dimensions {first} and {second} of {Shapes.Text(Shape)} must be two different ones");
            }

            switch (((k % 4) + 4) % 4)
            {
                case 1:
                    using (var mirrored = flip(second))
                    {
                        return mirrored.transpose(first, second);
                    }

                case 2:
                    return flip(first, second);
                case 3:
                    using (var mirrored = flip(first))
                    {
                        return mirrored.transpose(first, second);
                    }

                default:
                    return clone();
            }
        }

        /// <summary>A view with two dimensions exchanged.</summary>
        public Tensor transpose(long dim0, long dim1)
        {
            var first = Shapes.Dimension("transpose", dim0, Rank);
            var second = Shapes.Dimension("transpose", dim1, Rank);
            int[] order = [.. Enumerable.Range(0, Rank)];
            if (Rank > 0)
            {
                (order[first], order[second]) = (order[second], order[first]);
            }

            return Reorder("transpose", order);
        }

        /// <summary>Exchanges two dimensions of this tensor itself.</summary>
        public Tensor transpose_(long dim0, long dim1) => BecomeView("transpose_", transpose(dim0, dim1));

        /// <summary>A view with two dimensions exchanged.</summary>
        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        /// <summary>A view with two dimensions exchanged.</summary>
        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

        /// <summary>A view with its dimensions in another order: dimension i of the result is dimension <c>permutation[i]</c> of this tensor.</summary>
        public Tensor permute(params long[] permutation)
        {
            ArgumentNullException.ThrowIfNull(permutation);
            return permutation.Length == Rank
                ? Reorder("permute", Shapes.Dimensions("permute", permutation, Rank))
                : throw Errors.Of("permute", $"{permutation.Length} dimensions {Shapes.Text(permutation)} were given for a tensor of shape {Shapes.Text(Shape)}: expected each of its {Rank} once");
        }

        /// <summary>A view with its dimensions in another order.</summary>
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        /// <summary>A view with some dimensions moved to other places; the rest keep their order.</summary>
        public Tensor movedim(long[] source, long[] destination)
        {
            ArgumentNullException.ThrowIfNull(source);
            ArgumentNullException.ThrowIfNull(destination);
            var from = Shapes.Dimensions("movedim", source, Rank);
            var to = Shapes.Dimensions("movedim", destination, Rank);
            if (from.Length != to.Length)
            {
                throw Errors.Of("movedim", $"source {Shapes.Text(source)} and destination {Shapes.Text(destination)} must name as many dimensions");
            }

            var rest = new Queue<int>(Enumerable.Range(0, Rank).Except(from));
            var order = new int[Rank];
            for (var i = 0; i < order.Length; i++)
            {
                var moved = Array.IndexOf(to, i);
                order[i] = moved >= 0 ? from[moved] : rest.Dequeue();
            }

            return Reorder("movedim", order);
        }

        /// <summary>A view with some dimensions moved to other places.</summary>
        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);

        private Tensor Reorder(string name, int[] order)
        {
            var shape = Shape;
            return Graph.RecordView(name, this, Array.ConvertAll(order, d => shape[d]), Array.ConvertAll(order, d => Strides[d]), Offset, (_, gradient) =>
            {
                var back = new int[order.Length];
                for (var i = 0; i < order.Length; i++)
                {
                    back[order[i]] = i;
                }

                return [gradient.Reorder(name, back)];
            });
        }
    }
}
