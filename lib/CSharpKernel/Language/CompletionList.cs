namespace CSharpKernel.Language;

/// <summary>What could stand at a place in a piece of code.</summary>
/// <param name="Start">Where the text that an item replaces starts: a position in the code, in UTF-16 units.</param>
/// <param name="End">Where it ends.</param>
/// <param name="Items">The proposals, best first.</param>
internal sealed record CompletionList(int Start, int End, IReadOnlyList<CompletionItem> Items);

/// <summary>One proposal.</summary>
/// <param name="Text">What to put in.</param>
/// <param name="Kind">What it is, in the words that front ends know: <c>method</c>, <c>property</c>, <c>field</c>, <c>class</c>, <c>struct</c>, <c>interface</c>, <c>enum</c>, <c>namespace</c>, <c>keyword</c>, ...</param>
/// <param name="Signature">Its declaration in one line, or empty.</param>
/// <param name="Documentation">The summary of its documentation as plain text, or empty.</param>
internal sealed record CompletionItem(string Text, string Kind, string Signature, string Documentation);
