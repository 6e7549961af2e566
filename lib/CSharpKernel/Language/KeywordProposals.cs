using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CSharpKernel.Language;

/// <summary>Proposes the keywords that fit a place, judged by the token before it: after <c>x is</c> a pattern's, at the start of a statement a statement's, after a name none that starts anything.</summary>
/// <remarks>Looks at syntax only, and not far: what the surroundings forbid for deeper reasons is proposed too.</remarks>
internal static class KeywordProposals
{
    private static readonly string[] Types =
        ["bool", "byte", "char", "decimal", "double", "dynamic", "float", "int", "long", "nint", "nuint", "object", "sbyte", "short", "string", "uint", "ulong", "ushort"];

    private static readonly string[] Expression =
        ["await", "checked", "default", "delegate", "false", "from", "nameof", "new", "null", "sizeof", "stackalloc", "true", "typeof", "unchecked", .. Types];

    private static readonly string[] Statement =
        ["await", "const", "do", "fixed", "for", "foreach", "goto", "if", "lock", "return", "switch", "throw", "try", "unsafe", "using", "var", "void", "while", .. Expression];

    private static readonly string[] Modifiers =
        ["abstract", "async", "const", "extern", "internal", "new", "override", "partial", "private", "protected", "public", "readonly", "sealed", "static", "unsafe", "virtual", "volatile"];

    private static readonly string[] Declarations = ["class", "delegate", "enum", "interface", "record", "struct"];
    private static readonly string[] Members = [.. Modifiers, .. Declarations, "event", "explicit", "implicit", "required", "void", .. Types];
    private static readonly string[] TopLevel = [.. Statement, .. Modifiers, .. Declarations];
    private static readonly string[] Pattern = ["false", "not", "null", "true", "var", .. Types];
    private static readonly string[] Parameter = ["in", "out", "params", "readonly", "ref", "scoped", "this", .. Types];
    private static readonly string[] Argument = ["in", "out", "ref", .. Expression];
    private static readonly string[] Variable = ["var", .. Types];
    private static readonly string[] Accessors = ["add", "get", "init", "internal", "private", "protected", "remove", "set"];
    private static readonly string[] Constraints = ["class", "default", "new()", "notnull", "struct", "unmanaged"];
    private static readonly string[] AfterExpression = ["as", "is", "switch", "with"];
    private static readonly string[] AfterPattern = ["and", "or", "when"];
    private static readonly string[] Query = ["ascending", "by", "descending", "equals", "from", "group", "in", "into", "join", "let", "on", "orderby", "select", "where"];

    /// <summary>The keywords that fit.</summary>
    public static IEnumerable<Proposal> Find(CodePosition position) =>
        Words(position).Distinct().Select(word => Proposal.Plain(word, "keyword", Nearness.Keyword));

    private static string[] Words(CodePosition position)
    {
        var left = position.Left;
        return left.Kind() switch
        {
            SyntaxKind.None => TopLevel,
            SyntaxKind.SemicolonToken => left.Parent is ForStatementSyntax ? Expression : Starts(left),
            SyntaxKind.OpenBraceToken => AfterOpenBrace(left),
            SyntaxKind.CloseBraceToken => AfterCloseBrace(left),
            SyntaxKind.OpenParenToken => AfterOpenParenthesis(left),
            SyntaxKind.CloseParenToken => AfterCloseParenthesis(left),
            SyntaxKind.CloseBracketToken => left.Parent is AttributeListSyntax ? (IsInType(left) ? Members : TopLevel) : AfterOperand(left),
            SyntaxKind.CommaToken => AfterComma(left),
            SyntaxKind.ColonToken => AfterColon(left),
            SyntaxKind.LessThanToken => left.Parent is TypeArgumentListSyntax ? Types : left.Parent is TypeParameterListSyntax ? ["in", "out"] : Expression,
            SyntaxKind.DotToken or SyntaxKind.MinusGreaterThanToken or SyntaxKind.ColonColonToken => [],
            SyntaxKind.ElseKeyword or SyntaxKind.DoKeyword => Statements(left),
            SyntaxKind.NewKeyword => left.Parent is ObjectCreationExpressionSyntax or ImplicitObjectCreationExpressionSyntax or ArrayCreationExpressionSyntax ? Types : Members,
            SyntaxKind.UsingKeyword => left.Parent is UsingDirectiveSyntax ? ["static", "var"] : ["var"],
            SyntaxKind.IsKeyword or SyntaxKind.NotKeyword or SyntaxKind.AndKeyword or SyntaxKind.OrKeyword or SyntaxKind.CaseKeyword => Pattern,
            SyntaxKind.AsKeyword or SyntaxKind.OperatorKeyword => Types,
            SyntaxKind.OutKeyword or SyntaxKind.RefKeyword => left.Parent is ParameterSyntax ? Types : Variable,
            SyntaxKind.ThrowKeyword => ["new", "null"],
            SyntaxKind.GotoKeyword => ["case", "default"],
            SyntaxKind.YieldKeyword => ["break", "return"],
            SyntaxKind.RecordKeyword => ["class", "struct"],
            SyntaxKind.StaticKeyword when left.Parent is UsingDirectiveSyntax => [],
            SyntaxKind.ConstKeyword or SyntaxKind.EventKeyword or SyntaxKind.ParamsKeyword => Types,
            SyntaxKind.ReturnKeyword or SyntaxKind.AwaitKeyword or SyntaxKind.InKeyword or SyntaxKind.WhenKeyword or SyntaxKind.WhereKeyword or SyntaxKind.SelectKeyword
                or SyntaxKind.OrderByKeyword or SyntaxKind.ByKeyword or SyntaxKind.OnKeyword or SyntaxKind.EqualsKeyword => ExpressionAt(left),
            _ when IsModifier(left) => Members,
            _ when IsOperator(left) => ExpressionAt(left),
            _ => AfterOperand(left),
        };
    }

