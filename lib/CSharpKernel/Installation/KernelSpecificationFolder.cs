using CSharpKernel.Notebooks;

namespace CSharpKernel.Installation;

/// <summary>One kernel's folder below a <c>kernels</c> folder: <c>kernel.json</c> and the pictures that front ends show beside its name.</summary>
/// <remarks>
/// Whoever reads it, at any moment, sees no kernel, the old <c>kernel.json</c> or the new one, whole: a new folder is filled elsewhere and renamed, an old one gets its files one by one,
/// each renamed into its place, <c>kernel.json</c> last.
/// </remarks>
internal sealed class KernelSpecificationFolder
{
    private const string FileName = "kernel.json";

    /// <summary>Where a new folder is filled: one level deeper than where kernels are looked for.</summary>
    private const string WorkshopPrefix = ".csharp-kernel-";

    private static readonly TimeSpan LongestWrite = TimeSpan.FromHours(1);

    private KernelSpecificationFolder(string path)
    {
        Path = path;
        Specification = KernelSpecification.TryRead(JsonFile);
    }

    /// <summary>The folder, which need not exist.</summary>
    public string Path { get; }

    /// <summary>The kernel's name: Jupyter does not tell capitals from small letters.</summary>
    public string Name => System.IO.Path.GetFileName(Path).ToLowerInvariant();

    /// <summary>The full path of its <c>kernel.json</c>.</summary>
    public string JsonFile => System.IO.Path.Combine(Path, FileName);

    /// <summary>What its <c>kernel.json</c> said when this object was made; null where there is none, or none that can be read.</summary>
    public KernelSpecification? Specification { get; }

    /// <summary>Whether something stands at that place, be it a kernel or not.</summary>
    public bool Exists => Directory.Exists(Path) || File.Exists(Path) || IsLink;

    /// <summary>Whether something stands there that this program did not write.</summary>
    public bool IsForeign => Exists && (IsLink || Specification is not { IsOurs: true });

    private bool IsLink => new DirectoryInfo(Path).LinkTarget is not null;

    /// <summary>The folder of the kernel <paramref name="name"/> below <paramref name="jupyterFolder"/>, be it there or not.</summary>
    public static KernelSpecificationFolder Find(string jupyterFolder, string name)
    {
        var kernels = System.IO.Path.Combine(jupyterFolder, "kernels");
        return new KernelSpecificationFolder(
            Entries(kernels).FirstOrDefault(entry => string.Equals(System.IO.Path.GetFileName(entry), name, StringComparison.OrdinalIgnoreCase)) ?? System.IO.Path.Combine(kernels, name));
    }

    /// <summary>All kernels below <paramref name="jupyterFolder"/>, by name; those whose <c>kernel.json</c> can't be read are among them.</summary>
    public static IReadOnlyList<KernelSpecificationFolder> FindAll(string jupyterFolder) =>
        Entries(System.IO.Path.Combine(jupyterFolder, "kernels"))
            .Where(entry => File.Exists(System.IO.Path.Combine(entry, FileName)))
            .Select(entry => new KernelSpecificationFolder(entry))
            .OrderBy(folder => folder.Name, StringComparer.Ordinal)
            .ToList();

    /// <summary>Writes the kernel; what else lies in an old folder of another program is removed.</summary>
    /// <param name="kernelJson">The text of <c>kernel.json</c>.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public void Write(string kernelJson)
    {
        if (File.Exists(Path) || IsLink)
        {
            throw new InstallationException($"{Path} is a link or a file, not a folder: remove it, or choose another --name.");
        }

        var kernels = System.IO.Path.GetDirectoryName(Path)!;
        RemoveAbandoned(kernels);
        if (Directory.Exists(Path))
        {
            var isForeign = IsForeign;
            Fill(Path, kernelJson);
            RemoveOthers(isForeign);
            return;
        }

        var workshop = MakeWorkshop(kernels);
        try
        {
            var made = workshop.CreateSubdirectory(Name).FullName;
            Fill(made, kernelJson);
            Directory.Move(made, Path);
        }
        finally
        {
            workshop.Delete(recursive: true);
        }
    }

    /// <summary>Finds out whether a kernel could be written here.</summary>
    /// <exception cref="IOException">It could not.</exception>
    /// <exception cref="UnauthorizedAccessException">It could not.</exception>
    public void RequireWritable() => MakeWorkshop(System.IO.Path.GetDirectoryName(Path)!).Delete();

    /// <summary>Removes the folder, <c>kernel.json</c> first: what a kill in the middle leaves behind is no kernel any more. Of a link, only the link.</summary>
    public void Remove()
    {
        if (IsLink)
        {
            Directory.Delete(Path);
            return;
        }

        File.Delete(JsonFile);
        Directory.Delete(Path, recursive: true);
    }

    private static string[] Entries(string kernels)
    {
        try
        {
            return Directory.GetFileSystemEntries(kernels);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It isn't there, or is not ours to read.
            return [];
        }
    }

    private static DirectoryInfo MakeWorkshop(string kernels) => Directory.CreateDirectory(System.IO.Path.Combine(kernels, WorkshopPrefix + Guid.NewGuid().ToString("N")));

    private static void Fill(string folder, string kernelJson)
    {
        foreach (var logo in KernelLogo.Names)
        {
            AtomicFile.WriteAllBytes(System.IO.Path.Combine(folder, logo), KernelLogo.Read(logo));
        }

        AtomicFile.WriteAllText(System.IO.Path.Combine(folder, FileName), kernelJson);
    }

    private static void RemoveAbandoned(string kernels)
    {
        var workshops = Entries(kernels).Where(entry => System.IO.Path.GetFileName(entry).StartsWith(WorkshopPrefix, StringComparison.Ordinal));
        foreach (var workshop in workshops.Where(folder => DateTime.UtcNow - Directory.GetLastWriteTimeUtc(folder) > LongestWrite))
        {
            Directory.Delete(workshop, recursive: true);
        }
    }

    /// <summary>Of another program's folder, everything; of our own, what a killed installation has left.</summary>
    private void RemoveOthers(bool isForeign)
    {
        foreach (var folder in isForeign ? Directory.GetDirectories(Path) : [])
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var file in Directory.GetFiles(Path))
        {
            var name = System.IO.Path.GetFileName(file);
            if (name != FileName && !KernelLogo.Names.Contains(name) && (isForeign || (name.StartsWith('.') && name.EndsWith(".tmp", StringComparison.Ordinal))))
            {
                File.Delete(file);
            }
        }
    }
}
