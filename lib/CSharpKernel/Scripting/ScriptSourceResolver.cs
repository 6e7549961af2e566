using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace CSharpKernel.Scripting;

/// <summary>Finds the files of <c>#load</c> for the compiler.</summary>
/// <param name="paths">Says where they are.</param>
/// <param name="isPolled">True to put polls into them (<see cref="PolledCode"/>).</param>
internal sealed class ScriptSourceResolver(ScriptPaths paths, bool isPolled) : SourceReferenceResolver
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    public override string? NormalizePath(string path, string? baseFilePath) => ScriptPaths.IsCell(path) ? path : paths.Resolve(path, baseFilePath);

    public override string? ResolveReference(string path, string? baseFilePath)
    {
        var resolved = paths.Resolve(path, baseFilePath);
        return File.Exists(resolved) ? resolved : null;
    }

    public override Stream OpenRead(string resolvedPath)
    {
        var file = File.OpenRead(resolvedPath);
        if (!isPolled)
        {
            return file;
        }

        using (file)
        {
            var tree = CSharpSyntaxTree.ParseText(SourceText.From(file), ParseOptions);
            var text = (PolledCode.Create(tree, model: null, withArrows: true, CancellationToken.None)?.Tree ?? tree).ToString();
            return new MemoryStream(Encoding.UTF8.GetBytes(text));
        }
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
