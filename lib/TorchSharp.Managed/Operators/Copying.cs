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
            ArgumentNullException.ThrowIfNull(source);
            _ = nonBlocking;
            var recording = Graph.IsRecording(this, source);
            CheckInPlace("copy_");
            Shapes.RequireBroadcast("copy_", source.Shape, Shape);
            using var stretched = source.expand(Shape);
            WriteInPlace("copy_", stretched, recording);
            return this;
        }

        /// <summary>The same values as another type; another handle to this tensor where it has that type already.</summary>
        /// <param name="type">The type.</param>
        /// <param name="copy">Whether there shall be a copy even then.</param>
        /// <param name="disposeAfter">Whether this tensor is disposed.</param>
        /// <param name="non_blocking">Has no effect.</param>
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

        /// <summary>The same values as another type.</summary>
        public Tensor to_type(ScalarType type, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(type, copy, disposeAfter, non_blocking);

        /// <summary>The same values as the type of another tensor.</summary>
        public Tensor to(Tensor other, bool non_blocking = false) => to(Errors.Given(other).dtype, non_blocking: non_blocking);

        /// <summary>This tensor on a device, of which there is one: the processor.</summary>
        /// <exception cref="NotSupportedException">It is another device.</exception>
        public Tensor to(Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            Device.Require(device, "to");
            return to(dtype, copy, disposeAfter, non_blocking);
        }

        /// <inheritdoc cref="to(Device, bool, bool, bool)"/>
        public Tensor to(string device, bool copy = false, bool disposeAfter = false, bool non_blocking = false) => to(new Device(device), copy, disposeAfter, non_blocking);

        /// <inheritdoc cref="to(Device, bool, bool, bool)"/>
        public Tensor to(DeviceType deviceType, int deviceIndex = -1, bool copy = false, bool disposeAfter = false, bool non_blocking = false) =>
            to(new Device(deviceType, deviceIndex), copy, disposeAfter, non_blocking);

        /// <summary>The same values as another type on a device, of which there is one: the processor.</summary>
        /// <exception cref="NotSupportedException">It is another device.</exception>
        public Tensor to(ScalarType type, Device device, bool copy = false, bool disposeAfter = false, bool non_blocking = false)
        {
            Device.Require(device, "to");
            return to(type, copy, disposeAfter, non_blocking);
        }

        /// <summary>This tensor on the processor, where it is already.</summary>
        public Tensor cpu() => Handle();

        /// <summary>Not possible: this engine computes on the processor only.</summary>
        /// <exception cref="NotSupportedException">Always.</exception>
        public Tensor cuda(Device? device = null, bool non_blocking = false) => to(device ?? new Device(DeviceType.CUDA, 0), non_blocking: non_blocking);

        /// <summary>The result of a function of this tensor, such as one of the type conversions.</summary>
        public Tensor type(Func<Tensor, Tensor> typeFunc)
        {
            ArgumentNullException.ThrowIfNull(typeFunc);
            return typeFunc(this);
        }

        /// <summary>The same values as another type.</summary>
        public Tensor type(ScalarType dtype) => to(dtype);

        /// <summary>The same values as the type of another tensor.</summary>
        public Tensor type_as(Tensor tensor) => to(Errors.Given(tensor).dtype);

        /// <summary>True where an element is not zero.</summary>
        public Tensor @bool() => to(ScalarType.Bool);

        /// <summary>The same values as whole numbers from 0 to 255.</summary>
        public Tensor @byte() => to(ScalarType.Byte);

        /// <summary>The same values as 32-bit whole numbers; fractions are cut off.</summary>
        public Tensor @int() => to(ScalarType.Int32);

        /// <summary>The same values as 64-bit whole numbers; fractions are cut off.</summary>
        public Tensor @long() => to(ScalarType.Int64);

        /// <summary>The same values in single precision.</summary>
        public Tensor @float() => to(ScalarType.Float32);

        /// <summary>The same values in double precision.</summary>
        public Tensor @double() => to(ScalarType.Float64);

        /// <summary>Shows the memory of another tensor from now on, in its shape.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The types differ; or this tensor takes part in the graph.</exception>
        public Tensor set_(Tensor source)
        {
            ArgumentNullException.ThrowIfNull(source);
            if (source.dtype != dtype)
            {
                throw Errors.Of("set_", $"the types must be the same, but are {dtype} and {source.dtype}");
            }

            CheckInPlace("set_");
            if (requires_grad || source.requires_grad)
            {
                throw Errors.Of("set_", "neither tensor may require a gradient; use detach() first");
            }

            ShowMemoryOf(source);
            return this;
        }
    }
}
