using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The same elements under another shape: a view where possible, otherwise a copy. One length may be -1.</summary>
    public static Tensor reshape(Tensor input, params long[] shape) => input.reshape(shape);

    /// <summary>Makes one dimension of several neighbouring ones.</summary>
    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) => input.flatten(start_dim, end_dim);

    /// <summary>All elements in one dimension.</summary>
    public static Tensor ravel(Tensor input) => input.ravel();

    /// <summary>Makes several dimensions of one.</summary>
    public static Tensor unflatten(Tensor input, long dim, params long[] sizes) => input.unflatten(dim, sizes);

    /// <summary>Makes several dimensions of one.</summary>
    public static Tensor unflatten(Tensor input, long dim, Size sizes) => input.unflatten(dim, sizes);

    /// <summary>A view without dimensions of length 1: without all of them, or without the given one if it has length 1.</summary>
    public static Tensor squeeze(Tensor input, long? dim = null) => input.squeeze(dim);

    /// <summary>A view with one more dimension, of length 1.</summary>
    public static Tensor unsqueeze(Tensor input, long dim) => input.unsqueeze(dim);

    /// <summary>A view in which dimensions of length 1 are repeated without a copy.</summary>
    public static Tensor broadcast_to(Tensor input, params long[] shape) => input.broadcast_to(shape);

    /// <summary>Views of all tensors under the one shape that they broadcast to.</summary>
    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        long[] shape = [];
        foreach (var tensor in tensors)
        {
            shape = Shapes.Broadcast("broadcast_tensors", shape, tensor.Shape);
        }

        return Array.ConvertAll(tensors, tensor => tensor.expand(shape));
    }

    /// <summary>The input as it is, or as a tensor of one dimension where it had none.</summary>
    public static Tensor atleast_1d(Tensor input) => input.Rank >= 1 ? input.Handle() : input.reshape(1);

    /// <summary>The input with at least two dimensions: new ones stand in front.</summary>
    public static Tensor atleast_2d(Tensor input) => input.Rank switch
    {
        0 => input.reshape(1, 1),
        1 => input.unsqueeze(0),
        _ => input.Handle(),
    };

    /// <summary>The input with at least three dimensions: [] becomes [1, 1, 1], [n] becomes [1, n, 1], [m, n] becomes [m, n, 1].</summary>
    public static Tensor atleast_3d(Tensor input) => input.Rank switch
    {
        0 => input.reshape(1, 1, 1),
        1 => input.reshape(1, input.Shape[0], 1),
        2 => input.unsqueeze(-1),
        _ => input.Handle(),
    };

    // Views that show the same elements in the same order under another shape, and broadcasting.
    public partial class Tensor
    {
        /// <summary>A view under another shape; one length may be -1.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The number of elements differs, or the elements don't lie so that a view can show them.</exception>
        public Tensor view(params long[] shape)
        {
            ArgumentNullException.ThrowIfNull(shape);
            var target = Shapes.Infer("view", shape, Shape);
            var strides = Shapes.ViewStrides(Shape, Strides, target)
                ?? throw Errors.Of("view", $"view size {Shapes.Text(target)} is not compatible with the tensor's shape {Shapes.Text(Shape)} and strides {Shapes.Text(Strides)} (at least one dimension spans across two contiguous subspaces). Use reshape(...) instead");
            return View("view", target, strides);
        }

        /// <summary>A view under the shape of another tensor.</summary>
        public Tensor view_as(Tensor other) => view(Errors.Given(other).Shape);

        /// <summary>Another handle to the same tensor.</summary>
        public Tensor alias() => View("alias", Shape, Strides);

        /// <summary>The same elements under another shape: a view where possible, otherwise a copy. One length may be -1.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The number of elements differs.</exception>
        public Tensor reshape(params long[] shape)
        {
            ArgumentNullException.ThrowIfNull(shape);
            var target = Shapes.Infer("reshape", shape, Shape);
            if (Shapes.ViewStrides(Shape, Strides, target) is { } strides)
            {
                return View("reshape", target, strides);
            }

            using var copy = clone();
            return copy.view(target);
        }

        /// <summary>The same elements under the shape of another tensor.</summary>
        public Tensor reshape_as(Tensor other) => reshape(Errors.Given(other).Shape);

        /// <summary>Makes one dimension of several neighbouring ones, both ends included: [2, 3, 4] flattened from 1 is [2, 12].</summary>
        public Tensor flatten(long start_dim = 0, long end_dim = -1)
        {
            var shape = Shape;
            var first = Shapes.Dimension("flatten", start_dim, Rank);
            var last = Shapes.Dimension("flatten", end_dim, Rank);
            return first > last
                ? throw Errors.Of("flatten", $"start_dim {start_dim} cannot come after end_dim {end_dim} for shape {Shapes.Text(shape)}")
                : Rank == 0 ? reshape(1)
                : reshape([.. shape[..first], Shapes.Count(shape.AsSpan(first, last - first + 1)), .. shape[(last + 1)..]]);
        }

        /// <summary>All elements in one dimension.</summary>
        public Tensor ravel() => flatten();

        /// <summary>The tensor as it is, or with one dimension where it had none.</summary>
        public Tensor atleast_1d() => torch.atleast_1d(this);

        /// <summary>The tensor with at least two dimensions.</summary>
        public Tensor atleast_2d() => torch.atleast_2d(this);

        /// <summary>The tensor with at least three dimensions.</summary>
        public Tensor atleast_3d() => torch.atleast_3d(this);

        /// <summary>Makes several dimensions of one; one of the lengths may be -1.</summary>
        /// <param name="dim">The dimension, counted from the front: TorchSharp takes no negative one here, unlike PyTorch.</param>
        /// <param name="sizes">Its new lengths.</param>
        /// <exception cref="ArgumentException">There is no such dimension, or it has not as many elements.</exception>
        public Tensor unflatten(long dim, params long[] sizes)
        {
            ArgumentNullException.ThrowIfNull(sizes);
            if (dim < 0)
            {
                throw new ArgumentException($"Invalid 'dim' argument: {dim}.", nameof(dim));
            }

            var d = Shapes.Dimension("unflatten", dim, Rank);
            if (Rank == 0 || sizes.Length == 0)
            {
                throw Errors.Of("unflatten", $"a dimension of {Shapes.Text(Shape)} cannot become {Shapes.Text(sizes)}: expected at least one dimension on either side");
            }

            return reshape([.. Shape[..d], .. Shapes.Infer("unflatten", sizes, [Shape[d]]), .. Shape[(d + 1)..]]);
        }

        /// <summary>Makes several dimensions of one.</summary>
        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);

        /// <summary>A view without dimensions of length 1: without all of them, or without the given one if it has length 1.</summary>
        public Tensor squeeze(long? dim = null)
        {
            var only = dim is { } given ? Shapes.Dimension("squeeze", given, Rank) : -1;
            var (shape, strides) = Kept(d => Shape[d] != 1 || (dim is not null && d != only));
            return View("squeeze", shape, strides);
        }

        /// <summary>Takes dimensions of length 1 out of this tensor itself.</summary>
        public Tensor squeeze_(long? dim = null) => BecomeView("squeeze_", squeeze(dim));

        /// <summary>A view with one more dimension, of length 1.</summary>
        /// <param name="dim">Where the new dimension stands in the result; negative from the back.</param>
        public Tensor unsqueeze(long dim)
        {
            var d = Shapes.Dimension("unsqueeze", dim, Rank + 1);
            var stride = d < Rank ? Shape[d] * Strides[d] : 1;
            return View("unsqueeze", [.. Shape[..d], 1, .. Shape[d..]], [.. Strides[..d], stride, .. Strides[d..]]);
        }

        /// <summary>Puts one more dimension, of length 1, into this tensor itself.</summary>
        public Tensor unsqueeze_(long dim) => BecomeView("unsqueeze_", unsqueeze(dim));

        /// <summary>A view in which dimensions of length 1 are repeated without a copy; -1 keeps a length; new dimensions stand in front.</summary>
        public Tensor expand(params long[] sizes)
        {
            ArgumentNullException.ThrowIfNull(sizes);
            var shape = Shape;
            var shift = sizes.Length - shape.Length;
            var target = (long[])sizes.Clone();
            var compatible = shift >= 0;
            for (var i = 0; i < target.Length && compatible; i++)
            {
                if (target[i] == -1)
                {
                    compatible = i >= shift;
                    target[i] = compatible ? shape[i - shift] : -1;
                }
                else if (i >= shift && shape[i - shift] != 1)
                {
                    compatible = shape[i - shift] == target[i];
                }
                else
                {
                    compatible = target[i] >= 0;
                }
            }

            if (!compatible)
            {
                throw Errors.Of("expand", $"a tensor of shape {Shapes.Text(shape)} cannot be expanded to {Shapes.Text(sizes)}: existing sizes must match, except where they are 1");
            }

            _ = Shapes.Count(target);
            return Graph.RecordView("expand", this, target, Shapes.BroadcastStrides(shape, Strides, target), Offset, static (node, gradient) => [gradient.SumTo(node.InputShape(0))]);
        }

        /// <summary>A view in which dimensions of length 1 are repeated without a copy.</summary>
        /// <param name="sizes">The shape.</param>
        /// <param name="isImplicit">Has no effect.</param>
        public Tensor expand(long[] sizes, bool isImplicit = false)
        {
            _ = isImplicit;
            return expand(sizes);
        }

        /// <inheritdoc cref="expand(long[], bool)"/>
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false)
        {
            _ = isImplicit;
            return expand(sizes.ToArray());
        }

        /// <inheritdoc cref="expand(long[], bool)"/>
        public Tensor expand(Size sizes, bool isImplicit = false)
        {
            _ = isImplicit;
            return expand(sizes.Shape);
        }

        /// <summary>A view expanded to the shape of another tensor.</summary>
        public Tensor expand_as(Tensor other) => expand(Errors.Given(other).Shape);

        /// <summary>A view in which dimensions of length 1 are repeated without a copy.</summary>
        public Tensor broadcast_to(params long[] shape) => expand(shape);

        /// <summary>Undoes broadcasting: sums over the dimensions along which a tensor of the given shape was repeated.</summary>
        internal Tensor SumTo(long[] target)
        {
            if (Shape.AsSpan().SequenceEqual(target))
            {
                return this;
            }

            var shift = Rank - target.Length;
            var dimensions = new List<long>();
            for (var i = 0; i < Rank; i++)
            {
                if (i < shift || (target[i - shift] == 1 && Shape[i] != 1))
                {
                    dimensions.Add(i);
                }
            }

            if (dimensions.Count == 0)
            {
                return view(target);
            }

            using var sum = this.sum([.. dimensions], keepdim: true);
            return sum.view(target);
        }

        // A view of all elements in the same order.
        private Tensor View(string name, long[] shape, long[] strides) =>
            Graph.RecordView(name, this, shape, strides, Offset, static (node, gradient) => [gradient.reshape(node.InputShape(0))]);

        private (long[] Shape, long[] Strides) Kept(Func<int, bool> keep)
        {
            var kept = Enumerable.Range(0, Rank).Where(keep).ToArray();
            return (Array.ConvertAll(kept, d => Shape[d]), Array.ConvertAll(kept, d => Strides[d]));
        }
    }
}
