using TorchSharp.Kernels;

namespace TorchSharp;

// The default type, and tensors of regular numbers: arange, linspace, logspace, eye.
public static partial class torch
{
    /// <summary>The floating-point type of tensors that are created without one, and of whole numbers where a function leads out of them.</summary>
    public static ScalarType get_default_dtype() => TypePromotion.Default;

    /// <summary>Sets the type that <see cref="get_default_dtype"/> gives.</summary>
    /// <exception cref="ArgumentException">The type is not floating point.</exception>
    public static void set_default_dtype(ScalarType dtype) => TypePromotion.Default = dtype;

    /// <summary>The numbers 0, 1, 2, ... below <paramref name="stop"/>.</summary>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => arange(0, stop, 1, dtype, device, requires_grad);

    /// <summary>The numbers start, start + 1, start + 2, ... below <paramref name="stop"/>.</summary>
    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => arange(start, stop, 1, dtype, device, requires_grad);

    /// <summary>The numbers start, start + step, start + 2 step, ... before <paramref name="stop"/>.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="stop">Where to stop; not among the numbers.</param>
    /// <param name="step">The distance of neighbours; may be negative.</param>
    /// <param name="dtype">The element type; by default Int64 if all three are whole numbers, otherwise the default floating-point type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The step is zero or leads away from the stop, or a number is not finite.</exception>
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(stop);
        ArgumentNullException.ThrowIfNull(step);
        var type = dtype ?? (start.IsFloatingPoint || stop.IsFloatingPoint || step.IsFloatingPoint ? TypePromotion.Default : ScalarType.Int64);
        var (first, last, distance) = (start.AsDouble, stop.AsDouble, step.AsDouble);
        if (distance == 0 || !double.IsFinite(first) || !double.IsFinite(last) || !double.IsFinite(distance) || (last - first) / distance < 0)
        {
            throw Errors.Of("arange", $"from {start} to {stop} in steps of {step}: the numbers must be finite, the step not zero, and the bounds consistent with its sign");
        }

        // Whole numbers are counted exactly.
        var (from, by) = (start.AsInt64, step.AsInt64);
        var count = ScalarTypes.IsFloatingPoint(type) || start.IsFloatingPoint || stop.IsFloatingPoint || step.IsFloatingPoint
            ? (long)Math.Ceiling((last - first) / distance)
            : (long)(((Int128)stop.AsInt64 - from + by - Math.Sign(by)) / by);
        if (type == ScalarType.Bool)
        {
            throw Errors.Of("arange", "not implemented for 'Bool'");
        }

