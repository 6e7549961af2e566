using System.Reflection;
using TransformerTutorial.Testing;

namespace TorchSharp.Managed.Tests.Errors;

/// <summary>
/// A null where none is allowed is refused as such. The first tensor of a function in <c>torch</c> is left out: <c>torch.exp(x)</c> is <c>x.exp()</c>, and has C#'s own answer to a null x.
/// </summary>
[Collection(Operators.DefaultGenerator.Name)]
public class NullArgumentTests
{
    private const int Rounds = 40;

    [Fact]
    public void A_null_that_is_not_allowed_is_no_null_reference()
    {
        var failures = new List<string>();
        var nullability = new NullabilityInfoContext();
        for (var number = 0; number < PublicMethods.Operations.Length; number++)
        {
            var method = PublicMethods.Operations[number];
            foreach (var parameter in method.GetParameters().Where(parameter => !IsReceiver(parameter) && !parameter.ParameterType.IsValueType))
            {
                if (nullability.Create(parameter).WriteState != NullabilityState.Nullable && Failure(method, parameter, number) is { } failure)
                {
                    failures.Add($"{method.DeclaringType!.Name}.{method.Name}, {parameter.Name}: {failure.GetType().Name} {failure.StackTrace!.Split('\n')[0]}");
                }
            }
        }

        Assert.True(failures.Count == 0, $"{failures.Count} parameters:\n{string.Join("\n", failures)}");
    }

    private static bool IsReceiver(ParameterInfo parameter) => parameter.Position == 0 && parameter.Member is MethodInfo { IsStatic: true } method
        && parameter.ParameterType == typeof(torch.Tensor) && (method.DeclaringType == typeof(torch) || method.DeclaringType == typeof(torch.Tensor) || method.DeclaringType == typeof(TensorExtensionMethods));

    private static Exception? Failure(MethodInfo method, ParameterInfo parameter, int number)
    {
        var arguments = new ArbitraryArguments(TestSeed.Random(number), withExtremes: false);
        for (var round = 0; round < Rounds; round++)
        {
            using var scope = torch.NewDisposeScope();
            if (arguments.For(method.GetParameters()) is not { } values)
            {
                return null;
            }

            values[parameter.Position] = null;
            var self = method.IsStatic ? null : arguments.Tensor();
            var outcome = PublicMethods.Outcome(() => method.Invoke(self, values), out var result);
            if (result is IDisposable and not torch.Tensor)
            {
                ((IDisposable)result).Dispose();
            }

            if (outcome is not null && !PublicMethods.IsPolite(outcome))
            {
                return outcome;
            }
        }

        return null;
    }
}
