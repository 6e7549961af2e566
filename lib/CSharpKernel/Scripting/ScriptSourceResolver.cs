using Microsoft.CodeAnalysis;

namespace CSharpKernel.Scripting;

/// <summary>Finds the files of <c>#load</c> for the compiler.</summary>
internal sealed class ScriptSourceResolver(ScriptPaths paths) : SourceReferenceResolver
{
    public override string? NormalizePath(string path, string? baseFilePath) => ScriptPaths.IsCell(path) ? path : paths.Resolve(path, baseFilePath);

    public override string? ResolveReference(string path, string? baseFilePath)
    {
        var resolved = paths.Resolve(path, baseFilePath);
        return File.Exists(resolved) ? resolved : null;
    }

    public override Stream OpenRead(string resolvedPath) => File.OpenRead(resolvedPath);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
