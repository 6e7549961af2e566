using TorchSharp.Autograd;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>What is done with all parameters of a model at once.</summary>
        public static partial class utils
        {
            /// <summary>Shortens the gradient of all parameters together, in place, to a length.</summary>
            /// <param name="tensors">The parameters; those without a gradient don't count.</param>
            /// <param name="max_norm">The length that it may have.</param>
            /// <param name="norm_type">Which norm is meant by length; infinity for the largest element.</param>
            /// <returns>The length that it had.</returns>
            /// <remarks>Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks", section 3.2.</remarks>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2)
            {
                using var recording = GradMode.Set(false);
                var gradients = tensors.Select(tensor => tensor.GradientOrNull).OfType<Tensor>().ToArray();
                if (gradients.Length == 0)
                {
                    return 0;
                }

                var norms = Array.ConvertAll(gradients, gradient => gradient.norm((float)norm_type));
                using var all = stack(norms);
                using var total = all.norm((float)norm_type);
                Array.ForEach(norms, norm => norm.Dispose());
                var length = total.ToDouble();
                if (max_norm / (length + 1E-6) is var factor && factor < 1)
                {
                    Array.ForEach(gradients, gradient => gradient.mul_(factor));
                }

                return length;
            }

            /// <summary>Brings every element of every gradient between two numbers, in place.</summary>
            /// <param name="tensors">The parameters; those without a gradient don't count.</param>
            /// <param name="clip_value">The greatest absolute value.</param>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                ArgumentNullException.ThrowIfNull(tensors);
                using var recording = GradMode.Set(false);
                foreach (var tensor in tensors)
                {
                    tensor.GradientOrNull?.clamp_(-clip_value, clip_value);
                }
            }

            /// <summary>All parameters as one vector, in order.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors) => cat(tensors.Select(tensor => tensor.reshape(-1)).ToArray(), 0);

            /// <summary>Copies the parts of a vector into the parameters, in order.</summary>
            /// <exception cref="System.Runtime.InteropServices.ExternalException">The vector has not exactly as many elements as the parameters.</exception>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                ArgumentNullException.ThrowIfNull(vec);
                var targets = tensors.ToArray();
                var count = targets.Sum(target => target.NumberOfElements);
                if (vec.Rank != 1 || vec.NumberOfElements != count)
                {
                    throw Errors.Of("vector_to_parameters", $"expected a vector of the parameters' {count} elements, but its shape is {Shapes.Text(vec.Shape)}");
                }

                using var recording = GradMode.Set(false);
                long offset = 0;
                foreach (var target in targets)
                {
                    using var part = vec.narrow(0, offset, target.NumberOfElements);
                    using var shaped = part.reshape(target.Shape);
                    target.copy_(shaped);
                    offset += target.NumberOfElements;
                }
            }
        }
    }
}
