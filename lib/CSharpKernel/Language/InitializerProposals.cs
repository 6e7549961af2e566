using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CSharpKernel.Language;

/// <summary>Proposes the members that an object initialiser, a <c>with</c> or a property pattern can name.</summary>
internal static class InitializerProposals
{
    /// <summary>The members; null where the position isn't in such braces. Nothing else but they may stand there where <paramref name="isExclusive"/>.</summary>
    public static IReadOnlyList<ISymbol>? Find(SemanticModel model, CodePosition position, out bool isExclusive, CancellationToken cancellationToken)
    {
        isExclusive = true;
        if (position.Left.Kind() is not (SyntaxKind.OpenBraceToken or SyntaxKind.CommaToken))
        {
            return null;
        }

        switch (position.Left.Parent)
        {
            case InitializerExpressionSyntax initializer when TypeOf(model, initializer, cancellationToken) is { } type:
                isExclusive = !IsCollection(type);
                return MembersOf(model, position, type, CanInitialize, initializer.Expressions.OfType<AssignmentExpressionSyntax>().Select(assignment => assignment.Left.ToString()));
            case PropertyPatternClauseSyntax clause when clause.Parent is RecursivePatternSyntax pattern:
                var matched = model.GetTypeInfo(pattern, cancellationToken);
                var names = clause.Subpatterns.Select(part => part.ExpressionColon?.Expression.ToString() ?? string.Empty);
                return (pattern.Type is null ? matched.Type : matched.ConvertedType) is { } input ? MembersOf(model, position, input, CanRead, names) : null;
            default:
                return null;
        }
    }

    private static ITypeSymbol? TypeOf(SemanticModel model, InitializerExpressionSyntax initializer, CancellationToken cancellationToken) => initializer.Parent switch
    {
        BaseObjectCreationExpressionSyntax creation when model.GetTypeInfo(creation, cancellationToken) is var info => info.Type is IErrorTypeSymbol or null ? info.ConvertedType : info.Type,
        WithExpressionSyntax with => model.GetTypeInfo(with.Expression, cancellationToken).Type,
        AssignmentExpressionSyntax assignment when assignment.Right == initializer => model.GetTypeInfo(assignment.Left, cancellationToken).Type,
        _ => null,
    };

    private static List<ISymbol> MembersOf(SemanticModel model, CodePosition position, ITypeSymbol type, Func<ISymbol, SemanticModel, int, bool> allows, IEnumerable<string> used)
    {
        var taken = used.ToHashSet(StringComparer.Ordinal);
        taken.Remove(position.Root.ToFullString()[position.WordStart..position.WordEnd]);
        return [.. model.LookupSymbols(position.WordStart, type).Where(symbol => !symbol.IsStatic && !taken.Contains(symbol.Name) && allows(symbol, model, position.WordStart))];
    }

    private static bool CanInitialize(ISymbol symbol, SemanticModel model, int position) => symbol switch
    {
        IFieldSymbol { IsReadOnly: false, IsConst: false } => true,
        IPropertySymbol { IsIndexer: true } => false,
        IPropertySymbol { SetMethod: { } setter } => model.IsAccessible(position, setter),
        IPropertySymbol { Type: var type } => IsCollection(type),
        _ => false,
    };

    private static bool CanRead(ISymbol symbol, SemanticModel model, int position) =>
        symbol is IFieldSymbol || (symbol is IPropertySymbol { IsIndexer: false, GetMethod: { } getter } && model.IsAccessible(position, getter));

    private static bool IsCollection(ITypeSymbol type) =>
        type.SpecialType != SpecialType.System_String && type.AllInterfaces.Any(implemented => implemented.SpecialType == SpecialType.System_Collections_IEnumerable);
}
