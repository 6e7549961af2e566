using System.Text.Encodings.Web;

namespace Microsoft.AspNetCore.Html;

/// <summary>A string that is HTML already and is written as it is.</summary>
/// <param name="value">The HTML; null counts as empty.</param>
public class HtmlString(string? value) : IHtmlContent
{
    /// <summary>No HTML at all.</summary>
    public static readonly HtmlString Empty = new(string.Empty);

    /// <summary>The HTML.</summary>
    public string? Value { get; } = value;

    /// <inheritdoc/>
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Value);
    }

    /// <summary>The HTML.</summary>
    public override string ToString() => Value ?? string.Empty;
}
