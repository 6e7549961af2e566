using System.Globalization;

namespace CSharpKernel.Running;

/// <summary>A folder for the copies of the assemblies that a worker loads, so that a build can overwrite the originals meanwhile.</summary>
/// <remarks>Its name holds the process that made it; what a killed runner left behind is removed by the next one.</remarks>
internal sealed class ShadowFolder : IDisposable
{
    // One for each user: another user's, in a /tmp that all share, could not be written to.
    private static readonly string Root = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"csharp-kernel-shadow-copies-{Environment.UserName}");

    public ShadowFolder()
    {
        RemoveAbandoned();
        Path = System.IO.Path.Combine(Root, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid():N}"));
        Directory.CreateDirectory(Path);
    }

    /// <summary>The folder; empty at first.</summary>
    public string Path { get; }

    public void Dispose() => TryDelete(Path);

    private static void RemoveAbandoned()
    {
        if (!Directory.Exists(Root))
        {
            return;
        }

        foreach (var folder in Directory.GetDirectories(Root))
        {
            var owner = System.IO.Path.GetFileName(folder).Split('-')[0];
            if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var processId) && !OtherProcess.IsRunning(processId))
            {
                TryDelete(folder);
            }
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A file is still in use (Windows); the next runner tries again.
        }
    }
}
