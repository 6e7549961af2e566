using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CSharpKernel.Language;

/// <summary>A position in C# code: the word there, what precedes it, and whether it is code at all.</summary>
internal sealed class CodePosition
{
    private CodePosition(SyntaxNode root, int position, int wordStart, int wordEnd, string typed, SyntaxToken left, bool isText)
    {
        (Root, Position, WordStart, WordEnd, Typed, Left, IsText) = (root, position, wordStart, wordEnd, typed, left, isText);
    }

    /// <summary>The code.</summary>
    public SyntaxNode Root { get; }

    /// <summary>The position itself.</summary>
    public int Position { get; }

    /// <summary>Where the word that is being typed starts; the position where none is.</summary>
    public int WordStart { get; }

    /// <summary>Where that word ends: at or after the position. A word that starts at the position has not been begun, and counts as none.</summary>
    public int WordEnd { get; }

    /// <summary>What stands of the word before the position, without a leading <c>@</c>.</summary>
    public string Typed { get; }

    /// <summary>The last token before the word; of kind None at the start.</summary>
    public SyntaxToken Left { get; }

    /// <summary>True inside a comment, a literal, a directive, or code that is conditioned out.</summary>
    public bool IsText { get; }

    public static CodePosition Find(SyntaxNode root, string code, int position)
    {
        var (start, end) = FindWord(code, position);
        var typed = code.AsSpan(start, position - start).TrimStart('@').ToString();
        return new CodePosition(root, position, start, end, typed, TokenBefore(root, start), position > 0 && IsTextAt(root, position));
    }

    /// <summary>The word that has been begun before the position and may go on behind it.</summary>
    public static (int Start, int End) FindWord(string code, int position)
    {
        var (start, end) = (position, position);
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[start - 1]))
        {
            start--;
        }

        if (start > 0 && code[start - 1] == '@')
        {
            start--;
        }

        while (start < position && end < code.Length && SyntaxFacts.IsIdentifierPartCharacter(code[end]))
        {
            end++;
        }

        return (start, end);
    }

    /// <summary>The line of a directive that the position lies in, or null.</summary>
    public static (int Start, int End)? FindDirectiveLine(SyntaxNode root, string code, int position)
    {
        var start = position == 0 ? 0 : code.LastIndexOf('\n', position - 1) + 1;
        var hash = start;
        while (hash < position && code[hash] is ' ' or '\t')
        {
            hash++;
        }

        if (hash == position || code[hash] != '#' || !root.FindTrivia(hash).IsDirective)
        {
            return null;
        }

        var end = code.IndexOf('\n', position);
        return (start, end < 0 ? code.Length : end);
    }

    /// <summary>The last token that ends at or before a position.</summary>
    public static SyntaxToken TokenBefore(SyntaxNode root, int position)
    {
        var token = root.FindToken(position);
        while (token.RawKind != 0 && (token.Span.End > position || token.Span.IsEmpty))
        {
            token = token.GetPreviousToken();
        }

        return token;
    }

    private static bool IsTextAt(SyntaxNode root, int position)
    {
        var trivia = root.FindTrivia(position - 1);
        if (trivia.RawKind != 0 && IsTextTrivia(trivia, position))
        {
            return true;
        }

        var token = root.FindToken(position - 1);
        if (token.SpanStart < position && IsLiteral(token) && (position < token.Span.End || token.IsKind(SyntaxKind.NumericLiteralToken) || IsUnterminated(token)))
        {
            return position <= token.Span.End;
        }

        var interpolated = token.Parent?.AncestorsAndSelf().OfType<InterpolatedStringExpressionSyntax>().FirstOrDefault(node => node.SpanStart < position && (position < node.Span.End || node.StringEndToken.IsMissing));
        return interpolated is not null && !interpolated.Contents.OfType<InterpolationSyntax>().Any(hole => IsInHole(hole, position));
    }

    private static bool IsInHole(InterpolationSyntax hole, int position) =>
        position >= hole.OpenBraceToken.Span.End
        && (hole.CloseBraceToken.IsMissing || position <= hole.CloseBraceToken.SpanStart)
        && (hole.FormatClause is null || position <= hole.FormatClause.SpanStart);

    private static bool IsTextTrivia(SyntaxTrivia trivia, int position)
    {
        switch (trivia.Kind())
        {
            case SyntaxKind.SingleLineCommentTrivia:
                return trivia.SpanStart < position;
            case SyntaxKind.MultiLineCommentTrivia:
                return trivia.SpanStart < position && (position < trivia.Span.End || !trivia.ToString().EndsWith("*/", StringComparison.Ordinal) || trivia.Span.Length < 4);
            case SyntaxKind.MultiLineDocumentationCommentTrivia:
                return position < trivia.FullSpan.End || !trivia.ToString().EndsWith("*/", StringComparison.Ordinal);
            case SyntaxKind.SingleLineDocumentationCommentTrivia:
                // It contains the ends of its lines, and what follows the last is code again.
                return position < trivia.FullSpan.End || trivia.ToFullString()[^1] is not ('\n' or '\r');
            case SyntaxKind.DisabledTextTrivia or SyntaxKind.PreprocessingMessageTrivia:
                return true;
            default:
                return trivia.IsDirective && (position < trivia.FullSpan.End || trivia.ToFullString()[^1] is not ('\n' or '\r'));
        }
    }

    private static bool IsLiteral(SyntaxToken token) => token.Kind() is SyntaxKind.NumericLiteralToken or SyntaxKind.CharacterLiteralToken
        or SyntaxKind.StringLiteralToken or SyntaxKind.Utf8StringLiteralToken
        or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.Utf8SingleLineRawStringLiteralToken
        or SyntaxKind.MultiLineRawStringLiteralToken or SyntaxKind.Utf8MultiLineRawStringLiteralToken;

    private static bool IsUnterminated(SyntaxToken token) => token.ContainsDiagnostics;
}
