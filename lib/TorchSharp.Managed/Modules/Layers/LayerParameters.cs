namespace TorchSharp.Modules;

/// <summary>Makes the parameters and buffers of layers.</summary>
internal static class LayerParameters
{
    /// <summary>A parameter whose values are still to be set.</summary>
    /// <exception cref="NotSupportedException">The device is not the processor.</exception>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">A length is negative or the type is not a floating-point one.</exception>
    public static Parameter Empty(string layer, torch.Device? device, torch.ScalarType? type, params long[] shape)
    {
        torch.Device.Require(device, layer);
        foreach (var length in shape)
        {
            if (length < 0)
            {
                throw Errors.Of(layer, $"a parameter of shape {Shapes.Text(shape)} was asked for: no length may be negative");
            }
        }

        return new Parameter(Tensor.Allocate(type ?? torch.ScalarType.Float32, shape));
    }

    /// <summary>A parameter that has one value everywhere.</summary>
    /// <inheritdoc cref="Empty"/>
    public static Parameter Filled(string layer, Scalar value, torch.Device? device, torch.ScalarType? type, params long[] shape)
    {
        var result = Empty(layer, device, type, shape);
        torch.nn.init.constant_(result, value);
        return result;
    }
}
