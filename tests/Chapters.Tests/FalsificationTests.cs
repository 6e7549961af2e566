namespace Chapters.Tests;

/// <summary>Every check of a claim can fail: its experiment is broken, and it throws.</summary>
public class FalsificationTests
{
    public static TheoryData<string, string, string> All
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var name in Chapter.Names)
            {
                foreach (var falsification in Chapter.Named(name).Plan.Falsified)
                {
                    data.Add(name, falsification.Claim, falsification.Why);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Chapter.All), MemberType = typeof(Chapter))]
    public void Every_claim_of_the_chapter_is_falsified_somehow(string name)
    {
        var chapter = Chapter.Named(name);

        Assert.Equal(chapter.Claims.Select(entry => entry.Id).Order(), chapter.Plan.Falsified.Select(falsification => falsification.Claim).Distinct().Order());
        Assert.All(chapter.Plan.Falsified, falsification =>
            Assert.NotEqual(falsification.Cell, chapter.Claims.Single(entry => entry.Id == falsification.Claim).Cell));  // the experiment is broken, not the check
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_broken_experiment_fails_the_claim_s_check(string name, string claim, string why)
    {
        var chapter = Chapter.Named(name);
        var falsification = chapter.Plan.Falsified.Single(candidate => candidate.Claim == claim && candidate.Why == why);
        var source = chapter.Cell(falsification.Cell).Source;
        Assert.Equal(2, source.Split(falsification.Find).Length);                            // it occurs exactly once

        var replay = await Replay.OfAsync(name);
        var check = chapter.Claims.Single(entry => entry.Id == claim).Cell!;
        var outputs = await replay.FromAsync(falsification.Cell, source.Replace(falsification.Find, falsification.Put, StringComparison.Ordinal), check);

        var error = Replay.Error(outputs);
        Assert.True(error is not null, $"The check of claim {claim} passed although {why}.");
        Assert.EndsWith("CheckFailedException", error.Name, StringComparison.Ordinal);
        Assert.Contains($"Claim {claim} ", error.Message, StringComparison.Ordinal);
    }
}
