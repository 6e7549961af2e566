using System.Globalization;
using Microsoft.DotNet.Interactive.Formatting.Defaults;

namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>How values are shown: the formatters and their settings.</summary>
/// <remarks>
/// A value's form is written by the first of these that has one: a registered formatter (the most derived type first, then the latest), one that the type names through
/// <see cref="TypeFormatterSourceAttribute"/>, the defaults. The settings belong to the process, as in .NET Interactive.
/// </remarks>
public static class Formatter
{
    private static readonly FormatterRegistry Registry = new();
    private static int _listExpansionLimit;
    private static int _recursionLimit;
    private static string _defaultMimeType = HtmlFormatter.MimeType;

    static Formatter() => ResetToDefault();

    /// <summary>Takes a displayed value to the page; false where no cell is running. Set by the kernel.</summary>
    internal static Func<DisplayedValue, bool>? Page { get; set; }

    /// <summary>How many items of a sequence are written out; 20 unless changed.</summary>
    /// <exception cref="ArgumentException">The value is negative.</exception>
    public static int ListExpansionLimit
    {
        get => _listExpansionLimit;
        set => _listExpansionLimit = value >= 0 ? value : throw new ArgumentException($"{nameof(ListExpansionLimit)} must be at least 0.");
    }

    /// <summary>How deep an object within an object is written out; 6 unless changed.</summary>
    /// <exception cref="ArgumentException">The value is negative.</exception>
    public static int RecursionLimit
    {
        get => _recursionLimit;
        set => _recursionLimit = value >= 0 ? value : throw new ArgumentException($"{nameof(RecursionLimit)} must be at least 0.");
    }

    /// <summary>What stands for a null; <c>&lt;null&gt;</c> unless changed.</summary>
    public static string NullString { get; set; } = "<null>";

    /// <summary>The form of values that are neither of one line nor have a preference of their own; <c>text/html</c> unless changed.</summary>
    public static string DefaultMimeType
    {
        get => _defaultMimeType;
        set => _defaultMimeType = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Forgets all registrations and preferences and restores the settings.</summary>
    public static void ResetToDefault()
    {
        Registry.Clear();
        ListExpansionLimit = 20;
        RecursionLimit = 6;
        NullString = "<null>";
        DefaultMimeType = HtmlFormatter.MimeType;
    }

    /// <summary>Adds a formatter; it is asked before those registered earlier for the same type.</summary>
    public static void Register(ITypeFormatter formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        Registry.Add(formatter);
    }

    /// <summary>Registers how values of <typeparamref name="T"/> are written as <paramref name="mimeType"/>.</summary>
    public static void Register<T>(FormatDelegate<T> formatter, string mimeType = PlainTextFormatter.MimeType)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        Register(new DelegateFormatter(typeof(T), mimeType, (value, context) => formatter((T)value!, context)));
    }

