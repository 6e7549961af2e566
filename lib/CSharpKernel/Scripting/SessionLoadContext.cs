using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace CSharpKernel.Scripting;

/// <summary>Holds a session's compiled cells and the assemblies that they reference; copies the latter first where a shadow folder is given.</summary>
/// <param name="shadowCopyFolder">Where to copy to, or null.</param>
internal sealed class SessionLoadContext(string? shadowCopyFolder) : AssemblyLoadContext("Notebook session")
{
    private readonly ConcurrentDictionary<string, Assembly> _cells = new();
    private readonly ConcurrentDictionary<string, string> _pathByName = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, string> _copyByPath = new();
    private readonly ConcurrentDictionary<string, bool> _folders = new();
    private int _cellCount;

    /// <summary>A number that no cell of the session, or of its forks, has had: 1, 2, ...</summary>
    public int NextCellNumber() => Interlocked.Increment(ref _cellCount);

    /// <summary>Loads a compiled cell.</summary>
    public Assembly LoadCell(string name, Stream assembly, Stream symbols)
    {
        var loaded = LoadFromStream(assembly, symbols);
        _cells[name] = loaded;
        return loaded;
    }

    /// <summary>Makes a referenced assembly known and returns the path to read its metadata from: the host's own copy where it has one, else a shadow copy.</summary>
    /// <exception cref="BadImageFormatException">The file is no assembly.</exception>
    public string AddReference(string path)
    {
        var name = AssemblyName.GetAssemblyName(path);
        if (HostAssemblies.Find(name) is { } hostPath)
        {
            return hostPath;
        }

        _folders.TryAdd(Path.GetDirectoryName(path)!, true);
        return Copy(_pathByName.GetOrAdd(name.Name!, path));
    }

    /// <summary>The path of an assembly that a referenced one depends on: the host's, or one that lies beside it. Null where there is none.</summary>
    public string? FindDependency(AssemblyName name)
    {
        if (HostAssemblies.Find(name) is { } hostPath)
        {
            return hostPath;
        }

        if (name.Name is null)
        {
            return null;
        }

        if (!_pathByName.TryGetValue(name.Name, out var path))
        {
            path = _folders.Keys.Select(folder => Path.Combine(folder, name.Name + ".dll")).FirstOrDefault(File.Exists);
            if (path is null)
            {
                return null;
            }

            _pathByName[name.Name] = path;
        }

        return Copy(path);
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name is { } name && _cells.TryGetValue(name, out var cell))
        {
            return cell;
        }

        // What the host has is loaded by the host: null passes the question on.
        return HostAssemblies.Find(assemblyName) is null && FindDependency(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }

    /// <inheritdoc/>
    protected override nint LoadUnmanagedDll(string unmanagedDllName)
    {
        string[] names = OperatingSystem.IsWindows() ? [unmanagedDllName, unmanagedDllName + ".dll"]
            : OperatingSystem.IsMacOS() ? [$"lib{unmanagedDllName}.dylib", unmanagedDllName + ".dylib", unmanagedDllName]
            : [$"lib{unmanagedDllName}.so", unmanagedDllName + ".so", unmanagedDllName];
        var path = _folders.Keys.SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
        return path is null ? 0 : NativeLibrary.Load(path);
    }

    /// <summary>Copies the assembly with its symbols and documentation; the copy's folder is named after content-changing facts, so a rebuilt file gets another.</summary>
    private string Copy(string path) => shadowCopyFolder is null ? path : _copyByPath.GetOrAdd(path, source =>
    {
        var file = new FileInfo(source);
        var folder = Path.Combine(shadowCopyFolder, FormattableString.Invariant($"{Path.GetFileNameWithoutExtension(source)}-{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}-{Hash(source):x8}"));
        Directory.CreateDirectory(folder);
        foreach (var part in new[] { Path.ChangeExtension(source, ".pdb"), Path.ChangeExtension(source, ".xml"), source })
        {
            CopyWhole(part, Path.Combine(folder, Path.GetFileName(part)));
        }

        return Path.Combine(folder, Path.GetFileName(source));
    });

    /// <summary>Copies a file, if there is one, so that other processes with the same shadow folder see all of it or nothing.</summary>
    private static void CopyWhole(string source, string target)
    {
        if (!File.Exists(source) || File.Exists(target))
        {
            return;
        }

        var unfinished = $"{target}.{Guid.NewGuid():N}";
        File.Copy(source, unfinished);
        try
        {
            File.Move(unfinished, target);
        }
        catch (IOException) when (File.Exists(target))
        {
            // Another process was faster.
            File.Delete(unfinished);
        }
    }

    private static uint Hash(string text) => text.Aggregate(2166136261u, (hash, character) => (hash ^ character) * 16777619u);
}
