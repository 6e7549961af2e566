namespace CSharpKernel.Scripting;

/// <summary>One thing that a running cell produced, in the order in which it produced it.</summary>
/// <remarks>These are what a session reports; the runner turns them into nbformat outputs, the Jupyter kernel into messages.</remarks>
public abstract record CellOutput;

/// <summary>Text written to standard output or standard error.</summary>
/// <param name="Name"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="Text">The text, with <c>\n</c> line ends as written.</param>
public sealed record StreamOutput(string Name, string Text) : CellOutput;

/// <summary>A displayed value: <c>display(x)</c>, <c>x.Display()</c>, or the value of a trailing expression.</summary>
/// <param name="Data">One entry per MIME type, in order of preference; <c>text/plain</c> is always among them. JSON types hold JSON text.</param>
/// <param name="DisplayId">The id by which it can be updated, or null.</param>
/// <param name="IsResult">True for the value of a trailing expression (<c>execute_result</c>), false for an explicit display.</param>
public sealed record DisplayOutput(IReadOnlyList<KeyValuePair<string, string>> Data, string? DisplayId, bool IsResult) : CellOutput;

/// <summary>New content for everything displayed earlier under the same id.</summary>
/// <param name="Data">As in <see cref="DisplayOutput"/>.</param>
/// <param name="DisplayId">The id of what is replaced.</param>
public sealed record UpdateOutput(IReadOnlyList<KeyValuePair<string, string>> Data, string DisplayId) : CellOutput;

/// <summary>The cell's outputs so far are to be removed.</summary>
/// <param name="Wait">True to remove them only when the next output arrives.</param>
public sealed record ClearOutput(bool Wait) : CellOutput;

/// <summary>The cell failed: a compile error, an exception, or a directive that could not be carried out.</summary>
/// <param name="Name">The exception's type name, or <c>CompilationError</c>.</param>
/// <param name="Message">One clear message, without stack frames.</param>
/// <param name="Traceback">Lines for a reader: source line and caret for compile errors, cell and line for exceptions, scripting frames removed.</param>
/// <param name="Line">The line in the cell, counted from 1; 0 where unknown.</param>
/// <param name="Column">The column in the cell, counted from 1; 0 where unknown.</param>
public sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Traceback, int Line, int Column) : CellOutput;
