using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.Formatting.Defaults;

namespace System;

/// <summary><c>x.Display()</c> for every value.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows <paramref name="value"/> below the cell.</summary>
    /// <param name="value">Anything; <c>null</c> shows as <c>&lt;null&gt;</c>.</param>
    /// <param name="mimeTypes">The forms to show; none given: those preferred for the value's type. <c>text/plain</c> is always added.</param>
    /// <returns>A handle that can replace the shown value.</returns>
    /// <exception cref="ArgumentException">There is no formatter for one of <paramref name="mimeTypes"/>.</exception>
    public static DisplayedValue Display(this object? value, params string[] mimeTypes) =>
        DisplayedValue.Show(value, FormattedValue.CreateManyFromObject(value, mimeTypes));

    /// <summary>Shows a string that already is of type <paramref name="mimeType"/>: <c>"&lt;b&gt;x&lt;/b&gt;".DisplayAs("text/html")</c>.</summary>
    /// <exception cref="ArgumentException"><paramref name="mimeType"/> is empty.</exception>
    public static DisplayedValue DisplayAs(this string value, string mimeType)
    {
        ArgumentNullException.ThrowIfNull(value);
        var forms = new List<FormattedValue> { new(mimeType, value) };
        if (mimeType != PlainTextFormatter.MimeType)
        {
            var isText = mimeType.StartsWith("text/", StringComparison.Ordinal);
            forms.Add(new FormattedValue(PlainTextFormatter.MimeType, isText ? value : $"({mimeType})"));
        }

        return DisplayedValue.Show(value, forms);
    }

    /// <summary>Shows a sequence as a table with one row for each item and no index column.</summary>
    /// <param name="value">The items; at most <see cref="Formatter.ListExpansionLimit"/> of them are written out.</param>
    /// <param name="mimeTypes">As in <see cref="Display"/>.</param>
    public static DisplayedValue DisplayTable<T>(this IEnumerable<T> value, params string[] mimeTypes) =>
        value is null ? value.Display(mimeTypes) : new ItemTable(value).Display(mimeTypes);
}
