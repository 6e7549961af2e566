using System.Collections.Concurrent;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>The registered formatters and preferences, and those that types name themselves; answers which of them are for a given type.</summary>
internal sealed class FormatterRegistry
{
    private readonly Lock _lock = new();
    private readonly List<ITypeFormatter> _registered = [];
    private readonly List<(Type Type, string[] MimeTypes)> _preferred = [];
    private readonly ConcurrentDictionary<(Type Type, string MimeType), ITypeFormatter[]> _formattersByType = new();
    private readonly ConcurrentDictionary<Type, TypeFormatterSource> _sourceByType = new();

    public void Add(ITypeFormatter formatter)
    {
        lock (_lock)
        {
            _registered.Add(formatter);
            _formattersByType.Clear();
        }
    }

    public void SetPreferred(Type type, string[] mimeTypes)
    {
        lock (_lock)
        {
            _preferred.Add((type, mimeTypes));
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _registered.Clear();
            _preferred.Clear();
            _formattersByType.Clear();
        }
    }

    /// <summary>In the order in which they are to be tried: registered before named, the most derived type first, the latest first.</summary>
    public IReadOnlyList<ITypeFormatter> FormattersFor(Type type, string mimeType)
    {
        if (_formattersByType.TryGetValue((type, mimeType), out var known))
        {
            return known;
        }

        lock (_lock)
        {
            var named = SourceOf(type).Formatters.Where(formatter => formatter.MimeType == mimeType);
            ITypeFormatter[] found = [.. MostDerivedFirst(_registered.Where(formatter => formatter.MimeType == mimeType), formatter => formatter.Type, type), .. named];
            _formattersByType[(type, mimeType)] = found;
            return found;
        }
    }

    /// <summary>The MIME types set for the type, else those that its attribute names, else null.</summary>
    public IReadOnlyCollection<string>? PreferredFor(Type type)
    {
        lock (_lock)
        {
            return MostDerivedFirst(_preferred, preference => preference.Type, type).Select(preference => preference.MimeTypes).FirstOrDefault()
                ?? SourceOf(type).PreferredMimeTypes;
        }
    }

    private TypeFormatterSource SourceOf(Type type) => _sourceByType.GetOrAdd(type, TypeFormatterSource.Of);

    private static List<T> MostDerivedFirst<T>(IEnumerable<T> items, Func<T, Type> typeOf, Type type)
    {
        var ordered = new List<T>();
        foreach (var item in items.Where(item => IsFor(typeOf(item), type)))
        {
            // Before the first that is not more derived: so a later one of the same type comes before an earlier one.
            var place = ordered.FindIndex(other => IsFor(typeOf(other), typeOf(item)));
            ordered.Insert(place < 0 ? ordered.Count : place, item);
        }

        return ordered;
    }

    private static bool IsFor(Type formatted, Type type)
    {
        if (!formatted.IsGenericTypeDefinition)
        {
            return formatted.IsAssignableFrom(type);
        }

        var bases = new List<Type>(type.GetInterfaces());
        for (var current = type; current is not null; current = current.BaseType)
        {
            bases.Add(current);
        }

        return bases.Any(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == formatted);
    }
}