    /// <summary>What can start where a statement or a member has ended.</summary>
    private static string[] Starts(SyntaxToken left) => left.Parent switch
    {
        AccessorDeclarationSyntax => Accessors,
        MemberDeclarationSyntax and not GlobalStatementSyntax when IsInType(left) => Members,
        _ => Statements(left),
    };

    private static string[] Statements(SyntaxToken left)
    {
        var isInCode = false;
        for (var node = left.Parent; node is not null; node = node.Parent)
        {
            switch (node)
            {
                case BlockSyntax or SwitchSectionSyntax or AnonymousFunctionExpressionSyntax:
                    isInCode = true;
                    break;
                case TypeDeclarationSyntax:
                    return isInCode ? InCode(left) : Members;
                default:
                    break;
            }
        }

        return isInCode ? InCode(left) : [.. TopLevel, .. InCode(left)];
    }

    private static string[] InCode(SyntaxToken left)
    {
        var words = new List<string>(Statement) { "async", "static" };
        for (var node = left.Parent; node is not null and not AnonymousFunctionExpressionSyntax; node = node.Parent)
        {
            switch (node)
            {
                case ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax:
                    words.AddRange(["break", "continue"]);
                    break;
                case SwitchStatementSyntax:
                    words.AddRange(["break", "case", "default"]);
                    break;
                case MethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax:
                    words.Add("yield");
                    break;
                case TypeDeclarationSyntax:
                    words.AddRange(["this", "base"]);
                    break;
                default:
                    break;
            }
        }

        return [.. words];
    }

    private static string[] ExpressionAt(SyntaxToken left)
    {
        if (left.Parent?.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not null)
        {
            return [.. Expression, "this", "base"];
        }

        return left.Kind() is SyntaxKind.QuestionQuestionToken or SyntaxKind.EqualsGreaterThanToken or SyntaxKind.QuestionToken or SyntaxKind.ColonToken
            ? [.. Expression, "throw"]
            : left.IsKind(SyntaxKind.EqualsToken) ? [.. Expression, "async", "static"] : Expression;
    }

    private static string[] AfterOpenBrace(SyntaxToken left) => left.Parent switch
    {
        BlockSyntax => Statements(left),
        EnumDeclarationSyntax => [],
        BaseTypeDeclarationSyntax => Members,
        AccessorListSyntax => Accessors,
        SwitchStatementSyntax => ["case", "default"],
        SwitchExpressionSyntax => Pattern,
        InitializerExpressionSyntax initializer when initializer.Kind() is SyntaxKind.ObjectInitializerExpression or SyntaxKind.WithInitializerExpression => [],
        InitializerExpressionSyntax or InterpolationSyntax or AnonymousObjectCreationExpressionSyntax => ExpressionAt(left),
        _ => [],
    };

    private static string[] AfterCloseBrace(SyntaxToken left) => left.Parent switch
    {
        BlockSyntax { Parent: TryStatementSyntax or CatchClauseSyntax } block => block.Parent is TryStatementSyntax { Catches.Count: 0 } ? ["catch", "finally"] : [.. Statements(left.Parent!.Parent!.GetFirstToken()), "catch", "finally"],
        BlockSyntax { Parent: IfStatementSyntax } => [.. Statements(left.GetPreviousStatementStart()), "else"],
        BlockSyntax { Parent: DoStatementSyntax } => ["while"],
        BlockSyntax { Parent: AccessorDeclarationSyntax } => Accessors,
        BlockSyntax { Parent: AnonymousFunctionExpressionSyntax } => [],
        BlockSyntax { Parent: BaseMethodDeclarationSyntax } => IsInType(left) ? Members : TopLevel,
        AccessorListSyntax => IsInType(left) ? Members : TopLevel,
        BlockSyntax or SwitchStatementSyntax => Statements(left.GetPreviousStatementStart()),
        BaseTypeDeclarationSyntax type => type.Parent is BaseTypeDeclarationSyntax ? Members : TopLevel,
        ExpressionSyntax or InitializerExpressionSyntax => AfterExpression,
        PropertyPatternClauseSyntax => AfterPattern,
        _ => [],
    };

