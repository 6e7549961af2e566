namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Names the source of a type's formatters.</summary>
/// <remarks>
/// It is matched by name: a library may declare an attribute of its own with this name and these properties, and then needs no reference to this assembly.
/// The source then needs a public method <c>CreateTypeFormatters()</c>; each object that it returns needs a string property <c>MimeType</c> and a method
/// <c>bool Format(object, TextWriter)</c>.
/// </remarks>
/// <param name="formatterSourceType">A type with a parameterless constructor and <c>CreateTypeFormatters()</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = true)]
public class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>A type with a parameterless constructor and <c>CreateTypeFormatters()</c>.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>The MIME types to show at once, richest first; null leaves the choice to <see cref="Formatter"/>.</summary>
    public string[]? PreferredMimeTypes { get; set; }
}
