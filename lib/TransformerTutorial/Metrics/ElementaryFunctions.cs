using static TorchSharp.torch;

namespace TransformerTutorial.Metrics;

/// <summary>e^x and the natural logarithm by the tensor engine: the platform's differ in their last bits from machine to machine.</summary>
internal static class ElementaryFunctions
{
    public static double Exp(double x) => Of(x, argument => argument.exp());

    public static double Log(double x) => Of(x, argument => argument.log());

    private static double Of(double x, Func<Tensor, Tensor> function)
    {
        using var scope = NewDisposeScope();
        return function(tensor(x, dtype: ScalarType.Float64)).item<double>();
    }
}
