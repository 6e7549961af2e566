using System.Text.Json;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Tests.Running;

/// <summary>Makes notebooks for tests: a cell for each pair of id and source, tags behind the id: <c>("a timing", "1 + 1")</c>.</summary>
internal static class TestNotebook
{
    public static Notebook Parse(params (string IdAndTags, string Source)[] cells) => Notebook.Parse(Text(cells), "test");

    public static string Write(TemporaryFolder folder, string name, params (string IdAndTags, string Source)[] cells)
    {
        var path = folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Parse(cells).Write(path);
        return path;
    }

    private static string Text((string IdAndTags, string Source)[] cells) => JsonSerializer.Serialize(new
    {
        nbformat = 4,
        nbformat_minor = 5,
        metadata = new { own = "kept" },
        cells = cells.Select(cell => new
        {
            id = cell.IdAndTags.Split(' ')[0],
            cell_type = "code",
            source = cell.Source,
            metadata = new { tags = cell.IdAndTags.Split(' ')[1..] },
            outputs = Array.Empty<string>(),
            execution_count = (int?)null,
        }),
    });
}
