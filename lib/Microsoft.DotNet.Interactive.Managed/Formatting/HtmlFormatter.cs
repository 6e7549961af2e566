namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>An HTML fragment, the form of tables and of <c>HTML(...)</c>.</summary>
public static class HtmlFormatter
{
    /// <summary><c>text/html</c>.</summary>
    public const string MimeType = "text/html";
}
