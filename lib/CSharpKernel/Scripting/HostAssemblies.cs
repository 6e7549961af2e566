using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.DotNet.Interactive;

namespace CSharpKernel.Scripting;

/// <summary>The assemblies that this process brings along: the framework's, which every cell can use, and the kernel's own.</summary>
internal static class HostAssemblies
{
    // The part of the framework that notebooks use. Each assembly more makes each cell slower to compile; the rest can be had by name: #r "System.Net.Mail".
    private static readonly string[] Framework =
    [
        "Microsoft.CSharp", "System.Collections", "System.Collections.Concurrent", "System.Collections.Immutable", "System.Collections.NonGeneric",
        "System.Collections.Specialized", "System.ComponentModel.Primitives", "System.Console", "System.Diagnostics.Process", "System.Diagnostics.StackTrace",
        "System.IO.Compression", "System.IO.Compression.ZipFile", "System.Linq", "System.Linq.AsyncEnumerable", "System.Linq.Expressions", "System.Linq.Parallel",
        "System.Linq.Queryable", "System.Memory", "System.Net.Http", "System.Net.Primitives", "System.ObjectModel", "System.Private.CoreLib", "System.Private.Uri",
        "System.Private.Xml", "System.Private.Xml.Linq", "System.Runtime", "System.Runtime.InteropServices", "System.Runtime.Numerics", "System.Security.Cryptography",
        "System.Text.Encodings.Web", "System.Text.Json", "System.Text.RegularExpressions", "System.Threading", "System.Threading.Channels", "System.Threading.Tasks.Parallel",
    ];

    private static readonly Dictionary<string, string> PathByName = ReadPaths();
    private static readonly Lazy<MetadataReference[]> LazyReferences = new(CreateReferences);

    /// <summary>What a cell can use without any <c>#r</c>. Made once: sessions share the metadata.</summary>
    public static IReadOnlyList<MetadataReference> References => LazyReferences.Value;

    /// <summary>The path of the host's assembly of that name, where it is at least as new as asked for; such an assembly is never loaded twice.</summary>
    public static string? Find(AssemblyName name)
    {
        if (name.Name is null || !PathByName.TryGetValue(name.Name, out var path))
        {
            return null;
        }

        return name.Version is null || AssemblyName.GetAssemblyName(path).Version >= name.Version ? path : null;
    }

    private static Dictionary<string, string> ReadPaths()
    {
        var paths = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var byName = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in paths)
        {
            byName.TryAdd(Path.GetFileNameWithoutExtension(path), path);
        }

        return byName;
    }

    private static MetadataReference[] CreateReferences()
    {
        return Framework.Select(name => PathByName[name])
            .Append(typeof(Kernel).Assembly.Location)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToArray();
    }
}
