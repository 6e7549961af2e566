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

    public static void Run(string[] options) => new PeerBenchmark
    {
        Cases = Cases,
        Script = "torch-training.py",
        Prepare = Prepare,
        Check = Check,
        Columns = "case | PyTorch, 1 thread, ms | PyTorch, 2 threads, ms | ours, ms | ours ÷ the better | best ÷ best",
        Row = (_, timings) => [.. timings.Milliseconds, $"{timings.Ours.Median / timings.Theirs.Median:F2}", $"{timings.Ours.Best / timings.Theirs.Best:F2}"],
    }.Run(options);

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
        var (x, gradient) = (FixedNumbers.Numbers(0, 64, 32, 256).requires_grad_(), FixedNumbers.Numbers(5, 64, 32, 256));
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
        var (x, gradient) = (FixedNumbers.Numbers(0, 2048, 256).requires_grad_(), FixedNumbers.Numbers(5, 2048, 256));
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
        var (x, classes) = (FixedNumbers.Numbers(0, 1024, 8000).requires_grad_(), Tokens(3, 8000, 1, 1024)[0]);
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
        var parameters = Enumerable.Range(0, 12).Select(i => new Parameter(FixedNumbers.Numbers(i, 1000, 975))).ToList();
        for (var i = 0; i < parameters.Count; i++)
        {
            parameters[i].grad = FixedNumbers.Numbers(i + 99, 1000, 975);
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
        FixedNumbers.Fill(model.named_parameters().Select(named => (named.name, (Tensor)named.parameter)));
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
            values[i] = FixedNumbers.Mixed(first + i) % vocabulary;
        }

        return tensor(values).view(rows, columns);
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
