namespace CSharpKernel.Language;

/// <summary>What is known of the symbol at a place in a piece of code: signature, documentation, and where it is a variable of a session, its type and value.</summary>
/// <param name="PlainText">For a terminal.</param>
/// <param name="Markdown">The same for a page.</param>
internal sealed record Inspection(string PlainText, string Markdown);
