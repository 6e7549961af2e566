using System.Numerics;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Runs an optimiser's step over a parameter, its gradient and what is remembered of it, element by element, on all threads.</summary>
internal static unsafe class Elementwise
{
    // Elements that are worth a thread of their own.
    private const long Grain = 1 << 14;

    /// <summary>A step over contiguous elements.</summary>
    public interface IStepper
    {
        /// <summary>Moves so many elements.</summary>
        /// <param name="parameter">The values to change.</param>
        /// <param name="gradient">Their gradient.</param>
        /// <param name="memory">What is remembered of them, to change too; null where there is nothing.</param>
        /// <param name="n">How many elements.</param>
        void Move<T>(T* parameter, T* gradient, T*[] memory, long n)
            where T : unmanaged, IFloatingPointIeee754<T>;
    }

    /// <summary>Moves a parameter. Its memory must be contiguous and of its shape.</summary>
    public static void Move(Tensor parameter, Tensor gradient, Tensor?[] memory, IStepper stepper)
    {
        using var dense = gradient.contiguous();
        using var values = parameter.contiguous();
        if (parameter.dtype == ScalarType.Float32)
        {
            Move<float>(values, dense, memory, stepper);
        }
        else
        {
            Move<double>(values, dense, memory, stepper);
        }

        if (!parameter.is_contiguous())
        {
            Copying.Copy(values, parameter);
        }

        GC.KeepAlive(dense);
        GC.KeepAlive(values);
        GC.KeepAlive(memory);
    }

    private static void Move<T>(Tensor parameter, Tensor gradient, Tensor?[] memory, IStepper stepper)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var values = parameter.Pointer<T>();
        var gradients = gradient.Pointer<T>();
        Workers.For(parameter.NumberOfElements, Grain, (from, to) =>
        {
            var remembered = new T*[memory.Length];
            for (var i = 0; i < remembered.Length; i++)
            {
                remembered[i] = memory[i] is { } tensor ? tensor.Pointer<T>() + from : null;
            }

            stepper.Move(values + from, gradients + from, remembered, to - from);
        });
    }
}
