using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>The engine's public operations, called by reflection, and which of their exceptions are errors of the documented kinds.</summary>
internal static class PublicMethods
{
    // What these do is not confined to their result: settings of the process, files, the console.
    private static readonly string[] Excluded =
    [
        "Dispose", "manual_seed", "seed", "set_default_dtype", "set_num_threads", "set_num_interop_threads", "set_rng_state", "save", "load", "Save", "Load",
        "print", "set_printoptions", "Equals", "GetHashCode", "GetType", "InitializeDeviceType", "InitializeDevice", "TryInitializeDeviceType",
    ];

    private static readonly Type[] Homes =
    [
        typeof(torch), typeof(torch.Tensor), typeof(torch.nn.functional), typeof(torch.linalg), typeof(torch.nn.init), typeof(torch.nn.utils), typeof(torch.nn.utils.rnn),
        typeof(torch.autograd), typeof(TensorExtensionMethods),
    ];

    /// <summary>Operations on tensors, in an order that stays.</summary>
    public static MethodInfo[] Operations { get; } = [.. Homes.SelectMany(Of)];

    /// <summary>What makes layers.</summary>
    public static MethodInfo[] Layers { get; } = [.. Of(typeof(torch.nn)).Where(method => method.ReturnType.IsAssignableTo(typeof(torch.nn.Module)))];

    /// <summary>What a call threw, or null; a result that reaches beyond its memory fails the test.</summary>
    public static Exception? Outcome(Func<object?> call, out object? result)
    {
        result = null;
        try
        {
            Inspect(result = call());
            return null;
        }
        catch (TargetInvocationException failure)
        {
            return failure.InnerException;
        }
    }

    /// <summary>Whether an exception is one that an operation may throw at a caller's mistake.</summary>
    public static bool IsPolite(Exception problem) => problem is ExternalException or ArgumentException or InvalidOperationException or NotSupportedException or NotImplementedException
        || (problem is FormatException && problem.Message.StartsWith("Format specifier", StringComparison.Ordinal));

    /// <summary>A call as text, for messages.</summary>
    public static string Text(object? self, MethodInfo method, object?[] values) =>
        $"{(self is null ? method.DeclaringType!.Name : Text(self))}.{method.Name}({string.Join(", ", values.Select(Text))})";

    private static IEnumerable<MethodInfo> Of(Type home) =>
        home.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => !Excluded.Contains(method.Name) && !(method.IsStatic && method.IsSpecialName && method.Name.StartsWith("set_", StringComparison.Ordinal)))
            .Where(method => !method.Name.StartsWith("add_", StringComparison.Ordinal) && !method.Name.StartsWith("remove_", StringComparison.Ordinal))
            .Where(method => !method.ReturnType.IsByRefLike && !method.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsByRef))
            .Select(method => method.IsGenericMethodDefinition ? Closed(method) : method)
            .OfType<MethodInfo>()
            .OrderBy(method => method.ToString(), StringComparer.Ordinal);

    private static MethodInfo? Closed(MethodInfo method)
    {
        try
        {
            return method.MakeGenericMethod([.. method.GetGenericArguments().Select(_ => typeof(float))]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // A view that reaches beyond its memory would be read by somebody some day.
    private static void Inspect(object? result)
    {
        switch (result)
        {
            case torch.Tensor { IsInvalid: false } tensor when tensor.NumberOfElements > 0:
                long least = tensor.Offset, most = tensor.Offset;
                for (var d = 0; d < tensor.Rank; d++)
                {
                    var reach = (tensor.Shape[d] - 1) * tensor.Strides[d];
                    (least, most) = reach < 0 ? (least + reach, most) : (least, most + reach);
                }

                Assert.True(least >= 0 && (most + 1) * ScalarTypes.Size(tensor.dtype) <= tensor.Storage.ByteLength, "a result reaches beyond its memory");
                break;
            case IEnumerable<torch.Tensor> several:
                foreach (var one in several)
                {
                    Inspect(one);
                }

                break;
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        torch.Tensor tensor => $"{tensor.dtype}{Shapes.Text(tensor.ShapeEvenIfDisposed)}",
        torch.nn.Module module => module.GetType().Name,
        long[] several => Shapes.Text(several),
        System.Collections.IEnumerable several and not string => $"[{string.Join(", ", several.Cast<object>().Select(Text))}]",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
