using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CSharpKernel.Language;

/// <summary>Knows what type a place asks for by what stands before it: <c>day ==</c>, <c>case</c>, <c>f(</c>, <c>Day day =</c>, <c>return</c>. Used to propose an enum's values.</summary>
internal static class ExpectedType
{
    /// <summary>The enums of which a value could be meant.</summary>
    public static IEnumerable<INamedTypeSymbol> FindEnums(SemanticModel model, CodePosition position, CancellationToken cancellationToken) =>
        Find(model, position, cancellationToken)
            .Select(type => type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type)
            .OfType<INamedTypeSymbol>()
            .Where(type => type.TypeKind == TypeKind.Enum)
            .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);

    private static IEnumerable<ITypeSymbol> Find(SemanticModel model, CodePosition position, CancellationToken cancellationToken)
    {
        var left = position.Left;
        ITypeSymbol?[] types = left.Parent switch
        {
            BinaryExpressionSyntax binary when left == binary.OperatorToken => [TypeOf(binary.Left)],
            AssignmentExpressionSyntax assignment when left == assignment.OperatorToken => [TypeOf(assignment.Left)],
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } } => [TypeOf(declaration.Type)],
            EqualsValueClauseSyntax { Parent: ParameterSyntax { Type: { } type } } => [TypeOf(type)],
            EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax property } => [TypeOf(property.Type)],
            ReturnStatementSyntax or ArrowExpressionClauseSyntax => [ReturnType(left.Parent)],
            BaseArgumentListSyntax or AttributeArgumentListSyntax => [.. Arguments.ExpectedTypes(model, position, cancellationToken)],
            NameColonSyntax name => [.. Arguments.ExpectedTypes(model, name, cancellationToken)],
            _ => [MatchedType(left)],
        };
        return types.OfType<ITypeSymbol>();

        ITypeSymbol? TypeOf(ExpressionSyntax expression) => model.GetTypeInfo(expression, cancellationToken).Type;

        // What a pattern is compared with: not after a name, where the pattern is complete.
        ITypeSymbol? MatchedType(SyntaxToken token)
        {
            var startsPattern = token.Kind() is SyntaxKind.CaseKeyword or SyntaxKind.IsKeyword or SyntaxKind.OrKeyword or SyntaxKind.AndKeyword or SyntaxKind.NotKeyword
                || (token.Kind() is SyntaxKind.OpenBraceToken or SyntaxKind.CommaToken && token.Parent is SwitchExpressionSyntax);
            if (!startsPattern)
            {
                return null;
            }

            for (var node = token.Parent; node is not null and not BlockSyntax; node = node.Parent)
            {
                switch (node)
                {
                    case BinaryExpressionSyntax binary when binary.IsKind(SyntaxKind.IsExpression):
                        return TypeOf(binary.Left);
                    case IsPatternExpressionSyntax test:
                        return TypeOf(test.Expression);
                    case SwitchExpressionSyntax choice:
                        return TypeOf(choice.GoverningExpression);
                    case SwitchStatementSyntax choice:
                        return TypeOf(choice.Expression);
                    default:
                        break;
                }
            }

            return null;
        }

        ITypeSymbol? ReturnType(SyntaxNode node)
        {
            foreach (var ancestor in node.Ancestors())
            {
                switch (ancestor)
                {
                    case AnonymousFunctionExpressionSyntax:
                        return null;
                    case MethodDeclarationSyntax method:
                        return TypeOf(method.ReturnType);
                    case LocalFunctionStatementSyntax function:
                        return TypeOf(function.ReturnType);
                    case BasePropertyDeclarationSyntax property:
                        return TypeOf(property.Type);
                    default:
                        break;
                }
            }

            return null;
        }
    }
}
