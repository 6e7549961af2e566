using TransformerTutorial.Decoding;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Decoding;

/// <summary>Greedy decoding and beam search with models whose every logit is known, against loops over all sentences that could be written.</summary>
public class DecodeTests
{
    /// <summary>How far apart two log probabilities of the same word may be. TorchSharp's own sums depend on how many rows there are.</summary>
#if TUTORIAL_STACK_NUGET
    internal const double Rounding = 1e-4;
#else
    internal const double Rounding = 0;
#endif

    private const int End = 2;

    [Fact]
    public void Greedy_takes_the_likeliest_word_until_the_end_or_its_limit()
    {
        var model = new TableModel(6, (source, written) => Prefer(6, written.Count < source ? 3 + (written.Count % 3) : End));
        var batch = Decode.Greedy(model, Sources([1, 5, 3]), new() { MaximumLength = 4, TopCandidates = 2 });
        Assert.Equal(3, batch.Count);
        Assert.Equal([[], [4, 5, 3, 4], [4, 5]], batch.Best.Select(answer => answer.Ids));
        Assert.Equal([true, false, true], batch.Best.Select(answer => answer.IsFinished));
        Assert.Equal((1, 4, 3 + 2 + 2 + 1L), (batch.EncoderCalls, batch.DecoderSteps, batch.DecoderPositions));
        Assert.Equal([3, 2, 2, 1], model.Rows);
        var steps = batch[2].Steps;
        Assert.Equal([4, 5, End], steps.Select(step => step.Written.Id));
        Assert.All(steps, step => Assert.Equal(step.Written, step.Candidates[0]));
        Assert.All(steps, step => Assert.Equal(2, step.Candidates.Count));
        var likeliest = Math.Exp(4) / (Math.Exp(4) + 5);
        Assert.All(steps, step => Assert.Equal(likeliest, step.Written.Probability, 6));
        Assert.Equal(3 * Math.Log(likeliest), batch[2].LogProbability, 6);
        Assert.Equal(batch[2].LogProbability, batch[2].Score);
        Assert.Equal("4: 91.6%", steps[0].Written.ToString());
        Assert.Equal(0, model.Open);
    }

    [Fact]
    public void Begin_and_padding_are_never_written_and_equals_go_to_the_smaller_id()
    {
        var batch = Decode.Greedy(new TableModel(6, (_, written) => [9, 9, written.Count > 2 ? 5 : 0, 4, 4, 4]), Sources([1]));
        Assert.Equal([3, 3], batch[0].Ids);
        Assert.Equal([3, 4, 5, 2], batch[0].Steps[0].Candidates.Select(candidate => candidate.Id));
        Assert.Equal([3, 3], Decode.Beam(new TableModel(6, (_, written) => [9, 9, written.Count > 2 ? 5 : 0, 4, 4, 4]), Sources([1]), new() { Width = 3 })[0].Ids);
    }

    [Fact]
    public void Without_a_limit_of_its_own_an_answer_has_room_for_fifty_ids_more_than_the_source()
    {
        var endless = new TableModel(5, (_, _) => [0, 0, float.NegativeInfinity, 0, 4]);
        using var source = tensor(new long[,] { { 3, 3, 3, 2 }, { 3, 2, 0, 0 } });
        Assert.Equal([54, 52], Decode.Greedy(endless, source).Best.Select(answer => answer.Ids.Count));
        Assert.Equal([54, 52], Decode.Beam(endless, source).Best.Select(answer => answer.Ids.Count));
        var narrow = new TableModel(5, (_, _) => Prefer(5, 4)) { MaximumLength = 7 };
        Assert.All(Decode.Greedy(narrow, source, new() { MaximumLength = 9 }).Best, answer => Assert.Equal((7, false), (answer.Ids.Count, answer.IsFinished)));
    }

