using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace CSharpKernel.Scripting;

/// <summary>Finds the assemblies of <c>#r</c>, and those that they depend on, for the compiler.</summary>
internal sealed class ScriptReferenceResolver(ScriptPaths paths, SessionLoadContext loadContext) : MetadataReferenceResolver
{
    private readonly ConcurrentDictionary<string, PortableExecutableReference> _referenceByPath = new();

    public override bool ResolveMissingAssemblies => true;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (reference.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var path = paths.Resolve(reference, baseFilePath);
        if (File.Exists(path))
        {
            return [_referenceByPath.GetOrAdd(path, Load)];
        }

        // A bare name is one of the framework's: #r "System.Net.Http".
        var name = reference.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? reference[..^4] : reference;
        var isName = name.IndexOfAny(['/', '\\', ',']) < 0;
        return isName && HostAssemblies.Find(new AssemblyName(name)) is { } hostPath ? [_referenceByPath.GetOrAdd(hostPath, ReadMetadata)] : [];
    }

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity) =>
        loadContext.FindDependency(new AssemblyName(referenceIdentity.Name) { Version = referenceIdentity.Version }) is { } path ? _referenceByPath.GetOrAdd(path, ReadMetadata) : null;

    /// <summary>True where the file has been resolved before.</summary>
    public bool HasLoaded(string path) => _referenceByPath.ContainsKey(path);

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private PortableExecutableReference Load(string path)
    {
        try
        {
            return ReadMetadata(loadContext.AddReference(path));
        }
        catch (BadImageFormatException)
        {
            // The compiler says so, with the line.
            return ReadMetadata(path);
        }
    }

    private static PortableExecutableReference ReadMetadata(string path) => MetadataReference.CreateFromFile(path);
}
