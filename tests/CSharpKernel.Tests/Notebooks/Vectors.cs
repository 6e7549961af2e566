using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CSharpKernel.Tests.Notebooks;

/// <summary>The notebooks that Jupyter's own nbformat wrote, from <c>tests/oracles/nbformat</c>.</summary>
public static class Vectors
{
    public static TheoryData<string, string, string> All()
    {
        var data = new TheoryData<string, string, string>();
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), "vectors.json")));
        foreach (var vector in document.RootElement.GetProperty("vectors").EnumerateArray())
        {
            data.Add(vector.GetProperty("name").GetString()!, vector.GetProperty("input").GetString()!, vector.GetProperty("canonical").GetString()!);
        }

        return data;
    }

    private static string Folder([CallerFilePath] string file = "") =>
        Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "oracles", "nbformat");
}
