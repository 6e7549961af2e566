using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CSharpKernel.Language;

/// <summary>Knows the parameters that an argument at a position may be for.</summary>
internal static class Arguments
{
    /// <summary>The parameters that have no argument yet, one of each name, where an argument can start.</summary>
    public static IEnumerable<IParameterSymbol> FindUnused(SemanticModel model, CodePosition position, CancellationToken cancellationToken)
    {
        if (FindList(position.Left) is not { } list)
        {
            yield break;
        }

        var others = ItemsOf(list).Where(argument => argument.Span.End < position.WordStart || argument.SpanStart > position.Position).ToArray();
        var named = others.Select(NameOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var positional = others.Count(argument => NameOf(argument) is null && argument.SpanStart < position.WordStart);
        var proposed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var method in Candidates(model, list, cancellationToken))
        {
            foreach (var parameter in Parameters(method).Skip(positional).Where(parameter => !parameter.IsParams && !named.Contains(parameter.Name)))
            {
                if (parameter.Name.Length > 0 && proposed.Add(parameter.Name))
                {
                    yield return parameter;
                }
            }
        }
    }

    /// <summary>The types of the parameters that an argument at a position may be for.</summary>
    public static IEnumerable<ITypeSymbol> ExpectedTypes(SemanticModel model, CodePosition position, CancellationToken cancellationToken)
    {
        if (FindList(position.Left) is not { } list)
        {
            return [];
        }

        var index = ItemsOf(list).Count(argument => argument.Span.End <= position.Left.SpanStart && position.Left.IsKind(SyntaxKind.CommaToken));
        return Candidates(model, list, cancellationToken)
            .Select(method => Parameters(method).ElementAtOrDefault(index)?.Type)
            .OfType<ITypeSymbol>();
    }

    /// <summary>The types of the parameter of a name, in a call that names it.</summary>
    public static IEnumerable<ITypeSymbol> ExpectedTypes(SemanticModel model, NameColonSyntax name, CancellationToken cancellationToken) =>
        name.Parent?.Parent is { } list
            ? Candidates(model, list, cancellationToken).SelectMany(Parameters).Where(parameter => parameter.Name == name.Name.Identifier.ValueText).Select(parameter => parameter.Type)
            : [];

    /// <summary>What a list of arguments may be for: every overload of the method that is called.</summary>
    public static IEnumerable<ISymbol> Candidates(SemanticModel model, SyntaxNode list, CancellationToken cancellationToken)
    {
        switch (list.Parent)
        {
            case InvocationExpressionSyntax invocation:
                var methods = GroupOf(model, invocation.Expression, cancellationToken).ToArray();
                return methods.Length > 0 ? methods
                    : model.GetTypeInfo(invocation.Expression, cancellationToken).Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke } ? [invoke]
                    : [];
            case BaseObjectCreationExpressionSyntax creation:
                var info = model.GetTypeInfo(creation, cancellationToken);
                return Constructors(info.Type is IErrorTypeSymbol or null ? info.ConvertedType : info.Type, model, list.SpanStart);
            case ElementAccessExpressionSyntax access:
                return model.GetTypeInfo(access.Expression, cancellationToken).Type is { } indexed
                    ? model.LookupSymbols(list.SpanStart, indexed).OfType<IPropertySymbol>().Where(property => property.IsIndexer)
                    : [];
            case AttributeSyntax attribute:
                return Constructors(model.GetTypeInfo(attribute, cancellationToken).Type, model, list.SpanStart);
            case ConstructorInitializerSyntax initializer:
                return model.GetMemberGroup(initializer, cancellationToken);
            case PrimaryConstructorBaseTypeSyntax baseType:
                return Constructors(model.GetTypeInfo(baseType.Type, cancellationToken).Type, model, list.SpanStart);
            default:
                return [];
        }
    }

    /// <summary>The overloads that an expression names; of a type's static methods, without the extension methods that Roslyn adds.</summary>
    public static IEnumerable<ISymbol> GroupOf(SemanticModel model, SyntaxNode expression, CancellationToken cancellationToken)
    {
        var group = model.GetMemberGroup(expression, cancellationToken);
        var receiver = expression switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            SimpleNameSyntax { Parent: MemberAccessExpressionSyntax access } name when access.Name == name => access.Expression,
            _ => null,
        };
        var isType = receiver is not null && model.GetSymbolInfo(receiver, cancellationToken).Symbol is ITypeSymbol;
        return isType ? group.Where(symbol => symbol is not IMethodSymbol { ReducedFrom: not null }) : group;
    }

    private static IEnumerable<ISymbol> Constructors(ITypeSymbol? type, SemanticModel model, int position) =>
        type is INamedTypeSymbol named ? named.InstanceConstructors.Where(constructor => model.IsAccessible(position, constructor)) : [];

    /// <summary>The list in which the token that precedes the position is the bracket or a comma.</summary>
    private static SyntaxNode? FindList(SyntaxToken left) =>
        left.Kind() is SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken or SyntaxKind.CommaToken && left.Parent is BaseArgumentListSyntax or AttributeArgumentListSyntax ? left.Parent : null;

    private static IEnumerable<SyntaxNode> ItemsOf(SyntaxNode list) => list switch
    {
        BaseArgumentListSyntax arguments => arguments.Arguments,
        AttributeArgumentListSyntax arguments => arguments.Arguments,
        _ => [],
    };

    private static string? NameOf(SyntaxNode argument) => argument switch
    {
        ArgumentSyntax { NameColon: { } name } => name.Name.Identifier.ValueText,
        AttributeArgumentSyntax { NameColon: { } name } => name.Name.Identifier.ValueText,
        AttributeArgumentSyntax { NameEquals: { } name } => name.Name.Identifier.ValueText,
        _ => null,
    };

    private static IEnumerable<IParameterSymbol> Parameters(ISymbol method) => method switch
    {
        IMethodSymbol { Parameters: var parameters } => parameters,
        IPropertySymbol { Parameters: var parameters } => parameters,
        _ => [],
    };
}
