using System.Collections.Concurrent;
using System.Collections.Immutable;
using CSharpKernel.Scripting;
using Microsoft.CodeAnalysis;

namespace CSharpKernel.Language;

/// <summary>Finds the assemblies of <c>#r</c> in code that has not run: looks into them where they lie, and leaves no trace in the session, which loads them only when the code runs.</summary>
/// <param name="session">The session's own resolver, asked for what it has loaded.</param>
/// <param name="paths">Where files are.</param>
internal sealed class UnrunReferenceResolver(ScriptReferenceResolver session, ScriptPaths paths) : MetadataReferenceResolver
{
    private readonly ConcurrentDictionary<(string Path, DateTime Written), PortableExecutableReference?> _referenceByFile = new();

    public override bool ResolveMissingAssemblies => true;

    public override ImmutableArray<PortableExecutableReference> ResolveReference(string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        var path = paths.Resolve(reference, baseFilePath);
        if (!File.Exists(path) || session.HasLoaded(path))
        {
            return session.ResolveReference(reference, baseFilePath, properties);
        }

        return Read(path) is { } read ? [read] : [];
    }

    public override PortableExecutableReference? ResolveMissingAssembly(MetadataReference definition, AssemblyIdentity referenceIdentity)
    {
        if (session.ResolveMissingAssembly(definition, referenceIdentity) is { } loaded)
        {
            return loaded;
        }

        var beside = _referenceByFile.Keys.Select(file => Path.Combine(Path.GetDirectoryName(file.Path)!, referenceIdentity.Name + ".dll")).FirstOrDefault(File.Exists);
        return beside is null ? null : Read(beside);
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <summary>Reads the whole file, so that a build can replace it meanwhile.</summary>
    private PortableExecutableReference? Read(string path) => _referenceByFile.GetOrAdd((path, File.GetLastWriteTimeUtc(path)), static file =>
    {
        try
        {
            return MetadataReference.CreateFromImage(File.ReadAllBytes(file.Path), filePath: file.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return null;
        }
    });
}
