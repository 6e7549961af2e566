using TorchSharp.Autograd;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Other element types for the parameters and buffers. The public face is ModuleExtensionMethods, which keeps the module's own type.
        public partial class Module
        {
            /// <summary>Converts floating-point parameters and buffers to a type.</summary>
            /// <exception cref="ArgumentException">The type is not a floating-point one.</exception>
            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                RequireFloatingPoint(dtype);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            /// <summary>Converts floating-point parameters and buffers to a type, on the processor.</summary>
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                RequireFloatingPoint(dtype);
                Device.Require(device, "to");
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            /// <summary>Leaves the module on the processor.</summary>
            /// <exception cref="NotSupportedException">The device is not the processor.</exception>
            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                Device.Require(new Device(deviceType, deviceIndex), "to");
                _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            /// <summary>Converts floating-point parameters and buffers to the type of a tensor.</summary>
            public Module _to(Tensor other, bool non_blocking) => _to(other.dtype, non_blocking);

            /// <summary>Converts this module and those inside it.</summary>
            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);

            /// <summary>Converts this module and those inside it.</summary>
            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) => _toEpilog(dtype, device, non_blocking);

            /// <summary>Converts this module and those inside it.</summary>
            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking) => _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            /// <summary>Converts this module and those inside it. Fields that hold a converted tensor get the new one.</summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                if (dtype is null && device is null)
                {
                    throw new ArgumentException($"{nameof(dtype)} and {nameof(device)} are both null.");
                }

                foreach (var (_, module) in named_children())
                {
                    if (device is null)
                    {
                        module._to(dtype!.Value, non_blocking);
                    }
                    else if (dtype is null)
                    {
                        module._to(device.type, device.index, non_blocking);
                    }
                    else
                    {
                        module._to(device, dtype.Value, non_blocking);
                    }
                }

                foreach (var (key, parameter) in _internal_params.ToArray<(string, Parameter)>())
                {
                    if (ReplaceParameter(dtype, device, parameter, out var replacement))
                    {
                        _internal_params[key] = replacement!;
                        ReplaceInFields(parameter, replacement!);
                        parameter.Dispose();
                    }
                }

                foreach (var (key, (buffer, persistent)) in _internal_buffers.ToArray<(string, (Tensor, bool))>())
                {
                    if (ReplaceBuffer(dtype, device, buffer, out var replacement))
                    {
                        _internal_buffers[key] = (replacement!, persistent);
                        ReplaceInFields(buffer, replacement!);
                        buffer.Dispose();
                    }
                }
            }

            /// <summary>Makes a converted copy of a buffer, if it needs converting. Only floating-point buffers change their type.</summary>
            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                Device.Require(device, "to");
                result = dtype is { } type && buffer.IsFloating && buffer.dtype != type ? Converted(buffer, type) : null;
                return result is not null;
            }

            /// <summary>Makes a converted copy of a parameter with its gradient, if it needs converting.</summary>
            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                Device.Require(device, "to");
                p = null;
                if (dtype is not { } type || !param.IsFloating || param.dtype == type)
                {
                    return false;
                }

                p = new Parameter(Converted(param, type), param.requires_grad);
                if (param.GradientOrNull is { } gradient)
                {
                    using var converted = Converted(gradient, type);
                    p.grad = converted;
                }

                return true;
            }

            /// <summary>The device and type that a layer gets when none is named: the processor, and the default type.</summary>
            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(Device? device = null, ScalarType? dtype = null) =>
                (device ?? CPU, dtype ?? ScalarType.Float32);

            private static Tensor Converted(Tensor tensor, ScalarType type)
            {
                using var recording = GradMode.Set(false);
                return tensor.to(type).DetachFromDisposeScope();
            }

            private static void RequireFloatingPoint(ScalarType dtype)
            {
                if (!ScalarTypes.IsFloatingPoint(dtype))
                {
                    throw new ArgumentException($"nn.Module.to only accepts the floating point types Float32 and Float64, but got desired dtype={dtype}.");
                }
            }

            private void ReplaceInFields(Tensor previous, Tensor replacement)
            {
                foreach (var field in FieldsOf(GetType()))
                {
                    if (ReferenceEquals(field.GetValue(this), previous))
                    {
                        field.SetValue(this, replacement);
                    }
                }
            }
        }
    }
}
