using TransformerTutorial.Tests.Embeddings;
using TransformerTutorial.Training;

namespace TransformerTutorial.Tests.Training;

public class LearningRateTests
{
    [Fact]
    public void Noam_is_PyTorchs_schedule_with_the_papers_formula()
    {
        foreach (var row in TrainingNumbers.Cases("noam"))
        {
            var rate = LearningRate.Noam(row.Int("width"), row.Int("warmUp"), row.Number("factor"));
            var expected = row.Numbers("rates");
            for (var step = 1; step <= expected.Length; step++)
            {
                Assert.Equal(expected[step - 1], rate.At(step), 1e-13 * expected[step - 1]);
            }
        }
    }

    [Fact]
    public void Noam_of_the_paper_is_highest_at_step_4000()
    {
        var rate = LearningRate.Noam(512, 4_000);
        Assert.Equal(1 / (Math.Sqrt(512) * Math.Sqrt(4_000)), rate.At(4_000), 1e-15);
        Assert.True(rate.At(3_999) < rate.At(4_000) && rate.At(4_001) < rate.At(4_000));
        Assert.Equal("Noam, width 512, warm-up 4000, factor 1", rate.ToString());
    }

    [Fact]
    public void Noam_without_warm_up_falls_from_the_first_step() => Assert.Equal([1 / 8.0, 1 / 8.0 / Math.Sqrt(2)], new[] { 1L, 2 }.Select(LearningRate.Noam(64, 0).At));

    [Fact]
    public void Cosine_is_PyTorchs_CosineAnnealingLR_behind_a_line()
    {
        foreach (var row in TrainingNumbers.Cases("cosine"))
        {
            var (highest, lowest, steps) = (row.Number("highest"), row.Number("lowest"), row.Int("steps"));
            var expected = row.Numbers("rates");
            foreach (var warmUp in new[] { 0, 10 })
            {
                var rate = LearningRate.Cosine(highest, warmUp, steps + warmUp, lowest);
                for (var step = 1; step <= warmUp; step++)
                {
                    Assert.Equal(highest * step / warmUp, rate.At(step), 1e-15);
                }

                for (var step = 1; step < steps; step++)
                {
                    Assert.Equal(expected[step], rate.At(step + warmUp), 1e-12 * highest);
                }

                Assert.Equal(lowest, rate.At(steps + warmUp), 1e-15);
                Assert.Equal(lowest, rate.At(steps + warmUp + 100), 1e-15);
            }
        }
    }

    [Fact]
    public void A_constant_rate_may_be_warmed_up()
    {
        Assert.Equal([0.5, 0.5], new[] { 1L, 1_000 }.Select(LearningRate.Constant(0.5).At));
        Assert.Equal([0.125, 0.25, 0.375, 0.5, 0.5], new[] { 1L, 2, 3, 4, 5 }.Select(LearningRate.Constant(0.5, 4).At));
    }

    [Fact]
    public void What_is_no_schedule_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRate.Noam(0, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRate.Noam(8, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRate.Noam(8, 10, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRate.Constant(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRate.Constant(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRate.Cosine(0.1, 10, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRate.Cosine(0.1, 0, 10, 0.2));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRate.Constant(1).At(0));
    }
}
