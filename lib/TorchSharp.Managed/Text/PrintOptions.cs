namespace TorchSharp;

// How tensors are written as text unless a call says otherwise.
public static partial class torch
{
    /// <summary>The style of Julia.</summary>
    public const TensorStringStyle julia = TorchSharp.TensorStringStyle.Julia;

    /// <summary>The style of NumPy.</summary>
    public const TensorStringStyle numpy = TorchSharp.TensorStringStyle.Numpy;

    /// <summary>The style of C#.</summary>
    public const TensorStringStyle csharp = TorchSharp.TensorStringStyle.CSharp;

    private static TensorStringStyle _style = TorchSharp.TensorStringStyle.Julia;

    /// <summary>The style of <see cref="TorchSharp.TensorStringStyle.Default"/>; at first Julia's.</summary>
    /// <exception cref="ArgumentException">Set to Default.</exception>
    public static TensorStringStyle TensorStringStyle
    {
        get => _style;
        set => _style = value != TorchSharp.TensorStringStyle.Default ? value : throw new ArgumentException("The style cannot be set to 'Default'");
    }

    internal static string FloatFormat { get; private set; } = "g5";

    internal static string NewLine { get; private set; } = Environment.NewLine;

    internal static int LineWidth { get; private set; } = 100;

    internal static int MaxRows { get; private set; } = 6;

    internal static int MaxColumns { get; private set; } = 6;

    /// <summary>Sets how tensors are written as text, with so many digits after the point.</summary>
    /// <param name="precision">How many digits.</param>
    /// <param name="linewidth">How many characters a line may have in Julia's style.</param>
    /// <param name="newLine">What ends a line.</param>
    /// <param name="sci_mode">Whether all numbers are written with an exponent.</param>
    /// <param name="maxRows">How many rows (and larger parts) are written before some are left out.</param>
    /// <param name="maxColumns">How many elements of a row are written before some are left out.</param>
    public static void set_printoptions(int precision, int? linewidth = null, string? newLine = null, bool sci_mode = false, int? maxRows = null, int? maxColumns = null) =>
        set_printoptions(null, FormattableString.Invariant($"{(sci_mode ? 'E' : 'F')}{precision}"), linewidth, newLine, maxRows, maxColumns);

    /// <summary>Sets how tensors are written as text. What is left out stays as it was.</summary>
    /// <param name="style">The style.</param>
    /// <param name="floatFormat">A .NET format for floating-point numbers.</param>
    /// <param name="linewidth">How many characters a line may have in Julia's style.</param>
    /// <param name="newLine">What ends a line.</param>
    /// <param name="maxRows">How many rows (and larger parts) are written before some are left out.</param>
    /// <param name="maxColumns">How many elements of a row are written before some are left out.</param>
    public static void set_printoptions(TensorStringStyle? style = null, string? floatFormat = null, int? linewidth = null, string? newLine = null, int? maxRows = null, int? maxColumns = null)
    {
        _style = style ?? _style;
        FloatFormat = floatFormat ?? FloatFormat;
        NewLine = newLine ?? NewLine;
        LineWidth = linewidth ?? LineWidth;
        MaxRows = maxRows ?? MaxRows;
        MaxColumns = maxColumns ?? MaxColumns;
    }
}
