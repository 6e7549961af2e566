namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor with one place of a dimension replaced.</summary>
    public static Tensor select_scatter(Tensor input, Tensor src, long dim, long index) => input.select_scatter(src, dim, index);

    /// <summary>A tensor with a stretch of a dimension replaced.</summary>
    public static Tensor slice_scatter(Tensor input, Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) => input.slice_scatter(src, dim, start, end, step);

    /// <summary>A tensor with a diagonal replaced.</summary>
    public static Tensor diagonal_scatter(Tensor input, Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) => input.diagonal_scatter(src, offset, dim1, dim2);

    // Copies in which what a view shows is replaced.
    public partial class Tensor
    {
        /// <summary>A copy with one place of a dimension replaced.</summary>
        public Tensor select_scatter(Tensor src, long dim, long index) => Replaced("select_scatter", src, copy => copy.select(dim, index));

        /// <summary>A copy with a stretch of a dimension replaced.</summary>
        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) =>
            Replaced("slice_scatter", src, copy => copy.slice(dim, start ?? 0, end ?? long.MaxValue, step));

        /// <summary>A copy with a diagonal replaced.</summary>
        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) => Replaced("diagonal_scatter", src, copy => copy.diagonal(offset, dim1, dim2));

        private Tensor Replaced(string name, Tensor src, Func<Tensor, Tensor> part)
        {
            ArgumentNullException.ThrowIfNull(src);
            var copy = clone();
            using var view = part(copy);
            if (!view.Shape.AsSpan().SequenceEqual(src.Shape))
            {
                throw Errors.Of(name, $"expected src to have the shape of the part that it replaces, {Shapes.Text(view.Shape)}, but it has {Shapes.Text(src.Shape)}");
            }

            view.copy_(src);
            return copy;
        }
    }
}
