namespace TorchSharp;

/// <summary>Conversions of modules that return the module as what it is. Whole-number types and types that the engine lacks are not there.</summary>
public static class ModuleExtensionMethods
{
    /// <summary>Converts the floating-point parameters and buffers to a type, in this module itself.</summary>
    /// <returns>The module.</returns>
    /// <exception cref="ArgumentException">The type is not Float32 or Float64.</exception>
    public static T to<T>(this T module, torch.ScalarType type, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(type, non_blocking);

    /// <summary>Does nothing: the module is on the processor.</summary>
    /// <exception cref="NotSupportedException">The device is not the processor.</exception>
    public static T to<T>(this T module, torch.Device device, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(device.type, device.index, non_blocking);

    /// <inheritdoc cref="to{T}(T, torch.Device, bool)"/>
    public static T to<T>(this T module, string device, bool non_blocking = false)
        where T : torch.nn.Module => module.to(new torch.Device(device), non_blocking);

    /// <inheritdoc cref="to{T}(T, torch.Device, bool)"/>
    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false)
        where T : torch.nn.Module => module.to(new torch.Device(deviceType, deviceIndex), non_blocking);

    /// <summary>Converts the floating-point parameters and buffers to the type of a tensor.</summary>
    public static T to<T>(this T module, Tensor other, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(other, non_blocking);

    /// <summary>Converts the floating-point parameters and buffers to a type, on the processor.</summary>
    public static T to<T>(this T module, torch.Device device, torch.ScalarType type, bool non_blocking = false)
        where T : torch.nn.Module => (T)module._to(device, type, non_blocking);

    /// <summary>Does nothing: the module is on the processor.</summary>
    public static T cpu<T>(this T module, bool non_blocking = false)
        where T : torch.nn.Module => module.to(DeviceType.CPU, -1, non_blocking);

    /// <summary>Always throws: this engine computes on the processor.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false)
        where T : torch.nn.Module => module.to(DeviceType.CUDA, deviceIndex, non_blocking);

    /// <summary>Converts the floating-point parameters and buffers to Float32.</summary>
    public static T @float<T>(this T module, bool non_blocking = false)
        where T : torch.nn.Module => module.to(torch.ScalarType.Float32, non_blocking);

    /// <summary>Converts the floating-point parameters and buffers to Float64.</summary>
    public static T @double<T>(this T module, bool non_blocking = false)
        where T : torch.nn.Module => module.to(torch.ScalarType.Float64, non_blocking);
}
