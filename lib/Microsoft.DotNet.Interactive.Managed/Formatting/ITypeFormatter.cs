namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Writes values of one type in one MIME type.</summary>
public interface ITypeFormatter
{
    /// <summary>The MIME type that it writes.</summary>
    string MimeType { get; }

    /// <summary>The type that it is for, with everything derived from it; an open generic type stands for all its instances.</summary>
    Type Type { get; }

    /// <summary>Writes <paramref name="instance"/> and returns true, or writes nothing and returns false; then the next formatter is tried.</summary>
    bool Format(object? instance, FormatContext context);
}
