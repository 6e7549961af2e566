using TorchSharp;
using TransformerTutorial.Attention;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Models;

/// <summary>Recurrent encoder-decoders against loops over doubles, against themselves with other padding, and on a task.</summary>
[Collection(ModelDraws.Name)]
public class RecurrentSeq2SeqTests
{
    public static TheoryData<RecurrentCell, RecurrentAttention> Kinds
    {
        get
        {
            var data = new TheoryData<RecurrentCell, RecurrentAttention>();
            foreach (var cell in Enum.GetValues<RecurrentCell>())
            {
                foreach (var attention in Enum.GetValues<RecurrentAttention>())
                {
                    data.Add(cell, attention);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_computes_what_loops_compute(RecurrentCell cell, RecurrentAttention attention)
    {
        manual_seed(1);
        var model = new RecurrentSeq2Seq(new(6, 7) { Width = 3, HiddenWidth = 4, Cell = cell, Attention = attention });
        model.to(ScalarType.Float64);
        long[,] source = { { 1, 5, 2, 0, 0 }, { 3, 3, 4, 1, 2 } };
        long[,] target = { { 0, 6, 2 }, { 0, 1, 4 } };
        int[] lengths = [3, 5];
        var scores = model.call(tensor(source), lengths, tensor(target));
        Assert.Equal([2L, 3L, 7L], scores.shape);
        var state = model.state_dict();
        var (sourceRows, targetRows) = (ModelNumbers.RowsOf(state["source_embedding.weight"]), ModelNumbers.RowsOf(state["target_embedding.weight"]));
        for (var sentence = 0; sentence < 2; sentence++)
        {
            var (h, memory) = (new double[4], new double[4]);
            var read = new List<double[]>();
            for (var s = 0; s < lengths[sentence]; s++)
            {
                (h, memory) = ModelNumbers.Step(cell, state, "encoder.network", sourceRows[source[sentence, s]], h, memory);
                read.Add(h);
            }

            double[] Look(Func<double[], double> score)
            {
                var weights = ModelNumbers.Softmax([.. read.Select(score)]);
                return [.. Enumerable.Range(0, 4).Select(c => weights.Select((weight, s) => weight * read[s][c]).Sum())];
            }

            for (var t = 0; t < 3; t++)
            {
                var y = targetRows[target[sentence, t]];
                var before = h;
                var context = attention == RecurrentAttention.Additive
                    ? Look(key => Additive(state, before, key))
                    : [];
                (h, memory) = ModelNumbers.Step(cell, state, "decoder.network", [.. y, .. context], h, memory);
                var after = h;
                context = attention == RecurrentAttention.Dot ? Look(key => ModelNumbers.Dot(after, ModelNumbers.Map(state, "k_proj", key))) : context;
                var seen = attention == RecurrentAttention.None ? h : [.. ModelNumbers.Map(state, "combine", [.. h, .. context]).Select(Math.Tanh)];
                ModelNumbers.AssertClose(ModelNumbers.Map(state, "output", seen), scores[sentence, t]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_sentence_has_the_same_bits_alone_and_in_a_padded_batch(RecurrentCell cell, RecurrentAttention attention)
    {
        manual_seed(2);
        var model = new RecurrentSeq2Seq(new(20, 20) { Width = 18, HiddenWidth = 17, Cell = cell, Attention = attention, IsBidirectional = true, Layers = 2 });
        var (source, target) = (randint(0, 20, [3, 8]), randint(0, 20, [3, 4]));
        int[] lengths = [8, 1, 5];
        var scores = model.call(source, lengths, target);
        var answers = model.Translate(source, lengths, beginId: 0, endId: 1, maximumLength: 6);
        var (states, start) = model.Encode(source, lengths);
        Assert.Equal([3L, 8L, 34L], states.shape);
        Assert.Equal([2L, 3L, 17L], start.Hidden.shape);
        for (var sentence = 0; sentence < 3; sentence++)
        {
            var words = source.narrow(0, sentence, 1).narrow(1, 0, lengths[sentence]);
            ModelNumbers.AssertSameBits(model.call(words, null, target.narrow(0, sentence, 1)), scores.narrow(0, sentence, 1));
            var alone = model.Translate(words, null, beginId: 0, endId: 1, maximumLength: 6)[0];
            Assert.Equal(alone.Ids, answers[sentence].Ids);
            Assert.Equal(alone.IsFinished, answers[sentence].IsFinished);
            Assert.Equal(attention == RecurrentAttention.None, alone.Weights is null);
            if (alone.Weights is not null)
            {
                ModelNumbers.AssertSameBits(alone.Weights, answers[sentence].Weights!);
            }
        }
    }

    [Theory]
    [InlineData(RecurrentAttention.None)]
    [InlineData(RecurrentAttention.Dot)]
    [InlineData(RecurrentAttention.Additive)]
    public void It_learns_to_reverse_six_words_and_says_when_it_ends(RecurrentAttention attention)
    {
        const int Words = 5;
        manual_seed(3);
        var model = new RecurrentSeq2Seq(new(Words, Words + 2) { Width = 16, HiddenWidth = attention == RecurrentAttention.None ? 64 : 32, Attention = attention, IsBidirectional = true });
        var optimizer = optim.Adam(model.parameters(), lr: 0.01);
        (Tensor Source, Tensor Target) Draw(int count)
        {
            var source = randint(0, Words, [count, 6]);
            return (source, cat([full(count, 1, Words, dtype: ScalarType.Int64), source.flip(1), full(count, 1, Words + 1, dtype: ScalarType.Int64)], 1));   // begin, the words from the last on, end
        }

        for (var step = 0; step < 400; step++)
        {
            using var scope = NewDisposeScope();
            var (source, target) = Draw(48);
            var loss = nn.functional.cross_entropy(model.call(source, null, target.narrow(1, 0, 7)).flatten(0, 1), target.narrow(1, 1, 7).flatten());
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }

        var (unseen, expected) = Draw(100);
        var answers = model.Translate(unseen, null, beginId: Words, endId: Words + 1, maximumLength: 10);
        var right = answers.Where((answer, i) => answer.IsFinished && answer.Ids.SequenceEqual(expected[i].narrow(0, 1, 6).data<long>().ToArray())).Count();
        Assert.True(right >= 60, $"{right} of 100 are right");
        if (attention == RecurrentAttention.None)
        {
            return;
        }

        foreach (var answer in answers)
        {
            Assert.Equal([answer.Ids.Count + 1L, 6L], answer.Weights!.shape);
            ModelNumbers.AssertClose([.. Enumerable.Repeat(1.0, answer.Ids.Count + 1)], answer.Weights.sum(1), 1e-5);
        }
    }

    [Fact]
    public void What_it_writes_is_what_its_scores_say_and_its_trace_shows_where_it_looked()
    {
        manual_seed(4);
        var model = new RecurrentSeq2Seq(new(9, 8) { Width = 5, HiddenWidth = 6, Attention = RecurrentAttention.Dot, Dropout = 0.5 });
        var source = randint(0, 9, [2, 5]);
        var answers = model.Translate(source, [5, 3], beginId: 0, endId: 7, maximumLength: 4);
        Assert.True(model.training);                                                // and dropout was off meanwhile
        model.eval();
        for (var sentence = 0; sentence < 2; sentence++)
        {
            long[] read = [0, .. answers[sentence].Ids];
            var words = source.narrow(0, sentence, 1).narrow(1, 0, sentence == 0 ? 5 : 3);
            var trace = AttentionTrace.Record(model, () => model.call(words, null, tensor(read).unsqueeze(0)));
            var scores = model.call(words, null, tensor(read).unsqueeze(0))[0];
            var said = scores.argmax(-1).data<long>().ToArray();
            Assert.Equal(answers[sentence].Ids, said[..answers[sentence].Ids.Count]);
            Assert.Equal(answers[sentence].IsFinished, said[answers[sentence].Ids.Count] == 7 && answers[sentence].Ids.Count < 4);
            var steps = answers[sentence].Weights!.shape[0];
            ModelNumbers.AssertSameBits(trace.Records.Single().Weights[0, 0].narrow(0, 0, steps), answers[sentence].Weights!);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_parameter_is_trained(RecurrentCell cell, RecurrentAttention attention)
    {
        manual_seed(5);
        var model = new RecurrentSeq2Seq(new(4, 4) { Width = 3, HiddenWidth = 4, Cell = cell, Attention = attention, IsBidirectional = true });
        model.call(tensor(new long[,] { { 0, 1, 2, 3 } }), null, tensor(new long[,] { { 0, 1, 2, 3 } })).square().sum().backward();
        Assert.All(model.named_parameters(), entry => Assert.True(entry.parameter.grad is { } gradient && gradient.abs().sum().item<float>() > 0, entry.name));
    }

    [Fact]
    public void Its_parameters_are_those_of_the_formulas()
    {
        var (d, h, v) = (8L, 16L, 10L);
        long Gru(long input) => 3 * ((input * h) + (h * h) + (2 * h));
        var embeddings = 2 * v * d;
        var output = (h * v) + v;
        long Count(RecurrentAttention attention) => new RecurrentSeq2Seq(new(v, v) { Width = d, HiddenWidth = h, Attention = attention }).ParameterCount();
        Assert.Equal(embeddings + (2 * Gru(d)) + output, Count(RecurrentAttention.None));
        Assert.Equal(embeddings + (2 * Gru(d)) + output + (h * h) + (2 * h * h) + h, Count(RecurrentAttention.Dot));
        Assert.Equal(embeddings + Gru(d) + Gru(d + h) + output + (2 * h * h) + (2 * h) + (2 * h * h) + h, Count(RecurrentAttention.Additive));
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_its_numbers()
    {
        var model = new RecurrentSeq2Seq(new(5, 6) { Width = 2, HiddenWidth = 3 });
        var (source, target) = (zeros([2, 4], ScalarType.Int64), zeros([2, 3], ScalarType.Int64));
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(source.to(ScalarType.Float32), null, target), "Source", "Float32", "(2, 4)");
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(source + 5, null, target), "Source", "from 0 to 4", "5");
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(source, null, target - 1), "Target", "-1");
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(source, [4], target), "1 lengths for 2");
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(source, null, zeros([3, 3], ScalarType.Int64)), "2 sentences", "3");
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Translate(source, null, beginId: 6, endId: 1, maximumLength: 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Translate(source, null, beginId: 0, endId: 1, maximumLength: 0));
        ModelNumbers.AssertSays<ArgumentException>(() => _ = new RecurrentSeq2Seq(new(5, 0)), "5 and 0");
        ModelNumbers.AssertSays<ArgumentException>(() => _ = new RecurrentSeq2Seq(new(5, 5) { HiddenWidth = 0 }), "0");
    }

    // vᵀ tanh(W s + b + U h)
    private static double Additive(Dictionary<string, Tensor> state, double[] query, double[] key)
    {
        var hidden = ModelNumbers.Map(state, "attention.q_proj", query).Zip(ModelNumbers.Map(state, "attention.k_proj", key), (a, b) => Math.Tanh(a + b));
        return ModelNumbers.Dot(ModelNumbers.NumbersOf(state["attention.score.weight"]), [.. hidden]);
    }
}
