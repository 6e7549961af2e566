using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    // Copies and conversions: clone, contiguous, to, copy_.
    public partial class Tensor
    {
        /// <summary>A copy with memory of its own.</summary>
        public Tensor clone()
        {
            var result = Allocate(dtype, Shape);
            Copying.Copy(this, result);
            return Graph.Record("clone", result, [this], [], static (_, gradient) => [gradient]);
        }

        /// <summary>The same values one after the other in memory: this tensor where they lie so already (another handle to it), otherwise a copy.</summary>
        public Tensor contiguous() => is_contiguous() ? Handle() : clone();

        /// <summary>The same values as another type; another handle to this tensor where it has that type already.</summary>
        internal Tensor ConvertTo(ScalarType type, bool copy = false)
        {
            if (type == dtype)
            {
                return copy ? clone() : Handle();
            }

            var result = Allocate(type, Shape);
            Copying.Copy(this, result);
            var from = dtype;
            return Graph.Record("to", result, [this], [], (_, gradient) => [gradient.ConvertTo(from)]);
        }

        /// <summary>Writes the values of another tensor, which broadcasts to this shape, into this one.</summary>
        /// <param name="source">The values; converted to this type.</param>
        /// <param name="nonBlocking">Has no effect.</param>
        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            _ = nonBlocking;
            var recording = Graph.IsRecording(this, source);
            CheckInPlace("copy_");
            using var stretched = source.expand(Shape);
            WriteInPlace("copy_", stretched, recording);
            return this;
        }

        /// <summary>The same values as another type.</summary>
        public Tensor to(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            _ = non_blocking;
            var result = ConvertTo(type, copy);
            if (disposeAfter)
            {
                Dispose();
            }

            return result;
        }
    }
}
