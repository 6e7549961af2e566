using System.Text.Json;
using CSharpKernel.Running;

namespace Chapters.Tests;

/// <summary>Every chapter runs, and gives the outputs that are committed with it.</summary>
public class ExecutionTests
{
    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public async Task Every_cell_runs(string name)
    {
        var result = await Chapter.Named(name).RunAsync();

        Assert.True(result.Succeeded, result.Failure?.ToString());
    }

#if !TUTORIAL_STACK_NUGET
    // The same bits everywhere are the managed engine's. On the packages a chapter rounds as they do, differently from one machine to another: there, its claims have to hold.
    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public async Task The_outputs_are_those_that_are_committed(string name)
    {
        var result = await Chapter.Named(name).RunAsync();

        Assert.Equal([], NotebookComparison.Compare(result.Original!, result.Executed!).Select(difference => difference.ToString()));
    }
#endif

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public async Task Every_claim_of_the_chapter_is_checked_by_the_cell_that_the_catalogue_names(string name)
    {
        var chapter = Chapter.Named(name);
        var executed = (await chapter.RunAsync()).Executed!;

        var shown = executed.CodeCells
            .SelectMany(cell => cell.Outputs.Select(output => (cell.Id, Claim: output.Data[NotebookRunner.ClaimMimeType])))
            .Where(output => output.Claim is not null)
            .Select(output => (output.Id, Claim: JsonSerializer.Deserialize<JsonElement>(output.Claim!.ToJsonString())))
            .ToList();

        Assert.NotEmpty(chapter.Claims);
        Assert.Equal(
            chapter.Claims.Select(entry => $"{entry.Id} ({entry.Verdict}) in {entry.Cell}").Order(),
            shown.Select(output => $"{output.Claim.GetProperty("id")} ({output.Claim.GetProperty("verdict")}) in {output.Id}").Order());
        Assert.All(shown, output => Assert.All(output.Claim.GetProperty("facts").EnumerateArray(), fact => Assert.True(fact.GetProperty("holds").GetBoolean())));
        Assert.All(shown, output => Assert.True(output.Claim.GetProperty("facts").GetArrayLength() > 0));
    }

    [Fact]
    public void A_claim_of_a_chapter_that_is_not_written_names_no_cell() =>
        Assert.All(CatalogueEntry.All, entry => Assert.Equal(File.Exists(Path.Combine(Chapter.Root, "notebooks", entry.Chapter + ".ipynb")), entry.Cell is not null));

    [Fact]
    public void The_catalogue_has_every_claim_once()
    {
        Assert.Equal(117, CatalogueEntry.All.Count);
        Assert.Equal(117, CatalogueEntry.All.Select(entry => entry.Id).Distinct().Count());
    }
}
