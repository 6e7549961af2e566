namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Plain text, the form that every value has.</summary>
public static class PlainTextFormatter
{
    /// <summary><c>text/plain</c>.</summary>
    public const string MimeType = "text/plain";
}
