namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A value as JSON; never shown unless asked for.</summary>
public static class JsonFormatter
{
    /// <summary><c>application/json</c>.</summary>
    public const string MimeType = "application/json";
}
