using System.Text;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace CSharpKernel.Language;

/// <summary>Describes the symbol at a position: its signature and those of its overloads, its documentation, and of a session's variable the value.</summary>
/// <param name="documentation">Knows what symbols are for.</param>
/// <param name="tryGetVariable">The value of a session's variable by name.</param>
internal sealed class SymbolInspector(SymbolDocumentation documentation, SymbolInspector.TryGetVariable tryGetVariable)
{
    /// <summary>The value of a session's variable; false where there is none of that name.</summary>
    public delegate bool TryGetVariable(string name, out object? value);

    /// <summary>What is known at a position, or null.</summary>
    /// <param name="model">Knows the code.</param>
    /// <param name="root">The code.</param>
    /// <param name="position">A position in it.</param>
    /// <param name="isDetailed">True for all of the documentation.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Inspection? Inspect(SemanticModel model, SyntaxNode root, int position, bool isDetailed, CancellationToken cancellationToken)
    {
        foreach (var token in TokensAt(root, position))
        {
            var symbols = SymbolsOf(model, token, cancellationToken);
            if (symbols.Count > 0)
            {
                return Describe(symbols, model, isDetailed);
            }

            if (KeywordInspection.Find(token) is { } keyword)
            {
                return keyword;
            }
        }

        var list = root.FindToken(position).Parent?.AncestorsAndSelf().FirstOrDefault(node => node is BaseArgumentListSyntax && node.SpanStart < position && position <= node.Span.End);
        var called = list is null ? [] : SymbolsOfCall(model, list, cancellationToken);
        return called.Count > 0 ? Describe(called, model, isDetailed) : null;
    }

    /// <summary>The word that contains the position, or else the one that ends there; before a <c>(</c>, the word before it.</summary>
    private static IEnumerable<SyntaxToken> TokensAt(SyntaxNode root, int position)
    {
        var at = root.FindToken(position);
        if (at.Span.Contains(position))
        {
            yield return at;
        }

        var before = CodePosition.TokenBefore(root, position);
        if (before.RawKind != 0 && before.Span.End == position)
        {
            yield return before;
            at = before;
        }

        if (at.Kind() is SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken && at.GetPreviousToken() is { RawKind: not 0 } word)
        {
            yield return word;
        }
    }

    /// <summary>The symbol that a token means, then its overloads.</summary>
    private static List<ISymbol> SymbolsOf(SemanticModel model, SyntaxToken token, CancellationToken cancellationToken)
    {
        if (token.Parent is not { } node || token.Kind() is not (SyntaxKind.IdentifierToken or SyntaxKind.GreaterThanToken) && node is not (PredefinedTypeSyntax or ImplicitObjectCreationExpressionSyntax or ThisExpressionSyntax or BaseExpressionSyntax or ConstructorInitializerSyntax))
        {
            return [];
        }

        if (node is TypeArgumentListSyntax)
        {
            node = node.Parent!;
        }

        if (token.IsKind(SyntaxKind.IdentifierToken) && model.GetDeclaredSymbol(node, cancellationToken) is { } declared)
        {
            return [declared];
        }

        // A type whose object is created stands for the constructor that is called.
        if (node is NameSyntax && node.FirstAncestorOrSelf<ObjectCreationExpressionSyntax>() is { ArgumentList: { } arguments } creation && creation.Type.Span.End == node.Span.End && creation.Type.Span.Contains(node.Span))
        {
            var constructors = SymbolsOfCall(model, arguments, cancellationToken);
            if (constructors.Count > 0)
            {
                return constructors;
            }
        }

        var info = model.GetSymbolInfo(node, cancellationToken);
        var symbols = new List<ISymbol>();
        if (info.Symbol is not null)
        {
            symbols.Add(info.Symbol);
        }

        symbols.AddRange(info.CandidateSymbols);
        symbols.AddRange(Arguments.GroupOf(model, node, cancellationToken));
        if (symbols.Count == 0 && model.GetTypeInfo(node, cancellationToken).Type is { TypeKind: not TypeKind.Error } type && node is TypeSyntax)
        {
            symbols.Add(type);
        }

        return Distinct(symbols);
    }

    private static List<ISymbol> SymbolsOfCall(SemanticModel model, SyntaxNode list, CancellationToken cancellationToken)
    {
        var symbols = new List<ISymbol>();
        if (list.Parent is { } call && model.GetSymbolInfo(call, cancellationToken).Symbol is { } chosen)
        {
            symbols.Add(chosen);
        }

        symbols.AddRange(Arguments.Candidates(model, list, cancellationToken));
        return Distinct(symbols);
    }

