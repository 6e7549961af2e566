using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CSharpKernel.Scripting;

/// <summary>Says what went wrong in a cell: what, where, and nothing about the machinery that ran it.</summary>
/// <param name="paths">Names the files.</param>
internal sealed partial class ScriptErrors(ScriptPaths paths)
{
    private const int MostErrors = 10;
    private const int MostFrames = 40;

    /// <summary>The compiler's errors (or warnings that count as such), each with its source line and a caret.</summary>
    public ErrorOutput OfCompilation(CompiledSubmission submission, bool withWarnings)
    {
        var diagnostics = submission.Diagnostics
            .Where(diagnostic => withWarnings || diagnostic.Severity == DiagnosticSeverity.Error)
            .OrderByDescending(diagnostic => diagnostic.Severity)
            .ThenBy(diagnostic => !ScriptPaths.IsCell(diagnostic.Location.SourceTree?.FilePath))
            .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .ToArray();
        var traceback = diagnostics.Take(MostErrors).SelectMany(Describe).ToList();
        if (diagnostics.Length > MostErrors)
        {
            traceback.Add($"... and {diagnostics.Length - MostErrors} more");
        }

        var first = diagnostics[0];
        var more = diagnostics.Length > 1 ? $" (and {diagnostics.Length - 1} more)" : string.Empty;
        var (line, column) = PositionInCell(first, submission);
        return new ErrorOutput("CompilationError", $"{MessageOf(first)}{more}", traceback, line, column);
    }