        // A result of whole numbers cuts the fractions off its bounds first.
        return ScalarTypes.IsFloatingPoint(type)
            ? Sequence("arange", count, type, device, requires_grad, i => ArangeElement(i, count, type, first, distance))
            : Sequence("arange", count, type, device, requires_grad, i => unchecked(from + (i * by)));
    }

    /// <summary>Numbers at equal distances, both ends included.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="end">The last number.</param>
    /// <param name="steps">How many numbers.</param>
    /// <param name="dtype">The element type; by default the default floating-point type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The number of steps is negative.</exception>
    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Spaced("linspace", steps, dtype, device, requires_grad, LinspaceElement(start, end, steps, dtype ?? TypePromotion.Default));

    /// <summary>Powers of a base whose exponents lie at equal distances: base^start, ..., base^end.</summary>
    /// <param name="start">The first exponent.</param>
    /// <param name="end">The last exponent.</param>
    /// <param name="steps">How many numbers.</param>
    /// <param name="base">The base.</param>
    /// <param name="dtype">The element type; by default the default floating-point type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The number of steps is negative.</exception>
    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var exponent = LinspaceElement(start, end, steps, dtype ?? TypePromotion.Default);
        return Spaced("logspace", steps, dtype, device, requires_grad, i => VectorMath.Pow(@base, exponent(i)));
    }

    /// <summary>A matrix with ones on its diagonal and zeros elsewhere.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns; as many as rows by default.</param>
    /// <param name="dtype">The element type; by default the default floating-point type.</param>
    /// <param name="device">The processor, or null.</param>
    /// <param name="requires_grad">Whether operations on the tensor are recorded.</param>
    /// <param name="names">Must be null: dimensions have no names here.</param>
    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        columns = columns == -1 ? rows : columns;
        var result = Filled("eye", [rows, columns], 0, dtype, device, false, names);
        using var diagonal = result.Alias([Math.Min(rows, columns)], [columns + 1], 0);
        Loops.Fill(diagonal, 1);
        result.requires_grad = requires_grad;
        return result;
    }

    // PyTorch writes sixteen (of doubles: eight) elements at a time as two vectors, each from a base that is rounded to the element type, and the rest one by one.
    private static double ArangeElement(long i, long count, ScalarType type, double first, double distance)
    {
        var width = VectorWidth(type);
        if (i >= count - (count % (2 * width)))
        {
            return Math.FusedMultiplyAdd(distance, i, first);
        }

        var start = Math.FusedMultiplyAdd(distance, i - (i % width), first);
        return Math.FusedMultiplyAdd(distance, i % width, type == ScalarType.Float32 ? (float)start : start);
    }

    // Counted from the nearer end, so that both ends are exact; computed in the element type, for whole numbers in double. PyTorch writes floating-point numbers
    // in the same vectors as those of arange. Products are fused with their sums except within a vector.
    private static Func<long, double> LinspaceElement(double start, double end, long steps, ScalarType type)
    {
        var isSingle = type == ScalarType.Float32;
        if (isSingle)
        {
            (start, end) = ((float)start, (float)end);
        }

        var step = steps == 1 ? 0 : isSingle ? (float)(end - start) / (steps - 1) : (end - start) / (steps - 1);
        var width = VectorWidth(type);
        return i =>
        {
            var first = ScalarTypes.IsFloatingPoint(type) && i < steps - (steps % (2 * width)) ? i - (i % width) : i;
            var (origin, signed, count) = first < steps / 2 || steps == 1 ? (start, step, first) : (end, -step, steps - first - 1);
            var value = isSingle ? MathF.FusedMultiplyAdd((float)signed, count, (float)origin) : Math.FusedMultiplyAdd(signed, count, origin);
            return first == i ? value
                : isSingle ? (float)value + ((float)step * (i - first))
                : value + (step * (i - first));
        };
    }

    // Elements of the vectors in which PyTorch writes sequences.
    private static int VectorWidth(ScalarType type) => type == ScalarType.Float32 ? 8 : 4;

    private static Tensor Spaced(string name, long steps, ScalarType? dtype, Device? device, bool requires_grad, Func<long, double> element)
    {
        if (steps < 0)
        {
            throw Errors.Of(name, $"number of steps must be non-negative; it was {steps}");
        }

        return Sequence(name, steps, dtype ?? TypePromotion.Default, device, requires_grad, element);
    }

    private static unsafe Tensor Sequence(string name, long count, ScalarType type, Device? device, bool requires_grad, Func<long, double> element)
    {
        var exact = type is ScalarType.Float32 or ScalarType.Float64;
        var result = Created(name, [count], exact ? type : ScalarType.Float64, device, null);
        for (long i = 0; i < count; i++)
        {
            if (type == ScalarType.Float32)
            {
                result.Pointer<float>()[i] = (float)element(i);
            }
            else
            {
                result.Pointer<double>()[i] = element(i);
            }
        }

        if (!exact)
        {
            using var numbers = result;
            result = numbers.ConvertTo(type);
        }

        GC.KeepAlive(result);
        result.requires_grad = requires_grad;
        return result;
    }

    private static unsafe Tensor Sequence(string name, long count, ScalarType type, Device? device, bool requires_grad, Func<long, long> element)
    {
        var result = Created(name, [count], ScalarType.Int64, device, null);
        for (long i = 0; i < count; i++)
        {
            result.Pointer<long>()[i] = element(i);
        }

        GC.KeepAlive(result);
        if (type != ScalarType.Int64)
        {
            using var numbers = result;
            result = numbers.ConvertTo(type);
        }

        result.requires_grad = requires_grad;
        return result;
    }
}
