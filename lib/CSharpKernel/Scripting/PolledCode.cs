using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace CSharpKernel.Scripting;

/// <summary>Code with polls put in (<see cref="Microsoft.DotNet.Interactive.CellInterruption.Poll"/>), so that it can be interrupted wherever it may go on for long.</summary>
/// <remarks>
/// They stand at the start of every loop's body, of every function's, behind every label, and between the statements of a cell's top level: <c>while (true) x++;</c> becomes
/// <c>while (true) {Poll();x++;}</c>. No line is added, so lines stay what they were; columns are mapped back. Code with syntax errors stays as it is. Left out: properties written as
/// one expression, destructors, the clauses of query expressions, expression trees with all that is in them, and static constructors, since a type whose static constructor fails is lost for good.
/// </remarks>
internal sealed class PolledCode
{
    private const string Poll = "global::Microsoft.DotNet.Interactive.CellInterruption.Poll();";

    private readonly TextChange[] _changes;
    private readonly SourceText _original;

    private PolledCode(SyntaxTree tree, SourceText original, TextChange[] changes)
    {
        Tree = tree;
        _original = original;
        _changes = changes;
    }

    /// <summary>The code with the polls.</summary>
    public SyntaxTree Tree { get; }

    /// <summary>Puts polls in.</summary>
    /// <param name="tree">The code as it was written.</param>
    /// <param name="model">Tells what lambdas return; null where those written as one expression stay without polls.</param>
    /// <param name="withArrows">False to leave all functions written as one expression without polls: the rest compiles wherever the code itself does.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null where there is nothing to put in.</returns>
    public static PolledCode? Create(SyntaxTree tree, Func<SemanticModel>? model, bool withArrows, CancellationToken cancellationToken)
    {
        var root = tree.GetRoot(cancellationToken);
        if (root.ContainsDiagnostics)
        {
            return null;
        }

        var walker = new Walker(model, withArrows);
        try
        {
            walker.Visit(root);
        }
        catch (InsufficientExecutionStackException)
        {
            // An expression nested too deeply, as thousands of terms are: the compiler has its own say about it.
            return null;
        }

        if (walker.Changes.Count == 0)
        {
            return null;
        }

        // Changes at one place stand in the order in which they were made: what ends within ends first.
        var changes = walker.Changes
            .OrderBy(change => change.Span.Start)
            .Aggregate(new List<TextChange>(), static (merged, change) =>
            {
                if (merged.Count > 0 && merged[^1].Span.Start == change.Span.Start)
                {
                    merged[^1] = new TextChange(TextSpan.FromBounds(change.Span.Start, Math.Max(merged[^1].Span.End, change.Span.End)), merged[^1].NewText + change.NewText);
                }
                else
                {
                    merged.Add(change);
                }

                return merged;
            })
            .ToArray();
        var text = tree.GetText(cancellationToken);
        return new PolledCode(tree.WithChangedText(text.WithChanges(changes)), text, changes);
    }

    /// <summary>The column in the code as it was written, both counted from 1.</summary>
    public int OriginalColumn(int line, int column)
    {
        if (line < 1 || line > _original.Lines.Count || column < 1)
        {
            return column;
        }

        var start = _original.Lines[line - 1].Start;
        var shift = 0;
        foreach (var change in _changes)
        {
            if (change.Span.Start < start)
            {
                continue;
            }

            // Where the change's new text ends, as a column of the changed line.
            var at = change.Span.Start - start + shift;
            if (at >= column - 1)
            {
                break;
            }

            var grown = change.NewText!.Length - change.Span.Length;
            shift += Math.Min(grown, column - 1 - at);
        }

        return column - shift;
    }

    private sealed class Walker(Func<SemanticModel>? model, bool withArrows) : CSharpSyntaxWalker
    {
        private SemanticModel? _model;

        public List<TextChange> Changes { get; } = [];

        public override void VisitCompilationUnit(CompilationUnitSyntax node)
        {
            foreach (var member in node.Members)
            {
                if (member != node.Members[0] && member is GlobalStatementSyntax or FieldDeclarationSyntax)
                {
                    Insert(member.SpanStart, Poll);
                }

                Visit(member);
            }
        }

        public override void VisitForStatement(ForStatementSyntax node) => VisitLoop(node, node.Statement);

        public override void VisitForEachStatement(ForEachStatementSyntax node) => VisitLoop(node, node.Statement);

        public override void VisitForEachVariableStatement(ForEachVariableStatementSyntax node) => VisitLoop(node, node.Statement);

        public override void VisitWhileStatement(WhileStatementSyntax node) => VisitLoop(node, node.Statement);

        public override void VisitDoStatement(DoStatementSyntax node) => VisitLoop(node, node.Statement);

        public override void VisitLabeledStatement(LabeledStatementSyntax node)
        {
            Insert(node.ColonToken.Span.End, Poll);
            base.VisitLabeledStatement(node);
        }

        public override void VisitSwitchSection(SwitchSectionSyntax node)
        {
            // Only goto leads to a section more than once.
            if (node.Parent is SwitchStatementSyntax statement && statement.DescendantNodes().Any(inner => inner.Kind() is SyntaxKind.GotoCaseStatement or SyntaxKind.GotoDefaultStatement))
            {
                Insert(node.Statements[0].SpanStart, Poll);
            }

            base.VisitSwitchSection(node);
        }