    [Fact]
    public void A_beam_of_width_one_is_greedy_decoding() => TestSeed.ForEachCase(60, (_, random) =>
    {
        var model = TableModel.Random(random.Next(4, 9), random.Next());
        var source = Sources([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Next(1, 9))]);
        var greedy = Decode.Greedy(model, source, new() { MaximumLength = 8 });
        var beam = Decode.Beam(model, source, new() { Width = 1, MaximumLength = 8, LengthPenalty = random.NextDouble() });
        AssertSame(greedy.Best, beam.Best, comparesScores: false);
        Assert.Equal(greedy.DecoderSteps, beam.DecoderSteps);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(0.6)]
    [InlineData(2)]
    public void A_beam_as_wide_as_all_there_is_finds_the_best_of_all_sentences(double penalty) => TestSeed.ForEachCase(25, (_, random) =>
    {
        const int Vocabulary = 5, Length = 4;
        var model = TableModel.Random(Vocabulary, random.Next());
        var all = AllSentences(model, source: 3, Vocabulary, Length)
            .Select(sentence => (sentence.Ids, sentence.LogProbability, sentence.IsFinished, Score: sentence.LogProbability / Math.Pow((5 + sentence.Length) / 6.0, penalty)))
            .OrderByDescending(sentence => sentence.IsFinished).ThenByDescending(sentence => sentence.Score).ToArray();
        Assert.Equal(16 + 8 + 4 + 2 + 1, all.Length);                                     // 2 words: 16 of four words cut off, the others ended
        foreach (var answers in new[] { 1, 3, all.Length })
        {
            var found = Decode.Beam(model, Sources([3]), new() { Width = 40, Answers = answers, LengthPenalty = penalty, MaximumLength = Length }).Answers[0];
            Assert.Equal(all.Take(answers).Select(sentence => sentence.Ids), found.Select(answer => answer.Ids));
            Assert.All(all.Zip(found), pair =>
            {
                Assert.Equal(pair.First.IsFinished, pair.Second.IsFinished);
                Assert.Equal(pair.First.LogProbability, pair.Second.LogProbability, 1e-5);
                Assert.Equal(pair.First.Score, pair.Second.Score, 1e-5);
            });
        }
    });

    [Fact]
    public void A_narrow_beam_is_what_a_plain_loop_over_lists_finds() => TestSeed.ForEachCase(80, (_, random) =>
    {
        var (vocabulary, width, limit) = (random.Next(4, 9), random.Next(1, 5), random.Next(1, 9));
        var penalty = random.Next(3) * 0.5;
        var model = TableModel.Random(vocabulary, random.Next());
        var found = Decode.Beam(model, Sources([5]), new() { Width = width, Answers = width, LengthPenalty = penalty, MaximumLength = limit }).Answers[0];
        Assert.Equal(PlainBeam(model, 5, vocabulary, width, limit, penalty).Select(answer => string.Join(' ', answer)), found.Select(answer => string.Join(' ', answer.Ids) + (answer.IsFinished ? " ." : " …")).Select(text => text.Trim()));
    });

    [Fact]
    public void Dropping_what_cannot_win_saves_steps_and_changes_no_best_answer() => TestSeed.ForEachCase(40, (_, random) =>
    {
        var model = TableModel.Random(6, random.Next());
        var one = Decode.Beam(model, Sources([4]), new() { Width = 3, Answers = 1, LengthPenalty = 0, MaximumLength = 12 });
        var all = Decode.Beam(model, Sources([4]), new() { Width = 3, Answers = 3, LengthPenalty = 0, MaximumLength = 12 });
        AssertSame(all.Best, one.Best);
        Assert.True(one.DecoderPositions <= all.DecoderPositions);
    });

    [Fact]
    public void A_batch_is_decoded_as_its_sentences_one_by_one() => TestSeed.ForEachCase(20, (_, random) =>
    {
        var model = TableModel.Random(7, random.Next());
        int[] words = [.. Enumerable.Range(0, 6).Select(_ => random.Next(1, 50))];
        var (batch, beams, drawn) = Of(words, null);
        for (var i = 0; i < words.Length; i++)
        {
            var (alone, beam, draw) = Of([words[i]], [i]);
            AssertSame(alone.Best, [batch[i]]);
            AssertSame(beam.Answers[0], beams.Answers[i]);
            AssertSame(draw.Best, [drawn[i]]);
        }

        (DecodedBatch, DecodedBatch, DecodedBatch) Of(int[] firstWords, int[]? streams)
        {
            var source = Sources(firstWords);
            return (
                Decode.Greedy(model, source, new() { MaximumLength = 9 }),
                Decode.Beam(model, source, new() { MaximumLength = 9, Width = 3, Answers = 3 }),
                Decode.Sample(model, source, new() { MaximumLength = 9, Seed = 5, Streams = streams }));
        }
    });

    [Fact]
    public void Attention_follows_each_answer_through_its_beam()
    {
        var model = TableModel.Random(7, 12);
        using var source = tensor(new long[,] { { 3, 4, 2 }, { 5, 2, 0 } });
        var plain = Decode.Beam(model, source, new() { Width = 3, Answers = 3, MaximumLength = 6 });
        var batch = Decode.Beam(model, source, new() { Width = 3, Answers = 3, MaximumLength = 6, CapturesAttention = true });
        for (var sentence = 0; sentence < 2; sentence++)
        {
            AssertSame(plain.Answers[sentence], batch.Answers[sentence]);
            foreach (var answer in batch.Answers[sentence])
            {
                var map = answer.Attention!;
                Assert.Equal([1L, 1L, answer.Steps.Count, 3L - sentence], map.shape);
                for (var t = 0; t < answer.Steps.Count; t++)
                {
                    if (t % 3 < 3 - sentence)
                    {
                        Assert.Equal(t == 0 ? 1 : answer.Steps[t - 1].Written.Id, map[0, 0, t, t % 3].item<float>());   // the weight that the table gives: the id before
                    }
                }
            }
        }

        Assert.All(plain.Best, answer => Assert.Null(answer.Attention));
    }

