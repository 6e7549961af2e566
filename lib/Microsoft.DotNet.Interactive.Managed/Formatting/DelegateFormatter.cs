namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>A formatter made from a delegate.</summary>
internal sealed class DelegateFormatter(Type type, string mimeType, FormatDelegate<object?> format) : ITypeFormatter
{
    public string MimeType { get; } = mimeType;

    public Type Type { get; } = type;

    public bool Format(object? instance, FormatContext context) => format(instance, context);
}
