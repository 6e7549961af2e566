namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A value in one of its forms.</summary>
public class FormattedValue
{
    /// <summary>A value's form as <paramref name="mimeType"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="mimeType"/> is empty.</exception>
    public FormattedValue(string mimeType, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mimeType);
        MimeType = mimeType;
        Value = value;
    }

    /// <summary>The MIME type of <see cref="Value"/>.</summary>
    public string MimeType { get; }

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <summary>The value in one form; without <paramref name="mimeType"/> in the one that its type prefers.</summary>
    /// <exception cref="ArgumentException">There is no formatter for <paramref name="mimeType"/>.</exception>
    public static FormattedValue CreateSingleFromObject(object? value, string? mimeType = null)
    {
        mimeType ??= Formatter.GetPreferredMimeTypesFor(value?.GetType()).First();
        return new FormattedValue(mimeType, value.ToDisplayString(mimeType));
    }

    /// <summary>The value in all forms that its type prefers, or in the given ones; <c>text/plain</c> is always among them.</summary>
    /// <remarks>
    /// .NET Interactive leaves <c>text/plain</c> out unless asked. Here it is added last, so that a terminal, a diff or a screen reader always has something to show.
    /// A preferred form that the value turns out not to have is left out.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no formatter for one of <paramref name="mimeTypes"/>.</exception>
    public static IReadOnlyList<FormattedValue> CreateManyFromObject(object? value, params string[] mimeTypes)
    {
        if (mimeTypes is { Length: > 0 })
        {
            return mimeTypes.Append(PlainTextFormatter.MimeType).Distinct().Select(mimeType => CreateSingleFromObject(value, mimeType)).ToArray();
        }

        return CreateFromPreferred(value, Formatter.GetPreferredMimeTypesFor(value?.GetType()));
    }

    /// <summary>The value in those of <paramref name="mimeTypes"/> that it has, and in <c>text/plain</c>.</summary>
    internal static IReadOnlyList<FormattedValue> CreateFromPreferred(object? value, IEnumerable<string> mimeTypes)
    {
        var forms = new List<FormattedValue>();
        foreach (var mimeType in mimeTypes.Append(PlainTextFormatter.MimeType).Distinct())
        {
            if (Formatter.TryFormat(value, mimeType, out var text))
            {
                forms.Add(new FormattedValue(mimeType, text));
            }
        }

        return forms;
    }

    /// <summary>The MIME type and the text.</summary>
    public override string ToString() => $"{MimeType}: {Value}";
}
