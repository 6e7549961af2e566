using TorchSharp.Kernels;

namespace TorchSharp.Modules;

/// <summary>What the optimisers share that move a parameter with tensor operations, one line of their formula after the other, as PyTorch's single-tensor code does. Adam, AdamW and SGD have kernels of their own.</summary>
public abstract class StepOptimizer : OptimizerHelper
{
    /// <summary>The gradient with its sign turned to go up, and with the decay of the parameter in it.</summary>
    private protected static Tensor Direction(Parameter parameter, Tensor gradient, double? weight_decay, bool? maximize = false)
    {
        var direction = maximize == true ? gradient.neg() : gradient.Handle();
        if (weight_decay is null or 0)
        {
            return direction;
        }

        using (direction)
        {
            return direction.add(parameter, weight_decay.Value);
        }
    }

    /// <summary>Zeros of a parameter's shape.</summary>
    private protected static Tensor ZerosLike(Parameter parameter) => Tensor.Zeros(parameter.dtype, parameter.Shape);

    // The engine's own power: the runtime's differs from one operating system to the next.
    private protected static double Power(double x, double y) => VectorMath.Pow(x, y);
}
