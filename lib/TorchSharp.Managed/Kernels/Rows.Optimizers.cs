using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TorchSharp.Kernels;

/// <content>
/// One step of an optimiser over a contiguous buffer of parameters: PyTorch 1.13's order of operations, and fused multiply-adds just where its kernels have them
/// (add with alpha and addcmul are fused, addcdiv is not), so that whole trajectories agree to the bit.
/// </content>
internal static unsafe partial class Rows
{
    /// <summary>
    /// A step of Adam (D. P. Kingma and J. Ba, 2015, algorithm 1) or, with <paramref name="decoupled"/> decay, of AdamW (I. Loshchilov and F. Hutter, 2019, algorithm 2).
    /// </summary>
    /// <param name="parameter">The parameters (n), which are updated.</param>
    /// <param name="gradient">Their gradient (n).</param>
    /// <param name="average">The running average of the gradient (n), which is updated.</param>
    /// <param name="averageOfSquares">The running average of its square (n), which is updated.</param>
    /// <param name="maximum">With AMSGrad the greatest average of squares so far (n), which is updated; otherwise null.</param>
    /// <param name="n">How many parameters.</param>
    /// <param name="step">The number of this step, from 1.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="beta1">How much of the average stays.</param>
    /// <param name="beta2">How much of the average of squares stays.</param>
    /// <param name="eps">Added to the denominator.</param>
    /// <param name="weightDecay">The decay: added to the gradient as a multiple of the parameter, or taken off the parameter if decoupled.</param>
    /// <param name="decoupled">AdamW's decay.</param>
    /// <param name="maximize">Whether to climb instead of descend.</param>
    [MethodImpl(Kernel)]
    public static void AdamStep<T>(
        T* parameter, T* gradient, T* average, T* averageOfSquares, T* maximum, long n, long step,
        double learningRate, double beta1, double beta2, double eps, double weightDecay, bool decoupled, bool maximize)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var firstCorrection = 1 - VectorMath.Pow(beta1, (double)step);
        var secondCorrection = 1 - VectorMath.Pow(beta2, (double)step);
        var keepFirst = Constant<T>(beta1);
        var addFirst = Constant<T>(1 - beta1);
        var keepSecond = Constant<T>(beta2);
        var addSecond = Constant<T>(1 - beta2);
        var divisor = Constant<T>(Math.Sqrt(secondCorrection));
        var epsilon = Constant<T>(eps);
        var size = Constant<T>(-(learningRate / firstCorrection));
        var decay = Constant<T>(decoupled ? 1 - (learningRate * weightDecay) : weightDecay);
        VectorLoop.Run<T, AdamLoop<T>>(
            new(parameter, gradient, average, averageOfSquares, maximum, keepFirst, addFirst, keepSecond, addSecond, divisor, epsilon, size, decay, weightDecay != 0, decoupled, maximize), n);
    }

    /// <summary>
    /// A step of gradient descent with momentum (I. Sutskever et al., 2013), as PyTorch has it: d = g + decay p; b = momentum b + (1 - dampening) d, in the first step b = d;
    /// p -= rate b, or with Nesterov's form rate (d + momentum b).
    /// </summary>
    /// <param name="parameter">The parameters (n), which are updated.</param>
    /// <param name="gradient">Their gradient (n).</param>
    /// <param name="buffer">b (n), which is updated; null without momentum.</param>
    /// <param name="firstStep">Whether b holds nothing yet.</param>
    /// <param name="n">How many parameters.</param>
    /// <param name="learningRate">The learning rate.</param>
    /// <param name="momentum">How much of b stays.</param>
    /// <param name="dampening">The part of the gradient that b leaves out.</param>
    /// <param name="weightDecay">The decay.</param>
    /// <param name="nesterov">Whether the step looks ahead.</param>
    /// <param name="maximize">Whether to climb: the gradient is negated before the decay is added.</param>
    [MethodImpl(Kernel)]
    public static void SgdStep<T>(
        T* parameter, T* gradient, T* buffer, bool firstStep, long n,
        double learningRate, double momentum, double dampening, double weightDecay, bool nesterov, bool maximize)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var size = Constant<T>(-learningRate);
        var keep = Constant<T>(momentum);
        var add = Constant<T>(1 - dampening);
        var decay = Constant<T>(weightDecay);
        VectorLoop.Run<T, SgdLoop<T>>(new(parameter, gradient, buffer, size, keep, add, decay, weightDecay != 0, firstStep, nesterov, maximize), n);
    }

    private static Vector512<T> Constant<T>(double value)
        where T : unmanaged, IFloatingPointIeee754<T> => Vector512.Create(T.CreateTruncating(value));

    private readonly struct AdamLoop<T>(
        T* parameter, T* gradient, T* average, T* averageOfSquares, T* maximum, Vector512<T> keepFirst, Vector512<T> addFirst, Vector512<T> keepSecond, Vector512<T> addSecond,
        Vector512<T> divisor, Vector512<T> epsilon, Vector512<T> size, Vector512<T> decay, bool decays, bool decoupled, bool maximize) : IVectorStep<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(long i, long count)
        {
            var p = VectorMath.LoadFirst(parameter + i, count);
            var g = VectorMath.LoadFirst(gradient + i, count);
            g = maximize ? -g : g;
            if (decoupled)
            {
                p *= decay;
            }
            else if (decays)
            {
                g = VectorMath.FusedMultiplyAdd(p, decay, g);
            }

            var m = VectorMath.FusedMultiplyAdd(g, addFirst, VectorMath.LoadFirst(average + i, count) * keepFirst);
            var v = VectorMath.FusedMultiplyAdd(addSecond * g, g, VectorMath.LoadFirst(averageOfSquares + i, count) * keepSecond);
            VectorMath.StoreFirst(m, average + i, count);
            VectorMath.StoreFirst(v, averageOfSquares + i, count);
            if (maximum is not null)
            {
                // A NaN on either side stays.
                var greatest = VectorMath.LoadFirst(maximum + i, count);
                v = Vector512.ConditionalSelect(Vector512.GreaterThan(v, greatest) | ~Vector512.Equals(v, v), v, greatest);
                VectorMath.StoreFirst(v, maximum + i, count);
            }

            var denominator = (Vector512.Sqrt(v) / divisor) + epsilon;
            VectorMath.StoreFirst(p + (size * m / denominator), parameter + i, count);
        }
    }

    private readonly struct SgdLoop<T>(
        T* parameter, T* gradient, T* buffer, Vector512<T> size, Vector512<T> keep, Vector512<T> add, Vector512<T> decay, bool decays, bool firstStep, bool nesterov, bool maximize) : IVectorStep<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At(long i, long count)
        {
            var p = VectorMath.LoadFirst(parameter + i, count);
            var d = VectorMath.LoadFirst(gradient + i, count);
            d = maximize ? -d : d;
            if (decays)
            {
                d = VectorMath.FusedMultiplyAdd(p, decay, d);
            }

            if (buffer is not null)
            {
                var b = firstStep ? d : VectorMath.FusedMultiplyAdd(d, add, VectorMath.LoadFirst(buffer + i, count) * keep);
                VectorMath.StoreFirst(b, buffer + i, count);
                d = nesterov ? VectorMath.FusedMultiplyAdd(b, keep, d) : b;
            }

            VectorMath.StoreFirst(VectorMath.FusedMultiplyAdd(d, size, p), parameter + i, count);
        }
    }
}
