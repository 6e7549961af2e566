using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>The exceptions of tensor operations.</summary>
internal static class Errors
{
    /// <summary>
    /// What a tensor operation throws that was given something it cannot work with. TorchSharp passes libtorch's errors on as
    /// <see cref="ExternalException"/>, so this engine throws the same type; there is nothing external about it.
    /// </summary>
    /// <param name="operation">The operation's public name.</param>
    /// <param name="message">What was wrong, with the shapes or types involved, and what was expected.</param>
    // The analyser reserves this exception type for the runtime.
#pragma warning disable CA2201
    public static ExternalException Of(string operation, string message) => new($"{operation}: {message}");
#pragma warning restore CA2201

    /// <summary>An argument that must not be null.</summary>
    /// <exception cref="ArgumentNullException">It is null.</exception>
    public static T Given<T>([NotNull] T? argument, [CallerArgumentExpression(nameof(argument))] string? name = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(argument, name);
        return argument;
    }

    /// <summary>A disposed tensor was used.</summary>
    public static InvalidOperationException Disposed() => new("Tensor invalid -- empty handle.");
}
