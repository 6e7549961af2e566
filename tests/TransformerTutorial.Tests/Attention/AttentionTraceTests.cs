using TransformerTutorial.Attention;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Attention;

/// <summary>The trace keeps what ran, and changes nothing.</summary>
[Collection(DefaultGenerator.Name)]
public class AttentionTraceTests
{
    [Fact]
    public void Listening_changes_no_bit_of_outputs_and_gradients() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        manual_seed(size.Seed);
        var attention = new MultiHeadAttention(new(size.Width, size.Heads) { Dropout = 0.25 });
        var x = randn(size.Batch, size.Queries, size.Width).requires_grad_();
        (Tensor, Tensor) Run()
        {
            manual_seed(size.Seed);
            x.grad?.zero_();
            var y = attention.call(x, mask: Masks.Causal(size.Queries));
            y.square().sum().backward();
            return (y, x.grad!.clone());
        }

        var (plain, gradient) = Run();
        using var trace = AttentionTrace.Record();
        var (heard, heardGradient) = Run();
        AttentionNumbers.AssertSameBits(plain, heard);
        AttentionNumbers.AssertSameBits(gradient, heardGradient);
        var record = Assert.Single(trace.Records);
        Assert.False(record.Weights.requires_grad || record.Scores.requires_grad);
        Assert.Equal([size.Batch, size.Heads, size.Queries, size.Queries], record.Weights.shape);
    }, 20);

    [Fact]
    public void It_keeps_what_every_attention_computed_under_its_name_in_the_model()
    {
        manual_seed(30);
        var model = new TwoLayers();
        var x = randn(2, 3, 4);
        var trace = AttentionTrace.Record(model, () =>
        {
            using var scope = NewDisposeScope();
            model.call(x);
        });
        Assert.Equal(["first", "second", "third"], trace.Records.Select(record => record.Name));
        AttentionNumbers.AssertSameBits(model.First.Attend(x).Weights!, trace.Records[0].Weights);
        AttentionNumbers.AssertSameBits(model.First.Attend(x).Scores!, trace.Records[0].Scores);
        Assert.Equal([2, 1, 3, 3], trace.Records[2].Weights.shape);
        Assert.Equal("first: (2, 2, 3, 3)", trace.Records[0].ToString());

        model.call(x);
        Assert.Equal(3, trace.Records.Count);
        Assert.Equal(["multi-head", "multi-head", "additive"], AttentionTrace.Record(() => model.call(x)).Records.Select(record => record.Name));
    }

    [Fact]
    public void Traces_stand_in_one_another_and_end_in_any_order()
    {
        var q = zeros(1, 1, 2, 3);
        var outer = AttentionTrace.Record();
        var inner = AttentionTrace.Record();
        ScaledDotProduct.Compute(q, q, q, name: "a");
        outer.Dispose();
        ScaledDotProduct.Compute(q, q, q, name: "b");
        inner.Dispose();
        ScaledDotProduct.Compute(q, q, q, name: "c");
        Assert.Equal(["a"], outer.Records.Select(record => record.Name));
        Assert.Equal(["a", "b"], inner.Records.Select(record => record.Name));
    }

    [Fact]
    public void Each_of_two_traces_calls_an_attention_as_its_own_model_does()
    {
        var inner = new TwoLayers();
        var model = new Outer(inner);
        var x = randn(1, 3, 4);
        AttentionTrace? ofInner = null;
        AttentionTrace? unnamed = null;
        var ofModel = AttentionTrace.Record(model, () => unnamed = AttentionTrace.Record(() => ofInner = AttentionTrace.Record(inner, () => model.call(x))));
        Assert.Equal(["encoder.first", "encoder.second", "encoder.third", "last"], ofModel.Records.Select(record => record.Name));
        Assert.Equal(["multi-head", "multi-head", "additive", "multi-head"], unnamed!.Records.Select(record => record.Name));
        Assert.Equal(["first", "second", "third", "multi-head"], ofInner!.Records.Select(record => record.Name));
    }

    [Fact]
    public async Task It_hears_what_is_started_from_its_scope_and_nothing_else()
    {
        var q = zeros(1, 1, 2, 3);
        using var started = new SemaphoreSlim(0);
        using var recording = new SemaphoreSlim(0);
        var elsewhere = Task.Run(async () =>
        {
            started.Release();
            Assert.True(await recording.WaitAsync(TimeSpan.FromSeconds(30)));
            ScaledDotProduct.Compute(q, q, q, name: "elsewhere");
        });
        Assert.True(await started.WaitAsync(TimeSpan.FromSeconds(30)));
        using var trace = AttentionTrace.Record();
        recording.Release();
        await elsewhere;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ScaledDotProduct.Compute(q, q, q, name: "here"))));
        Assert.Equal(Enumerable.Repeat("here", 4), trace.Records.Select(record => record.Name));
    }

    [Fact]
    public async Task It_waits_for_what_runs_asynchronously()
    {
        var q = zeros(1, 1, 2, 3);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var recording = AttentionTrace.Record(async () =>
        {
            await released.Task;
            ScaledDotProduct.Compute(q, q, q, name: "awaited");
        });
        released.SetResult();
        var trace = await recording;
        ScaledDotProduct.Compute(q, q, q, name: "after");
        Assert.Equal(["awaited"], trace.Records.Select(record => record.Name));
    }

    [Fact]
    public void It_leaves_nothing_in_the_scope()
    {
        var q = zeros(1, 1, 2, 3);
        using var scope = NewDisposeScope();
        var trace = AttentionTrace.Record(() => ScaledDotProduct.Compute(q, q, q, parts: AttentionParts.None));
        Assert.Equal(1, scope.DisposablesCount);
        trace.Show(["a", "b"]);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void A_name_stands_for_itself_and_for_what_is_inside()
    {
        var q = zeros(1, 1, 2, 3);
        var trace = AttentionTrace.Record(() =>
        {
            foreach (var name in (string[])["layers.1", "layers.1.self", "layers.10"])
            {
                ScaledDotProduct.Compute(q, q, q, name: name);
            }
        });
        Assert.Equal(["layers.1", "layers.1.self"], trace.Show(["a", "b"], name: "layers.1").Panels.Select(panel => panel.Title));
    }

    [Fact]
    public void A_record_stays_as_it_was()
    {
        var q = randn(1, 1, 2, 3);
        var trace = AttentionTrace.Record();
        var result = ScaledDotProduct.Compute(q, q, q);
        trace.Dispose();
        var before = result.Weights!.clone();
        result.Weights!.zero_();
        AttentionNumbers.AssertSameBits(before, trace.Records[0].Weights);
    }

    [Fact]
    public void It_is_drawn_as_one_map_a_head()
    {
        manual_seed(31);
        var model = new TwoLayers();
        var trace = AttentionTrace.Record(model, () => model.call(randn(2, 3, 4)));
        string[] words = ["the", "cat", "sat"];
        var picture = trace.Show(words, title: "All look back", name: "first");
        Assert.Equal("All look back", picture.Title);
        Assert.Equal(["head 0", "head 1"], picture.Panels.Select(panel => panel.Title));
        var map = Assert.IsType<TransformerTutorial.Plots.HeatMapTrace>(Assert.Single(picture.Panels[1].Traces));
        Assert.Equal(AttentionNumbers.NumbersOf(trace.Records[0].Weights[0, 1]), map.Z.SelectMany(row => row));
        Assert.Equal((0, 1), (map.Minimum, map.Maximum));
        Assert.Contains("<svg", picture.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("the, cat, sat", picture.AltText, StringComparison.Ordinal);

        var all = trace.Show(words, sentence: 1);
        Assert.Equal(["first, head 0", "first, head 1", "second, head 0", "second, head 1", "third"], all.Panels.Select(panel => panel.Title));
        var scores = trace.Show(words, name: "second", showScores: true);
        Assert.Equal(AttentionNumbers.NumbersOf(trace.Records[1].Scores[0, 0]), Assert.IsType<TransformerTutorial.Plots.HeatMapTrace>(scores.Panels[0].Traces[0]).Z.SelectMany(row => row));
        Assert.Contains("<svg", scores.ToSvg(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_drawn_is_refused_with_the_reason()
    {
        var q = zeros(1, 1, 2, 3);
        var empty = AttentionTrace.Record(() => { });
        MasksTests.AssertSays<InvalidOperationException>(() => empty.Show(["a"]), "No attention ran", "one cell");
        var trace = AttentionTrace.Record(() => ScaledDotProduct.Compute(q, q, q));
        MasksTests.AssertSays<InvalidOperationException>(() => trace.Show(["a", "b"], name: "encoder"), "'encoder'", "scaled dot product");
        MasksTests.AssertSays<ArgumentException>(() => trace.Show(["a"]), "1 labels for queries", "2 queries");
        MasksTests.AssertSays<ArgumentException>(() => trace.Show(["a", "b"], ["a"]), "1 for keys", "2 keys");
        Assert.Throws<ArgumentOutOfRangeException>(() => trace.Show(["a", "b"], sentence: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => trace.Show(["a", "b"], sentence: -1));
    }

    private sealed class Outer : nn.Module<Tensor, Tensor>
    {
        private readonly TwoLayers encoder;
        private readonly MultiHeadAttention last = new(4, 2);

        public Outer(TwoLayers encoder)
            : base(nameof(Outer))
        {
            this.encoder = encoder;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => last.call(encoder.call(input));
    }

    private sealed class TwoLayers : nn.Module<Tensor, Tensor>
    {
        private readonly MultiHeadAttention first = new(4, 2);
        private readonly MultiHeadAttention second = new(4, 2);
        private readonly AdditiveAttention third = new(4, 4, 3);

        public TwoLayers()
            : base(nameof(TwoLayers)) => RegisterComponents();

        public MultiHeadAttention First => first;

        public override Tensor forward(Tensor input)
        {
            var x = second.call(first.call(input), mask: Masks.Causal(input.shape[1]));
            return third.call(x, x).Output;
        }
    }
}
