using System.Globalization;
using System.Text.Json;

namespace Chapters.Tests;

/// <summary>Numbers of other programs that are written into a chapter's cell are those of the oracles.</summary>
public class OracleNumberTests
{
    [Fact]
    public void Chapter_9_s_causal_mask_is_PyTorch_s()
    {
        var source = Chapter.Named("09-masks").Cell("ch09-triangle-run").Source;
        var list = source[source.IndexOf("float[] stored", StringComparison.Ordinal)..].Split("\n[\n")[1].Split("\n];")[0];
        var written = list.Split([',', ' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(number => number == "No" ? "-inf" : double.Parse(number, CultureInfo.InvariantCulture).ToString("F1", CultureInfo.InvariantCulture));

        using var vectors = JsonDocument.Parse(File.ReadAllText(Path.Combine(Chapter.Root, "tests", "oracles", "pytorch", "attention", "vectors.json")));
        var rows = vectors.RootElement.GetProperty("generateSquareSubsequentMask").EnumerateArray();
        Assert.Equal(rows.SelectMany(row => row.EnumerateArray().Select(value => value.ToString())), written);
        Assert.Contains("const float No = float.NegativeInfinity;", source, StringComparison.Ordinal);
    }
}
