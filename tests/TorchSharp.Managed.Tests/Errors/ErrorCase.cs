using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>One misuse: what is done, the exact type of the exception that it must throw, and what the message must contain.</summary>
internal sealed record ErrorCase(string Name, Action Misuse, Type Exception, string[] Fragments)
{
    /// <summary>A misuse that the engine answers as TorchSharp does where libtorch refuses.</summary>
    public static ErrorCase Of(string name, Func<object?> misuse, params string[] fragments) => new(name, () => misuse(), typeof(ExternalException), fragments);

    /// <summary>A misuse by a call that returns nothing.</summary>
    public static ErrorCase Of(string name, Action misuse, params string[] fragments) => new(name, misuse, typeof(ExternalException), fragments);

    /// <summary>A misuse that is refused with another exception.</summary>
    public static ErrorCase Of<TException>(string name, Func<object?> misuse, params string[] fragments)
        where TException : Exception => new(name, () => misuse(), typeof(TException), fragments);

    /// <summary>A misuse by a call that returns nothing, refused with another exception.</summary>
    public static ErrorCase Of<TException>(string name, Action misuse, params string[] fragments)
        where TException : Exception => new(name, misuse, typeof(TException), fragments);

    /// <summary>Zeros in Float32.</summary>
    public static Tensor Floats(params long[] shape) => zeros(shape);

    /// <summary>Zeros in Int64.</summary>
    public static Tensor Longs(params long[] shape) => zeros(shape, int64);

    /// <summary>Falses.</summary>
    public static Tensor Bools(params long[] shape) => zeros(shape, @bool);

    /// <summary>Zeros in Float32 that want a gradient.</summary>
    public static Tensor Leaf(params long[] shape) => zeros(shape, requires_grad: true);
}
