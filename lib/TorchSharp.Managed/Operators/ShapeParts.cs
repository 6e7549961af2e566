using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A view of a stretch of one dimension.</summary>
    public static Tensor narrow(Tensor input, long dim, long start, long length) => input.narrow(dim, start, length);

    /// <summary>A view at one place of a dimension, which disappears.</summary>
    public static Tensor select(Tensor input, long dim, long index) => input.select(dim, index);

    /// <summary>Views of the parts of a dimension, each of the given length; the last one may be shorter.</summary>
    public static Tensor[] split(Tensor tensor, long split_size_or_sections, long dim = 0) => tensor.SplitEvenly("split", split_size_or_sections, dim);

    /// <summary>Views of the parts of a dimension with the given lengths.</summary>
    public static Tensor[] split(Tensor tensor, long[] split_size_or_sections, long dim = 0) => tensor.split(split_size_or_sections, dim);

    /// <summary>Views of (at most) so many parts of a dimension, as long as each other but for the last.</summary>
    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);

    /// <summary>Views at every place of a dimension.</summary>
    public static Tensor[] unbind(Tensor tensor, int dim = 0) => tensor.unbind(dim);

    /// <summary>Views at every place of a dimension.</summary>
    public static Tensor[] unbind(Tensor input, long dim = 0) => input.unbind(dim);

    /// <summary>Views of so many parts of a dimension, the first ones longer by one where the length doesn't divide evenly.</summary>
    public static Tensor[] tensor_split(Tensor tensor, long indices_or_sections, long dim = 0) => tensor.tensor_split(indices_or_sections, dim);

    /// <summary>Views of the parts of a dimension that lie between the given indices.</summary>
    public static Tensor[] tensor_split(Tensor tensor, long[] indices_or_sections, long dim = 0) => tensor.tensor_split(indices_or_sections, dim);

    /// <summary>A view of the diagonals of the matrices along two dimensions, as the last dimension.</summary>
    public static Tensor diagonal(Tensor input, long offset = 0, long dim1 = 0, long dim2 = 1) => input.diagonal(offset, dim1, dim2);

    /// <summary>A view with any shape and strides into this tensor's memory.</summary>
    public static Tensor as_strided(Tensor input, long[] size, long[] strides, long storageOffset = 0) => input.as_strided(size, strides, storageOffset);

    // Views that show some of the elements.
    public partial class Tensor
    {
        /// <summary>A view of a stretch of one dimension.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="start">Where the stretch begins; negative from the back.</param>
        /// <param name="length">How long it is.</param>
        public Tensor narrow(long dim, long start, long length)
        {
            var d = PartDimension("narrow", dim);
            var first = start < 0 ? start + Shape[d] : start;
            return first < 0 || length < 0 || first > Shape[d] || length > Shape[d] - first
                ? throw Errors.Of("narrow", $"start ({start}) + length ({length}) exceeds dimension size ({Shape[d]}) of dimension {d} of {Shapes.Text(Shape)}")
                : Stretch("narrow", d, first, length, 1);
        }

        /// <summary>A view at one place of a dimension, which disappears.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="index">The place; negative from the back.</param>
        public Tensor select(long dim, long index)
        {
            var d = PartDimension("select", dim);
            var length = Shape[d];
            if (index < -length || index >= length)
            {
                throw Errors.Of("select", $"index {index} is out of bounds for dimension {d} with size {length} of {Shapes.Text(Shape)}");
            }

            var at = index < 0 ? index + length : index;
            var (shape, strides) = Kept(i => i != d);
            return Part("select", shape, strides, Offset + (at * Strides[d]), source => source.select(d, at));
        }

        /// <summary>A view of every step-th element of a stretch of one dimension, as Python's <c>x[start:finish:step]</c>: ends beyond the dimension are cut off.</summary>
        public Tensor slice(long dim, long start, long finish, long step)
        {
            var d = PartDimension("slice", dim);
            if (step < 1)
            {
                throw Errors.Of("slice", $"step must be positive, but was {step}");
            }

            var length = Shape[d];
            var first = Math.Clamp(start < 0 ? start + length : start, 0, length);
            var end = Math.Clamp(finish < 0 ? finish + length : finish, first, length);
            return Stretch("slice", d, first, end == first ? 0 : ((end - first - 1) / step) + 1, step);
        }

        /// <summary>Views of the parts of the first dimension with the given lengths.</summary>
        public Tensor[] split(params long[] sizes) => split(sizes, 0);

        /// <summary>Views of the parts of a dimension, each of the given length; the last one may be shorter.</summary>
        public Tensor[] split(long size, int dim = 0) => SplitEvenly("split", size, dim);

        /// <summary>Views of the parts of a dimension with the given lengths.</summary>
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => split(sizes.ToArray(), dim);

        /// <summary>Views of the parts of a dimension with the given lengths, which must add up to the dimension's.</summary>
        public Tensor[] split(long[] sizes, long dim = 0)
        {
            ArgumentNullException.ThrowIfNull(sizes);
            var d = PartDimension("split", dim);
            if (sizes.Any(size => size < 0 || size > Shape[d]) || sizes.Sum() != Shape[d])
            {
                throw Errors.Of("split", $"expects lengths that add up to exactly {Shape[d]} (dimension {d} of {Shapes.Text(Shape)}), but got {Shapes.Text(sizes)}");
            }

            return SeveralParts("split", d, sizes, false);
        }

        /// <summary>Views of (at most) so many parts of a dimension, as long as each other but for the last.</summary>
        public Tensor[] chunk(long chunks, long dim = 0)
        {
            var d = PartDimension("chunk", dim);
            RequireParts("chunk", d, Shape[d] == 0 ? chunks : Math.Min(chunks, Shape[d]));
            return Shape[d] == 0 ? SeveralParts("chunk", d, new long[chunks], false) : SplitEvenly("chunk", ((Shape[d] - 1) / chunks) + 1, d);
        }

        /// <summary>Views at every place of a dimension, which disappears.</summary>
        public Tensor[] unbind(long dimension = 0)
        {
            var d = PartDimension("unbind", dimension);
            RequireParts("unbind", d, Math.Max(Shape[d], 1));
            return SeveralParts("unbind", d, [.. Enumerable.Repeat(1L, (int)Shape[d])], true);
        }

        /// <summary>Views of so many parts of a dimension, the first ones longer by one where the length doesn't divide evenly.</summary>
        public Tensor[] tensor_split(long indices_or_sections, long dim = 0)
        {
            var d = PartDimension("tensor_split", dim);
            RequireParts("tensor_split", d, indices_or_sections);
            var (length, longer) = Math.DivRem(Shape[d], indices_or_sections);
            return SeveralParts("tensor_split", d, [.. Enumerable.Range(0, (int)indices_or_sections).Select(i => i < longer ? length + 1 : length)], false);
        }

        /// <summary>Views of the parts of a dimension that lie between the given indices: [:i0], [i0:i1], ..., [in:].</summary>
        public Tensor[] tensor_split(long[] indices_or_sections, long dim = 0)
        {
            ArgumentNullException.ThrowIfNull(indices_or_sections);
            var d = PartDimension("tensor_split", dim);
            var parts = new Tensor[indices_or_sections.Length + 1];
            for (var i = 0; i < parts.Length; i++)
            {
                parts[i] = slice(d, i == 0 ? 0 : indices_or_sections[i - 1], i == parts.Length - 1 ? Shape[d] : indices_or_sections[i], 1);
            }

            return parts;
        }

        // A tensor each: more than these are a mistake.
        private void RequireParts(string name, int d, long parts)
        {
            const int Most = 1 << 24;
            if (parts is < 1 or > Most)
            {
                throw Errors.Of(name, $"expects from 1 to {Most} parts of dimension {d} of {Shapes.Text(Shape)}, but got {parts}");
            }
        }

        /// <summary>A view of the diagonals of the matrices along two dimensions, as the last dimension.</summary>
        /// <param name="offset">Which diagonal: 0 the main one, positive above it, negative below.</param>
        /// <param name="dim1">The dimension of the matrices' rows.</param>
        /// <param name="dim2">The dimension of their columns.</param>
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1)
        {
            var row = Shapes.Dimension("diagonal", dim1, Rank);
            var column = Shapes.Dimension("diagonal", dim2, Rank);
            if (row == column || Rank < 2)
            {
                throw Errors.Of("diagonal", $"dimensions {dim1} and {dim2} of {Shapes.Text(Shape)} must be two different ones");
            }

            var (down, right) = (Math.Max(-offset, 0), Math.Max(offset, 0));
            var length = Math.Max(Math.Min(Shape[row] - down, Shape[column] - right), 0);
            var start = length == 0 ? 0 : (down * Strides[row]) + (right * Strides[column]);
            var (shape, strides) = Kept(i => i != row && i != column);
            return Part("diagonal", [.. shape, length], [.. strides, Strides[row] + Strides[column]], Offset + start, source => source.diagonal(offset, row, column));
        }

        /// <summary>All windows of a dimension as a view: the dimension counts the windows, a new last one the places in a window. Windows may overlap.</summary>
        /// <param name="dimension">The dimension.</param>
        /// <param name="size">The length of a window.</param>
        /// <param name="step">How far apart windows begin.</param>
        public Tensor unfold(long dimension, long size, long step)
        {
            var d = Shapes.Dimension("unfold", dimension, Rank);
            var length = Rank == 0 ? 1 : Shape[d];
            if (size < 0 || size > length || step < 1)
            {
                throw Errors.Of("unfold", $"windows of {size} at a step of {step} don't fit dimension {d} of {Shapes.Text(Shape)}: expected 0 <= size <= {length} and step >= 1");
            }

            if (Rank == 0)
            {
                using var one = reshape(1);
                return one.narrow(0, 0, size);
            }

            long[] shape = [.. Shape, size];
            long[] strides = [.. Strides, Strides[d]];
            shape[d] = ((length - size) / step) + 1;
            strides[d] *= step;
            return Part("unfold", shape, strides, Offset, source => source.unfold(d, size, step));
        }

        /// <summary>A view with any shape and strides into this tensor's memory.</summary>
        /// <param name="size">The shape.</param>
        /// <param name="strides">The distance between neighbours along each dimension, in elements.</param>
        /// <param name="storageOffset">Where the first element lies in the memory.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The view would reach beyond the memory; or this tensor needs a gradient and does not lie contiguously.</exception>
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0)
        {
            ArgumentNullException.ThrowIfNull(size);
            ArgumentNullException.ThrowIfNull(strides);
            var start = storageOffset;
            var elements = Storage.ByteLength / ScalarTypes.Size(dtype);
            var valid = size.Length == strides.Length && start >= 0;
            var last = start;
            for (var i = 0; i < size.Length && valid; i++)
            {
                valid = size[i] >= 0 && strides[i] >= 0;

                // Beyond the memory is far enough.
                last = (long)Int128.Min(last + ((Int128)Math.Max(size[i] - 1, 0) * strides[i]), elements);
            }

            if (!valid || (Shapes.Count(size) > 0 && last >= elements))
            {
                throw Errors.Of("as_strided", $"size {Shapes.Text(size)} with strides {Shapes.Text(strides)} from {start} does not fit a storage of {elements} elements");
            }

            var relative = start - Offset;
            if (Graph.IsRecording(this) && (!is_contiguous() || relative < 0 || (Shapes.Count(size) > 0 && last - Offset >= NumberOfElements)))
            {
                throw Errors.Of("as_strided", $"a gradient is only defined for a view within a contiguous tensor; this one has shape {Shapes.Text(Shape)} and strides {Shapes.Text(Strides)}");
            }

            return Part("as_strided", size, strides, start, source => source.contiguous().StridedFrom(size, strides, relative));
        }

        private Tensor StridedFrom(long[] size, long[] strides, long relative) => as_strided(size, strides, Offset + relative);

        private int PartDimension(string name, long dim) => Rank > 0
            ? Shapes.Dimension(name, dim, Rank)
            : throw Errors.Of(name, "cannot be applied to a 0-dim tensor");

        private Tensor Stretch(string name, int d, long first, long length, long step)
        {
            var shape = (long[])Shape.Clone();
            var strides = (long[])Strides.Clone();
            shape[d] = length;
            strides[d] *= step;
            return Part(name, shape, strides, Offset + (length == 0 ? 0 : first * Strides[d]), source => source.Stretch(name, d, first, length, step));
        }

        internal Tensor[] SplitEvenly(string name, long size, long dim)
        {
            var d = PartDimension(name, dim);
            if (size < 0 || (size == 0 && Shape[d] != 0))
            {
                throw Errors.Of(name, $"split_size {size} must be positive for dimension {d} of {Shapes.Text(Shape)}");
            }

            var count = Shape[d] == 0 ? 1 : ((Shape[d] - 1) / size) + 1;
            RequireParts(name, d, count);
            return SeveralParts(name, d, [.. Enumerable.Range(0, (int)count).Select(i => Math.Min(size, Shape[d] - (i * size)))], false);
        }

        // Views side by side along a dimension, recorded as one operation, so that its backward function joins the gradients in one go.
        private Tensor[] SeveralParts(string name, int d, long[] lengths, bool removesDimension)
        {
            var parts = new Tensor[lengths.Length];
            var root = ViewBase ?? this;
            var type = dtype;
            long at = 0;
            for (var i = 0; i < parts.Length; i++)
            {
                var shape = (long[])Shape.Clone();
                shape[d] = lengths[i];
                var strides = Strides;
                if (removesDimension)
                {
                    (shape, strides) = Kept(k => k != d);
                }

                parts[i] = Alias(shape, strides, Offset + (lengths[i] == 0 ? 0 : at * Strides[d]));
                at += lengths[i];
                if (IsFloating)
                {
                    var state = parts[i].EnsureAutogradState();
                    state.Base = root;
                    state.HistoryNumber = root.HistoryNumber;
                }
            }

            return parts.Length == 0 ? parts : Graph.Record(name, parts, [this], [], (node, gradients) =>
            {
                var whole = new Tensor[gradients.Length];
                for (var i = 0; i < whole.Length; i++)
                {
                    whole[i] = gradients[i] ?? Zeros(type, node.Outputs[i].Shape);
                }

                return [removesDimension ? stack(whole, d) : cat(whole, d)];
            });
        }

        // A view of some elements; the gradient of the others is zero. The function makes the same view of another tensor of this shape.
        private Tensor Part(string name, long[] shape, long[] strides, long offset, Func<Tensor, Tensor> again) =>
            Graph.RecordView(name, this, shape, strides, offset, (node, gradient) => [Embed(name, gradient, node.InputShape(0), again)]);

        /// <summary>Zeros of a shape, except where the given view of it shows the given values: the opposite of taking that view. Values that meet in one place are added.</summary>
        private static Tensor Embed(string name, Tensor values, long[] shape, Func<Tensor, Tensor> part)
        {
            var result = Zeros(values.dtype, shape);
            using (var region = part(result))
            {
                Copying.AddOrCopy(values, region);
            }

            return Graph.Record(name, result, [values], [], (_, gradient) => [part(gradient)]);
        }

        // The in-place twin of a view: this tensor itself takes on the view's shape, and its history.
        private Tensor BecomeView(string name, Tensor view)
        {
            using (view)
            {
                if (GradMode.Enabled && requires_grad && is_leaf)
                {
                    throw Errors.Of(name, "a leaf Variable that requires grad is being used in an in-place operation");
                }

                var edge = view.GradientEdge();
                ShowMemoryOf(view);
                if (edge.Node is not null)
                {
                    SetHistory(edge);
                }
            }

            return this;
        }
    }
}
