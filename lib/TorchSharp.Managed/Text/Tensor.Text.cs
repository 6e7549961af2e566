using System.ComponentModel;
using System.Globalization;
using TorchSharp.Text;

namespace TorchSharp;

public static partial class torch
{
    // Tensors as text.
    public partial class Tensor
    {
        /// <summary>Shape, type and device: <c>[2x2], type = Float32, device = cpu</c>. A disposed tensor gives an empty text.</summary>
        public override string ToString() => IsInvalid ? "" : TensorText.Metadata(this);

        /// <summary>The tensor as text in the style of <see cref="torch.TensorStringStyle"/>, or only its metadata.</summary>
        /// <param name="disamb">Whether the elements are written.</param>
        /// <param name="fltFormat">A .NET format for floating-point numbers.</param>
        /// <param name="width">How many characters a line may have in Julia's style.</param>
        /// <param name="cultureInfo">The culture that writes the numbers; by default none, whatever the machine's is.</param>
        /// <param name="newLine">What ends a line.</param>
        public string ToString(bool disamb, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null) =>
            disamb ? ToString(torch.TensorStringStyle, fltFormat, width, cultureInfo, newLine) : ToString();

        /// <summary>The tensor as text in a style.</summary>
        /// <param name="style">The style.</param>
        /// <param name="fltFormat">A .NET format for floating-point numbers.</param>
        /// <param name="width">How many characters a line may have in Julia's style.</param>
        /// <param name="cultureInfo">The culture that writes the numbers; by default none, whatever the machine's is.</param>
        /// <param name="newLine">What ends a line.</param>
        /// <exception cref="InvalidOperationException">A tensor without elements in Julia's style: it has no rows to write.</exception>
        public string ToString(TensorStringStyle style, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            var chosen = style == TorchSharp.TensorStringStyle.Default ? torch.TensorStringStyle : style;
            if (chosen == TorchSharp.TensorStringStyle.Metadata)
            {
                return ToString();
            }

            var text = new TensorText(fltFormat ?? FloatFormat, width ?? LineWidth, cultureInfo ?? CultureInfo.InvariantCulture, newLine ?? NewLine);
            using var values = detach();
            return chosen switch
            {
                TorchSharp.TensorStringStyle.Julia => text.Julia(values),
                TorchSharp.TensorStringStyle.Numpy => text.Numpy(values),
                TorchSharp.TensorStringStyle.CSharp => text.CSharp(values),
                _ => throw new InvalidEnumArgumentException($"Unsupported tensor string style: {style}"),
            };
        }
    }
}

// Short names for a tensor's text.
public static partial class TensorExtensionMethods
{
    /// <summary>The tensor as text.</summary>
    public static string str(this Tensor tensor, string? fltFormat = null, int? width = null, string? newLine = null, CultureInfo? cultureInfo = null, TensorStringStyle style = TensorStringStyle.Default) =>
        tensor.ToString(style, fltFormat, width, cultureInfo, newLine);

    /// <summary>The tensor as text in Julia's style.</summary>
    public static string jlstr(this Tensor tensor, string? fltFormat = null, int? width = null, string? newLine = null, CultureInfo? cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.Julia, fltFormat, width, cultureInfo, newLine);

    /// <summary>Shape, type and device of the tensor.</summary>
    public static string metastr(this Tensor tensor) => tensor.ToString(TensorStringStyle.Metadata);

    /// <summary>The tensor as text in NumPy's style.</summary>
    public static string npstr(this Tensor tensor, string? fltFormat = "g5", int? width = 100, string? newLine = null, CultureInfo? cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.Numpy, fltFormat, width, cultureInfo, newLine);

    /// <summary>The tensor as text in C#'s style.</summary>
    public static string cstr(this Tensor tensor, string? fltFormat = "g5", int? width = 100, string? newLine = null, CultureInfo? cultureInfo = null) =>
        tensor.ToString(TensorStringStyle.CSharp, fltFormat, width, cultureInfo, newLine);

    /// <summary>Writes the tensor to the console.</summary>
    /// <returns>The tensor.</returns>
    public static Tensor print(this Tensor t, string? fltFormat = "g5", int? width = 100, string? newLine = null, CultureInfo? cultureInfo = null, TensorStringStyle style = TensorStringStyle.Default)
    {
        Console.WriteLine(t.ToString(style, fltFormat, width, cultureInfo, newLine));
        return t;
    }
}
