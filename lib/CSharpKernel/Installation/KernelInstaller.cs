namespace CSharpKernel.Installation;

/// <summary>Where a kernel is installed.</summary>
/// <param name="JupyterFolder">The folder of Jupyter's with the subfolder <c>kernels</c>.</param>
/// <param name="DataFolder">The folder for programs' own data in which the published kernels go.</param>
internal sealed record InstallationPlace(string JupyterFolder, string DataFolder)
{
    /// <summary>Where the published copies are.</summary>
    public string VersionsFolder => Path.Combine(DataFolder, "csharp-kernel", "versions");

    /// <summary>For the user who runs this program.</summary>
    public static InstallationPlace ForUser(JupyterFolders folders) => new(Path.GetFullPath(folders.User), Path.GetFullPath(folders.UserData));

    /// <summary>For all users.</summary>
    public static InstallationPlace ForSystem(JupyterFolders folders) => new(folders.System, folders.SystemData);

    /// <summary>In a prefix, such as a Python environment.</summary>
    public static InstallationPlace InPrefix(string prefix) => new(JupyterFolders.Prefix(prefix), Path.Combine(Path.GetFullPath(prefix), "share"));
}

/// <summary>What to install.</summary>
/// <param name="Name">The kernel's name; null for the one that the chapters ask for, where it is free.</param>
/// <param name="DisplayName">What people see; null for the usual.</param>
/// <param name="IsForced">Whether a kernel of another program may be overwritten.</param>
internal sealed record InstallationRequest(string? Name, string? DisplayName, bool IsForced);

/// <summary>What was installed.</summary>
/// <param name="Folder">The kernel's folder.</param>
/// <param name="Name">Its name.</param>
/// <param name="DisplayName">What people see.</param>
/// <param name="ProgramFolder">Where the program was published to.</param>
/// <param name="Manner">How: <c>compiled ahead of time</c>.</param>
/// <param name="Taken">The folder of another program's kernel that has the usual name, where that is why ours has another.</param>
internal sealed record Installation(string Folder, string Name, string DisplayName, string ProgramFolder, string Manner, string? Taken);

/// <summary>Installs the kernel so that Jupyter and VS Code find it, and removes it. What another program wrote is left alone unless one is told otherwise.</summary>
/// <param name="folders">Where kernels are looked for.</param>
internal sealed class KernelInstaller(JupyterFolders folders)
{
    /// <summary>The name in the chapters' metadata, which is .NET Interactive's.</summary>
    public const string UsualName = ".net-csharp";

    /// <summary>The name beside a kernel of another program that has the usual one.</summary>
    public const string PrivateName = "transformer-tutorial-csharp";

    private const string UsualDisplayName = ".NET (C#)";
    private const string PrivateDisplayName = ".NET (C#), Transformer tutorial";

    /// <summary>Publishes the program into a folder of its own, then writes the kernel's folder.</summary>
    /// <param name="place">Where.</param>
    /// <param name="request">What.</param>
    /// <param name="publish">Puts the program into a folder and says how.</param>
    /// <exception cref="InstallationException">It cannot be done; everything is as it was.</exception>
    /// <exception cref="IOException">Something could not be written; everything is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">Something could not be written; everything is as it was.</exception>
    public async Task<Installation> InstallAsync(InstallationPlace place, InstallationRequest request, Func<string, Task<string>> publish)
    {
        var taken = request is { Name: null, IsForced: false } ? FindTaken(place) : null;
        var name = CheckedName(request.Name ?? (taken is null ? UsualName : PrivateName));
        FindTarget(place, name, request.IsForced).RequireWritable();

        string manner;
        KernelSpecificationFolder target;
        var displayName = request.DisplayName ?? (taken is null ? UsualDisplayName : PrivateDisplayName);
        using var published = PublishedKernel.Create(place.VersionsFolder);
        try
        {
            manner = await publish(published.Folder).ConfigureAwait(false);
            target = FindTarget(place, name, request.IsForced);
            published.BelongTo(target.JsonFile);
            target.Write(KernelSpecification.Write(displayName, KernelPublisher.DotnetHost, KernelPublisher.ProgramIn(published.Folder), PublishedKernel.Version));
        }
        catch
        {
            published.Dispose();
            PublishedKernel.RemoveUnused(place.VersionsFolder);
            throw;
        }

        PublishedKernel.RemoveUnused(place.VersionsFolder);
        return new Installation(target.Path, name, displayName, published.Folder, manner, taken?.Path);
    }

    /// <summary>Removes a kernel, and the published program that nobody uses any more.</summary>
    /// <param name="place">Where.</param>
    /// <param name="name">Its name; null for whichever of the two usual ones is there.</param>
    /// <param name="isForced">Whether it may be another program's.</param>
    /// <returns>The folder that was removed.</returns>
    /// <exception cref="InstallationException">There is none, or it is another program's.</exception>
    public static string Uninstall(InstallationPlace place, string? name, bool isForced)
    {
        var candidates = (name is null ? new[] { UsualName, PrivateName } : [CheckedName(name)]).Select(candidate => KernelSpecificationFolder.Find(place.JupyterFolder, candidate)).ToList();
        var present = candidates.Where(candidate => candidate.Exists).ToList();
        if (present.Count == 0)
        {
            throw new InstallationException($"There is no kernel {string.Join(" or ", candidates.Select(candidate => candidate.Name))} in {Path.Combine(place.JupyterFolder, "kernels")}; `list` shows those that there are.");
        }

        // Without a name, another program's kernel is not what was meant as long as there is one of ours.
        var target = present.FirstOrDefault(candidate => !candidate.IsForeign) ?? present[0];
        if (target.IsForeign && !(isForced && name is not null))
        {
            throw new InstallationException($"{target.Path} was not written by this program: --name {target.Name} --force removes it all the same.");
        }

        target.Remove();
        PublishedKernel.RemoveUnused(place.VersionsFolder);
        return target.Path;
    }

    /// <summary>All kernels that Jupyter finds, those that hide others of their name first.</summary>
    /// <param name="furtherFolders">More of Jupyter's folders to look into.</param>
    public IEnumerable<KernelSpecificationFolder> FindAll(IEnumerable<string> furtherFolders) =>
        folders.SearchPath().Concat(furtherFolders).Distinct(StringComparer.Ordinal).SelectMany(KernelSpecificationFolder.FindAll);

    private static KernelSpecificationFolder FindTarget(InstallationPlace place, string name, bool isForced)
    {
        var target = KernelSpecificationFolder.Find(place.JupyterFolder, name);
        return !target.IsForeign || isForced
            ? target
            : throw new InstallationException($"{target.Path} was not written by this program: --force overwrites it, --name installs beside it.");
    }

    private static string CheckedName(string name)
    {
        if (!KernelSpecification.IsValidName(name))
        {
            throw new InstallationException($"'{name}' cannot be a kernel's name: Jupyter takes ASCII letters, digits, '-', '.' and '_'.");
        }

        return name.ToLowerInvariant();
    }

    /// <summary>The kernel of the usual name that another program wrote, in the place itself or anywhere else where Jupyter looks.</summary>
    private KernelSpecificationFolder? FindTaken(InstallationPlace place) =>
        folders.SearchPath().Prepend(place.JupyterFolder).Select(folder => KernelSpecificationFolder.Find(folder, UsualName)).FirstOrDefault(folder => folder.IsForeign);
}
