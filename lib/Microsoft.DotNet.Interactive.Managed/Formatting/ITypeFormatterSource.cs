namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Makes the formatters for a type that carries <see cref="TypeFormatterSourceAttribute"/>.</summary>
public interface ITypeFormatterSource
{
    /// <summary>One formatter for each MIME type.</summary>
    IEnumerable<ITypeFormatter> CreateTypeFormatters();
}