        public override void VisitMethodDeclaration(MethodDeclarationSyntax node) =>
            VisitFunction(node, node.Body, node.ExpressionBody, node.SemicolonToken, node.ReturnType, node.Modifiers);

        public override void VisitLocalFunctionStatement(LocalFunctionStatementSyntax node) =>
            VisitFunction(node, node.Body, node.ExpressionBody, node.SemicolonToken, node.ReturnType, node.Modifiers);

        public override void VisitOperatorDeclaration(OperatorDeclarationSyntax node) =>
            VisitFunction(node, node.Body, node.ExpressionBody, node.SemicolonToken, node.ReturnType, node.Modifiers);

        public override void VisitConversionOperatorDeclaration(ConversionOperatorDeclarationSyntax node) =>
            VisitFunction(node, node.Body, node.ExpressionBody, node.SemicolonToken, node.Type, node.Modifiers);

        public override void VisitConstructorDeclaration(ConstructorDeclarationSyntax node)
        {
            if (!node.Modifiers.Any(SyntaxKind.StaticKeyword))
            {
                InsertInto(node.Body);
                base.VisitConstructorDeclaration(node);
            }
        }

        public override void VisitAccessorDeclaration(AccessorDeclarationSyntax node)
        {
            InsertInto(node.Body);
            base.VisitAccessorDeclaration(node);
        }

        public override void VisitAnonymousMethodExpression(AnonymousMethodExpressionSyntax node)
        {
            InsertInto(node.Block);
            base.VisitAnonymousMethodExpression(node);
        }

        public override void VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) => VisitLambda(node);

        public override void VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) => VisitLambda(node);

        private void VisitLoop(StatementSyntax loop, StatementSyntax body)
        {
            switch (body)
            {
                case BlockSyntax block:
                    InsertInto(block);
                    DefaultVisit(loop);
                    break;
                case LabeledStatementSyntax or LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax:
                    // The compiler complains of it, and would not within braces.
                    break;
                default:
                    Insert(body.SpanStart, "{" + Poll);
                    DefaultVisit(loop);
                    Insert(body.Span.End, "}");
                    break;
            }
        }

        private void VisitFunction(SyntaxNode node, BlockSyntax? body, ArrowExpressionClauseSyntax? arrow, SyntaxToken semicolon, TypeSyntax returnType, SyntaxTokenList modifiers)
        {
            InsertInto(body);
            if (arrow is null || !withArrows || arrow.Expression is ThrowExpressionSyntax or RefExpressionSyntax || returnType is RefTypeSyntax)
            {
                DefaultVisit(node);
                return;
            }

            var isAsync = modifiers.Any(SyntaxKind.AsyncKeyword);
            var hasValue = isAsync ? IsGeneric(returnType) : returnType is not PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };
            Changes.Add(new TextChange(arrow.ArrowToken.Span, "{" + Poll));
            if (hasValue)
            {
                // Here and not at the arrow: errors name the line where the return begins.
                Insert(arrow.Expression.SpanStart, "return ");
            }

            DefaultVisit(node);
            Insert(semicolon.Span.End, "}");
        }

        private void VisitLambda(LambdaExpressionSyntax node)
        {
            InsertInto(node.Block);
            if (node.ExpressionBody is null || !withArrows)
            {
                DefaultVisit(node);
                return;
            }

            if (IsExpressionTree(node))
            {
                return;
            }

            if (node.ExpressionBody is ThrowExpressionSyntax or RefExpressionSyntax || !ReturnsKnown(node, out var hasValue))
            {
                DefaultVisit(node);
                return;
            }

            Insert(node.ExpressionBody.SpanStart, $"{{{Poll}{(hasValue ? "return " : string.Empty)}");
            DefaultVisit(node);
            Insert(node.ExpressionBody.Span.End, ";}");
        }

        private bool IsExpressionTree(LambdaExpressionSyntax node) =>
            model is not null
            && (_model ??= model()).GetTypeInfo(node).ConvertedType is { Name: "Expression" or "LambdaExpression", ContainingNamespace.Name: "Expressions" };

        /// <summary>Asks the compiler whether the lambda returns a value; false where it can't say.</summary>
        private bool ReturnsKnown(LambdaExpressionSyntax node, out bool hasValue)
        {
            hasValue = false;
            if (model is null)
            {
                return false;
            }

            _model ??= model();
            if (_model.GetSymbolInfo(node).Symbol is not IMethodSymbol { ReturnType.TypeKind: not TypeKind.Error, ReturnsByRef: false, ReturnsByRefReadonly: false } symbol
                || _model.GetTypeInfo(node).ConvertedType is not { TypeKind: TypeKind.Delegate })
            {
                return false;
            }

            hasValue = symbol.IsAsync ? symbol.ReturnType is INamedTypeSymbol { IsGenericType: true } : !symbol.ReturnsVoid;
            return true;
        }

        private static bool IsGeneric(TypeSyntax type) => type switch
        {
            QualifiedNameSyntax qualified => qualified.Right is GenericNameSyntax,
            AliasQualifiedNameSyntax aliased => aliased.Name is GenericNameSyntax,
            _ => type is GenericNameSyntax,
        };

        private void InsertInto(BlockSyntax? block)
        {
            if (block is not null)
            {
                Insert(block.OpenBraceToken.Span.End, Poll);
            }
        }

        private void Insert(int position, string text) => Changes.Add(new TextChange(new TextSpan(position, 0), text));
    }
}