    [Fact]
    public void No_tensor_stays_behind_and_what_is_returned_belongs_to_the_callers_scope()
    {
        var model = TableModel.Random(7, 3);
        using var source = Sources([3, 4]);
        Tensor map;
        using (var scope = NewDisposeScope())
        {
            Decode.Greedy(model, source);
            Decode.Beam(model, source);
            Decode.Sample(model, source);
            Assert.Equal(0, scope.DisposablesCount);
            map = Decode.Beam(model, source, new() { CapturesAttention = true })[1].Attention!;
            Assert.False(map.IsInvalid);
        }

        Assert.True(map.IsInvalid);
        Assert.Equal(0, model.Open);
    }

    [Fact]
    public void Logits_that_are_no_distribution_are_named_with_step_and_sentence()
    {
        foreach (var wrong in new[] { float.NaN, float.PositiveInfinity })
        {
            var model = new TableModel(5, (source, written) => source == 4 && written.Count == 3 ? [0, 0, 0, wrong, 0] : Prefer(5, 3));
            Assert.Contains("step 2 of sentence 1", Assert.Throws<InvalidOperationException>(() => Decode.Greedy(model, Sources([3, 4]))).Message, StringComparison.Ordinal);
            Assert.Contains("step 2 of sentence 1", Assert.Throws<InvalidOperationException>(() => Decode.Beam(model, Sources([3, 4]))).Message, StringComparison.Ordinal);
            Assert.Equal(0, model.Open);
        }

        const float Never = float.NegativeInfinity;
        var silent = new TableModel(5, (_, written) => written.Count == 2 ? [0, 0, Never, Never, Never] : [0, 0, 0, 1, Never]);
        foreach (var run in new Action[] { () => Decode.Greedy(silent, Sources([1])), () => Decode.Beam(silent, Sources([1]), new() { Width = 1 }), () => Decode.Sample(silent, Sources([1]), new() { TopK = 1 }) })
        {
            Assert.Contains("step 1 of sentence 0 every word that may be written has the probability 0", Assert.Throws<InvalidOperationException>(run).Message, StringComparison.Ordinal);
        }

        Assert.Equal([End], Decode.Beam(silent, Sources([1]), new() { Width = 2 })[0].Steps.Select(step => step.Written.Id));   // another answer than the silent one
        var all = new TableModel(5, (_, _) => [Never, Never, Never, Never, Never]);
        Assert.Throws<InvalidOperationException>(() => Decode.Greedy(all, Sources([1])));
        Assert.Contains("(1, 5)", Assert.Throws<InvalidOperationException>(() => Decode.Greedy(new TableModel(5, (_, _) => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Sources([1]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_meaning_is_refused_by_name()
    {
        var model = TableModel.Random(5, 1);
        void Refuses(string what, Action run) => Assert.Contains(what, Assert.Throws<ArgumentException>(run).Message, StringComparison.Ordinal);
        Refuses("(0, 3)", () => Decode.Greedy(model, zeros(0, 3, dtype: ScalarType.Int64)));
        Refuses("Float32", () => Decode.Beam(model, ones(1, 3)));
        Refuses("Sentence 1 begins with padding", () => Decode.Greedy(model, tensor(new long[,] { { 3, 2 }, { 0, 0 } })));
        Refuses("Sentence 0 has padding at 1", () => Decode.Greedy(model, tensor(new long[,] { { 3, 0, 2 } })));
        Refuses("three different ids", () => Decode.Greedy(TableModel.Random(5, 1, new() { Begin = 2 }), Sources([1])));
        Refuses("ids from 0 to 1", () => Decode.Greedy(TableModel.Random(2, 1), Sources([1])));
        Refuses("MaximumLength is 0", () => Decode.Greedy(model, Sources([1]), new() { MaximumLength = 0 }));
        Refuses("TopCandidates", () => Decode.Greedy(model, Sources([1]), new() { TopCandidates = -1 }));
        Refuses("it is 0", () => Decode.Beam(model, Sources([1]), new() { Width = 0 }));
        Refuses("not 3", () => Decode.Beam(model, Sources([1]), new() { Width = 2, Answers = 3 }));
        Refuses("it is -0.1", () => Decode.Beam(model, Sources([1]), new() { LengthPenalty = -0.1 }));
        Refuses("Decode.Greedy", () => Decode.Sample(model, Sources([1]), new() { Temperature = 0 }));
        Refuses("TopK is 0", () => Decode.Sample(model, Sources([1]), new() { TopK = 0 }));
        Refuses("it is 0", () => Decode.Sample(model, Sources([1]), new() { TopP = 0 }));
        Refuses("2 streams for 1 sentences", () => Decode.Sample(model, Sources([1]), new() { Streams = [0, 1] }));
        Refuses("from 0 on", () => Decode.Sample(model, Sources([1]), new() { Streams = [-1] }));
        Assert.Equal(0, model.Open);
    }

    internal static void AssertSame(IEnumerable<DecodedSequence> expected, IEnumerable<DecodedSequence> actual, bool comparesScores = true) => Assert.All(expected.Zip(actual, (one, other) => (one, other)), pair =>
    {
        Assert.Equal(pair.one.Ids, pair.other.Ids);
        Assert.Equal(pair.one.IsFinished, pair.other.IsFinished);
        Assert.Equal(pair.one.LogProbability, pair.other.LogProbability, Rounding);
        Assert.Equal(pair.one.Steps.Count, pair.other.Steps.Count);
        Assert.All(pair.one.Steps.Zip(pair.other.Steps), steps =>
        {
            AssertSame(steps.First.Written, steps.Second.Written);
            Assert.Equal(steps.First.Candidates.Count, steps.Second.Candidates.Count);
            Assert.All(steps.First.Candidates.Zip(steps.Second.Candidates), candidates => AssertSame(candidates.First, candidates.Second));
        });
        if (comparesScores)
        {
            Assert.Equal(pair.one.Score, pair.other.Score, Rounding);
        }
    });

    private static void AssertSame(Candidate one, Candidate other)
    {
        Assert.Equal(one.Id, other.Id);
        Assert.Equal(one.LogProbability, other.LogProbability, Rounding);
    }

    // Sentences of one word each: (B, 2), the word and end.
    internal static Tensor Sources(int[] words) => tensor(words.SelectMany(word => new long[] { word, End }).ToArray()).reshape(words.Length, 2);

    // Logits by which one word has e^4 times the probability of any other.
    private static float[] Prefer(int vocabulary, int id) => [.. Enumerable.Range(0, vocabulary).Select(other => other == id ? 4f : 0f)];

    private static double[] LogSoftmax(float[] logits)
    {
        var sum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
        return [.. logits.Select(logit => logit - sum)];
    }

    // Every sentence of at most `length` ids: ended, or cut off at that length.
    private static IEnumerable<(int[] Ids, double LogProbability, bool IsFinished, int Length)> AllSentences(TableModel model, long source, int vocabulary, int length)
    {
        var open = new List<(int[] Ids, double LogProbability)> { ([], 0) };
        for (var n = 1; n <= length; n++)
        {
            var next = new List<(int[] Ids, double LogProbability)>();
            foreach (var (ids, logProbability) in open)
            {
                var row = LogSoftmax(model.Logits(source, [1, .. ids]));
                yield return (ids, logProbability + row[End], true, n);
                next.AddRange(Enumerable.Range(3, vocabulary - 3).Select(id => ((int[])[.. ids, id], logProbability + row[id])));
            }

            open = next;
        }

        foreach (var (ids, logProbability) in open)
        {
            yield return (ids, logProbability, false, length);
        }
    }

    // The rule as it is written at Decode.Beam, without dropping anything early.
    private static List<string> PlainBeam(TableModel model, long source, int vocabulary, int width, int limit, double penalty)
    {
        var live = new List<(int[] Ids, double LogProbability)> { ([], 0) };
        var (ended, cut) = (new List<(int[] Ids, double Score)>(), new List<(int[] Ids, double Score)>());
        for (var n = 1; n <= limit && live.Count > 0; n++)
        {
            var divisor = Math.Pow((5 + n) / 6.0, penalty);
            var kept = live.SelectMany(one => LogSoftmax(model.Logits(source, [1, .. one.Ids])).Select((value, id) => (Ids: (int[])[.. one.Ids, id], LogProbability: one.LogProbability + value)))
                .Where(one => one.Ids[^1] >= End).OrderByDescending(one => one.LogProbability).Take(width).ToList();
            ended.AddRange(kept.Where(one => one.Ids[^1] == End).Select(one => (one.Ids[..^1], one.LogProbability / divisor)));
            live = [.. kept.Where(one => one.Ids[^1] != End)];
        }

        cut.AddRange(live.Select(one => (one.Ids, one.LogProbability / Math.Pow((5 + limit) / 6.0, penalty))));
        return [.. ended.OrderByDescending(one => one.Score).Select(one => string.Join(' ', one.Ids) + " .").Concat(cut.OrderByDescending(one => one.Score).Select(one => string.Join(' ', one.Ids) + " …")).Take(width).Select(text => text.Trim())];
    }
}
