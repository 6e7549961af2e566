using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CSharpKernel.Scripting;

/// <summary>What a stretch of a cell is.</summary>
internal enum CellSegmentKind
{
    /// <summary>C# code.</summary>
    Code,

    /// <summary>HTML to show, from a <c>#!html</c> line to the next magic.</summary>
    Html,

    /// <summary>A file to run, named by an <c>#!import</c> line.</summary>
    Import,

    /// <summary>A magic that isn't known; the text says which.</summary>
    Unknown,
}

/// <summary>A stretch of a cell between two magic lines (<c>#!csharp</c>, <c>#!html</c>, <c>#!import</c>).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The code or HTML, the path to import, or the unknown magic.</param>
/// <param name="Line">The cell's line on which <paramref name="Text"/> starts, counted from 0.</param>
internal sealed record CellSegment(CellSegmentKind Kind, string Text, int Line)
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    /// <summary>Splits a cell at its magic lines. Within code these are found by C#'s own rules: a <c>#!html</c> in a string or a comment is none.</summary>
    public static IReadOnlyList<CellSegment> Split(string cell)
    {
        var segments = new List<CellSegment>();
        var isHtml = false;
        for (var (start, line) = (0, 0); start < cell.Length;)
        {
            var magic = isHtml ? FindMagicLine(cell, start) : FindMagicInCode(cell, start);
            var text = cell[start..magic];
            if (!string.IsNullOrWhiteSpace(text))
            {
                segments.Add(new CellSegment(isHtml ? CellSegmentKind.Html : CellSegmentKind.Code, text, line));
            }

            line += text.Count(character => character == '\n');
            if (magic == cell.Length)
            {
                break;
            }

            var end = cell.IndexOf('\n', magic);
            end = end < 0 ? cell.Length : end + 1;
            isHtml = ReadMagic(cell[magic..end].Trim(), line, segments);
            (start, line) = (end, line + 1);
        }

        return segments;
    }

    /// <summary>Adds what the magic stands for; true where HTML follows it.</summary>
    private static bool ReadMagic(string magic, int line, List<CellSegment> segments)
    {
        var space = magic.IndexOfAny([' ', '\t']);
        var (name, argument) = space < 0 ? (magic, string.Empty) : (magic[..space], magic[space..].Trim());
        switch (name)
        {
            case "#!csharp" or "#!c#" or "#!C#" when argument.Length == 0:
                return false;
            case "#!html" when argument.Length == 0:
                return true;
            case "#!import" when argument.Trim('"').Length > 0:
                segments.Add(new CellSegment(CellSegmentKind.Import, argument.Trim('"'), line));
                return false;
            default:
                segments.Add(new CellSegment(CellSegmentKind.Unknown, magic, line));
                return false;
        }
    }

    private static int FindMagicLine(string cell, int start)
    {
        for (var position = start; position < cell.Length;)
        {
            var end = cell.IndexOf('\n', position);
            end = end < 0 ? cell.Length : end + 1;
            if (cell.AsSpan(position, end - position).TrimStart().StartsWith("#!"))
            {
                return position;
            }

            position = end;
        }

        return cell.Length;
    }

    private static int FindMagicInCode(string cell, int start)
    {
        if (cell.IndexOf("#!", start, StringComparison.Ordinal) < 0)
        {
            return cell.Length;
        }

        var code = cell[start..];
        foreach (var trivia in CSharpSyntaxTree.ParseText(code, ParseOptions).GetRoot().DescendantTrivia())
        {
            if (trivia.GetStructure() is DirectiveTriviaSyntax { IsActive: true } && trivia.ToString().StartsWith("#!", StringComparison.Ordinal))
            {
                return start + trivia.SpanStart;
            }
        }

        return cell.Length;
    }
}
