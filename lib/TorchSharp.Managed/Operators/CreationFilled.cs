using TorchSharp.Kernels;

namespace TorchSharp;

// Tensors of one number: zeros, ones, full, and empty, in all their forms.
public static partial class torch
{
    /// <summary>A tensor of zeros.</summary>
    /// <param name="size">The length of each dimension.</param>
    /// <param name="dtype">The element type; by default the default floating-point type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A length is negative.</exception>
    /// <exception cref="NotSupportedException">Another device or names were asked for, or the engine lacks the type.</exception>
    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => zeros((ReadOnlySpan<long>)size, dtype, device, requires_grad, names);

    /// <inheritdoc cref="zeros(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Filled("zeros", size, 0, dtype, device, requires_grad, names);

    /// <inheritdoc cref="zeros(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => zeros((ReadOnlySpan<long>)[size], dtype, device, requires_grad, names);

    /// <inheritdoc cref="zeros(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => zeros((ReadOnlySpan<long>)[rows, columns], dtype, device, requires_grad, names);

    /// <inheritdoc cref="zeros(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor zeros(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => zeros((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype, device, requires_grad, names);

    /// <inheritdoc cref="zeros(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor zeros(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => zeros((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    /// <inheritdoc cref="zeros(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor zeros(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => zeros((ReadOnlySpan<long>)[size], dtype, device, requires_grad, names);

    /// <inheritdoc cref="zeros(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor zeros(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => zeros((ReadOnlySpan<long>)[rows, columns], dtype, device, requires_grad, names);

    /// <inheritdoc cref="zeros(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor zeros(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => zeros((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype, device, requires_grad, names);

    /// <inheritdoc cref="zeros(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor zeros(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => zeros((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    /// <summary>A tensor of zeros with the shape of another tensor.</summary>
    /// <param name="input">Whose shape it gets, and whose type where <paramref name="dtype"/> is null.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => zeros((ReadOnlySpan<long>)input.Shape, dtype ?? input.dtype, device, requires_grad, names);

    /// <summary>A tensor of ones.</summary>
    /// <param name="size">The length of each dimension.</param>
    /// <param name="dtype">The element type; by default the default floating-point type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A length is negative.</exception>
    /// <exception cref="NotSupportedException">Another device or names were asked for, or the engine lacks the type.</exception>
    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => ones((ReadOnlySpan<long>)size, dtype, device, requires_grad, names);

    /// <inheritdoc cref="ones(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor ones(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Filled("ones", size, 1, dtype, device, requires_grad, names);

    /// <inheritdoc cref="ones(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => ones((ReadOnlySpan<long>)[size], dtype, device, requires_grad, names);

    /// <inheritdoc cref="ones(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor ones(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => ones((ReadOnlySpan<long>)[rows, columns], dtype, device, requires_grad, names);

    /// <inheritdoc cref="ones(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor ones(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => ones((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype, device, requires_grad, names);

    /// <inheritdoc cref="ones(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor ones(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => ones((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    /// <inheritdoc cref="ones(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor ones(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => ones((ReadOnlySpan<long>)[size], dtype, device, requires_grad, names);

    /// <inheritdoc cref="ones(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor ones(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => ones((ReadOnlySpan<long>)[rows, columns], dtype, device, requires_grad, names);

    /// <inheritdoc cref="ones(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor ones(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => ones((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype, device, requires_grad, names);

    /// <inheritdoc cref="ones(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor ones(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => ones((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    /// <summary>A tensor of ones with the shape of another tensor.</summary>
    /// <param name="input">Whose shape it gets, and whose type where <paramref name="dtype"/> is null.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => ones((ReadOnlySpan<long>)input.Shape, dtype ?? input.dtype, device, requires_grad, names);

    /// <summary>A tensor whose elements are whatever the memory held.</summary>
    /// <param name="size">The length of each dimension.</param>
    /// <param name="dtype">The element type; by default the default floating-point type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A length is negative.</exception>
    /// <exception cref="NotSupportedException">Another device or names were asked for, or the engine lacks the type.</exception>
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => empty((ReadOnlySpan<long>)size, dtype, device, requires_grad, names);

    /// <inheritdoc cref="empty(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Filled("empty", size, null, dtype, device, requires_grad, names);

    /// <inheritdoc cref="empty(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => empty((ReadOnlySpan<long>)[size], dtype, device, requires_grad, names);

    /// <inheritdoc cref="empty(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor empty(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => empty((ReadOnlySpan<long>)[rows, columns], dtype, device, requires_grad, names);

    /// <inheritdoc cref="empty(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor empty(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => empty((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype, device, requires_grad, names);

