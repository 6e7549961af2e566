using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Recommendations;

namespace CSharpKernel.Language;

/// <summary>Proposes symbols: variables, members, types, namespaces. Which of them a place allows is Roslyn's knowledge (<see cref="Recommender"/>); this says how they are written and which are nearest.</summary>
/// <param name="documentation">Knows what symbols are for.</param>
internal sealed class SymbolProposals(SymbolDocumentation documentation)
{
    /// <summary>The symbols that could stand at a position.</summary>
    public async Task<IReadOnlyList<Proposal>> FindAsync(Document document, SemanticModel model, CodePosition position, CancellationToken cancellationToken)
    {
        var symbols = await Recommender.GetRecommendedSymbolsAtPositionAsync(document, position.Position, cancellationToken: cancellationToken).ConfigureAwait(false);
        var isAttribute = IsAttributeName(position.Left);
        var receiver = ReceiverType(model, position.Left, cancellationToken);
        return [.. symbols
            .Where(symbol => symbol is { CanBeReferencedByName: true, Name.Length: > 0 } && NameMatcher.Match(TextOf(symbol, isAttribute), position.Typed) != NameMatch.None && !IsHidden(symbol))
            .GroupBy(symbol => (Text: TextOf(symbol, isAttribute), Kind: SymbolText.KindOf(symbol)))
            .Select(overloads => Make(overloads.Key.Text, [.. overloads], receiver, model.Compilation))];
    }

    /// <summary>A proposal of one name for one symbol or several overloads.</summary>
    public Proposal Make(string text, IReadOnlyList<ISymbol> overloads, ITypeSymbol? receiver, Compilation compilation, Nearness? nearness = null)
    {
        var first = overloads[0] is INamedTypeSymbol ? overloads.MinBy(symbol => ((INamedTypeSymbol)symbol).Arity)! : overloads[0];
        return new Proposal(
            SymbolText.Escape(text),
            text,
            SymbolText.KindOf(first),
            nearness ?? (overloads.All(IsObsolete) ? Nearness.Obsolete : overloads.Min(symbol => NearnessOf(symbol, receiver))),
            () => SymbolText.SignatureOf(first) + Others(first, overloads.Count - 1),
            () => documentation.SummaryOf(first, compilation));
    }

    /// <summary>A parameter's name, before its argument: <c>f(na|</c> gets <c>name:</c>.</summary>
    public Proposal Name(IParameterSymbol parameter, Compilation compilation)
    {
        var proposal = Make(parameter.Name, [parameter], null, compilation, Nearness.Expected);
        return proposal with { Text = proposal.Text + ":" };
    }

    /// <summary>The values of an enum, with its name before each; <c>Mon</c> finds <c>DayOfWeek.Monday</c>.</summary>
    public IEnumerable<Proposal> ValuesOf(INamedTypeSymbol type, SemanticModel model, int position)
    {
        var name = type.ToMinimalDisplayString(model, position);
        foreach (var value in type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue && !IsHidden(field)))
        {
            var proposal = Make(value.Name, [value], null, model.Compilation, Nearness.Expected) with { Text = $"{name}.{SymbolText.Escape(value.Name)}" };
            yield return proposal;
            yield return proposal with { Name = proposal.Text };
        }
    }

    private static string Others(ISymbol symbol, int count) =>
        count == 0 ? string.Empty
        : symbol is ITypeSymbol ? FormattableString.Invariant($" (+ {count} generic)")
        : FormattableString.Invariant($" (+ {count} overload{(count > 1 ? "s" : string.Empty)})");

    private static string TextOf(ISymbol symbol, bool isAttribute) =>
        isAttribute && symbol is INamedTypeSymbol && symbol.Name.Length > 9 && symbol.Name.EndsWith("Attribute", StringComparison.Ordinal) ? symbol.Name[..^9] : symbol.Name;

    private static bool IsAttributeName(SyntaxToken left) =>
        left.Parent is AttributeListSyntax or AttributeTargetSpecifierSyntax
        || (left.IsKind(SyntaxKind.DotToken) && left.Parent is QualifiedNameSyntax { Parent: AttributeSyntax });

    /// <summary>The type before the dot, or null.</summary>
    private static ITypeSymbol? ReceiverType(SemanticModel model, SyntaxToken left, CancellationToken cancellationToken) => left.Parent switch
    {
        MemberAccessExpressionSyntax access when left == access.OperatorToken => model.GetTypeInfo(access.Expression, cancellationToken).Type,
        MemberBindingExpressionSyntax binding when binding.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>() is { } access => model.GetTypeInfo(access.Expression, cancellationToken).Type,
        QualifiedNameSyntax name when left == name.DotToken => model.GetTypeInfo(name.Left, cancellationToken).Type,
        _ => null,
    };

    private static Nearness NearnessOf(ISymbol symbol, ITypeSymbol? receiver)
    {
        if (symbol is IMethodSymbol { ReducedFrom: not null })
        {
            return Nearness.Extension;
        }

        if (symbol is INamespaceSymbol)
        {
            return Nearness.Namespace;
        }

        if (receiver is not null)
        {
            return symbol.ContainingType?.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType or SpecialType.System_Enum ? Nearness.Common
                : SymbolEqualityComparer.Default.Equals(symbol.ContainingType?.OriginalDefinition, receiver.OriginalDefinition) ? Nearness.Own
                : Nearness.Inherited;
        }

        return symbol switch
        {
            ITypeParameterSymbol => Nearness.Own,
            ITypeSymbol => symbol.Locations.Any(location => location.IsInSource) ? Nearness.Session : Nearness.Common,
            IMethodSymbol { ContainingType.IsScriptClass: true } => Nearness.Inherited,
            _ when symbol.ContainingType?.SpecialType == SpecialType.System_Object => Nearness.Common,
            IMethodSymbol or IFieldSymbol or IPropertySymbol or IEventSymbol when symbol.Locations.Any(location => location.IsInMetadata) => Nearness.Common,
            _ => Nearness.Own,
        };
    }

    private static bool IsObsolete(ISymbol symbol) => symbol.GetAttributes().Any(attribute => attribute.AttributeClass is { Name: "ObsoleteAttribute" });

    /// <summary>True where its author wants no editor to show it.</summary>
    private static bool IsHidden(ISymbol symbol) => symbol.GetAttributes().Any(attribute =>
        attribute.AttributeClass is { Name: "EditorBrowsableAttribute" } && attribute.ConstructorArguments is [{ Value: (int)System.ComponentModel.EditorBrowsableState.Never }]);
}
