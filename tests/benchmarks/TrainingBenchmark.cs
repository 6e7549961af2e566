using System.Diagnostics;
using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TransformerTutorial.Benchmarks;

/// <summary>
/// The engine against PyTorch on models of tutorial size: training steps, forward passes, greedy decoding, and the layers that take the time. PyTorch runs in child processes with one thread and with two; they and we
/// take turns, a second each. The table compares our medians with the better of PyTorch's two.
/// </summary>
internal static class TrainingBenchmark
{
    private static readonly string[] Cases =
    [
        "step-tiny-0.1", "step-tiny-0", "step-small-0.1", "step-small-0", "forward-tiny", "forward-small", "greedy-tiny-1", "greedy-tiny-32", "greedy-small-1", "greedy-small-32",
        "attention", "layer-norm", "cross-entropy", "adam",
    ];

    // Sizes and numbers are torch-training.py's.
    private static readonly Dictionary<string, (long Width, long Heads, long Layers, long Hidden, long Vocabulary, long Batch, long Length)> Sizes = new()
    {
        ["tiny"] = (64, 4, 2, 256, 1000, 32, 24),
        ["small"] = (256, 8, 3, 1024, 8000, 32, 32),
    };

    public static void Run(string[] options)
    {
        var turns = int.Parse(Option(options, "--turns") ?? "5", CultureInfo.InvariantCulture);
        var seconds = double.Parse(Option(options, "--seconds") ?? "1", CultureInfo.InvariantCulture);
        var only = Option(options, "--only")?.Split(',');
        if (options.Contains("--alone"))
        {
            set_num_threads(int.Parse(Option(options, "--threads") ?? "2", CultureInfo.InvariantCulture));
            foreach (var name in Cases.Where(name => only is null || only.Any(prefix => name == prefix || name.StartsWith($"{prefix}-", StringComparison.Ordinal))))
            {
                var work = Prepare(name);
                Time(work, Math.Max(1, seconds / 2));
                var before = Environment.CpuUsage.TotalTime;
                var runs = 0;
                var (best, median) = Time(() => work() + runs++, seconds);
                var processor = (Environment.CpuUsage.TotalTime - before) / runs;
                Console.WriteLine($"{name}: best {best * 1000:F2} ms, median {median * 1000:F2} ms, processor time {processor.TotalMilliseconds:F2} ms");
            }

            return;
        }

        Console.WriteLine($"{turns} turns of {seconds} s each, load before: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}\n");
        Console.WriteLine("| case | PyTorch, 1 thread, ms | PyTorch, 2 threads, ms | ours, ms | ours ÷ the better | best ÷ best |\n|---|---|---|---|---|---|");
        using var one = new PythonPeer("torch-training.py", 1);
        using var two = new PythonPeer("torch-training.py", 2);
        foreach (var name in Cases.Where(name => only is null || only.Any(prefix => name == prefix || name.StartsWith($"{prefix}-", StringComparison.Ordinal))))
        {
            Check(name, one);
            var work = Prepare(name);
            work();
            work();
            var times = new[] { new List<(double Best, double Median)>(), [], [] };
            for (var turn = 0; turn < turns; turn++)
            {
                times[0].Add(one.Time($"{name} {seconds}"));
                times[1].Add(two.Time($"{name} {seconds}"));

                // OpenMP's threads spin for a while after their last work.
                Thread.Sleep(50);
                times[2].Add(Time(work, seconds));
            }

            var medians = Array.ConvertAll(times, list => list.Select(time => time.Median).Order().ElementAt(turns / 2) * 1000);
            var bests = Array.ConvertAll(times, list => list.Min(time => time.Best) * 1000);
            Console.WriteLine($"| {name} | {medians[0]:F2} | {medians[1]:F2} | {medians[2]:F2} | {medians[2] / Math.Min(medians[0], medians[1]):F2} | {bests[2] / Math.Min(bests[0], bests[1]):F2} |");
        }

        Console.WriteLine($"\nLoad after: {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
    }

    private static string? Option(string[] options, string name) => Array.IndexOf(options, name) is var index and >= 0 && index + 1 < options.Length ? options[index + 1] : null;

    // Both sides begin with the same weights, so the numbers must agree where no dropout is drawn.
    private static void Check(string name, PythonPeer peer)
    {
        var theirs = peer.Number($"check {name}");
        var ours = Prepare(name)();
        if (!name.EndsWith("-0.1", StringComparison.Ordinal) && !(Math.Abs(theirs - ours) <= 1e-4 * Math.Max(1, Math.Abs(theirs))))
        {
            throw new InvalidOperationException($"{name} gives {ours}, PyTorch's {theirs}; there is nothing to time.");
        }
    }

    private static (double Best, double Median) Time(Func<double> work, double seconds)
    {
        var times = new List<double>();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < seconds || times.Count < 3;)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        times.Sort();
        return (times[0], times[times.Count / 2]);
    }

