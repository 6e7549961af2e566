using TorchSharp;
using TransformerTutorial.Attention;
using TransformerTutorial.Decoding;
using TransformerTutorial.Layers;
using TransformerTutorial.Models;
using TransformerTutorial.Tests.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Decoding;

/// <summary>Transformers word by word: with a cache, without one, and reading a whole answer at once.</summary>
[Collection(ModelDraws.Name)]
public class StepwiseTransformerTests
{
    private static readonly long[,] Sources = { { 3, 4, 5, 6, 2 }, { 7, 2, 0, 0, 0 }, { 5, 5, 3, 2, 0 } };

    public static TheoryData<PositionKind, NormPlacement, NormKind> Kinds => new()
    {
        { PositionKind.Sinusoidal, NormPlacement.Before, NormKind.Layer },
        { PositionKind.Learned, NormPlacement.After, NormKind.Layer },
        { PositionKind.Rotary, NormPlacement.Before, NormKind.RootMeanSquare },
        { PositionKind.None, NormPlacement.Before, NormKind.Layer },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void With_and_without_a_cache_every_bit_is_the_same(PositionKind positions, NormPlacement placement, NormKind norm)
    {
        var model = Model(positions, placement, norm);
        using var source = tensor(Sources);
        var (cached, uncached) = (new StepwiseTransformer(model), new StepwiseTransformer(model, isCached: false));
        foreach (var decode in new Func<IStepwiseModel, DecodedBatch>[]
        {
            stepwise => Decode.Greedy(stepwise, source, new() { MaximumLength = 9, CapturesAttention = true }),
            stepwise => Decode.Beam(stepwise, source, new() { MaximumLength = 9, Width = 4, Answers = 4, CapturesAttention = true }),
            stepwise => Decode.Sample(stepwise, source, new() { MaximumLength = 9, CapturesAttention = true, Seed = 3 }),
        })
        {
            var (with, without) = (decode(cached), decode(uncached));
            Assert.True(with.DecoderSteps > 3, $"{with.DecoderSteps} steps");
            Assert.Equal(with.DecoderSteps, without.DecoderSteps);
            Assert.True(with.DecoderPositions < without.DecoderPositions);
            for (var sentence = 0; sentence < 3; sentence++)
            {
                DecodeTests.AssertSame(with.Answers[sentence], without.Answers[sentence]);
                Assert.All(with.Answers[sentence].Zip(without.Answers[sentence]), pair => ModelNumbers.AssertSameBits(pair.First.Attention!, pair.Second.Attention!));
            }
        }
    }

    [Fact]
    public void A_step_gives_the_bits_of_reading_the_whole_answer_at_once_and_so_does_a_beam_that_changes_its_rows()
    {
        var model = Model();
        model.train();
        using var source = tensor(Sources);
        var batch = Decode.Beam(model, source, new() { MaximumLength = 8, Width = 5, Answers = 5 });
        Assert.True(model.training);
        model.eval();
        for (var sentence = 0; sentence < 3; sentence++)
        {
            Assert.True(batch.Answers[sentence].Count > 1);
            foreach (var answer in batch.Answers[sentence])
            {
                var target = tensor((long[])[1, .. answer.Steps.SkipLast(1).Select(step => (long)step.Written.Id)]).unsqueeze(0);
                var expected = model.call(source.narrow(0, sentence, 1), target).log_softmax(-1)[0];                  // (T, V)
                Assert.All(answer.Steps.Select((step, t) => (step.Written, t)), at => Assert.Equal(expected[at.t, at.Written.Id].item<float>(), at.Written.LogProbability, DecodeTests.Rounding));
                Assert.Equal(answer.Steps.Sum(step => step.Written.LogProbability), answer.LogProbability, 9);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void As_many_rows_of_other_sentences_read_those_sentences(bool isCached)
    {
        var model = Model();
        using var source = tensor(Sources);
        using var state = new StepwiseTransformer(model, isCached).Begin(source, capturesAttention: false);
        state.Advance([1, 1, 1]);
        state.Reorder([2, 0, 0]);                                                                          // three rows before and after
        state.Advance([5, 6, 7]);
        state.Reorder([1, 2, 0]);                                                                          // now of the first sentence twice, then of the third
        var logits = state.Advance([3, 4, 5]).Logits;                                                      // (3, V)
        long[][] written = [[1, 6, 3], [1, 7, 4], [1, 5, 5]];
        int[] sentences = [0, 0, 2];
        for (var row = 0; row < 3; row++)
        {
            var expected = model.call(source.narrow(0, sentences[row], 1), tensor(written[row]).unsqueeze(0));   // (1, T, V)
            ModelNumbers.AssertSameBits(expected[0, 2], logits[row]);
        }
    }

    [Fact]
    public void A_batch_is_decoded_as_its_sentences_one_by_one_to_the_bit()
    {
        var model = Model();
        using var source = tensor(Sources);
        long[] lengths = [5, 2, 4];
        var (greedy, beam, drawn) = Of(source, null);
        for (var i = 0; i < 3; i++)
        {
            var (one, oneBeam, oneDrawn) = Of(source.narrow(0, i, 1).narrow(1, 0, lengths[i]), [i]);
            DecodeTests.AssertSame(one.Best, [greedy[i]]);
            DecodeTests.AssertSame(oneBeam.Answers[0], beam.Answers[i]);
            DecodeTests.AssertSame(oneDrawn.Best, [drawn[i]]);
            ModelNumbers.AssertSameBits(one[0].Attention!, greedy[i].Attention!);
        }

        (DecodedBatch, DecodedBatch, DecodedBatch) Of(Tensor sentences, int[]? streams) => (
            Decode.Greedy(model, sentences, new() { MaximumLength = 9, CapturesAttention = true }),
            Decode.Beam(model, sentences, new() { MaximumLength = 9, Width = 3, Answers = 3 }),
            Decode.Sample(model, sentences, new() { MaximumLength = 9, Seed = 4, Streams = streams }));
    }

    [Fact]
    public void Attention_is_that_of_every_layer_and_head_and_sums_to_one()
    {
        var model = Model();
        using var source = tensor(Sources);
        var plain = Decode.Greedy(model, source, new() { MaximumLength = 6 });
        var answer = Decode.Greedy(model, source, new() { MaximumLength = 6, CapturesAttention = true })[2];
        Assert.Equal(plain[2].Ids, answer.Ids);
        var map = answer.Attention!;
        Assert.Equal([2L, 2L, answer.Steps.Count, 4L], map.shape);
        ModelNumbers.AssertClose([.. Enumerable.Repeat(1.0, (int)map.numel() / 4)], map.sum(-1).flatten(), 1e-5);
        model.eval();
        var target = tensor((long[])[1, .. answer.Steps.SkipLast(1).Select(step => (long)step.Written.Id)]).unsqueeze(0);
        var trace = AttentionTrace.Record(model, () => model.call(source.narrow(0, 2, 1), target));
        for (var layer = 0; layer < 2; layer++)
        {
            var record = trace.Records.Single(record => record.Name == $"decoder.layers.{layer}.cross_attention");
            ModelNumbers.AssertSameBits(record.Weights[0].narrow(2, 0, 4), map[layer]);
        }
    }

    [Fact]
    public void The_model_is_asked_for_no_more_than_its_positions_and_no_tensor_stays_behind()
    {
        var model = Model();
        model.train();
        using var source = tensor(Sources);
        Assert.All(Decode.Greedy(model, source).Best, answer => Assert.True(answer.Steps.Count <= 12));
        Assert.All(new[] { true, false }, isCached =>
        {
            var stepwise = new StepwiseTransformer(model, isCached);
            Decode.Beam(stepwise, source);
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Decode.Beam(stepwise, source);
            Decode.Greedy(stepwise, source);
            Decode.Sample(stepwise, source);
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            using (NewDisposeScope())
            {
                Decode.Greedy(stepwise, source, new() { CapturesAttention = true });
            }

            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        });
        Assert.Throws<ArgumentException>(() => Decode.Greedy(model, tensor(new long[,] { { 3, 77, 2 } })));
        Assert.True(model.training);
    }

    // The end is seldom the likeliest word, so that most answers have some.
    private static EncoderDecoder Model(PositionKind positions = PositionKind.Sinusoidal, NormPlacement placement = NormPlacement.Before, NormKind norm = NormKind.Layer)
    {
        manual_seed(9);
        var model = new EncoderDecoder(new(8, 9) { Width = 8, Heads = 2, FeedForwardWidth = 12, Positions = positions, Placement = placement, Norm = norm, MaximumLength = 12, Dropout = 0.3 });
        using var off = no_grad();
        model.OutputMatrix[2].mul_(0.3);
        return model;
    }
}
