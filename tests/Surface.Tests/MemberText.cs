using Microsoft.CodeAnalysis;

namespace Surface.Tests;

/// <summary>The one text form of a type or member that lists and tests compare: modifiers, types, names, defaults; no nullability, no attributes.</summary>
/// <remarks>
/// <c>static torch.Tensor randn(long size, torch.ScalarType? dtype = null, ...)</c>. What a caller can't see is left out: whether a member is abstract, virtual or overrides another, whether an argument's
/// reference may be null. A member stands under the type that declares it first, an extension method in its static form.
/// </remarks>
internal static class MemberText
{
    private static readonly SymbolDisplayFormat TypeFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    private static readonly SymbolDisplayFormat BaseFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    private static readonly SymbolDisplayFormat MemberFormat = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeModifiers | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>The member as its first declaration has it: no type arguments, no override, a property for its accessor, the static method for an extension's call.</summary>
    public static ISymbol Declared(ISymbol member)
    {
        var declared = member switch
        {
            IMethodSymbol { AssociatedSymbol: { } property } => property,
            IMethodSymbol { ReducedFrom: { } method } => method,
            _ => member,
        };
        declared = declared.OriginalDefinition;
        while (Overridden(declared) is { } overridden)
        {
            declared = overridden.OriginalDefinition;
        }

        return declared;
    }

    /// <summary>A type's line: <c>class TorchSharp.torch.nn.Module&lt;T, TResult&gt; : torch.nn.HookableModule&lt;...&gt;</c>. Whether it is static or abstract shows in its members.</summary>
    public static string OfType(INamedTypeSymbol type)
    {
        var kind = type.TypeKind switch
        {
            TypeKind.Class when type.IsSealed && !type.IsStatic => "sealed class",
            var other => other.ToString().ToLowerInvariant(),
        };
        var parent = type.TypeKind == TypeKind.Class && type.BaseType is { SpecialType: not SpecialType.System_Object } ancestor ? " : " + ancestor.ToDisplayString(BaseFormat) : "";
        return $"{kind} {type.ToDisplayString(TypeFormat)}{parent}";
    }

    /// <summary>A member's line, which stands below its type's.</summary>
    public static string OfMember(ISymbol member)
    {
        var modifiers = (member.DeclaredAccessibility is Accessibility.Protected or Accessibility.ProtectedOrInternal ? "protected " : "")
            + (member is IFieldSymbol { IsConst: true } ? "const " : member.IsStatic ? "static " : "");
        return modifiers + member.ToDisplayString(MemberFormat);
    }

    private static ISymbol? Overridden(ISymbol member) => member switch
    {
        IMethodSymbol method => method.OverriddenMethod,
        IPropertySymbol property => property.OverriddenProperty,
        _ => null,
    };
}