    /// <summary>One line for each warning.</summary>
    public IReadOnlyList<string> WarningsOf(CompiledSubmission submission) =>
        [.. submission.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning).Select(diagnostic => $"{PlaceOf(diagnostic)}: {MessageOf(diagnostic)}")];

    /// <summary>A directive that can't be carried out.</summary>
    public ErrorOutput OfDirective(string path, CellSegment segment, string message)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{paths.Display(path)}, line {segment.Line + 1}");
        return new ErrorOutput("DirectiveError", message, [$"{place}: {message}"], segment.Line + 1, 1);
    }

    /// <summary>The cell was interrupted.</summary>
    /// <param name="exception">What stopped it, where that is known.</param>
    /// <param name="path">The cell's name for the compiler.</param>
    /// <param name="shown">Names the file that this is instead, if it is one.</param>
    public static ErrorOutput OfInterrupt(Exception? exception, string path, ScriptPaths? shown = null)
    {
        const string Message = "The cell was interrupted.";
        var line = exception is null ? 0 : new ExceptionFrames().Of(exception).FirstOrDefault(frame => frame.GetFileName() == path)?.GetFileLineNumber() ?? 0;
        var place = line == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"\n   at {shown?.Display(path) ?? path}, line {line}");
        return new ErrorOutput("Interrupted", Message, [.. $"Interrupted: {Message}{place}".Split('\n')], line, 0);
    }

    /// <summary>An exception with the cells' lines that it came through, outermost last, and its inner exceptions.</summary>
    /// <remarks>Runs code of the cell's: an exception's message may be made by any.</remarks>
    /// <param name="exception">The exception.</param>
    /// <param name="path">The cell's name for the compiler.</param>
    /// <param name="polled">The polls in the cell's code, or null.</param>
    public ErrorOutput OfException(Exception exception, string path, PolledCode? polled)
    {
        var traceback = new List<string>();
        var frames = new ExceptionFrames();
        var message = Describe(exception, string.Empty, traceback, frames);
        var here = frames.Of(exception).FirstOrDefault(frame => frame.GetFileName() == path);
        var (line, column) = (here?.GetFileLineNumber() ?? 0, here?.GetFileColumnNumber() ?? 0);
        return new ErrorOutput(NameOf(exception.GetType()), message, traceback, line, polled?.OriginalColumn(line, column) ?? column);
    }

    /// <summary>An exception that nobody caught in work that a cell had started, as lines.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="origin">What kind of work that was.</param>
    public IReadOnlyList<string> OfBackgroundException(Exception exception, string origin)
    {
        var lines = new List<string>();
        Describe(exception, $"{origin}: ", lines, new ExceptionFrames());
        return lines;
    }

    /// <returns>The exception's own message.</returns>
    private string Describe(Exception exception, string prefix, List<string> traceback, ExceptionFrames known)
    {
        var message = MessageOf(exception);
        traceback.Add($"{prefix}{NameOf(exception.GetType())}: {message}");
        var frames = known.OfOne(exception);
        if (frames.Length > 0 && !IsUserFrame(frames[0]) && frames[0].GetMethod() is { } thrower && thrower.DeclaringType?.Assembly != typeof(ScriptErrors).Assembly)
        {
            traceback.Add($"   in {thrower.DeclaringType?.FullName}.{thrower.Name}");
        }

        var lines = new List<string>();
        foreach (var frame in frames.Where(IsUserFrame))
        {
            var line = string.Create(
                CultureInfo.InvariantCulture, $"   at {paths.Display(frame.GetFileName()!)}, line {frame.GetFileLineNumber()}{MethodNameOf(frame)}");
            if (lines.Count == 0 || lines[^1] != line)
            {
                lines.Add(line);
            }
        }

        traceback.AddRange(lines.Count <= MostFrames
            ? lines
            : [.. lines.Take(MostFrames / 2), string.Create(CultureInfo.InvariantCulture, $"   ... {lines.Count - MostFrames} more lines ..."), .. lines.TakeLast(MostFrames / 2)]);
        var inner = exception is AggregateException aggregate ? aggregate.InnerExceptions : exception.InnerException is { } one ? [one] : (IEnumerable<Exception>)[];
        foreach (var cause in inner)
        {
            Describe(cause, " ---> ", traceback, known);
        }

        return message;
    }

    private static string MessageOf(Exception exception)
    {
        if (exception is InsufficientExecutionStackException)
        {
            return "The calls are nested too deeply for the stack: an endless recursion?";
        }

        try
        {
            return exception.Message ?? string.Empty;
        }
        catch (Exception thrown) when (!CellRun.IsCurrentInterrupted)
        {
            return $"(its Message threw {NameOf(thrown.GetType())})";
        }
    }

    private static bool IsUserFrame(StackFrame frame) =>
        frame.GetFileLineNumber() > 0 && frame.GetMethod()?.DeclaringType?.FullName?.StartsWith("Submission#", StringComparison.Ordinal) == true;

    /// <summary>The method that a reader wrote: not the compiler's names for lambdas and for the cell's own top level.</summary>
    private static string MethodNameOf(StackFrame frame)
    {
        var method = frame.GetMethod()!;
        var name = method.Name == "MoveNext" ? method.DeclaringType!.Name : method.Name;
        var written = LocalFunctionName().Match(name) is { Success: true } local ? local.Groups[1].Value
            : CompilerMadeName().Match(name) is { Success: true } made ? made.Groups[1].Value
            : name;
        return written.Contains("Initialize", StringComparison.Ordinal) || written == "<Factory>" || written.Length == 0 ? string.Empty : $", in {written}";
    }

    private static string NameOf(Type type) => SubmissionPrefix().Replace(type.FullName ?? type.Name, string.Empty).Replace('+', '.');

    private IEnumerable<string> Describe(Diagnostic diagnostic)
    {
        yield return $"{PlaceOf(diagnostic)}: {MessageOf(diagnostic)}";
        var location = LocationOf(diagnostic);
        if (location is { IsInSource: true, SourceTree: { } tree })
        {
            var start = location.GetLineSpan().StartLinePosition;
            var text = tree.GetText();
            if (start.Line < text.Lines.Count)
            {
                var source = text.Lines[start.Line].ToString();
                yield return source;
                yield return string.Concat(source.Take(start.Character).Select(character => character == '\t' ? "\t" : Microsoft.DotNet.Interactive.Formatting.Defaults.DisplayWidth.Of(character.ToString()) == 2 ? "  " : " ")) + "^";
            }
        }
    }

    private string PlaceOf(Diagnostic diagnostic)
    {
        var location = LocationOf(diagnostic);
        if (!location.IsInSource)
        {
            return "compilation";
        }

        var position = location.GetLineSpan().StartLinePosition;
        return string.Create(CultureInfo.InvariantCulture, $"{paths.Display(location.SourceTree.FilePath)}, line {position.Line + 1}, column {position.Character + 1}");
    }

    private static string MessageOf(Diagnostic diagnostic)
    {
        var severity = diagnostic.Severity == DiagnosticSeverity.Error ? "error" : "warning";
        return $"{severity} {diagnostic.Id}: {ReplacementFor(diagnostic) ?? diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The compiler's words for a missing file say less than we know.</summary>
    private static string? ReplacementFor(Diagnostic diagnostic)
    {
        var location = LocationOf(diagnostic);
        if (diagnostic.Id is not ("CS0006" or "CS1504") || location.SourceTree is not { } tree)
        {
            return null;
        }

        var file = tree.GetText().ToString(location.SourceSpan).Trim('"');
        var folder = ScriptPaths.IsCell(tree.FilePath) ? "the notebook's folder" : $"the folder of {Path.GetFileName(tree.FilePath)}";
        return diagnostic.Id == "CS1504" ? $"There is no file '{file}' to load; paths start from {folder}."
            : file.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase) ? $"'{file}': this kernel doesn't restore NuGet packages; reference an assembly's file, as in #r \"../lib/bin/Library.dll\"."
            : $"There is no assembly '{file}' to reference; paths start from {folder}.";
    }

    /// <summary>Where the error is; the compiler's place for a missing <c>#r</c> is the whole directive, ours its file.</summary>
    private static Location LocationOf(Diagnostic diagnostic)
    {
        var directive = diagnostic.Id == "CS0006" && diagnostic.Location.SourceTree?.GetRoot() is CompilationUnitSyntax unit
            ? unit.GetReferenceDirectives().FirstOrDefault(reference => reference.Span.IntersectsWith(diagnostic.Location.SourceSpan))
            : null;
        return directive?.File.GetLocation() ?? diagnostic.Location;
    }

    /// <summary>An error in a loaded file is the cell's <c>#load</c> line's.</summary>
    private (int Line, int Column) PositionInCell(Diagnostic diagnostic, CompiledSubmission submission)
    {
        var location = LocationOf(diagnostic);
        if (location is { IsInSource: true, SourceTree: { } tree })
        {
            if (!ScriptPaths.IsCell(tree.FilePath))
            {
                var cell = submission.Compilation.SyntaxTrees.FirstOrDefault(candidate => ScriptPaths.IsCell(candidate.FilePath));
                var loads = (cell?.GetRoot() as CompilationUnitSyntax)?.GetLoadDirectives() ?? [];
                var load = loads.FirstOrDefault(directive => paths.Resolve(directive.File.ValueText, cell!.FilePath) == tree.FilePath) ?? loads.FirstOrDefault();
                location = load?.GetLocation() ?? Location.None;
            }

            if (location.IsInSource)
            {
                var position = location.GetLineSpan().StartLinePosition;
                return (position.Line + 1, position.Character + 1);
            }
        }

        return (0, 0);
    }

    /// <summary>Reads each exception's frames once: thousands of them, as an endless recursion has, take seconds. Thrown again, an exception has others, so this is for one description.</summary>
    private sealed class ExceptionFrames
    {
        private readonly Dictionary<Exception, StackFrame[]> _known = new(ReferenceEqualityComparer.Instance);

        /// <summary>The frames of an exception, then those of the ones within.</summary>
        public IEnumerable<StackFrame> Of(Exception exception)
        {
            for (var current = exception; current is not null; current = current.InnerException)
            {
                foreach (var frame in OfOne(current))
                {
                    yield return frame;
                }
            }
        }

        public StackFrame[] OfOne(Exception exception)
        {
            if (!_known.TryGetValue(exception, out var frames))
            {
                _known[exception] = frames = new StackTrace(exception, fNeedFileInfo: true).GetFrames();
            }

            return frames;
        }
    }

    [GeneratedRegex(@"^<.*>g__([^|]+)\|")]
    private static partial Regex LocalFunctionName();

    [GeneratedRegex(@"^<+([^<>]*)>+[bd]__")]
    private static partial Regex CompilerMadeName();

    [GeneratedRegex(@"^Submission#\d+\+")]
    private static partial Regex SubmissionPrefix();
}
