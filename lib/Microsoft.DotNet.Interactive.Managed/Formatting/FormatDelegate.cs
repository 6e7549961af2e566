namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Writes <paramref name="value"/> and returns true, or writes nothing and returns false; then the next formatter is tried.</summary>
public delegate bool FormatDelegate<in T>(T value, FormatContext context);
