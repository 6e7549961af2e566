using CSharpKernel.Scripting;

namespace CSharpKernel.Language;

/// <summary>The part of a cell that a position lies in: a stretch of C#, of HTML, or a magic line.</summary>
/// <param name="Kind">What it is; a magic line is <see cref="CellSegmentKind.Unknown"/>, whichever it is.</param>
/// <param name="Start">Where it starts in the cell.</param>
/// <param name="Text">What it says.</param>
/// <param name="CodeBefore">The stretches of C# before it.</param>
internal sealed record CellRegion(CellSegmentKind Kind, int Start, string Text, IReadOnlyList<string> CodeBefore)
{
    /// <summary>The region of <paramref name="cell"/> around <paramref name="position"/>.</summary>
    public static CellRegion At(string cell, int position)
    {
        if (!cell.Contains("#!", StringComparison.Ordinal))
        {
            return new CellRegion(CellSegmentKind.Code, 0, cell, []);
        }

        var codeBefore = new List<string>();
        foreach (var segment in CellSegment.Split(cell).Where(segment => segment.Kind is CellSegmentKind.Code or CellSegmentKind.Html))
        {
            var start = StartOfLine(cell, segment.Line);
            if (start > position)
            {
                break;
            }

            // Where a magic line begins right at the position, its line is asked for, not the text before.
            var end = start + segment.Text.Length;
            if (position < end || (position == end && (end == cell.Length || !IsMagic(cell, position))))
            {
                return new CellRegion(segment.Kind, start, segment.Text, codeBefore);
            }

            if (segment.Kind == CellSegmentKind.Code)
            {
                codeBefore.Add(segment.Text);
            }
        }

        var lineStart = position == 0 ? 0 : cell.LastIndexOf('\n', position - 1) + 1;
        var lineEnd = cell.IndexOf('\n', position);
        var line = cell[lineStart..(lineEnd < 0 ? cell.Length : lineEnd)];
        return IsMagic(cell, lineStart)
            ? new CellRegion(CellSegmentKind.Unknown, lineStart, line, codeBefore)
            : new CellRegion(IsAfterHtmlMagic(cell, lineStart) ? CellSegmentKind.Html : CellSegmentKind.Code, lineStart, line, codeBefore);
    }

    private static bool IsMagic(string cell, int lineStart) => cell.AsSpan(lineStart).TrimStart(" \t").StartsWith("#!");

    /// <summary>True where the nearest text above is a <c>#!html</c> line.</summary>
    private static bool IsAfterHtmlMagic(string cell, int lineStart)
    {
        var above = cell.AsSpan(0, lineStart).TrimEnd();
        return above[(above.LastIndexOf('\n') + 1)..].Trim().SequenceEqual("#!html");
    }

    private static int StartOfLine(string cell, int line)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            start = cell.IndexOf('\n', start) + 1;
        }

        return start;
    }
}
