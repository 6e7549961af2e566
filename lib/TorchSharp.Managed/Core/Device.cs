namespace TorchSharp;

/// <summary>Kinds of devices. This engine has the processor only.</summary>
public enum DeviceType
{
    /// <summary>The processor.</summary>
    CPU = 0,

    /// <summary>An NVIDIA GPU (never available here).</summary>
    CUDA = 1,

    /// <summary>Never available here.</summary>
    MKLDNN = 2,

    /// <summary>Never available here.</summary>
    OPENGL = 3,

    /// <summary>Never available here.</summary>
    OPENCL = 4,

    /// <summary>Never available here.</summary>
    IDEEP = 5,

    /// <summary>Never available here.</summary>
    HIP = 6,

    /// <summary>Never available here.</summary>
    FPGA = 7,

    /// <summary>Never available here.</summary>
    MSNPU = 8,

    /// <summary>Never available here.</summary>
    XLA = 9,

    /// <summary>Apple's Metal (never available here).</summary>
    MPS = 13,

    /// <summary>Shapes without data (never available here).</summary>
    META = 14,
}

public static partial class torch
{
    /// <summary>The processor as a device.</summary>
    public static Device CPU { get; } = new("cpu");

    /// <summary>A device by its name.</summary>
    /// <param name="description"><c>"cpu"</c>; names of other devices are understood, but tensors cannot be put there.</param>
    public static Device device(string description) => new(description);

    /// <summary>A device by its kind.</summary>
    public static Device device(DeviceType type, int index = -1) => new(type, index);

    /// <summary>Where a tensor's data lies. In this engine: in the computer's own memory, always.</summary>
    public sealed class Device
    {
        /// <summary>A device from a description such as <c>"cpu"</c> or <c>"cuda:0"</c>.</summary>
        /// <exception cref="ArgumentException">The description names no kind of device.</exception>
        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            var parts = description.Split(':');
            if (parts.Length > 2 || parts[0].Length == 0 || !char.IsLetter(parts[0][0]) || !Enum.TryParse<DeviceType>(parts[0], ignoreCase: true, out var type))
            {
                throw new ArgumentException($"'{description}' is not a device; 'cpu' is.", nameof(description));
            }

            this.type = type;
            index = parts.Length == 2
                ? int.TryParse(parts[1], out var number) && number >= 0 ? number : throw new ArgumentException($"'{description}' is not a device: after the colon comes a number.", nameof(description))
                : type == DeviceType.CPU ? -1 : 0;
        }

        /// <summary>A device of a kind.</summary>
        public Device(DeviceType type, int index = -1)
        {
            this.type = type;
            this.index = index;
        }

        /// <summary>The kind of device.</summary>
        public DeviceType type { get; }

        /// <summary>Which one of its kind; -1 for the processor.</summary>
        public int index { get; }

        /// <summary>A device by its description.</summary>
        public static implicit operator Device(string description) => new(description);

        /// <inheritdoc/>
        public override string ToString()
        {
            // Device names are written in lower case, as in PyTorch.
#pragma warning disable CA1308
            var name = type.ToString().ToLowerInvariant();
#pragma warning restore CA1308
            return index < 0 ? name : $"{name}:{index}";
        }

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Device other && other.type == type && other.index == index;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(type, index);

        /// <summary>Throws where data cannot be put on this device.</summary>
        /// <exception cref="NotSupportedException">It is not the processor.</exception>
        internal static void Require(Device? device, string operation)
        {
            if (device is not null && device.type != DeviceType.CPU)
            {
                throw new NotSupportedException($"{operation}: TorchSharp.Managed computes on the processor only; the device was '{device}'.");
            }
        }
    }

    /// <summary>NVIDIA GPUs: none, in this engine.</summary>
    public static class cuda
    {
        /// <summary>Always false.</summary>
        public static bool is_available() => false;

        /// <summary>Always 0.</summary>
        public static int device_count() => 0;
    }

    /// <summary>Always false.</summary>
    public static bool cuda_is_available() => false;
}
