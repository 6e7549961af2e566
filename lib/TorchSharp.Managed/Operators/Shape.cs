using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    // Views: other shapes of the same memory.
    public partial class Tensor
    {
        /// <summary>A view under another shape; one length may be -1.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The number of elements differs, or the elements don't lie so that a view can show them.</exception>
        public Tensor view(params long[] shape)
        {
            var target = Shapes.Infer("view", shape, NumberOfElements);
            var strides = Shapes.ViewStrides(Shape, Strides, target)
                ?? throw Errors.Of("view", $"view size {Shapes.Text(target)} is not compatible with the tensor's shape {Shapes.Text(Shape)} and strides {Shapes.Text(Strides)} (at least one dimension spans across two contiguous subspaces). Use reshape(...) instead");
            return Graph.RecordView("view", this, target, strides, Offset, static (node, gradient) => [gradient.reshape(node.InputShape(0))]);
        }

        /// <summary>The same elements under another shape: a view where possible, otherwise a copy. One length may be -1.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The number of elements differs.</exception>
        public Tensor reshape(params long[] shape)
        {
            var target = Shapes.Infer("reshape", shape, NumberOfElements);
            if (Shapes.ViewStrides(Shape, Strides, target) is not null)
            {
                return view(target);
            }

            using var copy = clone();
            return copy.view(target);
        }

        /// <summary>A view in which dimensions of length 1 are repeated without a copy; -1 keeps a length.</summary>
        public Tensor expand(params long[] sizes)
        {
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
            }

            if (!compatible)
            {
                throw Errors.Of("expand", $"a tensor of shape {Shapes.Text(shape)} cannot be expanded to {Shapes.Text(sizes)}: existing sizes must match, except where they are 1");
            }

            return Graph.RecordView("expand", this, target, Shapes.BroadcastStrides(shape, Strides, target), Offset, static (node, gradient) => [gradient.SumTo(node.InputShape(0))]);
        }

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

            using var sum = this.sum([.. dimensions], keepdim: true);
            return sum.view(target);
        }
    }
}
