namespace TorchSharp;

/// <summary>
/// Which type an operation on several operands computes in: the rules of <c>torch.result_type</c>. Tensors with dimensions decide first, tensors without any (single numbers)
/// second and C# numbers last; a later group counts only where its category (bool, whole, floating point) is higher than that of the groups before.
/// </summary>
internal static class TypePromotion
{
    private static torch.ScalarType _default = torch.ScalarType.Float32;

    /// <summary>The floating-point type of results that no operand decides, such as that of an integer tensor times 1.5.</summary>
    /// <exception cref="ArgumentException">The type is not floating point.</exception>
    public static torch.ScalarType Default
    {
        get => _default;
        set => _default = ScalarTypes.IsFloatingPoint(value) ? value : throw new ArgumentException($"only floating-point types are supported as the default type; got {value}", nameof(value));
    }

    /// <summary>The type of an operation on a tensor and a number.</summary>
    public static torch.ScalarType Of(Tensor tensor, Scalar number) => OfNumber(tensor.dtype, number);

    /// <summary>The type of an operation on two tensors.</summary>
    public static torch.ScalarType Of(Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(right);
        if (left.dtype == right.dtype)
        {
            return left.dtype;
        }

        if ((left.Rank == 0) == (right.Rank == 0))
        {
            return ScalarTypes.Promote(left.dtype, right.dtype);
        }

        var (strong, weak) = left.Rank > 0 ? (left.dtype, right.dtype) : (right.dtype, left.dtype);
        return ScalarTypes.Category(weak) > ScalarTypes.Category(strong) ? weak : strong;
    }

    /// <summary>The type of an operation on three tensors.</summary>
    public static torch.ScalarType Of(Tensor first, Tensor second, Tensor third)
    {
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(third);
        torch.ScalarType? strong = null, weak = null;
        foreach (var tensor in (ReadOnlySpan<Tensor>)[first, second, third])
        {
            ref var group = ref tensor.Rank > 0 ? ref strong : ref weak;
            group = group is { } sofar ? ScalarTypes.Promote(sofar, tensor.dtype) : tensor.dtype;
        }

        return strong is not { } winner ? weak!.Value
            : weak is { } other && ScalarTypes.Category(other) > ScalarTypes.Category(winner) ? other
            : winner;
    }

    /// <summary>The type itself if it is floating point, otherwise the default: what functions such as exp compute in.</summary>
    public static torch.ScalarType Floating(torch.ScalarType type) => ScalarTypes.IsFloatingPoint(type) ? type : Default;

    private static torch.ScalarType OfNumber(torch.ScalarType type, Scalar number) =>
        ScalarTypes.Category(Errors.Given(number).Type) <= ScalarTypes.Category(type) ? type
        : number.IsFloatingPoint ? Default
        : number.Type;
}
