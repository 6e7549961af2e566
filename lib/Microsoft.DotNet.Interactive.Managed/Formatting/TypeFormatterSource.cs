using System.Collections;
using System.Reflection;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>The formatters and MIME types that a type names through an attribute called <c>TypeFormatterSourceAttribute</c>, whoever declared it.</summary>
internal sealed class TypeFormatterSource
{
    private static readonly TypeFormatterSource None = new([], null);

    private TypeFormatterSource(IReadOnlyList<ITypeFormatter> formatters, IReadOnlyCollection<string>? preferredMimeTypes)
    {
        Formatters = formatters;
        PreferredMimeTypes = preferredMimeTypes;
    }

    public IReadOnlyList<ITypeFormatter> Formatters { get; }

    public IReadOnlyCollection<string>? PreferredMimeTypes { get; }

    /// <summary>Reads the attributes of <paramref name="type"/>, inherited ones included.</summary>
    /// <exception cref="InvalidOperationException">An attribute names a source that does not follow the convention.</exception>
    public static TypeFormatterSource Of(Type type)
    {
        var attributes = type.GetCustomAttributes(inherit: true)
            .Where(attribute => attribute.GetType().Name == nameof(TypeFormatterSourceAttribute))
            .ToArray();
        if (attributes.Length == 0)
        {
            return None;
        }

        var formatters = attributes.SelectMany(attribute => FormattersOf(attribute, type)).ToArray();
        var preferred = attributes.Select(attribute => Get<string[]>(attribute, nameof(TypeFormatterSourceAttribute.PreferredMimeTypes))).FirstOrDefault(types => types is not null);
        return new TypeFormatterSource(formatters, preferred);
    }

    private static ITypeFormatter[] FormattersOf(object attribute, Type type)
    {
        var sourceType = Get<Type>(attribute, nameof(TypeFormatterSourceAttribute.FormatterSourceType))
            ?? throw Broken(type, $"has no {nameof(TypeFormatterSourceAttribute.FormatterSourceType)}");
        var source = Activator.CreateInstance(sourceType)!;
        var create = sourceType.GetMethod(nameof(ITypeFormatterSource.CreateTypeFormatters), Type.EmptyTypes);
        var made = source is ITypeFormatterSource known ? known.CreateTypeFormatters() : create?.Invoke(source, null) as IEnumerable;
        if (made is null)
        {
            throw Broken(type, $"names {sourceType.Name}, which has no method {nameof(ITypeFormatterSource.CreateTypeFormatters)}() that returns formatters");
        }

        return made.Cast<object>().Select(formatter => formatter as ITypeFormatter ?? ByConvention(formatter, type)).ToArray();
    }

    private static DelegateFormatter ByConvention(object formatter, Type type)
    {
        var mimeType = Get<string>(formatter, nameof(ITypeFormatter.MimeType))
            ?? throw Broken(type, $"names a source whose {formatter.GetType().Name} has no {nameof(ITypeFormatter.MimeType)}");
        var method = formatter.GetType().GetMethod(nameof(ITypeFormatter.Format), [typeof(object), typeof(TextWriter)]);
        if (method?.ReturnType != typeof(bool))
        {
            throw Broken(type, $"names a source whose {formatter.GetType().Name} has no method bool Format(object, TextWriter)");
        }

        var format = method.CreateDelegate<Func<object?, TextWriter, bool>>(formatter);
        return new DelegateFormatter(type, mimeType, (value, context) => format(value, context.Writer));
    }

    private static T? Get<T>(object instance, string property)
        where T : class =>
        instance.GetType().GetProperty(property, BindingFlags.Instance | BindingFlags.Public)?.GetValue(instance) as T;

    private static InvalidOperationException Broken(Type type, string what) =>
        new($"The {nameof(TypeFormatterSourceAttribute)} of {type.Name} {what}.");
}