    private static string[] AfterOpenParenthesis(SyntaxToken left) => left.Parent switch
    {
        ParameterListSyntax => Parameter,
        ArgumentListSyntax => [.. Argument, .. ExpressionAt(left)],
        TypeOfExpressionSyntax => [.. Types, "void"],
        DefaultExpressionSyntax or SizeOfExpressionSyntax => Types,
        CommonForEachStatementSyntax => Variable,
        ForStatementSyntax or UsingStatementSyntax or FixedStatementSyntax => [.. Variable, .. Expression],
        PositionalPatternClauseSyntax or ParenthesizedPatternSyntax => Pattern,
        CatchDeclarationSyntax or ParenthesizedVariableDesignationSyntax => [],
        _ => ExpressionAt(left),
    };

    private static string[] AfterCloseParenthesis(SyntaxToken left) => left.Parent switch
    {
        IfStatementSyntax or CommonForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax or UsingStatementSyntax or LockStatementSyntax or FixedStatementSyntax => Statements(left),
        CastExpressionSyntax => ExpressionAt(left),
        ParameterListSyntax => ["where"],
        CatchDeclarationSyntax => ["when"],
        PositionalPatternClauseSyntax or ParenthesizedPatternSyntax => AfterPattern,
        _ => AfterOperand(left),
    };

    private static string[] AfterComma(SyntaxToken left) => left.Parent switch
    {
        ParameterListSyntax or BracketedParameterListSyntax => Parameter,
        ArgumentListSyntax => [.. Argument, .. ExpressionAt(left)],
        TypeArgumentListSyntax => Types,
        TypeParameterListSyntax => ["in", "out"],
        SwitchExpressionSyntax or PositionalPatternClauseSyntax or ListPatternSyntax => Pattern,
        TypeParameterConstraintClauseSyntax => Constraints,
        InitializerExpressionSyntax initializer when initializer.Kind() is SyntaxKind.ObjectInitializerExpression or SyntaxKind.WithInitializerExpression => [],
        VariableDeclarationSyntax or BaseListSyntax or EnumDeclarationSyntax or AttributeListSyntax or PropertyPatternClauseSyntax => [],
        _ => ExpressionAt(left),
    };

    private static string[] AfterColon(SyntaxToken left) => left.Parent switch
    {
        SwitchLabelSyntax or LabeledStatementSyntax => Statements(left),
        TypeParameterConstraintClauseSyntax => Constraints,
        ConstructorInitializerSyntax => ["base", "this"],
        BaseListSyntax => [],
        BaseExpressionColonSyntax { Parent: SubpatternSyntax } => Pattern,
        _ => ExpressionAt(left),
    };

    /// <summary>What can follow a complete operand, or a pattern; nothing after a type, where a name follows.</summary>
    private static string[] AfterOperand(SyntaxToken left)
    {
        if (left.Parent is ForEachStatementSyntax loop && left == loop.Identifier)
        {
            return ["in"];
        }

        if (left.Parent?.FirstAncestorOrSelf<QueryExpressionSyntax>() is not null)
        {
            return [.. Query, .. AfterExpression];
        }

        return left.Parent switch
        {
            PredefinedTypeSyntax => [],
            TypeArgumentListSyntax => [],
            null => [],
            _ when left.Parent.FirstAncestorOrSelf<PatternSyntax>() is not null => [.. AfterPattern, .. AfterExpression],
            ExpressionSyntax or ArgumentListSyntax or BracketedArgumentListSyntax => AfterExpression,
            _ => [],
        };
    }

    private static bool IsInType(SyntaxToken token) => token.Parent?.Ancestors().Any(node => node is TypeDeclarationSyntax) == true;

    private static bool IsModifier(SyntaxToken token) => SyntaxFacts.GetKeywordKind(token.Text) == token.Kind() && Modifiers.Contains(token.Text)
        || token.Kind() is SyntaxKind.AsyncKeyword or SyntaxKind.PartialKeyword or SyntaxKind.RequiredKeyword;

    private static bool IsOperator(SyntaxToken token) =>
        token.Parent is PostfixUnaryExpressionSyntax ? false
        : SyntaxFacts.IsBinaryExpressionOperatorToken(token.Kind()) || SyntaxFacts.IsAssignmentExpressionOperatorToken(token.Kind()) || SyntaxFacts.IsPrefixUnaryExpressionOperatorToken(token.Kind())
        || token.Kind() is SyntaxKind.EqualsGreaterThanToken or SyntaxKind.QuestionToken or SyntaxKind.OpenBracketToken or SyntaxKind.DotDotToken or SyntaxKind.ExclamationToken;

    /// <summary>A token for asking what could stand where the statement stands that this token ends.</summary>
    private static SyntaxToken GetPreviousStatementStart(this SyntaxToken closing) => closing.Parent!.FirstAncestorOrSelf<StatementSyntax>(node => node is not BlockSyntax)?.GetFirstToken() ?? closing;
}
