using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CSharpKernel.Language;

/// <summary>What a symbol is called: its kind in a front end's words, its declaration in one line, its name as it is written in code.</summary>
internal static class SymbolText
{
    private static readonly SymbolDisplayFormat MemberFormat = Format(SymbolDisplayTypeQualificationStyle.NameAndContainingTypes);
    private static readonly SymbolDisplayFormat TypeFormat = Format(SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);
    private static readonly SymbolDisplayFormat SpecialTypeFormat = TypeFormat.RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.UseSpecialTypes);
    private static readonly SymbolDisplayFormat NameFormat = MemberFormat.WithKindOptions(SymbolDisplayKindOptions.None);

    /// <summary>What kind of thing it is.</summary>
    public static string KindOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or IDiscardSymbol => "variable",
        IFieldSymbol { ContainingType.TypeKind: TypeKind.Enum } => "enumMember",
        IFieldSymbol { IsConst: true } => "constant",
        IFieldSymbol { ContainingType.IsScriptClass: true } => "variable",
        IFieldSymbol => "field",
        IPropertySymbol => "property",
        IEventSymbol => "event",
        IMethodSymbol { MethodKind: MethodKind.Constructor } => "constructor",
        IMethodSymbol => "method",
        INamespaceSymbol => "namespace",
        ITypeParameterSymbol => "typeParameter",
        IAliasSymbol alias => KindOf(alias.Target),
        ILabelSymbol => "label",
        ITypeSymbol type => type.TypeKind switch
        {
            TypeKind.Struct => "struct",
            TypeKind.Interface => "interface",
            TypeKind.Enum => "enum",
            TypeKind.Delegate => "delegate",
            _ => "class",
        },
        _ => "text",
    };

    /// <summary>The declaration in one line: <c>int List&lt;int&gt;.Count { get; }</c>; of a type, its namespace too.</summary>
    /// <remarks>Roslyn leaves out the class that a cell is compiled to.</remarks>
    public static string SignatureOf(ISymbol symbol) => symbol switch
    {
        IAliasSymbol alias => $"{alias.Name} = {SignatureOf(alias.Target)}",
        INamedTypeSymbol { SpecialType: not SpecialType.None } => symbol.ToDisplayString(SpecialTypeFormat),
        INamespaceOrTypeSymbol => symbol.ToDisplayString(TypeFormat),
        _ => symbol.ToDisplayString(MemberFormat),
    };

    /// <summary>A type's name without its namespace: <c>List&lt;int&gt;</c>.</summary>
    public static string NameOf(ITypeSymbol type) => type.ToDisplayString(NameFormat);

    /// <summary>A name as code spells it: <c>@class</c>.</summary>
    public static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None ? "@" + name : name;

    private static SymbolDisplayFormat Format(SymbolDisplayTypeQualificationStyle qualification) => new(
        typeQualificationStyle: qualification,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        memberOptions: SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeRef
            | SymbolDisplayMemberOptions.IncludeConstantValue | SymbolDisplayMemberOptions.IncludeContainingType,
        delegateStyle: SymbolDisplayDelegateStyle.NameAndSignature,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeModifiers
            | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        localOptions: SymbolDisplayLocalOptions.IncludeType | SymbolDisplayLocalOptions.IncludeConstantValue,
        kindOptions: SymbolDisplayKindOptions.IncludeMemberKeyword | SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
            | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier | SymbolDisplayMiscellaneousOptions.AllowDefaultLiteral);
}
