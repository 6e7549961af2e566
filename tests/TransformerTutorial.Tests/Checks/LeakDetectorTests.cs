using TorchSharp;
using TransformerTutorial.Attention;
using TransformerTutorial.Checks;
using TransformerTutorial.Display;
using TransformerTutorial.Testing;
using TransformerTutorial.Tests.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Checks;

/// <summary>Right models pass, and each known leak is found where it is.</summary>
[Collection(DefaultGenerator.Name)]
public class LeakDetectorTests
{
    private const int Length = 6;

    [Fact]
    public void A_masked_attention_does_not_leak() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        manual_seed(size.Seed);
        var attention = new MultiHeadAttention(size.Width, size.Heads);
        var (batch, length) = (Math.Min(size.Batch, 2), Math.Min(size.Queries, 9));
        var mask = Masks.Causal(length);
        var report = LeakDetector.Find(x => attention.call(x, mask: mask), randn(batch, length, size.Width), mask);
        Assert.Empty(report.Leaks);
        Assert.Equal(report.AllowedPairs, report.AllowedPairsThatChanged);
        Assert.Equal(batch * length * (length + 1) / 2, report.AllowedPairs);
        Assert.Equal((batch * batch * length * length) - report.AllowedPairs, report.ForbiddenPairs);
    }, 10);

    [Fact]
    public void Models_of_ids_that_keep_the_rule_pass()
    {
        var ids = tensor(new long[,] { { 3, 1, 4, 1, 5, 9 }, { 2, 6, 5, 3, 5, 8 } });
        var causal = LeakDetector.Find(new CausalSum(10), ids, Masks.Causal(Length));
        Assert.True(causal.IsClean);
        Assert.Equal(causal.AllowedPairs, causal.AllowedPairsThatChanged);
        Assert.True(LeakDetector.Find(new CausalSum(10), ids.to(ScalarType.Int32), Masks.Causal(Length)).IsClean);

        manual_seed(3);
        var recurrent = new Recurrent(10, 7);
        Assert.True(LeakDetector.Find(recurrent, ids, Masks.Causal(Length), new() { VocabularySize = 10 }).IsClean);
    }

    [Fact]
    public void Without_a_mask_every_pair_above_the_diagonal_leaks()
    {
        manual_seed(4);
        var attention = new MultiHeadAttention(8, 2);
        var report = LeakDetector.Find(x => attention.call(x), randn(1, Length, 8), Masks.Causal(Length));
        Assert.Equal(Above(1), Places(report));
        Assert.Equal(report.Leaks.OrderByDescending(leak => leak.Size), report.Leaks);
        Assert.True(LeakDetector.Find(x => attention.call(x), randn(1, Length, 8), ~Masks.Causal(Length) | Masks.Causal(Length)).IsClean);
    }

    [Fact]
    public void A_mask_that_is_off_by_one_shows_the_next_token_only()
    {
        manual_seed(5);
        var attention = new MultiHeadAttention(8, 2);
        var shifted = Masks.Causal(Length, Length, offset: 1);
        var report = LeakDetector.Find(x => attention.call(x, mask: shifted), randn(1, Length, 8), Masks.Causal(Length));
        Assert.Equal(Enumerable.Range(0, Length - 1).Select(i => (i, i + 1)), Places(report));
        Assert.Equal("output", report.Leaks[0].ToString().Split(' ')[0]);
    }

    [Fact]
    public void A_mask_of_the_other_polarity_hides_what_may_be_seen()
    {
        manual_seed(5);
        var attention = new MultiHeadAttention(8, 2);
        var report = LeakDetector.Find(x => attention.call(x, mask: ~Masks.Causal(Length)), randn(1, Length, 8), Masks.Causal(Length));
        Assert.Equal(Above(1), Places(report));
        Assert.Equal(Length - 2, report.AllowedPairsThatChanged);         // by their queries; the last but one sees one key, whatever it asks, the last none
    }

    [Fact]
    public void A_mask_after_softmax_leaks_through_the_sum()
    {
        var (report, _) = FindIn(scores => scores.softmax(-1).masked_fill(Hidden, 0));
        Assert.Equal(Above(1), Places(report));
        Assert.True(FindIn(scores => scores.masked_fill(Hidden, double.NegativeInfinity).softmax(-1)).Report.IsClean);
    }

    [Fact]
    public void A_large_finite_number_instead_of_infinity_leaks_when_scores_are_larger()
    {
        manual_seed(6);
        var x = randn(1, Length, 8);
        static Tensor Weights(Tensor scores) => (scores + (Hidden.to(ScalarType.Float32) * -10_000)).softmax(-1);
        var tame = LeakDetector.Find(Attend(Weights), x, Masks.Causal(Length), new() { Changes = 1 });
        Assert.True(tame.IsClean);                                          // ordinary scores: e^-10000 is 0
        Assert.NotEmpty(LeakDetector.Find(Attend(Weights), x, Masks.Causal(Length)).Leaks);     // the larger changes reach it
        Assert.NotEmpty(LeakDetector.Find(Attend(scores => Weights(scores * 1e6)), x, Masks.Causal(Length), new() { Changes = 1 }).Leaks);
    }

    [Fact]
    public void Statistics_over_the_batch_leak_from_one_sequence_into_another()
    {
        manual_seed(7);
        var norm = nn.BatchNorm1d(4);
        Tensor Model(Tensor x) => norm.call(x.transpose(1, 2)).transpose(1, 2);
        var report = LeakDetector.Find(Model, randn(2, 3, 4), Masks.Causal(3));
        Assert.Contains(report.Leaks, leak => leak.IsAcrossSequences);
        Assert.Contains(report.Leaks, leak => !leak.IsAcrossSequences && leak.Input > leak.Output);
        Assert.Contains("of sequence", report.Leaks.First(leak => leak.IsAcrossSequences).ToString(), StringComparison.Ordinal);
        norm.eval();
        var still = LeakDetector.Find(Model, randn(2, 3, 4), AllowedMask.FromTensor(eye(3, dtype: ScalarType.Bool)));
        Assert.True(still.IsClean);
    }

    [Fact]
    public void Batch_and_time_mixed_up_leak_across_sequences_only()
    {
        manual_seed(8);
        var attention = new MultiHeadAttention(8, 2);
        var report = LeakDetector.Find(x => attention.call(x.transpose(0, 1), mask: Masks.Causal(2)).transpose(0, 1), randn(2, 3, 8), Masks.Causal(3));
        Assert.NotEmpty(report.Leaks);
        Assert.All(report.Leaks, leak => Assert.True(leak.IsAcrossSequences && leak.Output == leak.Input && leak.Sequence > leak.ChangedSequence));
        Assert.Equal(6, report.AllowedPairsThatChanged);
    }

    [Fact]
    public void Reshaping_instead_of_transposing_does_not_leak_but_cuts_the_past_off()
    {
        manual_seed(9);
        var mask = Masks.Causal(4);
        Tensor Wrong(Tensor x)
        {
            var heads = x.reshape(x.shape[0], 2, 4, 4);                   // should be (B, T, h, d_k), transposed: a head gets two whole tokens
            return ScaledDotProduct.Compute(heads, heads, heads, mask).Output.reshape(x.shape[0], 4, 8);
        }

        var report = LeakDetector.Find(Wrong, randn(1, 4, 8), mask);
        Assert.True(report.IsClean);
        Assert.Equal((10, 6), (report.AllowedPairs, report.AllowedPairsThatChanged));
        Assert.False(report.Changed()[2, 1]);
    }

    [Fact]
    public void Each_sequence_may_have_a_rule_of_its_own()
    {
        manual_seed(10);
        var attention = new MultiHeadAttention(8, 2);
        var x = randn(2, 4, 8);
        var padding = Masks.Padding([4, 2], 4);
        var itself = AllowedMask.FromTensor(eye(4, dtype: ScalarType.Bool));       // padding sees itself, by its query
        Assert.True(LeakDetector.Find(y => attention.call(y, mask: padding), x, padding | itself).IsClean);
        var report = LeakDetector.Find(y => attention.call(y), x, padding | itself);
        Assert.All(report.Leaks, leak => Assert.True(leak.Sequence == 1 && leak.Input >= 2 && !leak.IsAcrossSequences));
        Assert.Equal(2 * 3, report.Leaks.Count);
        Assert.True(report.Changed(1)[0, 3]);
        Assert.True(LeakDetector.Find(y => attention.call(y, mask: Masks.Causal(4) & padding), x, (Masks.Causal(4) & padding) | itself).IsClean);
    }

    [Fact]
    public void Outputs_may_be_fewer_than_inputs()
    {
        var report = LeakDetector.Find(x => x.narrow(1, 0, 2), randn(1, 3, 4), Masks.Causal(2, 3, offset: 0));
        Assert.Equal((3, 3, 2, 0), (report.AllowedPairs, report.ForbiddenPairs, report.AllowedPairsThatChanged, report.Leaks.Count));
    }

    [Fact]
    public void What_cannot_be_tried_is_refused_with_the_reason()
    {
        var rule = Masks.Causal(3);
        var x = randn(2, 3, 4);
        var withDropout = nn.Sequential(nn.Linear(4, 4), nn.Dropout(0.5));
        MasksTests.AssertSays<ArgumentException>(() => LeakDetector.Find(withDropout, x, rule), "1 drops", "eval()");
        MasksTests.AssertSays<ArgumentException>(() => InfluenceMap.Of(withDropout, x), "eval()");
        withDropout.eval();
        Assert.True(LeakDetector.Find(withDropout, x, rule).IsClean);
        MasksTests.AssertSays<InvalidOperationException>(() => LeakDetector.Find(y => nn.functional.dropout(y, 0.5), x, rule), "not deterministic");

        using var cache = new KeyValueCache();
        var attention = new MultiHeadAttention(4, 1);
        MasksTests.AssertSays<InvalidOperationException>(() => LeakDetector.Find(y => attention.call(y, cache: cache), x, rule), "two answers");
        var calls = 0;
        MasksTests.AssertSays<InvalidOperationException>(() => LeakDetector.Find(y => y + (calls++ < 2 ? 0 : 1), x, rule), "remembers");
        MasksTests.AssertSays<InvalidOperationException>(() => LeakDetector.Find(y => calls++ % 5 == 4 ? y.narrow(1, 0, 2) : y, x, rule), "(2, 3, 4)", "(2, 2, 4)");
        MasksTests.AssertSays<ArgumentException>(() => LeakDetector.Find(y => y.sum(), x, rule), "(2, 3, 4)", "()");
        MasksTests.AssertSays<ArgumentException>(() => LeakDetector.Find(y => y, randn(3, 4), rule), "(B, S, d)", "(3, 4)");
        MasksTests.AssertSays<ArgumentException>(() => LeakDetector.Find(y => y, zeros([2, 3], ScalarType.Bool), rule), "Bool");
        MasksTests.AssertSays<ArgumentException>(() => LeakDetector.Find(y => y, randn(2, 0, 4), rule), "(2, 0, 4)", "nothing");
        MasksTests.AssertSays<ArgumentException>(() => LeakDetector.Find(y => y, x, Masks.Causal(4)), "(3, 3)", "(4, 4)");
        MasksTests.AssertSays<ArgumentException>(() => LeakDetector.Find(y => y, zeros([1, 3], ScalarType.Int64), rule), "All ids are 0", "VocabularySize");
        MasksTests.AssertSays<ArgumentException>(() => LeakDetector.Find(y => y, ones([1, 3], ScalarType.Int64), rule, new() { VocabularySize = 1 }), "1 tokens");
        MasksTests.AssertSays<ArgumentOutOfRangeException>(() => LeakDetector.Find(y => y, x, rule, new() { Changes = 0 }), "0");
        MasksTests.AssertSays<ArgumentException>(() => InfluenceMap.Of(y => y, zeros([1, 3], ScalarType.Int64)), "Int64", "no gradient");
        MasksTests.AssertSays<InvalidOperationException>(() => InfluenceMap.Of(y => y.detach(), x), "no gradient");
    }

    [Fact]
    public void Nothing_is_changed_and_nothing_is_left_behind()
    {
        manual_seed(11);
        var attention = new MultiHeadAttention(4, 1);
        var (x, rule) = (randn(1, 3, 4), Masks.Causal(3));
        var before = x.clone();
        manual_seed(12);
        var expected = rand(1);
        manual_seed(12);
        using (var scope = NewDisposeScope())
        {
            LeakDetector.Find(y => attention.call(y.add_(0)), x, rule);
            InfluenceMap.Of(y => attention.call(y), x);
            Assert.Equal(0, scope.DisposablesCount);
        }

        AttentionNumbers.AssertSameBits(expected, rand(1));
        AttentionNumbers.AssertSameBits(before, x);
        Assert.All(attention.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Influence_is_the_size_of_the_Jacobians_blocks()
    {
        // y_i is the sum of the vectors before it, times a matrix: every block of the Jacobian matrix is that matrix.
        manual_seed(13);
        var matrix = randn(4, 5);
        var map = InfluenceMap.Of(x => x.cumsum(1).matmul(matrix), randn(2, 3, 4), Masks.Causal(3), sequence: 1);
        var size = Math.Sqrt(matrix.square().sum().ToDouble());
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                Assert.Equal(j <= i ? size : 0, map.Values[i][j], 5);
            }
        }

        Assert.Equal((0, 0), (map.Forbidden, map.OfOtherSequences));
        Assert.True(InfluenceMap.Of(x => x + x.mean([0L], keepdim: true), randn(2, 3, 4)).OfOtherSequences > 0.5);
        Assert.Equal(size, InfluenceMap.Of(x => x.cumsum(1).flip(1).matmul(matrix), randn(1, 3, 4), Masks.Causal(3)).Forbidden, 5);
    }

    [Fact]
    public void Influence_agrees_with_what_changes()
    {
        manual_seed(14);
        var attention = new MultiHeadAttention(8, 2);
        var (x, window) = (randn(1, 7, 8), Masks.SlidingWindow(7, 7, before: 2, after: 0));
        var changed = LeakDetector.Find(y => attention.call(y, mask: window), x, window).Changed();
        var map = InfluenceMap.Of(y => attention.call(y, mask: window), x, window);
        for (var i = 0; i < 7; i++)
        {
            for (var j = 0; j < 7; j++)
            {
                Assert.Equal(changed[i, j], map.Values[i][j] > 0);
            }
        }
    }

    [Fact]
    public void Reports_and_maps_show_themselves()
    {
        var clean = LeakDetector.Find(x => x, ones(1, 2, 1), Masks.Causal(2));
        Assert.Equal(
            "✓ no leak: of 1 pair of output and input that must not depend on each other, none does\n  of 3 pairs that may, 2 do (3 changes of each input; positions count from 0)", clean.ToString());
        var leaking = LeakDetector.Find(x => x.flip(1), tensor(new[, ,] { { { 1f }, { 2f } } }), Masks.Causal(2));
        Assert.StartsWith("✗ 1 leak in 1 pair of output and input that must not depend on each other\n  output 0 changed by ", leaking.ToString(), StringComparison.Ordinal);
        Assert.Contains("✗ 1 leak in", leaking.Write(MimeTypes.Html), StringComparison.Ordinal);
        Assert.Equal("1 output changed that must not", leaking.Draw().Title);
        Assert.Contains("<path", leaking.Draw(labels: ["a", "b"]).ToSvg(), StringComparison.Ordinal);
        Assert.NotNull(LeakDetector.Find(x => x * 0, ones(1, 2, 1), Masks.Causal(2)).Draw().ToSvg());
        var map = InfluenceMap.Of(x => x.flip(1), randn(1, 2, 1), Masks.Causal(2));
        Assert.Contains("must not see", map.ToString(), StringComparison.Ordinal);
        Assert.NotNull(map.Write(MimeTypes.Plotly));
        Assert.Null(map.Write(MimeTypes.Html));
    }

    [Fact]
    public void A_sign_of_zero_and_a_NaN_are_changes()
    {
        var signs = LeakDetector.Find(x => x * 0 * x.narrow(1, 1, 1).sign(), ones(1, 2, 1), Masks.Causal(2), new() { Changes = 8 });
        Assert.Equal(new Leak(0, 0, 0, 1, 0), Assert.Single(signs.Leaks));
        var broken = LeakDetector.Find(x => where(x.narrow(1, 1, 1).eq(1), x, x * double.NaN), ones(1, 2, 1), Masks.Causal(2));
        Assert.Equal(new Leak(0, 0, 0, 1, double.PositiveInfinity), Assert.Single(broken.Leaks));
        Assert.True(LeakDetector.Find(x => x * double.NaN, ones(1, 2, 1), Masks.Causal(2)).IsClean);
    }

    private static Tensor Hidden => Masks.Causal(Length).ToBlocked().Values;

    private static List<(int, int)> Above(int distance) =>
        [.. from i in Enumerable.Range(0, Length) from j in Enumerable.Range(0, Length) where j >= i + distance select (i, j)];

    private static List<(int, int)> Places(LeakReport report) => [.. report.Leaks.Select(leak => (leak.Output, leak.Input)).Order()];

    private static (LeakReport Report, Tensor Input) FindIn(Func<Tensor, Tensor> weights)
    {
        manual_seed(15);
        var x = randn(1, Length, 8);
        return (LeakDetector.Find(Attend(weights), x, Masks.Causal(Length)), x);
    }

    // Attention without projections: from the scores to the weights in the way that is given.
    private static Func<Tensor, Tensor> Attend(Func<Tensor, Tensor> weights) =>
        x => weights(x.matmul(x.transpose(1, 2)) / Math.Sqrt(x.shape[2])).matmul(x);

    /// <summary>Each output is the sum of the ids so far.</summary>
    private sealed class CausalSum(int width) : nn.Module<Tensor, Tensor>(nameof(CausalSum))
    {
        public override Tensor forward(Tensor ids) => nn.functional.one_hot(ids.to(ScalarType.Int64), width).to(ScalarType.Float32).cumsum(1);
    }

    /// <summary>An embedding and a GRU.</summary>
    private sealed class Recurrent : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Embedding _embedding;
        private readonly TorchSharp.Modules.GRU _network;

        public Recurrent(int vocabulary, int width)
            : base(nameof(Recurrent))
        {
            (_embedding, _network) = (nn.Embedding(vocabulary, width), nn.GRU(width, width, batchFirst: true));
            RegisterComponents();
        }

        public override Tensor forward(Tensor ids) => _network.call(_embedding.call(ids)).Item1;
    }
}
