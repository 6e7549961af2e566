using System.Globalization;
using TransformerTutorial.Models;
using TransformerTutorial.Training;
using static TorchSharp.torch;

namespace TransformerTutorial.Benchmarks;

/// <summary>
/// The library's <see cref="EncoderDecoder"/> against PyTorch's nn.Transformer with the same configuration and weights: training steps, and greedy decoding, ours with a cache, PyTorch's without (it has none).
/// PyTorch runs in child processes with one thread and with two; they and we take turns. The table compares our medians with the better of PyTorch's two.
/// </summary>
internal static class TransformerBenchmark
{
    private static readonly string[] Cases =
        ["step-chapter-0.05", "step-tiny-0.1", "step-tiny-0", "step-small-0.1", "step-small-0", "greedy-chapter-1", "greedy-chapter-32", "greedy-tiny-1", "greedy-tiny-32", "greedy-small-1", "greedy-small-32"];

    // Sizes and numbers are torch-transformer.py's. "chapter" is chapter 12's model, but for its rotary positions, which PyTorch doesn't have.
    private static readonly Dictionary<string, (TransformerConfiguration Configuration, int Batch, int Source, int Target)> Sizes = new()
    {
        ["chapter"] = (new(2000, 2000) { Width = 64, FeedForwardWidth = 256, Sharing = EmbeddingSharing.TargetAndOutput }, 80, 12, 13),
        ["tiny"] = (new(1000, 1000) { Width = 64, FeedForwardWidth = 256 }, 32, 24, 24),
        ["small"] = (new(8000, 8000) { Width = 256, Heads = 8, FeedForwardWidth = 1024, EncoderLayers = 3, DecoderLayers = 3 }, 32, 32, 32),
    };

    public static void Run(string[] options) => new PeerBenchmark
    {
        Cases = Cases,
        Script = "torch-transformer.py",
        Prepare = Prepare,
        Check = Check,
        Columns = "case | PyTorch, 1 thread, ms | PyTorch, 2 threads, ms | ours, ms | tokens/s, the better PyTorch | tokens/s, ours | ours ÷ PyTorch | best ÷ best",
        Row = Row,
    }.Run(options);

    private static string[] Row(string name, CaseTimings timings)
    {
        var (theirs, ours, tokens) = (timings.Theirs, timings.Ours, TokensOf(name));
        return [.. timings.Milliseconds, $"{tokens / theirs.Median:N0}", $"{tokens / ours.Median:N0}", $"{theirs.Median / ours.Median:F2}", $"{theirs.Best / ours.Best:F2}"];
    }

    // Both sides begin with the same weights: after two steps, and word by word, the numbers must agree. Dropout draws other numbers, so it is left out here.
    private static void Check(string name, PythonPeer peer)
    {
        var words = name.Split('-');
        var compared = words[0] == "step" ? $"step-{words[1]}-0" : name;
        var theirs = peer.Number($"check {compared}");
        var work = Prepare(compared);
        work();
        work();
        var ours = work();
        if (!(Math.Abs(theirs - ours) <= 1e-4 * Math.Max(1, Math.Abs(theirs))))
        {
            throw new InvalidOperationException($"{compared} gives {ours}, PyTorch's {theirs}; there is nothing to time.");
        }
    }

    // Words read and written in one repetition, without padding; in decoding those that are written.
    private static long TokensOf(string name)
    {
        var (_, batch, source, target) = Sizes[name.Split('-')[1]];
        return name.StartsWith("step", StringComparison.Ordinal)
            ? Enumerable.Range(0, batch).Sum(row => source + target - (2 * (row % 4)) + (row % 4 > 0 ? 1 : 0))
            : 32 * int.Parse(name.Split('-')[2], CultureInfo.InvariantCulture);
    }

    private static Func<double> Prepare(string name)
    {
        var words = name.Split('-');
        return words[0] == "step" ? Step(words[1], double.Parse(words[2], CultureInfo.InvariantCulture)) : Greedy(words[1], int.Parse(words[2], CultureInfo.InvariantCulture));
    }

    private static Func<double> Step(string size, double dropout)
    {
        var (configuration, batch, read, written) = Sizes[size];
        manual_seed(1);
        var model = Fixed(new EncoderDecoder(configuration with { Dropout = dropout }));
        var optimizer = optim.Adam(model.parameters(), lr: 1e-4);
        var (source, target) = (Sentences(0, configuration.SourceVocabulary, batch, read), Sentences(7, configuration.TargetVocabulary, batch, written + 1));
        var (given, expected) = (target.narrow(1, 0, written).contiguous(), target.narrow(1, 1, written).contiguous());
        return () =>
        {
            using var scope = NewDisposeScope();
            model.zero_grad();
            var loss = TranslationLoss.Mean(model.call(source, given), expected, smoothing: 0.1);
            loss.backward();
            optimizer.step();
            return loss.item<float>();
        };
    }

    private static Func<double> Greedy(string size, int batch)
    {
        var configuration = Sizes[size].Configuration;
        var model = Fixed(new EncoderDecoder(configuration));
        model.eval();
        var source = Sentences(0, configuration.SourceVocabulary, batch, 32);
        return () =>
        {
            using var scope = NewDisposeScope();
            using var mode = no_grad();
            var encoded = model.Encode(source);
            using var cache = model.CreateCache();
            var word = ones([batch, 1], ScalarType.Int64);
            var sum = (long)batch;
            for (var i = 0; i < 32; i++)
            {
                using var step = NewDisposeScope();
                word = model.Decode(word, encoded, cache).argmax(-1).MoveToOuterDisposeScope();
                sum += word.sum().item<long>();
            }

            return sum;
        };
    }

    // The Python side's weights, in the order of its names.
    private static EncoderDecoder Fixed(EncoderDecoder model)
    {
        var configuration = model.Configuration;
        var stacks = nn.Transformer(configuration.Width, configuration.Heads, configuration.EncoderLayers, configuration.DecoderLayers, configuration.FeedForwardWidth, configuration.Dropout).state_dict();
        var all = stacks.ToDictionary(one => $"transformer.{one.Key}", one => one.Value);
        all["source.weight"] = model.SourceVectors;
        all["target.weight"] = model.TargetVectors;
        if (configuration.Sharing == EmbeddingSharing.None)
        {
            all["output.weight"] = model.OutputMatrix;
        }

        FixedNumbers.Fill(all.Select(one => (one.Key, one.Value)));
        model.LoadFrom(stacks);
        return model;
    }

    // (B, length): words from id 3 on, padding 0 behind the end of three in four.
    private static Tensor Sentences(long first, long vocabulary, int batch, int length)
    {
        var ids = new long[batch, length];
        for (var row = 0; row < batch; row++)
        {
            for (var place = 0; place < length - (row % 4); place++)
            {
                ids[row, place] = (FixedNumbers.Mixed(first + (row * length) + place) % (vocabulary - 3)) + 3;
            }
        }

        return tensor(ids);
    }
}
