namespace TorchSharp.Managed.Tests.Errors;

/// <summary>
/// Arguments of any type that the engine's public methods take: small tensors of related shapes (broadcast, transposed, empty, of every type),
/// small whole numbers and, where asked for, now and then the largest ones. It gives no meaning to them: most calls are refused, and should be, politely.
/// </summary>
internal sealed class ArbitraryArguments(Random random, bool withExtremes = true)
{
    private static readonly long[] Extremes = [long.MinValue, long.MaxValue, int.MinValue, int.MaxValue, long.MaxValue / 2, 1L << 32, 1L << 62];
    private static readonly double[] Numbers = [0, 1, -1, 0.5, 2, 3, 1e-3, 0.9, -0.5, 1e30, double.NaN, double.PositiveInfinity];
    private static readonly string[] Words = ["ij,jk->ik", "i,i->", "ii->i", "...i->...", "ij", "L", "fro", "mean", "sum", "reflect", "Ж", "", "ij->", "xy"];

    // One call's tensors have shapes that come from this one, so that some calls succeed.
    private long[] _shape = [];

    /// <summary>One argument for each parameter, or null where a type is none that can be made up.</summary>
    public object?[]? For(System.Reflection.ParameterInfo[] parameters)
    {
        _shape = Shape();
        var arguments = new object?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i];
            if (parameter.HasDefaultValue && random.Next(3) == 0)
            {
                arguments[i] = parameter.ParameterType.IsValueType && parameter.DefaultValue is null ? Activator.CreateInstance(parameter.ParameterType) : parameter.DefaultValue;
            }
            else if (!TryMake(parameter.ParameterType, out arguments[i]))
            {
                return null;
            }
        }

        return arguments;
    }

    /// <summary>A tensor whose shape comes from the current call's.</summary>
    public torch.Tensor Tensor()
    {
        var shape = random.Next(8) switch
        {
            0 => Shape(),
            1 => Array.ConvertAll(_shape, length => random.Next(3) == 0 ? 1 : length),
            2 => [.. _shape, 2],
            3 => _shape.Length > 0 ? _shape[1..] : [2],
            _ => (long[])_shape.Clone(),
        };
        var type = random.Next(10) switch
        {
            < 5 => torch.ScalarType.Float32,
            5 => torch.ScalarType.Float64,
            6 or 7 => torch.ScalarType.Int64,
            8 => torch.ScalarType.Bool,
            _ => random.Next(2) == 0 ? torch.ScalarType.Int32 : torch.ScalarType.Byte,
        };
        var values = new double[Shapes.Count(shape)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = type is torch.ScalarType.Float32 or torch.ScalarType.Float64 ? (random.NextDouble() * 4) - 1 : random.Next(-1, 5);
        }

        using var made = torch.tensor(values, shape);
        var result = made.to(type);
        if (shape.Length > 1 && random.Next(4) == 0)
        {
            result = result.transpose(random.Next(shape.Length), random.Next(shape.Length));
        }

        if (result.IsFloating && random.Next(3) == 0)
        {
            result = result.detach().requires_grad_();
            result = random.Next(2) == 0 ? result.alias() : result;
        }

        return result;
    }

    private long[] Shape()
    {
        var shape = new long[random.Next(5)];
        for (var d = 0; d < shape.Length; d++)
        {
            shape[d] = random.Next(12) == 0 ? 0 : random.Next(1, 4);
        }

        return shape;
    }

    private long Whole() => withExtremes && random.Next(20) == 0 ? Extremes[random.Next(Extremes.Length)] : random.Next(-3, 6);

    private T[] Several<T>(Func<T> make, int most = 4)
    {
        var result = new T[random.Next(most)];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = make();
        }

        return result;
    }

    private bool TryMake(Type type, out object? value)
    {
        value = null;
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return random.Next(3) == 0 || TryMake(inner, out value);
        }

        if (type.IsEnum)
        {
            var members = Enum.GetValues(type);
            value = members.GetValue(random.Next(members.Length));
            return true;
        }

        if (type.IsGenericType && type.FullName!.StartsWith("System.ValueTuple", StringComparison.Ordinal))
        {
            var parts = new object?[type.GenericTypeArguments.Length];
            for (var i = 0; i < parts.Length; i++)
            {
                if (!TryMake(type.GenericTypeArguments[i], out parts[i]))
                {
                    return false;
                }
            }

            value = Activator.CreateInstance(type, parts);
            return true;
        }

        value = type switch
        {
            _ when type == typeof(torch.Tensor) => Tensor(),
            _ when type == typeof(Scalar) => random.Next(3) == 0 ? (Scalar)Whole() : random.Next(8) == 0 ? (Scalar)true : (Scalar)Numbers[random.Next(Numbers.Length)],
            _ when type == typeof(long) => Whole(),
            _ when type == typeof(int) => (int)Math.Clamp(Whole(), int.MinValue, int.MaxValue),
            _ when type == typeof(byte) => (byte)random.Next(5),
            _ when type == typeof(ulong) => (ulong)random.Next(5),
            _ when type == typeof(bool) => random.Next(2) == 0,
            _ when type == typeof(double) => Numbers[random.Next(Numbers.Length)],
            _ when type == typeof(float) => (float)Numbers[random.Next(Numbers.Length)],
            _ when type == typeof(string) => Words[random.Next(Words.Length)],
            _ when type == typeof(long[]) => random.Next(2) == 0 ? (long[])_shape.Clone() : Several(Whole),
            _ when type == typeof(byte[]) => Several(() => (byte)random.Next(5)),
            _ when type == typeof(IEnumerable<long>) => Several(Whole),
            _ when type == typeof((long, long)[]) => Several(() => (Whole(), Whole())),
            _ when type == typeof(string[]) => random.Next(2) == 0 ? null : Several(() => "N"),
            _ when type == typeof(char) => random.Next(3) == 0 ? 'X' : 'L',
            _ when type == typeof(Array) => random.Next(2) == 0 ? new float[2, random.Next(3)] : new long[random.Next(3)],
            _ when type == typeof(object) => Tensor(),
            _ when type.IsAssignableFrom(typeof(List<TorchSharp.Modules.Parameter>)) => Several(() => new TorchSharp.Modules.Parameter(torch.rand(Shape()))).ToList(),
            _ when type == typeof(int[]) => Several(() => random.Next(-2, 5)),
            _ when type == typeof(bool[]) => Several(() => random.Next(2) == 0),
            _ when type == typeof(float[]) => Several(() => (float)random.Next(-2, 5)),
            _ when type == typeof(double[]) => Several(() => (double)random.Next(-2, 5)),
            _ when type == typeof(torch.Size) => new torch.Size(random.Next(2) == 0 ? _shape : Several(Whole)),
            _ when type == typeof(torch.TensorIndex) => Index(),
            _ when type == typeof(torch.TensorIndex[]) => Several(Index),
            _ when type == typeof(torch.Tensor[]) => Several(Tensor),
            _ when type.IsAssignableFrom(typeof(List<torch.Tensor>)) && type != typeof(object) => Several(Tensor).ToList(),
            _ when type == typeof(torch.Generator) => new torch.Generator(1),
            _ when type == typeof(System.Globalization.CultureInfo) => System.Globalization.CultureInfo.InvariantCulture,
            _ when type == typeof(torch.Device) => torch.CPU,
            _ when type == typeof(Range) => new Range(new Index(random.Next(4), random.Next(2) == 0), new Index(random.Next(4), random.Next(2) == 0)),
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IList<>) => Array.CreateInstance(type.GenericTypeArguments[0], random.Next(4)),
            _ when type.IsArray => Array.CreateInstance(type.GetElementType()!, new int[type.GetArrayRank()]),
            _ => null,
        };
        return value is not null || type == typeof(string[]);
    }

    private torch.TensorIndex Index() => random.Next(8) switch
    {
        0 => torch.TensorIndex.Ellipsis,
        1 => torch.TensorIndex.None,
        2 => torch.TensorIndex.Bool(random.Next(2) == 0),
        3 => torch.TensorIndex.Tensor(Tensor()),
        4 => torch.TensorIndex.Slice(Whole(), Whole(), Whole()),
        5 => torch.TensorIndex.Colon,
        _ => torch.TensorIndex.Single(Whole()),
    };
}
