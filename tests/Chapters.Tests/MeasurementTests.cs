using System.Text.Json;

namespace Chapters.Tests;

/// <summary>A file of measurements that a chapter shows says what the chapter has measured itself, where it has.</summary>
public class MeasurementTests
{
    [Fact]
    public void The_first_of_the_trainings_with_five_seeds_is_chapter_12_s_own()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(Chapter.Root, "data", "measurements", "translation-seeds.json")));
        var runs = file.RootElement.GetProperty("runs").EnumerateArray().ToArray();
        Assert.Equal([1, 2, 3, 4, 5], runs.Select(run => run.GetProperty("seed").GetInt32()));

        var first = runs[0];
        Assert.StartsWith($"{first.GetProperty("greeting").GetString()} ", Shown("ch12-steps-run"), StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($"validation loss {first.GetProperty("validationLoss").GetDouble():F3} "), Shown("ch12-train-run"), StringComparison.Ordinal);
        Assert.Contains(FormattableString.Invariant($": {first.GetProperty("surerOfRight").GetDouble():0.####} ("), Shown("ch12-errors-sure"), StringComparison.Ordinal);
        foreach (var (set, name) in new[] { ("combinations", "new combinations"), ("structures", "new structures") })
        {
            var (bleu, exact) = (first.GetProperty(set).GetProperty("bleu").GetDouble(), first.GetProperty(set).GetProperty("exact").GetDouble());
            Assert.Matches(FormattableString.Invariant($@"(?m)^{name} +BLEU +{bleu:F1} +exactly right +{exact:F1} %$"), Shown("ch12-test-run"));
        }

        var byStructure = first.GetProperty("exactByStructure").EnumerateObject().ToArray();
        Assert.Equal(10, byStructure.Length);
        Assert.All(byStructure, structure => Assert.Contains(FormattableString.Invariant($"{structure.Name} {structure.Value.GetDouble():F1} %"), Shown("ch12-errors-run"), StringComparison.Ordinal));
    }

    // What a cell of chapter 12 has written, as text.
    private static string Shown(string cell) =>
        string.Concat(Chapter.Named("12-translation").Cell(cell).Outputs.Select(output => output.Text ?? output.Data["text/plain"]!.GetValue<string>()));
}
