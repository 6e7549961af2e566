using System.Collections.Concurrent;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace CSharpKernel.Language;

/// <summary>Finds what the documentation says of a symbol: in a cell's own comments, in the file beside its assembly, or for the framework in the SDK that runs this process.</summary>
/// <remarks>An SDK without reference packs has no texts: then there are none, and no error. <c>inheritdoc</c> is followed, and an override without a comment has the comment of what it overrides.</remarks>
internal sealed class SymbolDocumentation
{
    private const int DeepestInheritance = 8;

    private static readonly string FrameworkFolder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

    // Shared by all sessions: it takes a moment to build, and doesn't change.
    private static readonly DocumentationIndex Framework = new(FindFrameworkFiles());

    private readonly ConcurrentDictionary<string, DocumentationIndex> _indexByAssembly = new();

    /// <summary>The summary as plain text or Markdown; empty where there is none.</summary>
    public string SummaryOf(ISymbol symbol, Compilation compilation, bool isMarkdown = false) => DocumentationText.Write(symbol switch
    {
        IParameterSymbol parameter => Find(parameter.ContainingSymbol, compilation)?.Elements("param").FirstOrDefault(element => (string?)element.Attribute("name") == parameter.Name),
        ITypeParameterSymbol parameter => Find(parameter.ContainingSymbol, compilation)?.Elements("typeparam").FirstOrDefault(element => (string?)element.Attribute("name") == parameter.Name),
        _ => Find(symbol, compilation)?.Element("summary"),
    }, isMarkdown);

    /// <summary>All that is said of a symbol, with what it inherits; null where nothing is.</summary>
    public XElement? Find(ISymbol symbol, Compilation compilation) => symbol is ILocalSymbol or INamespaceSymbol or ILabelSymbol or IRangeVariableSymbol ? null : Find(symbol, compilation, 0);

    /// <summary>True for what the framework itself brings.</summary>
    public static bool IsFramework(ISymbol symbol, Compilation compilation) => AssemblyOf(symbol, compilation) is { } path && Path.GetDirectoryName(path) == FrameworkFolder;

    private static string? AssemblyOf(ISymbol symbol, Compilation compilation) =>
        symbol.ContainingAssembly is { } assembly ? (compilation.GetMetadataReference(assembly) as PortableExecutableReference)?.FilePath : null;

    private static List<string> FindFrameworkFiles()
    {
        // <dotnet>/shared/Microsoft.NETCore.App/10.0.1 runs, <dotnet>/packs/Microsoft.NETCore.App.Ref/10.0.1/ref/net10.0 describes.
        var version = Environment.Version;
        var packs = Path.GetFullPath(Path.Combine(FrameworkFolder, "..", "..", "..", "packs", "Microsoft.NETCore.App.Ref"));
        try
        {
            return !Directory.Exists(packs) ? [] : [.. Directory.EnumerateDirectories(packs)
                .Select(folder => (Folder: Path.Combine(folder, "ref", FormattableString.Invariant($"net{version.Major}.{version.Minor}")), Version: Version.TryParse(Path.GetFileName(folder).Split('-')[0], out var parsed) ? parsed : null))
                .Where(pack => pack.Version is not null && Directory.Exists(pack.Folder))
                .OrderByDescending(pack => pack.Version)
                .Take(1)
                .SelectMany(pack => Directory.EnumerateFiles(pack.Folder, "*.xml"))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static XElement? Parse(string? xml)
    {
        try
        {
            return string.IsNullOrWhiteSpace(xml) ? null : XElement.Parse(xml, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            // A comment in a cell that isn't well-formed.
            return null;
        }
    }

    private XElement? Find(ISymbol symbol, Compilation compilation, int depth)
    {
        symbol = symbol switch
        {
            IAliasSymbol alias => alias.Target,
            IMethodSymbol { ReducedFrom: { } extension } => extension.OriginalDefinition,
            _ => symbol.OriginalDefinition,
        };
        var own = FindOwn(symbol, compilation);
        if (depth == DeepestInheritance || (own is not null && own.Element("inheritdoc") is null))
        {
            return own;
        }

        var reference = (string?)own?.Element("inheritdoc")?.Attribute("cref");
        var source = reference is null ? FindBase(symbol) : DocumentationCommentId.GetFirstSymbolForDeclarationId(reference, compilation);
        var inherited = source is null ? null : Find(source, compilation, depth + 1);
        return inherited is null ? own : own is null ? inherited : Merge(own, inherited);
    }

    private XElement? FindOwn(ISymbol symbol, Compilation compilation)
    {
        if (symbol.Locations.Any(location => location.IsInSource))
        {
            return Parse(symbol.GetDocumentationCommentXml());
        }

        if (symbol.GetDocumentationCommentId() is not { } id || AssemblyOf(symbol, compilation) is not { } path)
        {
            return null;
        }

        return Path.GetDirectoryName(path) == FrameworkFolder
            ? Framework.Find(id)
            : _indexByAssembly.GetOrAdd(path, static assemblyPath => new DocumentationIndex([Path.ChangeExtension(assemblyPath, ".xml")])).Find(id);
    }

    /// <summary>What the symbol overrides or implements.</summary>
    private static ISymbol? FindBase(ISymbol symbol) => symbol switch
    {
        IMethodSymbol { OverriddenMethod: { } overridden } => overridden,
        IPropertySymbol { OverriddenProperty: { } overridden } => overridden,
        IEventSymbol { OverriddenEvent: { } overridden } => overridden,
        IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => constructor.ContainingType.BaseType?.InstanceConstructors.FirstOrDefault(candidate => candidate.Parameters.Select(parameter => parameter.Type)
            .SequenceEqual(constructor.Parameters.Select(parameter => parameter.Type), SymbolEqualityComparer.Default)),
        INamedTypeSymbol type => type.BaseType is { SpecialType: SpecialType.None } parent ? parent : type.Interfaces.FirstOrDefault(),
        IMethodSymbol or IPropertySymbol or IEventSymbol => symbol.ContainingType?.AllInterfaces
            .SelectMany(type => type.GetMembers(symbol.Name))
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(symbol.ContainingType.FindImplementationForInterfaceMember(member), symbol)),
        _ => null,
    };

    /// <summary>What one says, and what only the other says.</summary>
    private static XElement Merge(XElement own, XElement inherited)
    {
        static string Key(XElement element) => $"{element.Name} {(string?)element.Attribute("name") ?? (string?)element.Attribute("cref")}";
        var kept = own.Elements().Where(element => element.Name.LocalName != "inheritdoc").ToArray();
        var keys = kept.Select(Key).ToHashSet(StringComparer.Ordinal);
        return new XElement("member", kept, inherited.Elements().Where(element => !keys.Contains(Key(element))));
    }
}
