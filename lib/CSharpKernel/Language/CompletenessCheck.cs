using CSharpKernel.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CSharpKernel.Language;

/// <summary>Says whether a cell could run as it stands, from its syntax alone.</summary>
/// <remarks>What is open at the end (a bracket, a comment, a statement without its end) wants more lines. A stray closing bracket or a string that its line doesn't close is wrong, whatever comes.</remarks>
internal static class CompletenessCheck
{
    private const int Step = 4;

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);
    private static readonly Completeness Complete = new(CompletenessStatus.Complete, string.Empty);
    private static readonly Completeness Invalid = new(CompletenessStatus.Invalid, string.Empty);

    // Errors of single tokens: more lines don't change a token that has ended.
    private static readonly HashSet<string> HopelessErrors =
    [
        "CS1009", // unrecognised escape
        "CS1010", // newline in a string
        "CS1011", "CS1012", // empty or overlong character
        "CS1013", // invalid number
        "CS1056", // a character that C# doesn't know
        "CS1646", // keyword, identifier or string expected after @
    ];

    /// <summary>Whether <paramref name="cell"/> could run as it stands.</summary>
    public static Completeness Check(string cell)
    {
        if (CodeSize.IsTooLarge(cell))
        {
            // Not looked into: let it run, and the compiler say.
            return Complete;
        }

        var segments = CellSegment.Split(cell);
        for (var index = 0; index < segments.Count; index++)
        {
            var result = segments[index].Kind == CellSegmentKind.Code ? CheckCode(segments[index].Text) : Complete;
            if (result.Status == CompletenessStatus.Invalid || index == segments.Count - 1)
            {
                return result;
            }

            // A magic line ends the code before it, finished or not.
            if (result.Status == CompletenessStatus.Incomplete)
            {
                return Invalid;
            }
        }

        return Complete;
    }

    private static Completeness CheckCode(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, ParseOptions);
        var errors = tree.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        if (errors.Length == 0)
        {
            return Complete;
        }

        var root = tree.GetRoot();
        if (Array.Exists(errors, error => HopelessErrors.Contains(error.Id)) || HasOpenOneLineString(root) || FindOpenBrackets(code) is not { } open)
        {
            return Invalid;
        }

        // Within brackets the parser may take the beginning of one thing for another that is wrong.
        if (open.Count == 0 && SyntaxFactory.IsCompleteSubmission(tree))
        {
            return Invalid;
        }

        return new Completeness(CompletenessStatus.Incomplete, IndentAfter(code, root, open));
    }

    /// <summary>True where <c>$"</c> isn't closed on its line; within a hole it may go on.</summary>
    private static bool HasOpenOneLineString(SyntaxNode root) => root.DescendantNodes().OfType<InterpolatedStringExpressionSyntax>().Any(text =>
        text.StringStartToken.IsKind(SyntaxKind.InterpolatedStringStartToken) && text.StringEndToken.IsMissing
        && text.Contents.LastOrDefault() is not InterpolationSyntax { CloseBraceToken.IsMissing: true });

    /// <summary>The brackets that nothing closes, by position; null where one is closed that isn't open.</summary>
    private static List<int>? FindOpenBrackets(string code)
    {
        var open = new List<int>();
        foreach (var token in SyntaxFactory.ParseTokens(code, options: ParseOptions))
        {
            switch (token.Kind())
            {
                case SyntaxKind.OpenBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken:
                    open.Add(token.SpanStart);
                    break;
                case SyntaxKind.CloseBraceToken or SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken:
                    if (open.Count == 0 || Closing(code[open[^1]]) != code[token.SpanStart])
                    {
                        return null;
                    }

                    open.RemoveAt(open.Count - 1);
                    break;
                default:
                    break;
            }
        }

        return open;
    }

    private static char Closing(char opening) => opening switch
    {
        '{' => '}',
        '(' => ')',
        _ => ']',
    };

    /// <summary>The last line's own indentation, and a step more for each block that it opens, or one where it opens another bracket or begins what goes on.</summary>
    private static string IndentAfter(string code, SyntaxNode root, List<int> open)
    {
        var end = code.AsSpan().TrimEnd().Length;
        var lineStart = end == 0 ? 0 : code.LastIndexOf('\n', end - 1) + 1;
        var own = lineStart;
        while (own < end && code[own] is ' ' or '\t')
        {
            own++;
        }

        var last = root.GetLastToken();
        if (last.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.InterpolatedStringTextToken && last.ContainsDiagnostics)
        {
            // A verbatim string: blanks would be part of it.
            return string.Empty;
        }

        var opened = open.Where(position => position >= lineStart).ToArray();
        var steps = opened.Length > 0 ? Math.Max(1, opened.Count(position => code[position] == '{')) : BeginsWhatGoesOn(root, last, own) ? 1 : 0;
        return code[lineStart..own] + new string(' ', steps * Step);
    }

    /// <summary>True where the line that starts at a position begins a statement, and what is missing is its right side or its body.</summary>
    private static bool BeginsWhatGoesOn(SyntaxNode root, SyntaxToken last, int lineStart)
    {
        var isContinued = SyntaxFacts.IsBinaryExpressionOperatorToken(last.Kind()) || SyntaxFacts.IsAssignmentExpressionOperatorToken(last.Kind())
            || last.Kind() is SyntaxKind.DotToken or SyntaxKind.EqualsGreaterThanToken or SyntaxKind.QuestionToken or SyntaxKind.ElseKeyword or SyntaxKind.DoKeyword
            || EndsHeader(last);
        var before = CodePosition.TokenBefore(root, lineStart);
        return isContinued && (EndsHeader(before)
            || before.Kind() is SyntaxKind.None or SyntaxKind.SemicolonToken or SyntaxKind.OpenBraceToken or SyntaxKind.CloseBraceToken or SyntaxKind.ColonToken or SyntaxKind.ElseKeyword);
    }

    /// <summary>True for the <c>)</c> before a statement's body.</summary>
    private static bool EndsHeader(SyntaxToken token) => token.IsKind(SyntaxKind.CloseParenToken)
        && token.Parent is IfStatementSyntax or CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or UsingStatementSyntax or LockStatementSyntax or FixedStatementSyntax;
}
