using FsCheck.Fluent;
using TransformerTutorial.Models;
using TransformerTutorial.Testing;
using TransformerTutorial.Training;

namespace TransformerTutorial.Tests.Training;

public class TranslationBatchesTests
{
    [Fact]
    public void The_decoder_reads_what_it_is_to_write_one_place_later()
    {
        using var batch = TranslationBatch.Of([new([5, 6, 7], [8]), new([9], [10, 11])]);
        Assert.Equal([5L, 6, 7, 2, 9, 2, 0, 0], TrainingNumbers.Ids(batch.Source));
        Assert.Equal([1L, 8, 0, 1, 10, 11], TrainingNumbers.Ids(batch.Target));
        Assert.Equal([8L, 2, 0, 10, 11, 2], TrainingNumbers.Ids(batch.Expected));
        Assert.Equal([2L, 4], batch.Source.shape);
        Assert.Equal([2L, 3], batch.Target.shape);
        Assert.Equal(5, batch.TargetTokens);
        Assert.Equal([4, 2], batch.SourceLengths);
    }

    [Fact]
    public void Other_special_ids_are_used_where_they_are_given()
    {
        using var batch = TranslationBatch.Of([new([5], [0]), new([5, 6], [1, 2])], new SpecialIds { Padding = 9, Begin = 8, End = 7 });
        Assert.Equal([5L, 7, 9, 5, 6, 7], TrainingNumbers.Ids(batch.Source));
        Assert.Equal([8L, 0, 9, 8, 1, 2], TrainingNumbers.Ids(batch.Target));
        Assert.Equal([0L, 7, 9, 1, 2, 7], TrainingNumbers.Ids(batch.Expected));
    }

    [Fact]
    public void Every_pass_has_every_pair_once_and_no_batch_is_too_large() => PropertyCheck.ForAll(
        from count in Gen.Choose(1, 200)
        from tokens in Gen.Choose(10, 120)
        from seed in Gen.Choose(0, 1_000)
        select (count, tokens, seed),
        drawn =>
        {
            var pairs = TrainingNumbers.Backwards(drawn.count, drawn.seed, longest: 9);
            var batches = new TranslationBatches(pairs, drawn.tokens, drawn.seed);
            foreach (var epoch in new[] { 0, 1, 7 })
            {
                var plan = batches.Plan(epoch);
                Assert.Equal(Enumerable.Range(0, drawn.count), plan.SelectMany(batch => batch).Order());
                foreach (var places in plan)
                {
                    using var batch = batches.MakeBatch(places);
                    Assert.True(places.Count == 1 || batch.Source.numel() + batch.Target.numel() <= drawn.tokens);
                    Assert.Equal(places.Sum(place => pairs[place].Target.Count + 1L), batch.TargetTokens);
                }
            }
        },
        cases: 40);

    [Fact]
    public void Passes_differ_seeds_differ_and_the_same_seed_gives_the_same_batches()
    {
        var pairs = TrainingNumbers.Backwards(300, 1);
        var batches = new TranslationBatches(pairs, 200, seed: 5);
        Assert.Equal(Text(batches, 3), Text(new TranslationBatches(pairs, 200, seed: 5), 3));
        Assert.Equal(6, new[] { Text(batches, 0), Text(batches, 1), Text(batches, 2), Text(new(pairs, 200, seed: 6), 0), Text(new(pairs, 200, seed: 6), 1), Text(new(pairs, 200, seed: -5), 0) }.Distinct().Count());

        static string Text(TranslationBatches batches, int epoch) => string.Join(" | ", batches.Plan(epoch).Select(batch => string.Join(",", batch)));
    }

    [Fact]
    public void Batches_by_length_have_little_padding_and_not_the_same_company_every_time()
    {
        var pairs = TrainingNumbers.Backwards(2_000, 2, longest: 12);
        var batches = new TranslationBatches(pairs, 400, seed: 1);
        var shuffled = TestSeed.Random().GetItems(pairs.ToArray(), pairs.Count).Chunk(20).Select(part => (Room: 2 * 20 * (part.Max(pair => pair.Source.Count) + 1), Words: part.Sum(pair => 2 * (pair.Source.Count + 1)))).ToArray();
        Assert.InRange(batches.PaddingShare(), 0, 0.03);
        Assert.True(1 - ((double)shuffled.Sum(batch => batch.Words) / shuffled.Sum(batch => batch.Room)) > 0.3);

        var first = batches.Plan(0).First(batch => batch.Contains(0));
        var second = batches.Plan(1).First(batch => batch.Contains(0));
        Assert.InRange(first.Intersect(second).Count(), 1, first.Count / 2);
    }

    [Fact]
    public void Pairs_that_cannot_be_trained_on_are_refused_by_their_number()
    {
        EncodedPair good = new([5], [6]);
        Assert.Equal("There are no sentence pairs. (Parameter 'pairs')", Message([]));
        Assert.Equal("The source of pair 1 is empty. (Parameter 'pairs')", Message([good, new([], [6])]));
        Assert.Equal("The target of pair 0 is empty. (Parameter 'pairs')", Message([new([5], [])]));
        Assert.Equal("The target of pair 1 holds -4 at place 1; ids begin with 0. (Parameter 'pairs')", Message([good, new([5], [6, -4])]));
        Assert.Equal("The source of pair 1 holds 2 at place 0, the id for end; pairs are words only. (Parameter 'pairs')", Message([good, new([2], [6])]));
        Assert.Contains("10, 1 and 1", Assert.Throws<ArgumentException>(() => new TranslationBatches([good], 10, special: new() { Padding = 10, Begin = 1, End = 1 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TranslationBatches([good], 0));

        static string Message(IReadOnlyList<EncodedPair> pairs) => Assert.Throws<ArgumentException>(() => new TranslationBatches(pairs, 100)).Message;
    }

    [Fact]
    public void Pairs_that_a_model_cannot_read_are_refused_by_their_number()
    {
        var batches = new TranslationBatches([new([5, 6], [7]), new([8], [9, 10, 11])], 100);
        batches.RequireFits(9, 12, 4);
        Assert.Equal("The source of pair 1 holds 8 at place 0; the model knows the ids 0 to 7. (Parameter 'batches')", Assert.Throws<ArgumentException>(() => batches.RequireFits(8, 12)).Message);
        Assert.Equal("The target of pair 1 holds 11 at place 2; the model knows the ids 0 to 10. (Parameter 'batches')", Assert.Throws<ArgumentException>(() => batches.RequireFits(9, 11)).Message);
        Assert.Equal("The target of pair 1 has 3 words, 4 with its begin or end; the model takes 3. (Parameter 'batches')", Assert.Throws<ArgumentException>(() => batches.RequireFits(9, 12, 3)).Message);
    }
}
