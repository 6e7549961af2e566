using TorchSharp;
using TransformerTutorial.Decoding;
using TransformerTutorial.Models;
using TransformerTutorial.Tests.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Decoding;

/// <summary>Recurrent encoder-decoders word by word, against their own greedy decoding and against themselves reading a whole answer at once.</summary>
[Collection(ModelDraws.Name)]
public class StepwiseRecurrentTests
{
    public static TheoryData<RecurrentCell, RecurrentAttention> Kinds => RecurrentSeq2SeqTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Greedy_decoding_writes_and_looks_as_the_models_own(RecurrentCell cell, RecurrentAttention attention)
    {
        manual_seed(6);
        var model = Model(cell, attention);
        using var source = tensor(new long[,] { { 3, 4, 5, 6, 2 }, { 7, 2, 0, 0, 0 }, { 5, 5, 3, 2, 0 } });
        var own = model.Translate(source, [5, 2, 4], beginId: 1, endId: 2, maximumLength: 9);
        var batch = Decode.Greedy(new StepwiseRecurrent(model), source, new() { MaximumLength = 9, CapturesAttention = true });
        Assert.True(model.training);
        for (var sentence = 0; sentence < 3; sentence++)
        {
            Assert.Equal(own[sentence].Ids, batch[sentence].Ids.Select(id => (long)id));
            Assert.Equal(own[sentence].IsFinished, batch[sentence].IsFinished);
            Assert.Equal(own[sentence].Weights is null, batch[sentence].Attention is null);
            if (own[sentence].Weights is { } weights)
            {
                ModelNumbers.AssertSameBits(weights, batch[sentence].Attention![0, 0]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_a_beam_says_of_its_answers_is_what_the_model_says_of_them_at_once(RecurrentCell cell, RecurrentAttention attention)
    {
        manual_seed(7);
        var model = Model(cell, attention);
        using var source = tensor(new long[,] { { 3, 4, 5, 6, 2 }, { 7, 2, 0, 0, 0 } });
        var batch = Decode.Beam(new StepwiseRecurrent(model), source, new() { MaximumLength = 7, Width = 4, Answers = 4 });
        model.eval();
        foreach (var (answers, sentence) in batch.Answers.Select((answers, sentence) => (answers, sentence)))
        {
            Assert.True(answers.Count > 1);
            foreach (var answer in answers)
            {
                var target = tensor((long[])[1, .. answer.Steps.SkipLast(1).Select(step => (long)step.Written.Id)]).unsqueeze(0);
                var expected = model.call(source.narrow(0, sentence, 1), [sentence == 0 ? 5 : 2], target).log_softmax(-1)[0];   // (T, V)
                Assert.Equal(answer.Steps.Select((step, t) => (double)expected[t, step.Written.Id].item<float>()), answer.Steps.Select(step => step.Written.LogProbability));
            }
        }
    }

    [Fact]
    public void No_tensor_stays_behind()
    {
        manual_seed(8);
        var model = new StepwiseRecurrent(Model(RecurrentCell.Lstm, RecurrentAttention.Additive));
        using var source = tensor(new long[,] { { 3, 4, 2 }, { 7, 2, 0 } });
        Decode.Beam(model, source);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Decode.Beam(model, source);
        Decode.Greedy(model, source, new() { CapturesAttention = false });
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    // Its own greedy decoding may write padding and begin; here they are never the likeliest.
    private static RecurrentSeq2Seq Model(RecurrentCell cell, RecurrentAttention attention)
    {
        var model = new RecurrentSeq2Seq(new(8, 9) { Width = 5, HiddenWidth = 6, Cell = cell, Attention = attention, IsBidirectional = true, Layers = 2, Dropout = 0.2 });
        using var off = no_grad();
        model.state_dict()["output.bias"].narrow(0, 0, 2).fill_(-20);
        return model;
    }
}
