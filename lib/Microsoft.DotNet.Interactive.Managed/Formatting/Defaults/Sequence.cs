using System.Collections;

namespace Microsoft.DotNet.Interactive.Formatting.Defaults;

/// <summary>The first items of a sequence, and how many follow them.</summary>
/// <param name="Items">At most <see cref="Formatter.ListExpansionLimit"/> items.</param>
/// <param name="More">Empty, or <c>... (5 more)</c>; without the number where counting would mean running the sequence to its end.</param>
internal sealed record Sequence(IReadOnlyList<object?> Items, string More)
{
    public static Sequence Read(IEnumerable source)
    {
        var limit = Formatter.ListExpansionLimit;
        var items = new List<object?>();
        var enumerator = source.GetEnumerator();
        try
        {
            while (enumerator.MoveNext())
            {
                if (items.Count == limit)
                {
                    return new Sequence(items, CountOf(source) is { } count ? $"... ({count - limit} more)" : "... (more)");
                }

                items.Add(enumerator.Current);
            }
        }
        finally
        {
            (enumerator as IDisposable)?.Dispose();
        }

        return new Sequence(items, string.Empty);
    }

    /// <summary>The value as a sequence; memory counts as one, a string does not. Null where it is none.</summary>
    public static IEnumerable? Of(object value)
    {
        if (Scalar.Is(value.GetType()))
        {
            return null;
        }

        return value as IEnumerable ?? (IsMemory(value.GetType()) ? value.GetType().GetMethod("ToArray")!.Invoke(value, null) as IEnumerable : null);
    }

    /// <summary>The type of the items, or null where the type is no sequence.</summary>
    public static Type? ElementTypeOf(Type type)
    {
        if (type.IsArray)
        {
            return type.GetElementType();
        }

        if (IsMemory(type))
        {
            return type.GetGenericArguments()[0];
        }

        if (type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(type))
        {
            return null;
        }

        return Interfaces(type, typeof(IEnumerable<>)).Select(found => found.GetGenericArguments()[0]).FirstOrDefault() ?? typeof(object);
    }

    public static bool IsDictionary(Type type) =>
        typeof(IDictionary).IsAssignableFrom(type) || Interfaces(type, typeof(IDictionary<,>)).Concat(Interfaces(type, typeof(IReadOnlyDictionary<,>))).Any();

    /// <summary>The key that <see cref="Enumerable.GroupBy{TSource, TKey}(IEnumerable{TSource}, Func{TSource, TKey})"/> gave to a group.</summary>
    public static bool TryGetGroupKey(object value, out object? key)
    {
        var grouping = Interfaces(value.GetType(), typeof(IGrouping<,>)).FirstOrDefault();
        key = grouping?.GetProperty("Key")!.GetValue(value);
        return grouping is not null;
    }

    private static int? CountOf(IEnumerable source) => source switch
    {
        ICollection collection => collection.Count,
        _ => Interfaces(source.GetType(), typeof(IReadOnlyCollection<>)).FirstOrDefault()?.GetProperty("Count")!.GetValue(source) as int?,
    };

    private static bool IsMemory(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(ReadOnlyMemory<>) || type.GetGenericTypeDefinition() == typeof(Memory<>));

    private static IEnumerable<Type> Interfaces(Type type, Type definition) =>
        type.GetInterfaces().Prepend(type).Where(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == definition);
}