    /// <summary>Each overload once, whichever type arguments it has been given.</summary>
    private static List<ISymbol> Distinct(List<ISymbol> symbols) =>
        [.. symbols.DistinctBy(symbol => symbol is IMethodSymbol method ? (method.ReducedFrom ?? method).OriginalDefinition : symbol, SymbolEqualityComparer.Default)];

    private Inspection Describe(List<ISymbol> symbols, SemanticModel model, bool isDetailed)
    {
        var symbol = symbols[0];
        var texts = documentation.Find(symbol, model.Compilation);
        var plain = new StringBuilder();
        var markdown = new StringBuilder("```csharp\n");
        foreach (var overload in symbols)
        {
            plain.Append(SymbolText.SignatureOf(overload)).Append('\n');
            markdown.Append(SymbolText.SignatureOf(overload)).Append('\n');
        }

        markdown.Append("```\n");
        if (ValueOf(symbol) is { } value)
        {
            Add("Value", value, $"`{value.Replace('`', '\'')}`");
        }

        var summary = Summary(isMarkdown: false);
        if (summary.Length > 0)
        {
            plain.Append('\n').Append(summary).Append('\n');
            markdown.Append('\n').Append(Summary(isMarkdown: true)).Append('\n');
        }

        if (isDetailed)
        {
            AddDetails(texts, symbol);
        }

        return new Inspection(plain.ToString().TrimEnd(), markdown.ToString().TrimEnd());

        void Add(string heading, string plainText, string markdownText)
        {
            plain.Append('\n').Append(heading).Append(':').Append(plainText[0] == '\n' ? "" : " ").Append(plainText).Append('\n');
            markdown.Append("\n**").Append(heading).Append(":**").Append(markdownText[0] == '\n' ? "" : " ").Append(markdownText).Append('\n');
        }

        string Summary(bool isMarkdown)
        {
            var own = documentation.SummaryOf(symbol, model.Compilation, isMarkdown);
            return own.Length == 0 && TypeOfVariable(symbol) is { SpecialType: SpecialType.None } type && documentation.SummaryOf(type, model.Compilation, isMarkdown) is { Length: > 0 } ofType
                ? $"{(isMarkdown ? $"`{SymbolText.NameOf(type)}`" : SymbolText.NameOf(type))}: {ofType}"
                : own;
        }

        void AddDetails(XElement? member, ISymbol described)
        {
            AddNamed("Type parameters", "typeparam", "name", name => name);
            AddNamed("Parameters", "param", "name", name => name);
            AddElement("Returns", member?.Element("returns"));
            AddElement("Value", member?.Element("value"));
            AddNamed("Exceptions", "exception", "cref", DocumentationText.NameOf);
            AddElement("Remarks", member?.Element("remarks"));
            AddElement("Example", member?.Element("example"));
            if (described is INamespaceSymbol or ILocalSymbol || described.Locations.Any(location => location.IsInSource))
            {
                return;
            }

            if (described.ContainingAssembly is { } assembly && !SymbolDocumentation.IsFramework(described, model.Compilation))
            {
                Add("Assembly", $"{assembly.Name} {assembly.Identity.Version}", $"{assembly.Name} {assembly.Identity.Version}");
            }

            void AddElement(string heading, XElement? element)
            {
                if (DocumentationText.Write(element, isMarkdown: false) is { Length: > 0 } text)
                {
                    Add(heading, text, DocumentationText.Write(element, isMarkdown: true));
                }
            }

            void AddNamed(string heading, string element, string attribute, Func<string, string> nameOf)
            {
                var parts = member?.Elements(element).ToArray() ?? [];
                if (parts.Length == 0)
                {
                    return;
                }

                string Lines(string before, string after, bool isMarkdown) => string.Concat(parts.Select(part =>
                    $"\n{before}{nameOf((string?)part.Attribute(attribute) ?? string.Empty)}{after}: {DocumentationText.Write(part, isMarkdown).Replace("\n", "\n    ", StringComparison.Ordinal)}"));
                Add(heading, Lines("    ", string.Empty, isMarkdown: false).TrimEnd(), "\n" + Lines("- `", "`", isMarkdown: true));
            }
        }
    }

    private static ITypeSymbol? TypeOfVariable(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol { ContainingType.IsScriptClass: true } field => field.Type,
        _ => null,
    };

    /// <summary>The value of a variable of an earlier cell; null for everything else, and where it can't be shown.</summary>
    private string? ValueOf(ISymbol symbol) =>
        symbol is IFieldSymbol { IsStatic: false, ContainingType.IsScriptClass: true } && symbol.Locations[0].SourceTree?.FilePath != SubmissionWorkspace.UnrunPath
        && tryGetVariable(symbol.Name, out var value) ? VariableValue.Describe(value) : null;
}