    /// <inheritdoc cref="empty(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor empty(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => empty((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    /// <inheritdoc cref="empty(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor empty(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => empty((ReadOnlySpan<long>)[size], dtype, device, requires_grad, names);

    /// <inheritdoc cref="empty(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor empty(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => empty((ReadOnlySpan<long>)[rows, columns], dtype, device, requires_grad, names);

    /// <inheritdoc cref="empty(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor empty(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => empty((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype, device, requires_grad, names);

    /// <inheritdoc cref="empty(long[], ScalarType?, Device?, bool, string[])"/>
    public static Tensor empty(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => empty((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype, device, requires_grad, names);

    /// <summary>A tensor whose elements are whatever the memory held with the shape of another tensor.</summary>
    /// <param name="input">Whose shape it gets, and whose type where <paramref name="dtype"/> is null.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => empty((ReadOnlySpan<long>)input.Shape, dtype ?? input.dtype, device, requires_grad, names);

    /// <summary>A tensor of one number throughout.</summary>
    /// <param name="size">The length of each dimension.</param>
    /// <param name="value">The number; its kind decides the type where <paramref name="dtype"/> does not.</param>
    /// <param name="dtype">The element type; by default Int64, Bool or the default floating-point type, as the value is.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A length is negative.</exception>
    /// <exception cref="NotSupportedException">Another device or names were asked for, or the engine lacks the type.</exception>
    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => full((ReadOnlySpan<long>)size, value, dtype, device, requires_grad, names);

    /// <inheritdoc cref="full(long[], Scalar, ScalarType?, Device?, bool, string[])"/>
    public static Tensor full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => Filled("full", size, value, dtype, device, requires_grad, names);

    /// <inheritdoc cref="full(long[], Scalar, ScalarType?, Device?, bool, string[])"/>
    public static Tensor full(long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => full((ReadOnlySpan<long>)[size], value, dtype, device, requires_grad, names);

    /// <inheritdoc cref="full(long[], Scalar, ScalarType?, Device?, bool, string[])"/>
    public static Tensor full(long rows, long columns, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => full((ReadOnlySpan<long>)[rows, columns], value, dtype, device, requires_grad, names);

    /// <inheritdoc cref="full(long[], Scalar, ScalarType?, Device?, bool, string[])"/>
    public static Tensor full(long dim0, long dim1, long dim2, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => full((ReadOnlySpan<long>)[dim0, dim1, dim2], value, dtype, device, requires_grad, names);

    /// <inheritdoc cref="full(long[], Scalar, ScalarType?, Device?, bool, string[])"/>
    public static Tensor full(long dim0, long dim1, long dim2, long dim3, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => full((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], value, dtype, device, requires_grad, names);

    /// <inheritdoc cref="full(long[], Scalar, ScalarType?, Device?, bool, string[])"/>
    public static Tensor full(int size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => full((ReadOnlySpan<long>)[size], value, dtype, device, requires_grad, names);

    /// <inheritdoc cref="full(long[], Scalar, ScalarType?, Device?, bool, string[])"/>
    public static Tensor full(int rows, int columns, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => full((ReadOnlySpan<long>)[rows, columns], value, dtype, device, requires_grad, names);

    /// <inheritdoc cref="full(long[], Scalar, ScalarType?, Device?, bool, string[])"/>
    public static Tensor full(int dim0, int dim1, int dim2, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => full((ReadOnlySpan<long>)[dim0, dim1, dim2], value, dtype, device, requires_grad, names);

    /// <inheritdoc cref="full(long[], Scalar, ScalarType?, Device?, bool, string[])"/>
    public static Tensor full(int dim0, int dim1, int dim2, int dim3, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => full((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], value, dtype, device, requires_grad, names);

    /// <summary>A tensor of one number throughout with the shape of another tensor.</summary>
    /// <param name="input">Whose shape it gets, and whose type where <paramref name="dtype"/> is null.</param>
    /// <param name="value">The number.</param>
    /// <param name="dtype">The element type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => full((ReadOnlySpan<long>)input.Shape, value, dtype ?? input.dtype, device, requires_grad, names);

    private static Tensor Filled(string name, ReadOnlySpan<long> size, Scalar? value, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        var type = dtype ?? (value is null || name != "full" || value.IsFloatingPoint ? TypePromotion.Default : value.Type);
        var result = Created(name, size, type, device, names);
        if (value is not null)
        {
            Loops.Fill(result, value);
        }

        result.requires_grad = requires_grad;
        return result;
    }

    /// <summary>A new tensor whose elements are still to be written, after a look at what every factory is given.</summary>
    private static Tensor Created(string name, ReadOnlySpan<long> size, ScalarType dtype, Device? device, string[]? names)
    {
        Device.Require(device, name);
        if (names is not null)
        {
            throw new NotSupportedException($"{name}: dimensions have no names in TorchSharp.Managed; names must be null.");
        }

        foreach (var length in size)
        {
            if (length < 0)
            {
                throw Errors.Of(name, $"the length of a dimension cannot be negative; the shape was {Shapes.Text(size)}");
            }
        }

        return Tensor.Allocate(dtype, size.ToArray());
    }

    public partial class Tensor
    {
        /// <summary>A tensor of zeros with this tensor's shape and, unless told otherwise, type.</summary>
        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros_like(this, dtype, device, requires_grad);

        /// <summary>A tensor of zeros, of this tensor's type.</summary>
        public Tensor zeros(params long[] sizes) => torch.zeros(sizes, dtype);

        /// <summary>A tensor of ones, of this tensor's type.</summary>
        public Tensor ones(params long[] sizes) => torch.ones(sizes, dtype);

        /// <summary>A tensor of this tensor's type, to be filled.</summary>
        public Tensor empty(params long[] sizes) => torch.empty(sizes, dtype);

        /// <summary>A tensor of one value, of this tensor's type.</summary>
        public Tensor full(long[] sizes, Scalar value) => torch.full(sizes, value, dtype);

        /// <inheritdoc cref="full(long[], Scalar)"/>
        public Tensor full(ReadOnlySpan<long> sizes, Scalar value) => torch.full(sizes, value, dtype);

        /// <summary>A matrix with ones on its diagonal and zeros elsewhere, of this tensor's type.</summary>
        public Tensor eye(long rows, long columns) => torch.eye(rows, columns, dtype);

        /// <summary>A tensor of zeros, of this tensor's type unless told otherwise.</summary>
        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros(size, dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_zeros(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_zeros(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros(size, dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_zeros(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros((ReadOnlySpan<long>)[size], dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_zeros(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros((ReadOnlySpan<long>)[rows, columns], dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_zeros(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_zeros(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_zeros(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_zeros(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.zeros((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype ?? this.dtype, device, requires_grad);

        /// <summary>A tensor of ones with this tensor's shape and, unless told otherwise, type.</summary>
        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones_like(this, dtype, device, requires_grad);

        /// <summary>A tensor of ones, of this tensor's type unless told otherwise.</summary>
        public Tensor new_ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones(size, dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_ones(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_ones(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones(size, dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_ones(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones((ReadOnlySpan<long>)[size], dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_ones(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_ones(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones((ReadOnlySpan<long>)[rows, columns], dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_ones(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_ones(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_ones(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_ones(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.ones((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype ?? this.dtype, device, requires_grad);

        /// <summary>A tensor whose elements are whatever the memory held with this tensor's shape and, unless told otherwise, type.</summary>
        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty_like(this, dtype, device, requires_grad);

        /// <summary>A tensor whose elements are whatever the memory held, of this tensor's type unless told otherwise.</summary>
        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty(size, dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_empty(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty(size, dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_empty(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty((ReadOnlySpan<long>)[size], dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_empty(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_empty(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty((ReadOnlySpan<long>)[rows, columns], dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_empty(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_empty(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty((ReadOnlySpan<long>)[dim0, dim1, dim2], dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_empty(long[], ScalarType?, Device?, bool)"/>
        public Tensor new_empty(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.empty((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], dtype ?? this.dtype, device, requires_grad);

        /// <summary>A tensor of one number throughout with this tensor's shape and, unless told otherwise, type.</summary>
        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.full_like(this, value, dtype, device, requires_grad);

        /// <summary>A tensor of one number throughout, of this tensor's type unless told otherwise.</summary>
        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.full(size, value, dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_full(long[], Scalar, ScalarType?, Device?, bool)"/>
        public Tensor new_full(ReadOnlySpan<long> size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.full(size, value, dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_full(long[], Scalar, ScalarType?, Device?, bool)"/>
        public Tensor new_full(long size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.full((ReadOnlySpan<long>)[size], value, dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_full(long[], Scalar, ScalarType?, Device?, bool)"/>
        public Tensor new_full(long rows, long columns, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.full((ReadOnlySpan<long>)[rows, columns], value, dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_full(long[], Scalar, ScalarType?, Device?, bool)"/>
        public Tensor new_full(long dim0, long dim1, long dim2, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.full((ReadOnlySpan<long>)[dim0, dim1, dim2], value, dtype ?? this.dtype, device, requires_grad);

        /// <inheritdoc cref="new_full(long[], Scalar, ScalarType?, Device?, bool)"/>
        public Tensor new_full(long dim0, long dim1, long dim2, long dim3, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => torch.full((ReadOnlySpan<long>)[dim0, dim1, dim2, dim3], value, dtype ?? this.dtype, device, requires_grad);
    }
}
