namespace CSharpKernel.Tests.Language;

/// <summary>A test that needs the framework's documentation, which lies in an SDK; a runtime alone has none.</summary>
public sealed class FrameworkDocumentationFactAttribute : FactAttribute
{
    public FrameworkDocumentationFactAttribute()
    {
        if (FolderOf("Microsoft.NETCore.App.Ref") is null)
        {
            Skip = "There are no reference packs beside this runtime.";
        }
    }

    internal static string? FolderOf(string pack)
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "packs", pack));
        return Directory.Exists(root) ? Directory.EnumerateDirectories(root, $"net{Environment.Version.Major}.{Environment.Version.Minor}", SearchOption.AllDirectories).FirstOrDefault() : null;
    }
}
