using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using TransformerTutorial.Embeddings;

namespace TransformerTutorial.Benchmarks;

/// <summary>
/// Our word2vec against gensim's on the King James Bible (Debian's bible-kjv-text): how fast, how good on text that neither has seen, and whether words get the same neighbours.
/// Peers and we run by turns, each time in a new process; of each one's runs the half that other programs disturbed least is kept, and the table has the medians.
/// </summary>
internal static partial class EmbeddingsBenchmark
{
    private const int HeldOutEvery = 20;
    private const int Window = 5;
    private const int Negatives = 5;
    private const int Neighbours = 10;

    private static readonly string Self = Environment.ProcessPath!;

    public static void Run(string[] words)
    {
        var options = new CommandOptions(words, ["--runs", "--epochs", "--seeds", "--only"]);
        var (runs, epochs, seeds) = (options.Number("--runs", 6), $"{options.Number("--epochs", 5)}", options.Number("--seeds", 3));
        var only = options.Text("--only") is null or "speed" or "quality" ? options.Text("--only") : throw new UsageException("'--only' is speed or quality.");
        Environment.SetEnvironmentVariable("OPENBLAS_CORETYPE", null);
        Environment.SetEnvironmentVariable("OPENBLAS_L2_SIZE", null);
        var folder = Directory.CreateTempSubdirectory("embeddings-benchmark-").FullName;
        try
        {
            var (text, rest) = (Path.Combine(folder, "text.txt"), Path.Combine(folder, "held-out.txt"));
            Console.WriteLine($"{MakeText(text, rest):N0} words of text, {epochs} passes, {runs} runs each, load before: {Timing.Load}\n");
            if (only is not "quality")
            {
                Speed(text, epochs, runs);
                Console.WriteLine();
            }

            if (only is not "speed")
            {
                Quality(folder, text, rest, epochs, seeds);
            }

            Console.WriteLine($"\nLoad after: {Timing.Load}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Speed(string text, string epochs, int runs)
    {
        Console.WriteLine("| words read per second of training | threads | gensim, in memory | gensim, corpus_file | ours, in memory | ours, SentenceFile | ours ÷ gensim, in memory | file | better ÷ better | others' share of a core |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var architecture in new[] { "cbow", "skip-gram" })
        {
            foreach (var threads in new[] { "1", "2" })
            {
                var all = new[] { new List<ProcessRun>(), [], [], [] };
                for (var run = 0; run < runs; run++)
                {
                    all[0].Add(Gensim(text, architecture, threads, "memory", epochs, "1"));
                    all[2].Add(Ours(text, architecture, threads, "memory", epochs, "1"));
                    all[1].Add(Gensim(text, architecture, threads, "file", epochs, "1"));
                    all[3].Add(Ours(text, architecture, threads, "file", epochs, "1"));
                }

                var speeds = Array.ConvertAll(all, list => ProcessRun.Median(list, run => run.Value("speed")) / 1e6);
                var others = ProcessRun.MeanOfOthers(all);
                Console.WriteLine($"| {architecture} | {threads} | {speeds[0]:F2} M | {speeds[1]:F2} M | {speeds[2]:F2} M | {speeds[3]:F2} M | {speeds[2] / speeds[0]:F2} | {speeds[3] / speeds[1]:F2} | {Math.Max(speeds[2], speeds[3]) / Math.Max(speeds[0], speeds[1]):F2} | {others:F2} |");
            }
        }
    }

    private static void Quality(string folder, string text, string rest, string epochs, int seeds)
    {
        Console.WriteLine("| quality | gensim | ours, 1 thread | ours, 2 threads |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var architecture in new[] { "cbow", "skip-gram" })
        {
            var (gensim, one, two) = (new List<Model>(), new List<Model>(), new List<Model>());
            for (var seed = 1; seed <= seeds; seed++)
            {
                var place = Path.Combine(folder, $"vectors-{seed}");
                Gensim(text, architecture, "1", "memory", epochs, $"{seed}", place);
                gensim.Add(Model.Read(place));
                Ours(text, architecture, "1", "memory", epochs, $"{seed}", place);
                one.Add(Model.Read(place));
                Ours(text, architecture, "2", "memory", epochs, $"{seed}", place);
                two.Add(Model.Read(place));
            }

            var vocabulary = WordVocabulary.FromSentences(new SentenceFile(text), minimumCount: 5);
            var examples = Examples(rest, vocabulary, architecture == "cbow");
            string Losses(List<Model> models) => string.Join(", ", models.Select(model => Loss(model, examples, vocabulary).ToString("F4", CultureInfo.InvariantCulture)));
            Console.WriteLine($"| {architecture}: loss on {examples.Count:N0} held-out examples, seeds 1 to {seeds} | {Losses(gensim)} | {Losses(one)} | {Losses(two)} |");

            string[] asked = [.. vocabulary.Words.Take(2_000)];
            var near = gensim.Concat(one).Concat(two).Select(model => asked.Select(word => model.Nearest(word)).ToList()).ToList();
            double Overlap(int a, int b) => near[a].Zip(near[b], (x, y) => x.Intersect(y).Count()).Average();
            string Mean(IEnumerable<(int A, int B)> pairs) => pairs.Average(pair => Overlap(pair.A, pair.B)).ToString("F2", CultureInfo.InvariantCulture);
            var (theirs, ours, oursTwo) = (Enumerable.Range(0, seeds), Enumerable.Range(seeds, seeds), Enumerable.Range(2 * seeds, seeds));
            Console.WriteLine($"| {architecture}: of {Neighbours} neighbours of {asked.Length:N0} words, how many gensim with another seed has too | {Mean(theirs.SelectMany(a => theirs.Where(b => b > a), (a, b) => (a, b)))} "
                + $"| {Mean(theirs.SelectMany(_ => ours, (a, b) => (a, b)).Where(pair => pair.b - seeds != pair.a))} | {Mean(theirs.SelectMany(_ => oursTwo, (a, b) => (a, b)).Where(pair => pair.b - (2 * seeds) != pair.a))} |");
        }
    }

    private static ProcessRun Gensim(string text, string architecture, string threads, string mode, string epochs, string seed, params string[] folder) =>
        ProcessRun.Of("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, "embeddings.py"), text, architecture, threads, mode, epochs, seed, .. folder]);

    private static ProcessRun Ours(string text, string architecture, string threads, string mode, string epochs, string seed, params string[] folder) =>
        ProcessRun.Of(Self, ["embed", text, architecture, threads, mode, epochs, seed, .. folder]);

    /// <summary>The Bible in lower case, a verse a line, letters only; every twentieth verse is held out. Returns how many words are left.</summary>
    private static long MakeText(string text, string heldOut)
    {
        string[] verses = [.. KingJamesBible.Verses().Select(verse => string.Join(' ', Word().Matches(verse.ToLowerInvariant()).Select(match => match.Value)))];
        File.WriteAllLines(text, verses.Where((_, number) => number % HeldOutEvery != 0), new UTF8Encoding(false));
        File.WriteAllLines(heldOut, verses.Where((_, number) => number % HeldOutEvery == 0), new UTF8Encoding(false));
        return WordVocabulary.FromSentences(new SentenceFile(text)).TotalCount;
    }

    /// <summary>Predictions in the held-out verses with whole windows: from which words, which word, against which; the same for all models.</summary>
    private static List<(string[] Inputs, string Target, string[] Negatives)> Examples(string heldOut, WordVocabulary vocabulary, bool isCbow)
    {
        var random = new Random(1);
        var sums = new double[vocabulary.Count];
        var sum = 0.0;
        for (var id = 0; id < sums.Length; id++)
        {
            sums[id] = sum += Math.Pow(vocabulary.Counts[id], 0.75);
        }

        string[] Draw() => [.. Enumerable.Range(0, Negatives).Select(_ => Array.BinarySearch(sums, random.NextDouble() * sum)).Select(at => vocabulary.Words[at < 0 ? ~at : at])];
        var examples = new List<(string[], string, string[])>();
        foreach (var sentence in new SentenceFile(heldOut))
        {
            // As in training, most occurrences of the most frequent words are left out.
            string[] words = [.. sentence.Where(word => vocabulary.TryGetId(word, out var id) && random.NextDouble() < Subsampling.KeepProbability(vocabulary.Counts[id], vocabulary.TotalCount, 1e-3))];
            for (var middle = 0; middle < words.Length; middle++)
            {
                string[] around = [.. words[Math.Max(0, middle - Window)..middle], .. words[(middle + 1)..Math.Min(words.Length, middle + Window + 1)]];
                if (isCbow && around.Length > 0)
                {
                    examples.Add((around, words[middle], Draw()));
                }
                else if (!isCbow)
                {
                    examples.AddRange(around.Select(word => (new[] { words[middle] }, word, Draw())));
                }
            }
        }

        return examples;
    }

    /// <summary>The mean of -log σ(h · w') - Σ log σ(-h · n'), h being the mean of the inputs' vectors.</summary>
    private static double Loss(Model model, List<(string[] Inputs, string Target, string[] Negatives)> examples, WordVocabulary vocabulary)
    {
        var loss = 0.0;
        var hidden = new double[Model.Size];
        foreach (var (inputs, target, negatives) in examples)
        {
            Array.Clear(hidden);
            foreach (var word in inputs)
            {
                var vector = model.Input(word);
                for (var i = 0; i < hidden.Length; i++)
                {
                    hidden[i] += vector[i] / inputs.Length;
                }
            }

            loss += Logistic(-Dot(hidden, model.Output(target))) + negatives.Where(word => word != target).Sum(word => Logistic(Dot(hidden, model.Output(word))));
        }

        return loss / examples.Count;

        static double Logistic(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

        static double Dot(double[] a, ReadOnlySpan<float> b)
        {
            var sum = 0.0;
            for (var i = 0; i < a.Length; i++)
            {
                sum += a[i] * b[i];
            }

            return sum;
        }
    }

    [GeneratedRegex("[a-z]+")]
    private static partial Regex Word();

    /// <summary>The vectors that a run left behind.</summary>
    private sealed class Model(string[] words, float[] input, float[] output)
    {
        public const int Size = 100;

        private readonly Dictionary<string, int> _rows = words.Index().ToDictionary(word => word.Item, word => word.Index);
        private readonly WordVectors _vectors = new(words, input, Size);

        public static Model Read(string folder) => new(
            File.ReadAllLines(Path.Combine(folder, "words.txt")),
            MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "input.bin"))).ToArray(),
            MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "output.bin"))).ToArray());

        public ReadOnlySpan<float> Input(string word) => input.AsSpan(_rows[word] * Size, Size);

        public ReadOnlySpan<float> Output(string word) => output.AsSpan(_rows[word] * Size, Size);

        public string[] Nearest(string word) => [.. _vectors.MostSimilar(word, Neighbours).Select(near => near.Word)];
    }
}
