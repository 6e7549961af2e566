using TransformerTutorial.Plots;

namespace TransformerTutorial.Tests.Plots;

/// <summary>One picture of every kind and a few hard ones; every test about drawings looks at all of them.</summary>
internal static class ExampleFigures
{
    private static readonly string[] Sentence = ["the", "cat", "sat", "on", "the", "mat", "because", "it", "was", "tired"];

    public static IReadOnlyDictionary<string, Func<Picture>> All { get; } = new Dictionary<string, Func<Picture>>
    {
        ["lines on logarithmic axes"] = LogarithmicLines,
        ["lines with gaps and a long title"] = LinesWithGaps,
        ["grouped bars"] = GroupedBars,
        ["stacked bars"] = StackedBars,
        ["lying bars with odd names"] = LyingBars,
        ["many upright bars"] = ManyBars,
        ["overlaid histograms"] = Histograms,
        ["histogram of whole numbers"] = WholeNumberHistogram,
        ["attention map"] = AttentionMap,
        ["small diverging map"] = SmallMap,
        ["large map"] = LargeMap,
        ["labelled points"] = LabelledPoints,
        ["crowded labels"] = CrowdedLabels,
        ["grid of maps"] = GridOfMaps,
        ["grid of lines with shared axes"] = GridOfLines,
        ["long line in a chosen range"] = LongLine,
        ["many points"] = ManyPoints,
        ["line over categories"] = CategoryLine,
        ["labels that no file format likes"] = HostileText,
    };

    public static TheoryData<string> Names => [.. All.Keys];

