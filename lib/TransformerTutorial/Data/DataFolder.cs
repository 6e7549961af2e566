namespace TransformerTutorial.Data;

/// <summary>Finds the series' <c>data</c> folder, wherever a chapter or a test runs from.</summary>
/// <remarks>It looks upwards from the current directory (a chapter's own folder), then from the library's file. It only reads.</remarks>
public static class DataFolder
{
    /// <summary>The full path of a file or folder in <c>data</c>.</summary>
    /// <param name="names">The path below <c>data</c>, for example <c>"english", "held-out.txt"</c>.</param>
    /// <exception cref="DirectoryNotFoundException">No <c>data</c> folder was found; the message says where it was looked for.</exception>
    public static string PathOf(params string[] names)
    {
        string[] starts = [Directory.GetCurrentDirectory(), AppContext.BaseDirectory, Path.GetDirectoryName(typeof(DataFolder).Assembly.Location) ?? "."];
        foreach (var start in starts)
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var data = Path.Combine(folder.FullName, "data");
                if (File.Exists(Path.Combine(data, "claims.json")))
                {
                    return Path.Combine([data, .. names]);
                }
            }
        }

        throw new DirectoryNotFoundException($"No folder 'data' with a file 'claims.json' in or above {string.Join(", ", starts.Distinct())}.");
    }
}
