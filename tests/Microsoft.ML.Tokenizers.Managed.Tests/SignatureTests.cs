using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.Tokenizers.Tests;

/// <summary>The assembly has exactly the types and members in <c>PublicMembers.txt</c>, which lists the real package's.</summary>
public class SignatureTests
{
    [Fact]
    public void The_members_are_those_of_the_package()
    {
        var expected = Read();
        var actual = typeof(Tokenizer).Assembly.GetExportedTypes().ToDictionary(Header, type => Members(type).Order(StringComparer.Ordinal).ToList());
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        foreach (var (type, members) in expected)
        {
            Assert.Equal((type, string.Join('\n', members.Order(StringComparer.Ordinal))), (type, string.Join('\n', actual[type])));
        }
    }

    private static Dictionary<string, List<string>> Read()
    {
        using var stream = typeof(SignatureTests).Assembly.GetManifestResourceStream("PublicMembers.txt")!;
        var types = new Dictionary<string, List<string>>();
        List<string>? members = null;
        foreach (var line in new StreamReader(stream).ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            if (members is null || line.Contains(" class ", StringComparison.Ordinal) || line.StartsWith("class ", StringComparison.Ordinal) || line.StartsWith("struct ", StringComparison.Ordinal))
            {
                types.Add(line, members = []);
            }
            else
            {
                members.Add(line);
            }
        }

        return types;
    }

    private static string Header(Type type)
    {
        var kind = type.IsValueType ? "struct" : type.IsAbstract ? "abstract class" : type.IsSealed ? "sealed class" : "class";
        string[] bases = [.. type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? new[] { Name(parent) } : [], .. type.GetInterfaces().Select(Name)];
        return $"{kind} {Name(type)}{(bases.Length > 0 ? " : " + string.Join(", ", bases) : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var constructor in type.GetConstructors(Declared).Where(IsVisible))
        {
            yield return $"{Modifiers(constructor)}new({Parameters(constructor)})";
        }

        foreach (var property in type.GetProperties(Declared).Where(property => IsVisible(property.GetMethod!)))
        {
            yield return $"{Modifiers(property.GetMethod!)}{Name(property.PropertyType)} {property.Name} {{ get; {(property.SetMethod is { } setter && IsVisible(setter) ? "set; " : "")}}}";
        }

        foreach (var method in type.GetMethods(Declared).Where(method => IsVisible(method) && !method.IsSpecialName && method.GetBaseDefinition().DeclaringType != typeof(object) && method.GetBaseDefinition().DeclaringType != typeof(ValueType)))
        {
            yield return $"{Modifiers(method)}{Name(method.ReturnType)} {method.Name}({Parameters(method)})";
        }
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Modifiers(MethodBase method)
    {
        var isOverride = method is MethodInfo info && info.GetBaseDefinition() != info;
        var isInterface = method.IsFinal;
        return (method.IsPublic ? "" : "protected ")
            + (method.IsStatic ? "static " : isOverride ? "override " : method.IsAbstract ? "abstract " : method.IsVirtual && !isInterface ? "virtual " : "");
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : "")}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = " + Default(parameter.DefaultValue) : "")}"));

    private static string Default(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type)
    {
        if (type.IsByRef)
        {
            return Name(type.GetElementType()!);
        }

        if (type.IsGenericType && type.Name.StartsWith("ValueTuple", StringComparison.Ordinal))
        {
            return "(int Offset, int Length)"; // the only tuple; its element names are in an attribute, checked by the code that uses them
        }

        if (type.IsGenericType)
        {
            return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
        }

        return type.Name switch
        {
            "String" => "string",
            "Int32" => "int",
            "Boolean" => "bool",
            "Char" => "char",
            _ => type.Name,
        };
    }
}
