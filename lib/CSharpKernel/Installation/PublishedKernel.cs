using System.Globalization;
using System.Reflection;

namespace CSharpKernel.Installation;

/// <summary>
/// One published copy of the kernel, in a folder that is never written again: rebuilding or deleting the repository does not disturb a kernel that runs from it, nor does the next installation, which makes
/// a folder of its own. Says which copies nobody needs any more; knows nothing of what is in them.
/// </summary>
/// <remarks>
/// Beside the folder lies a file that everybody who uses it holds open; it is made first and removed last. In the folder, one more file has the path of the <c>kernel.json</c> that names it.
/// </remarks>
internal sealed class PublishedKernel : IDisposable
{
    private const string LockExtension = ".in-use";
    private const string OwnerName = ".kernelspec";

    private static FileStream? _held;

    private readonly FileStream _use;

    private PublishedKernel(string folder)
    {
        Folder = folder;
        _use = new FileStream(folder + LockExtension, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite);
        Directory.CreateDirectory(folder);
    }

    /// <summary>The version that this program is.</summary>
    public static string Version => typeof(PublishedKernel).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Makes a new folder, empty and in use until this object is disposed.</summary>
    /// <param name="versionsFolder">Where the published copies are.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be written.</exception>
    public static PublishedKernel Create(string versionsFolder)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Version}-{DateTime.UtcNow:yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..6]}");
        return new PublishedKernel(Path.Combine(Directory.CreateDirectory(versionsFolder).FullName, name));
    }

    /// <summary>Keeps the folder that this process runs from, if it is a published one, until the process ends.</summary>
    public static void HoldOwn()
    {
        try
        {
            _held = new FileStream(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory) + LockExtension, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Not a published one, such as a build's own output: nobody removes it.
        }
    }

    /// <summary>Removes every copy that no <c>kernel.json</c> names and no process uses: what other installations have replaced, and what a killed one has left.</summary>
    public static void RemoveUnused(string versionsFolder)
    {
        if (!Directory.Exists(versionsFolder))
        {
            return;
        }

        foreach (var lockFile in Directory.GetFiles(versionsFolder, "*" + LockExtension))
        {
            var folder = lockFile[..^LockExtension.Length];
            if (IsNamed(folder))
            {
                continue;
            }

            try
            {
                // Nobody else has it open, or this fails.
                using (new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                {
                    if (Directory.Exists(folder))
                    {
                        Directory.Delete(folder, recursive: true);
                    }
                }

                File.Delete(lockFile);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is in use, or another user's; the next installation tries again.
            }
        }
    }

    /// <summary>Writes down which <c>kernel.json</c> names this folder: as long as it does, the folder stays.</summary>
    public void BelongTo(string kernelJsonFile) => File.WriteAllText(Path.Combine(Folder, OwnerName), kernelJsonFile);

    /// <summary>The folder is not in use by this object any more.</summary>
    public void Dispose() => _use.Dispose();

    /// <summary>Whether a <c>kernel.json</c> starts what is in the folder. Folders are told apart by their names: their paths may be written in several ways.</summary>
    private static bool IsNamed(string folder)
    {
        try
        {
            return KernelSpecification.TryRead(File.ReadAllText(Path.Combine(folder, OwnerName)))?.Arguments.Any(argument => Path.GetFileName(Path.GetDirectoryName(argument)) == Path.GetFileName(folder)) == true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
