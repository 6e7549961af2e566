namespace TransformerTutorial.Display;

/// <summary>A value that knows how to draw itself in a notebook: a card, a chart, a coloured sentence.</summary>
/// <remarks>
/// A type that derives from it carries <c>[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [...])]</c>
/// with the MIME types that its <see cref="Write"/> knows.
/// </remarks>
public abstract class RichOutput
{
    /// <summary>This value as <paramref name="mimeType"/>, or null where it has no such form.</summary>
    public abstract string? Write(string mimeType);

    /// <summary>The plain text form.</summary>
    public sealed override string ToString() => Write(MimeTypes.Plain) ?? GetType().Name;
}

/// <summary>The MIME types that the library's own values use.</summary>
public static class MimeTypes
{
    /// <summary>Plain text; every value has it.</summary>
    public const string Plain = "text/plain";

    /// <summary>An HTML fragment with inline styles only.</summary>
    public const string Html = "text/html";

    /// <summary>A static drawing: presentation attributes only, no scripts, no external fonts.</summary>
    public const string Svg = "image/svg+xml";

    /// <summary>A Plotly figure as JSON: <c>data</c> and <c>layout</c>.</summary>
    public const string Plotly = "application/vnd.plotly.v1+json";

    /// <summary>The outcome of a claim's check as JSON, for the tests that read executed chapters.</summary>
    public const string Claim = "application/vnd.transformer-tutorial.claim+json";
}

/// <summary>The formatter source that kernels instantiate for a <see cref="RichOutput"/>.</summary>
public sealed class RichOutputFormatterSource
{
    private readonly string[] _mimeTypes = [MimeTypes.Plain, MimeTypes.Html, MimeTypes.Svg, MimeTypes.Plotly, MimeTypes.Claim];

    /// <summary>One formatter for each MIME type of the library.</summary>
    public IEnumerable<object> CreateTypeFormatters() => _mimeTypes.Select(mimeType => new RichOutputFormatter(mimeType));
}

/// <summary>Writes a <see cref="RichOutput"/> as one MIME type; called by kernels, by convention.</summary>
/// <param name="mimeType">The MIME type that it writes.</param>
public sealed class RichOutputFormatter(string mimeType)
{
    /// <summary>The MIME type that it writes.</summary>
    public string MimeType { get; } = mimeType;

    /// <summary>Writes <paramref name="instance"/> and returns true, or returns false where it has no such form.</summary>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not RichOutput output || output.Write(MimeType) is not { } text)
        {
            return false;
        }

        writer.Write(text);
        return true;
    }
}