    /// <summary>Registers how values of <paramref name="type"/> are written as <paramref name="mimeType"/>.</summary>
    public static void Register(Type type, FormatDelegate<object> formatter, string mimeType = PlainTextFormatter.MimeType)
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(formatter);
        Register(new DelegateFormatter(type, mimeType, (value, context) => formatter(value!, context)));
    }

    /// <summary>Registers how values of <paramref name="type"/> are written as <paramref name="mimeType"/>.</summary>
    public static void Register(Type type, Action<object, TextWriter> formatter, string mimeType = PlainTextFormatter.MimeType)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        Register(
            type,
            (value, context) =>
            {
                formatter(value, context.Writer);
                return true;
            },
            mimeType);
    }

    /// <summary>Registers how values of <typeparamref name="T"/> are written as <paramref name="mimeType"/>.</summary>
    public static void Register<T>(Action<T, TextWriter> formatter, string mimeType = PlainTextFormatter.MimeType)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        Register<T>(
            (value, context) =>
            {
                formatter(value, context.Writer);
                return true;
            },
            mimeType);
    }

    /// <summary>Registers how values of <typeparamref name="T"/> are written as <paramref name="mimeType"/>: <c>Formatter.Register&lt;Point&gt;(p =&gt; $"({p.X}, {p.Y})")</c>.</summary>
    public static void Register<T>(Func<T, string> formatter, string mimeType = PlainTextFormatter.MimeType)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        Register<T>((value, writer) => writer.Write(formatter(value)), mimeType);
    }

    /// <summary>Sets the MIME types in which values of <paramref name="type"/> are shown, richest first.</summary>
    /// <exception cref="ArgumentException">No MIME type is given.</exception>
    public static void SetPreferredMimeTypesFor(Type type, params string[] preferredMimeTypes)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (preferredMimeTypes is null || preferredMimeTypes.All(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("At least one MIME type is needed.", nameof(preferredMimeTypes));
        }

        Registry.SetPreferred(type, preferredMimeTypes);
    }

    /// <summary>The MIME types in which values of <paramref name="type"/> are shown, richest first.</summary>
    /// <remarks>Set for the type; else named by its <see cref="TypeFormatterSourceAttribute"/>; else <c>text/plain</c> for what fits one line, <see cref="DefaultMimeType"/> for the rest.</remarks>
    /// <param name="type">The type; null stands for the null value.</param>
    public static IReadOnlyCollection<string> GetPreferredMimeTypesFor(Type? type)
    {
        if (type is not null && Registry.PreferredFor(type) is { } preferred)
        {
            return preferred;
        }

        return type is null || DefaultFormatter.IsPlain(type) ? [PlainTextFormatter.MimeType] : [DefaultMimeType];
    }

    /// <summary>The value as text of type <paramref name="mimeType"/>: <c>new[] { 1, 2 }.ToDisplayString()</c> is <c>[ 1, 2 ]</c>.</summary>
    /// <exception cref="ArgumentException">There is no formatter for <paramref name="mimeType"/>.</exception>
    public static string ToDisplayString(this object? value, string mimeType = PlainTextFormatter.MimeType)
    {
        ArgumentNullException.ThrowIfNull(mimeType);
        return TryFormat(value, mimeType, out var text) ? text : throw new ArgumentException($"No formatter is registered for MIME type {mimeType}.");
    }

    /// <summary>Writes a value within another one that is being formatted.</summary>
    /// <exception cref="ArgumentException">There is no formatter for <paramref name="mimeType"/>.</exception>
    public static void FormatTo<T>(this T value, FormatContext context, string mimeType = PlainTextFormatter.MimeType)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(mimeType);
        if (!TryFormat(value, mimeType, context))
        {
            throw new ArgumentException($"No formatter is registered for MIME type {mimeType}.");
        }
    }

    internal static bool TryFormat(object? value, string mimeType, out string text)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var found = TryFormat(value, mimeType, new FormatContext(writer));
        text = writer.ToString();
        return found;
    }

    internal static bool TryFormat(object? value, string mimeType, FormatContext context) =>
        TryFormatSpecially(value, mimeType, context) || DefaultFormatter.TryFormat(value, mimeType, context);

    /// <summary>Writes the value with a registered formatter or one that its type names; false where there is none.</summary>
    internal static bool TryFormatSpecially(object? value, string mimeType, FormatContext context)
    {
        if (value is null)
        {
            return false;
        }

        foreach (var formatter in Registry.FormattersFor(value.GetType(), mimeType))
        {
            if (formatter.Format(value, context))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True where the type has a formatter of its own, so that it is not to be taken apart.</summary>
    internal static bool IsSpecial(Type type) =>
        Registry.FormattersFor(type, PlainTextFormatter.MimeType).Count > 0 || Registry.FormattersFor(type, HtmlFormatter.MimeType).Count > 0;

    internal static void Show(DisplayedValue displayed)
    {
        if (Page?.Invoke(displayed) != true)
        {
            Console.WriteLine(displayed.FormattedValues.First(form => form.MimeType == PlainTextFormatter.MimeType).Value);
        }
    }
}
