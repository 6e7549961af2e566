using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Microsoft.DotNet.Interactive.Formatting.Defaults;

/// <summary>The public fields and properties that stand for an object when it is shown, those of the base type first.</summary>
internal static class Members
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<MemberInfo>> Known = new();

    public static IReadOnlyList<MemberInfo> Of(Type type) => Known.GetOrAdd(type, Find);

    public static object? ValueOf(MemberInfo member, object instance)
    {
        try
        {
            return member is PropertyInfo property ? property.GetValue(instance) : ((FieldInfo)member).GetValue(instance);
        }
        catch (TargetInvocationException exception)
        {
            return new FailedGetter(exception.InnerException ?? exception);
        }
    }

    private static MemberInfo[] Find(Type type)
    {
        const BindingFlags Public = BindingFlags.Instance | BindingFlags.Public;
        var properties = type.GetProperties(Public).Where(IsShown);
        var fields = type.GetFields(Public).Where(field => !IsUnboxable(field.FieldType));
        return properties.Concat<MemberInfo>(fields)
            .GroupBy(member => member.Name)
            .Select(sameName => sameName.MaxBy(Depth)!)
            .OrderBy(Depth)
            .ThenBy(member => member.MemberType != MemberTypes.Property)
            .ThenBy(member => member.MetadataToken)
            .ToArray();
    }

    private static bool IsShown(PropertyInfo property) =>
        property.GetMethod is { IsPublic: true }
        && property.GetIndexParameters().Length == 0
        && !IsUnboxable(property.PropertyType)
        && property.GetCustomAttribute<DebuggerBrowsableAttribute>()?.State != DebuggerBrowsableState.Never;

    private static bool IsUnboxable(Type type) => type.IsByRef || type.IsByRefLike || type.IsPointer || type.IsFunctionPointer;

    private static int Depth(MemberInfo member)
    {
        var depth = 0;
        for (var type = member.DeclaringType; type is not null; type = type.BaseType)
        {
            depth++;
        }

        return depth;
    }
}
