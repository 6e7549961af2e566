using System.Text.Json;

namespace TransformerTutorial.Tests.Tokenization;

/// <summary>The texts and what Hugging Face's library made of them, in <c>tests/oracles</c> (its README says how they are laid out).</summary>
internal static class HuggingFaceVectors
{
    private static readonly Lazy<string> Folder = new(() =>
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "TransformerTutorial.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests don't run inside the repository.");
        }

        return Path.Combine(folder.FullName, "tests", "oracles");
    });

    /// <summary>The first 1,088 texts: all written ones and the first 500 random ones.</summary>
    public static IReadOnlyList<string> Texts { get; } = ReadTexts();

    /// <summary>One vector or model file.</summary>
    public static JsonElement Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder.Value, "huggingface", path)));
        return document.RootElement.Clone();
    }

    private static List<string> ReadTexts()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder.Value, "texts", "texts.json")));
        return [.. Strings("written"), .. Strings("random").Take(500)];

        IEnumerable<string> Strings(string name) => document.RootElement.GetProperty(name).EnumerateArray().Select(text => text.GetString()!).ToList();
    }
}