    /// <summary>A function that runs the case once and returns a number of its result.</summary>
    private static Func<double> Prepare(string name)
    {
        manual_seed(1);
        return name.Split('-') switch
        {
            ["step", var size, var dropout] => Step(size, double.Parse(dropout, CultureInfo.InvariantCulture)),
            ["forward", var size] => Forward(size),
            ["greedy", var size, var batch] => Greedy(size, int.Parse(batch, CultureInfo.InvariantCulture)),
            ["attention"] => Attention(),
            ["layer", "norm"] => LayerNorm(),
            ["cross", "entropy"] => CrossEntropy(),
            _ => Adam(),
        };
    }

    private static Func<double> Step(string size, double dropout)
    {
        var (_, _, _, _, vocabulary, batch, length) = Sizes[size];
        var model = Fixed(new Translator(size, dropout));
        var optimizer = optim.Adam(model.parameters(), lr: 1e-4);
        var (source, target, mask) = (Tokens(0, vocabulary, length, batch), Tokens(7, vocabulary, length + 1, batch), Causal(length));
        return () =>
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            var logits = model.call(source, target[..^1], mask);
            var loss = nn.functional.cross_entropy(logits.view(-1, vocabulary), target[1..].reshape(-1));
            loss.backward();
            optimizer.step();
            return loss.item<float>();
        };
    }

    private static Func<double> Forward(string size)
    {
        var (_, _, _, _, vocabulary, batch, length) = Sizes[size];
        var model = Fixed(new Translator(size, 0.1));
        model.eval();
        var (source, target, mask) = (Tokens(0, vocabulary, length, batch), Tokens(7, vocabulary, length + 1, batch), Causal(length));
        return () =>
        {
            using var scope = NewDisposeScope();
            using var mode = no_grad();
            return model.call(source, target[..^1], mask).sum().item<float>();
        };
    }

    private static Func<double> Greedy(string size, int batch)
    {
        var vocabulary = Sizes[size].Vocabulary;
        var model = Fixed(new Translator(size, 0.1));
        model.eval();
        var (source, start) = (Tokens(0, vocabulary, 32, batch), Tokens(7, vocabulary, 33, batch)[..1]);
        return () =>
        {
            using var scope = NewDisposeScope();
            using var mode = no_grad();
            var memory = model.Encode(source);
            var output = start;
            for (var i = 0; i < 32; i++)
            {
                using var mask = Causal(output.shape[0]);
                using var logits = model.Predict(model.Decode(memory, output, mask)[^1..]);
                output = cat([output, logits.argmax(-1)]);
            }

            return output.sum().item<long>();
        };
    }

    private static Func<double> Attention()
    {
        var attention = Fixed(nn.MultiheadAttention(256, 8));
        var (x, gradient) = (Numbers(0, 64, 32, 256).requires_grad_(), Numbers(5, 64, 32, 256));
        return () =>
        {
            using var scope = NewDisposeScope();
            attention.zero_grad();
            x.grad = null;
            attention.call(x, x, x, null, false, null).Item1.backward([gradient]);
            return x.grad!.abs().sum().item<float>();
        };
    }

    private static Func<double> LayerNorm()
    {
        var norm = nn.LayerNorm(256);
        var (x, gradient) = (Numbers(0, 2048, 256).requires_grad_(), Numbers(5, 2048, 256));
        return () =>
        {
            using var scope = NewDisposeScope();
            norm.zero_grad();
            x.grad = null;
            norm.call(x).backward([gradient]);
            return x.grad![0, 0].item<float>();
        };
    }

    private static Func<double> CrossEntropy()
    {
        var (x, classes) = (Numbers(0, 1024, 8000).requires_grad_(), Tokens(3, 8000, 1, 1024)[0]);
        return () =>
        {
            using var scope = NewDisposeScope();
            x.grad = null;
            var loss = nn.functional.cross_entropy(x, classes);
            loss.backward();
            return loss.item<float>();
        };
    }

    private static Func<double> Adam()
    {
        var parameters = Enumerable.Range(0, 12).Select(i => new Parameter(Numbers(i, 1000, 975))).ToList();
        for (var i = 0; i < parameters.Count; i++)
        {
            parameters[i].grad = Numbers(i + 99, 1000, 975);
        }

        var optimizer = optim.Adam(parameters, lr: 1e-4);
        return () =>
        {
            optimizer.step();
            return parameters[0][0, 0].item<float>();
        };
    }

    private static T Fixed<T>(T model)
        where T : nn.Module
    {
        using var mode = no_grad();
        var i = 0;
        foreach (var (name, parameter) in model.named_parameters().OrderBy(named => named.name, StringComparer.Ordinal))
        {
            if (parameter.dim() > 1)
            {
                parameter.copy_(Numbers(i, parameter.shape) * (2 / Math.Sqrt(parameter.shape[^1])));
            }
            else if (name.EndsWith("bias", StringComparison.Ordinal))
            {
                parameter.zero_();
            }

            i++;
        }

        return model;
    }

    private static Tensor Causal(long length)
    {
        using var minusInfinity = full(length, length, float.NegativeInfinity, ScalarType.Float32);
        return minusInfinity.triu(1);
    }

    private static Tensor Tokens(long first, long vocabulary, long rows, long columns)
    {
        var values = new long[rows * columns];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Mixed(first + i) % vocabulary;
        }

        return tensor(values).view(rows, columns);
    }

    // A fixed number that looks random, the same as the Python side's.
    private static uint Mixed(long i)
    {
        var bits = unchecked((uint)i * 2654435761u);
        bits = unchecked((bits ^ (bits >> 16)) * 0x45d9f3bu);
        return bits ^ (bits >> 16);
    }

    private static Tensor Numbers(long first, params long[] shape)
    {
        var values = new float[shape.Aggregate((product, length) => product * length)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ((Mixed(first + i) >> 8) / 16777216f) - 0.5f;
        }

        return tensor(values).view(shape);
    }

    private sealed class Translator : nn.Module<Tensor, Tensor, Tensor, Tensor>
    {
        private readonly Embedding source;
        private readonly Embedding target;
        private readonly Embedding position;
        private readonly Transformer transformer;
        private readonly TransformerEncoder _encoder;
        private readonly TransformerDecoder _decoder;
        private readonly Linear output;
        private readonly Dropout dropout;
        private readonly double _scale;

        public Translator(string size, double dropoutRate)
            : base(nameof(Translator))
        {
            var (width, heads, layers, hidden, vocabulary, _, _) = Sizes[size];
            _scale = Math.Sqrt(width);
            source = nn.Embedding(vocabulary, width);
            target = nn.Embedding(vocabulary, width);
            position = nn.Embedding(64, width);
            transformer = nn.Transformer(width, heads, layers, layers, hidden, dropoutRate);
            output = nn.Linear(width, vocabulary);
            dropout = nn.Dropout(dropoutRate);
            RegisterComponents();
            var parts = transformer.named_children().ToDictionary(part => part.name, part => part.module);
            _encoder = (TransformerEncoder)parts["encoder"];
            _decoder = (TransformerDecoder)parts["decoder"];
        }

        public Tensor Encode(Tensor tokens) => _encoder.call(Embed(source, tokens), null, null);

        public Tensor Decode(Tensor memory, Tensor tokens, Tensor mask) => _decoder.call(Embed(target, tokens), memory, mask, null, null, null);

        public Tensor Predict(Tensor decoded) => output.call(decoded);

        public override Tensor forward(Tensor sourceTokens, Tensor targetTokens, Tensor mask) => Predict(Decode(Encode(sourceTokens), targetTokens, mask));

        private Tensor Embed(Embedding table, Tensor tokens) =>
            dropout.call((table.call(tokens) * _scale) + position.call(arange(tokens.shape[0]).unsqueeze(1)));
    }
}
