namespace TransformerTutorial.Display;

/// <summary>Tells a C# notebook kernel how to show a type. Kernels find it by its name, so the library needs no reference to any of them.</summary>
/// <remarks>
/// The convention is .NET Interactive's: an attribute called <c>TypeFormatterSourceAttribute</c> names a type with a public method
/// <c>CreateTypeFormatters()</c>; every object that method returns has a string property <c>MimeType</c> and a method
/// <c>bool Format(object, TextWriter)</c>. Each of <see cref="PreferredMimeTypes"/> is then written into the cell's output.
/// </remarks>
/// <param name="formatterSourceType">The type with <c>CreateTypeFormatters()</c>.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    /// <summary>The type with <c>CreateTypeFormatters()</c>; it has a parameterless constructor.</summary>
    public Type FormatterSourceType { get; } = formatterSourceType;

    /// <summary>The MIME types to show at once, richest first.</summary>
    public string[]? PreferredMimeTypes { get; set; }
}