    /// <summary>A standard normal sequence that is the same in every run.</summary>
    public static IEnumerable<double> Normal(int seed, int count)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())).ToArray();
    }

    private static Figure LogarithmicLines()
    {
        int[] d = [4, 16, 64, 256, 1024];
        return new Figure
        {
            Title = "Scores spread as √d; divided by √d they don't",
            AltText = "The standard deviation of q·k rises from 2 to 32; that of q·k/√d stays at 1.",
            Traces =
            [
                (Plot.Line(d, d.Select(x => Math.Sqrt(x)), "q·k") with { ShowMarkers = true, Color = Theme.Queries }).WithBand(d.Select(x => Math.Sqrt(x) * 0.8), d.Select(x => Math.Sqrt(x) * 1.2)),
                Plot.Line(d, d.Select(_ => 1.0), "q·k/√d") with { ShowMarkers = true, Dash = LineDash.Dashed, Color = Theme.Keys },
            ],
            XAxis = new Axis("d (log scale)") { Logarithmic = true, TickValues = [4, 16, 64, 256, 1024] },
            YAxis = new Axis("standard deviation") { Logarithmic = true },
            ReferenceLines = [ReferenceLine.Horizontal(4, "four: softmax already picks one winner")],
        };
    }

    private static Figure LinesWithGaps()
    {
        var x = Enumerable.Range(1, 40).Select(i => i * 250).ToArray();
        return new Figure
        {
            Title = "A larger vocabulary makes shorter sequences, and from 8,000 tokens on it hardly helps any more: the English corpus and the Chinese one, tokenised by the same trainer",
            AltText = "Two falling curves that flatten.",
            Traces =
            [
                Plot.Line(x, x.Select(i => (64 / Math.Sqrt(i)) + 1.2), "English") with { Color = Theme.English },
                Plot.Line(x, x.Select(i => i is 5000 or 5500 ? double.NaN : (40 / Math.Sqrt(i)) + 0.7), "Chinese") with { Color = Theme.Chinese },
                Plot.Line(x, x.Select(i => 3.0 + (0.3 * Math.Sin(i / 250.0))), "characters") with { Color = Theme.Characters, Dash = LineDash.Dotted },
            ],
            XAxis = new Axis("vocabulary size (tokens)"),
            YAxis = new Axis("tokens per word"),
            ReferenceLines = [ReferenceLine.Vertical(8000, "our choice: 8,000")],
        };
    }

    private static Figure GroupedBars() => new()
    {
        Title = "Three ways to cut a text",
        AltText = "Characters need most tokens, words least.",
        Traces =
        [
            Plot.Bar(["words", "characters", "subwords"], [12000, 61000, 18500], "English") with { ShowValues = true, ValueFormat = "~s" },
            Plot.Bar(["words", "characters", "subwords"], [9000, 21000, 12500], "Chinese") with { ShowValues = true, ValueFormat = "~s" },
        ],
        YAxis = new Axis("tokens"),
    };

    private static Figure StackedBars() => new()
    {
        Title = "Where the tokens go",
        AltText = "Stacked bars for four texts.",
        BarMode = BarMode.Stacked,
        Traces =
        [
            Plot.Bar(["English", "中文", "code", "emoji 🙂"], [12, 6, 18, 3], "one character") with { ShowValues = true },
            Plot.Bar(["English", "中文", "code", "emoji 🙂"], [9, 21, 12, 1], "two") with { ShowValues = true },
            Plot.Bar(["English", "中文", "code", "emoji 🙂"], [20, 4, -7, double.NaN], "three or more"),
        ],
        YAxis = new Axis("tokens"),
    };

    private static Figure LyingBars()
    {
        string[] tokens = ["the</w>", "of</w>", "and</w>", "<unk>", "\n", " a very long token that hardly fits anywhere at all in the margin", "我们", "&amp;", "$x^2$"];
        return new Figure
        {
            Title = "The most frequent tokens",
            AltText = "Counts fall like 1/rank.",
            Traces = [Plot.HorizontalBar(tokens, tokens.Select((_, i) => 12000 / (i + 1))) with { ShowValues = true, Colors = [.. tokens.Select((_, i) => i == 3 ? Theme.Highlight : Theme.Neutral)] }],
            XAxis = new Axis("count"),
        };
    }

    private static Figure ManyBars() => new()
    {
        Title = "Gains and losses",
        AltText = "Bars above and below zero.",
        Traces = [Plot.Bar(Enumerable.Range(0, 30).Select(i => $"category {i}"), Enumerable.Range(0, 30).Select(i => Math.Cos(i * 0.4) * (30 - i)))],
        YAxis = new Axis("change") { TickSuffix = "%" },
    };

    private static Figure Histograms() => new()
    {
        Title = "Dot products of random vectors",
        AltText = "A wide and a narrow bell.",
        Traces = [Plot.Histogram(Normal(1, 2000).Select(v => v * 4), "d = 16", bins: 60), Plot.Histogram(Normal(2, 2000), "d = 1")],
        XAxis = new Axis("score"),
        YAxis = new Axis("how many"),
    };

    private static Figure WholeNumberHistogram() => new()
    {
        Title = "Token lengths",
        AltText = "Most tokens are short.",
        Traces = [Plot.Histogram(Normal(3, 500).Select(v => (int)Math.Abs(v * 4) + 1)) with { Normalization = HistogramNormalization.Probability }],
        XAxis = new Axis("length (characters)"),
        YAxis = new Axis("share") { TickFormat = ".0%" },
    };

    private static Figure AttentionMap() => new()
    {
        Title = "\"it\" looks at \"cat\"",
        AltText = "A causal attention map: nothing above the diagonal.",
        Traces = [Plot.HeatMap(Sentence.Select((_, i) => Sentence.Select((_, j) => j > i ? double.NegativeInfinity : Math.Exp(-Math.Abs(i - j) * 0.4))), Sentence, Sentence) with { ShowValues = true, ColorTitle = "attention weight", Outlined = [.. Sentence.Select((_, i) => Sentence.Select((_, j) => j > i).ToArray())] }],
        XAxis = new Axis("key"),
        YAxis = new Axis("query"),
    };

    private static Figure SmallMap() => new()
    {
        Title = "我 爱 你",
        AltText = "A 3 × 3 table.",
        Traces = [Plot.HeatMap(new[,] { { 0.8, 0.1, double.NaN }, { -0.2, 0.6, -0.7 }, { 0, 0, 1 } }, ["我", "爱", "你"], ["I", "love", "you"]) with { ShowValues = true, ColorScale = ColorScale.Diverging }],
    };

    private static Figure LargeMap() => new()
    {
        Title = "Sinusoidal positions",
        AltText = "Waves that get longer from left to right.",
        Traces = [Plot.HeatMap(Enumerable.Range(0, 128).Select(p => Enumerable.Range(0, 256).Select(i => Math.Sin((p / Math.Pow(10000, i / 2 * 2 / 256.0)) + (i % 2 * Math.PI / 2))))) with { ColorScale = ColorScale.Diverging, ColorTitle = "value" }],
        XAxis = new Axis("dimension"),
        YAxis = new Axis("position"),
    };

    private static Figure LabelledPoints()
    {
        string[] names = ["king", "queen", "man", "woman", "prince", "princess", "Paris", "France", "Berlin", "Germany", "北京", "中国", "apple", "pear", "banana", "run", "ran", "walk", "walked"];
        return new Figure
        {
            Title = "Words that appear in the same company lie together",
            AltText = "Clusters of related words.",
            Traces = [Plot.Scatter(Normal(4, names.Length).Select((v, i) => (i / 4) + (v * 0.25)), Normal(5, names.Length).Select((v, i) => (i / 4 * 37 % 8) + (v * 0.25)), labels: names)],
            XAxis = new Axis("first principal component"),
            YAxis = new Axis("second principal component"),
        };
    }

    private static Figure CrowdedLabels() => new()
    {
        Title = "Two hundred words in one heap",
        AltText = "A cloud with more labels than there is room for.",
        Traces =
        [
            Plot.Scatter(Normal(6, 200), Normal(7, 200), "words", Enumerable.Range(0, 200).Select(i => $"word {i}")),
            Plot.Scatter(Normal(8, 50), Normal(9, 50), "others"),
            Plot.Line([-3.0, 3], [-3.0, 3], "x = y"),
        ],
        ReferenceLines = [ReferenceLine.Horizontal(0, "the mean of all words"), ReferenceLine.Vertical(0, "the mean of all words")],
    };

    private static FigureGrid GridOfMaps() => new()
    {
        Title = "Every head looks somewhere else",
        AltText = "Four maps with diagonals at different places.",
        Columns = 2,
        Panels = [.. Enumerable.Range(0, 4).Select(head => new Panel($"head {head}") { Traces = [Plot.HeatMap(Sentence.Select((_, i) => Sentence.Select((_, j) => Math.Exp(-Math.Abs(i - j - head) * 0.9))), Sentence, Sentence)] })],
    };

    private static FigureGrid GridOfLines() => new()
    {
        Title = "Length and unknown rate",
        AltText = "All curves fall.",
        Columns = 3,
        SharedXAxis = true,
        SharedYAxis = true,
        Panels = [.. Enumerable.Range(1, 3).Select(k => new Panel($"a panel with a rather long title, number {k}")
        {
            Traces = [Plot.Line(Enumerable.Range(1, 20 + k), Enumerable.Range(1, 20 + k).Select(i => k / (double)i), "English"), Plot.Line(Enumerable.Range(1, 20), Enumerable.Range(1, 20).Select(i => 2 * k / (double)(i + 3)), "Chinese")],
            XAxis = new Axis("vocabulary (thousand)"),
            YAxis = new Axis("share of unknown words") { TickFormat = ".0%" },
        })],
    };

    private static Figure LongLine() => new()
    {
        Title = "The loss falls and stays",
        AltText = "A noisy falling curve.",
        Traces = [Plot.Line(Normal(10, 5000).Select((v, i) => (8 * Math.Exp(-i / 1000.0)) + (v * 0.15)))],
        XAxis = new Axis("step"),
        YAxis = new Axis("loss (nats)") { Minimum = 0, Maximum = 7 },
    };

    private static Figure ManyPoints() => new()
    {
        Title = "Zipf's law",
        AltText = "A straight line on two logarithmic axes.",
        Traces = [Plot.Scatter(Enumerable.Range(1, 3000), Enumerable.Range(1, 3000).Select(i => 60000.0 / i), "words") with { MarkerSize = 4 }],
        XAxis = new Axis("rank") { Logarithmic = true },
        YAxis = new Axis("count") { Logarithmic = true },
    };

    private static Figure CategoryLine() => new()
    {
        Title = "Time by corpus",
        AltText = "Time grows with the corpus.",
        Traces = [Plot.Line(["1 KB", "10 KB", "100 KB", "1 MB", "10 MB"], [0.01, 0.02, 0.1, 0.9, 8.7]) with { ShowMarkers = true }],
        XAxis = new Axis("corpus"),
        YAxis = new Axis("seconds"),
    };

    private static Figure HostileText() => new()
    {
        Title = "A title with <tags>, \"quotes\", & and \u0001 \ud800 half a pair",
        AltText = "Alternative\r\ntext \u0000 over ]]> several lines \udfff",
        Traces = [Plot.Bar(["\ud83d", "\u0000", "\u001b[31m", "  ", "\u202eabc", "e\u0301\u0301\u0301", "👩‍👩‍👧‍👦", "\ufffe", ""], Enumerable.Range(1, 9), "\u0007 <b>bold</b>"), Plot.Bar(["\ud83d"], [2], "]]>")],
        XAxis = new Axis("x & y < z"),
        YAxis = new Axis("\t"),
    };
}
