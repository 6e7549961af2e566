namespace TorchSharp;

public static partial class torch
{
    /// <summary>Views of the parts of a dimension that lie between the given indices.</summary>
    public static Tensor[] tensor_split(Tensor input, Tensor indices_or_sections, long dim = 0) => input.tensor_split(indices_or_sections, dim);

    /// <summary>Views of so many equal parts side by side: of the second dimension, or the first where there is only one.</summary>
    public static Tensor[] hsplit(Tensor input, long indices_or_sections) => input.hsplit(indices_or_sections);

    /// <summary>Views of the parts that lie side by side between the given indices.</summary>
    public static Tensor[] hsplit(Tensor input, long[] indices_or_sections) => input.hsplit(indices_or_sections);

    /// <summary>Views of so many equal parts of the first dimension.</summary>
    public static Tensor[] vsplit(Tensor input, long indices_or_sections) => input.vsplit(indices_or_sections);

    /// <summary>Views of the parts of the first dimension that lie between the given indices.</summary>
    public static Tensor[] vsplit(Tensor input, long[] indices_or_sections) => input.vsplit(indices_or_sections);

    /// <summary>Views of so many equal parts of the third dimension.</summary>
    public static Tensor[] dsplit(Tensor input, long size) => input.dsplit(size);

    /// <summary>Views of the parts of the third dimension that lie between the given indices.</summary>
    public static Tensor[] dsplit(Tensor input, long[] indices_or_sections) => input.dsplit(indices_or_sections);

    // Splitting under NumPy's names, all by tensor_split.
    public partial class Tensor
    {
        /// <summary>Views of the parts of a dimension: as many as a single number says, or those between the indices in a tensor of one dimension.</summary>
        public Tensor[] tensor_split(Tensor indices_or_sections, long dim = 0)
        {
            ArgumentNullException.ThrowIfNull(indices_or_sections);
            using var wide = indices_or_sections.to(ScalarType.Int64);
            return wide.Rank switch
            {
                0 => tensor_split(wide.item<long>(), dim),
                1 => tensor_split(wide.data<long>().ToArray(), dim),
                _ => throw Errors.Of("tensor_split", $"expects indices of at most one dimension, but their shape is {Shapes.Text(wide.Shape)}"),
            };
        }

        /// <summary>Views of so many equal parts side by side: of the second dimension, or the first where there is only one.</summary>
        public Tensor[] hsplit(long size) => Equally("hsplit", Rank == 1 ? 0 : 1, size);

        /// <summary>Views of the parts that lie side by side between the given indices.</summary>
        public Tensor[] hsplit(params long[] sizes) => tensor_split(sizes, Rank == 1 ? 0 : 1);

        /// <summary>Views of so many equal parts of the first dimension.</summary>
        public Tensor[] vsplit(long size) => Equally("vsplit", 0, size);

        /// <summary>Views of the parts of the first dimension that lie between the given indices.</summary>
        public Tensor[] vsplit(params long[] sizes) => tensor_split(sizes, 0);

        /// <summary>Views of so many equal parts of the third dimension.</summary>
        public Tensor[] dsplit(long size) => Equally("dsplit", 2, size);

        /// <summary>Views of the parts of the third dimension that lie between the given indices.</summary>
        public Tensor[] dsplit(params long[] sizes) => tensor_split(sizes, 2);

        private Tensor[] Equally(string name, int dimension, long parts)
        {
            var d = PartDimension(name, dimension);
            return parts >= 1 && Shape[d] % parts == 0
                ? tensor_split(parts, d)
                : throw Errors.Of(name, $"dimension {d} of {Shapes.Text(Shape)} does not divide into {parts} equal parts");
        }
    }
}
