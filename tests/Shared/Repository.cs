namespace TransformerTutorial.Testing;

/// <summary>Where the repository lies that the running tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Folder { get; } = Find();

    /// <summary>The full path of a file or folder below it.</summary>
    public static string PathOf(params string[] names) => Path.Combine([Folder, .. names]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "TransformerTutorial.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"The tests must run inside the repository: there is no TransformerTutorial.slnx above {AppContext.BaseDirectory}.");
    }
}
