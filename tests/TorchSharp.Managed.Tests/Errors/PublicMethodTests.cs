using System.Reflection;
using System.Runtime.InteropServices;
using TransformerTutorial.Testing;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Calls every public operation with made-up arguments: it gives a result or says politely what it did not like.</summary>
public class PublicMethodTests
{
    // What these do is not confined to their result: settings of the process, files, the console.
    private static readonly string[] Excluded =
    [
        "Dispose", "manual_seed", "seed", "set_default_dtype", "set_num_threads", "set_num_interop_threads", "set_grad_enabled", "set_rng_state", "save", "load", "Save", "Load",
        "print", "set_printoptions", "Equals", "GetHashCode", "GetType", "InitializeDeviceType", "InitializeDevice", "TryInitializeDeviceType",
    ];

    /// <summary>Where public operations stand.</summary>
    private static IEnumerable<Type> Homes =>
    [
        typeof(torch), typeof(torch.Tensor), typeof(torch.nn.functional), typeof(torch.linalg), typeof(torch.nn.init), typeof(torch.nn.utils), typeof(torch.nn.utils.rnn),
        typeof(torch.autograd), typeof(TensorExtensionMethods),
    ];

    private static MethodInfo[] Methods { get; } =
    [
        .. Homes.SelectMany(home => home.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => !Excluded.Contains(method.Name) && !method.Name.StartsWith("add_", StringComparison.Ordinal) && !method.Name.StartsWith("remove_", StringComparison.Ordinal))
            .Where(method => !method.ReturnType.IsByRefLike && !method.GetParameters().Any(parameter => parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsByRef))
            .Select(method => method.IsGenericMethodDefinition ? Closed(method) : method)
            .OfType<MethodInfo>()
            .OrderBy(method => $"{method.DeclaringType}.{method}", StringComparer.Ordinal),
    ];

    [Fact]
    public void A_call_with_any_arguments_gives_a_result_or_an_error_of_the_documented_kinds()
    {
        var failures = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var log = Environment.GetEnvironmentVariable("FUZZ_LOG") is { } path ? new StreamWriter(path) { AutoFlush = true } : null;
        var rounds = int.Parse(Environment.GetEnvironmentVariable("FUZZ_ROUNDS") ?? "8", System.Globalization.CultureInfo.InvariantCulture);
        for (var number = 0; number < Methods.Length; number++)
        {
            var arguments = new ArbitraryArguments(TestSeed.Random(number));
            for (var round = 0; round < rounds; round++)
            {
                using var scope = torch.NewDisposeScope();
                var method = Methods[number];
                if (arguments.For(method.GetParameters()) is not { } values)
                {
                    log?.WriteLine($"SKIP {method.DeclaringType} {method}");
                    break;
                }

                var self = method.IsStatic ? null : arguments.Tensor();
                var text = $"{Text(self)}.{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", values.Select(Text))})";
                log?.Write($"{method.DeclaringType.Name}.{method.Name} {text}");
                var watch = System.Diagnostics.Stopwatch.StartNew();
                var outcome = Outcome(() => method.Invoke(self, values));
                log?.WriteLine($" -> {watch.ElapsedMilliseconds} ms {outcome?.GetType().Name ?? "fine"} {outcome?.Message.ReplaceLineEndings(" ")}");
                if (outcome is not null && !IsPolite(outcome))
                {
                    failures.TryAdd($"{method.DeclaringType.Name}.{method.Name} {outcome.GetType().Name}", $"{text}: {outcome.GetType().Name}: {outcome.Message}\n{outcome.StackTrace}");
                }
            }
        }

        log?.Dispose();
        Assert.True(failures.Count == 0, $"{failures.Count} kinds of failure:\n{string.Join("\n", failures.Values)}");
    }

    [Fact]
    public void A_null_that_is_not_allowed_is_named()
    {
        var failures = new List<string>();
        var nullability = new NullabilityInfoContext();
        for (var number = 0; number < Methods.Length; number++)
        {
            var method = Methods[number];
            var parameters = method.GetParameters();
            for (var i = 0; i < parameters.Length; i++)
            {
                if (parameters[i].ParameterType.IsValueType || nullability.Create(parameters[i]).WriteState == NullabilityState.Nullable)
                {
                    continue;
                }

                var arguments = new ArbitraryArguments(TestSeed.Random(number));
                for (var round = 0; round < 10; round++)
                {
                    using var scope = torch.NewDisposeScope();
                    if (arguments.For(parameters) is not { } values)
                    {
                        break;
                    }

                    values[i] = null;
                    var self = method.IsStatic ? null : arguments.Tensor();
                    if (Outcome(() => method.Invoke(self, values)) is { } outcome && !IsPolite(outcome))
                    {
                        failures.Add($"{method.DeclaringType!.Name}.{method.Name} {parameters[i].Name}: {outcome.GetType().Name}{outcome.StackTrace!.Split('\n')[0]}");
                        break;
                    }
                }
            }
        }

        File.WriteAllLines("/tmp/scratch-errors/nulls.txt", failures);
        Assert.True(failures.Count == 0, $"{failures.Count} parameters:\n{string.Join("\n", failures)}");
    }

    private static Exception? Outcome(Func<object?> call)
    {
        try
        {
            Inspect(call());
            return null;
        }
        catch (TargetInvocationException failure)
        {
            return failure.InnerException;
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

    private static bool IsPolite(Exception problem) => problem is ExternalException or ArgumentException or InvalidOperationException or NotSupportedException or NotImplementedException
        || (problem is FormatException && problem.Message.StartsWith("Format specifier", StringComparison.Ordinal));

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

    private static string Text(object? value) => value switch
    {
        null => "",
        torch.Tensor tensor => $"{tensor.dtype}{Shapes.Text(tensor.ShapeEvenIfDisposed)}",
        long[] several => Shapes.Text(several),
        System.Collections.IEnumerable several and not string => $"[{string.Join(", ", several.Cast<object>().Select(Text))}]",
        IFormattable number => number.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
