using System.Reflection;
using TransformerTutorial.Testing;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Calls every public operation and layer with made-up arguments: it gives a result or says politely what it did not like.</summary>
[Collection(Operators.DefaultGenerator.Name)]
public class PublicMethodTests
{
    private const int OperationRounds = 30;
    private const int LayerRounds = 10;

    // By operation and type of exception: one example of each is enough.
    private readonly SortedDictionary<string, string> _failures = new(StringComparer.Ordinal);

    [Fact]
    public void An_operation_on_any_arguments_gives_a_result_or_an_error_of_the_documented_kinds()
    {
        for (var number = 0; number < PublicMethods.Operations.Length; number++)
        {
            var method = PublicMethods.Operations[number];
            var arguments = new ArbitraryArguments(TestSeed.Random(number));
            for (var round = 0; round < OperationRounds; round++)
            {
                using var scope = torch.NewDisposeScope();
                Call(method.IsStatic ? null : arguments.Tensor(), method, arguments);
            }
        }

        AssertNoFailures();
    }

    [Fact]
    public void A_layer_of_any_sizes_on_any_input_gives_a_result_or_an_error_of_the_documented_kinds()
    {
        for (var number = 0; number < PublicMethods.Layers.Length; number++)
        {
            // A network of very many layers would be made, and take as long as that takes.
            var arguments = new ArbitraryArguments(TestSeed.Random(number), withExtremes: false);
            for (var round = 0; round < LayerRounds; round++)
            {
                using var scope = torch.NewDisposeScope();
                if (Call(null, PublicMethods.Layers[number], arguments) is { } layer)
                {
                    foreach (var call in layer.GetType().GetMethods().Where(method => method.Name is "call" or "forward" && !method.IsGenericMethodDefinition))
                    {
                        Call(layer, call, arguments);
                    }
                }
            }
        }

        AssertNoFailures();
    }

    private object? Call(object? self, MethodInfo method, ArbitraryArguments arguments)
    {
        if (arguments.For(method.GetParameters()) is not { } values)
        {
            return null;
        }

        // An operation in place changes the shape that a message would show.
        var text = PublicMethods.Text(self, method, values);
        if (PublicMethods.Outcome(() => method.Invoke(self, values), out var result) is { } outcome && !PublicMethods.IsPolite(outcome))
        {
            _failures.TryAdd($"{method.DeclaringType!.Name}.{method.Name} {outcome.GetType().Name}", $"{text}: {outcome.GetType().Name}: {outcome.Message}\n{outcome.StackTrace}");
        }

        // A scope, or a mode such as no_grad, would outlast this test.
        if (result is IDisposable and not torch.Tensor and not torch.nn.Module)
        {
            ((IDisposable)result).Dispose();
        }

        return result;
    }

    private void AssertNoFailures() => Assert.True(_failures.Count == 0, $"With TUTORIAL_SEED={TestSeed.Value} {_failures.Count} kinds of failure:\n{string.Join("\n", _failures.Values)}");
}
