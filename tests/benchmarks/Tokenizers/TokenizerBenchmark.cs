using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TransformerTutorial.Benchmarks.Tokenizers;

/// <summary>
/// The library's byte-pair encoding against sentencepiece, gpt-tokenizer and tiktoken on the King James Bible (Debian's bible-kjv-text). Every peer and we run by turns, each time in a
/// new process; of each one's runs the half that other programs disturbed least is kept, and the table has the medians. Results are compared before anything is timed.
/// </summary>
internal static partial class TokenizerBenchmark
{
    private static readonly string Self = Environment.ProcessPath!;

    public static void Run(string[] words)
    {
        var options = new CommandOptions(words, ["--runs", "--npm"]);
        var runs = options.Number("--runs", 10);
        var modules = options.Text("--npm") is { } npm ? Path.Combine(Path.GetFullPath(npm), "node_modules") : null;
        var folder = Directory.CreateTempSubdirectory("tokenizer-benchmark-").FullName;
        try
        {
            var text = Path.Combine(folder, "text.txt");
            MakeText(text);
            Console.WriteLine($"{new FileInfo(text).Length / 1e6:F2} MB of text, {runs} runs each, {Environment.ProcessorCount} cores, load before: {Timing.Load}\n");
            Training(folder, text, runs);
            if (modules is null)
            {
                Console.WriteLine("\nWithout --npm FOLDER there is no comparison with gpt-tokenizer and tiktoken.");
                return;
            }

            foreach (var encoding in new[] { "cl100k_base", "o200k_base" })
            {
                Encoding(folder, text, modules, encoding, runs);
            }

            Console.WriteLine($"\nLoad after: {Timing.Load}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Training(string folder, string text, int runs)
    {
        var ours = Path.Combine(folder, "ours");
        var theirs = Path.Combine(folder, "theirs");
        ProcessRun Spm(int threads) => ProcessRun.Of("spm_train", $"--input={text}", $"--model_prefix={theirs}", "--model_type=bpe", "--vocab_size=8000", $"--num_threads={threads}");

        // Both must have learned 8,000 tokens, and ours must give the text back.
        ProcessRun.Of(Self, "train", text, ours);
        Spm(1);
        Require(File.ReadLines(theirs + ".vocab").Count() == 8000, "sentencepiece learned 8,000 pieces");
        var tokenizer = Tokenization.BytePairTokenizer.Load(ours);
        Require(tokenizer.Model.Vocabulary.Count == 8000, "our trainer learned 8,000 tokens");
        var content = File.ReadAllText(text);
        Require(tokenizer.Decode(tokenizer.EncodeToIds(content)) == WhiteSpace().Replace(content, " ").Trim(), "our tokenizer gives the text back");

        var (spmOne, spmTwo, cold, warm, spmEncode, encode) = (new List<ProcessRun>(), new List<ProcessRun>(), new List<ProcessRun>(), new List<ProcessRun>(), new List<ProcessRun>(), new List<ProcessRun>());
        for (var run = 0; run < runs; run++)
        {
            spmOne.Add(Spm(1));
            cold.Add(ProcessRun.Of(Self, "train", text, ours));
            spmTwo.Add(Spm(2));
            warm.Add(ProcessRun.Of(Self, "train-warm", text));
            spmEncode.Add(ProcessRun.Of("spm_encode", $"--model={theirs}.model", "--output_format=id", $"--input={text}", $"--output={theirs}.ids"));
            encode.Add(ProcessRun.Of(Self, "encode-file", ours, text, ours + ".ids"));
        }

        var (wall, processor) = (Math.Min(ProcessRun.Median(spmOne, run => run.Seconds), ProcessRun.Median(spmTwo, run => run.Seconds)), Math.Min(ProcessRun.Median(spmOne, run => run.ProcessorSeconds), ProcessRun.Median(spmTwo, run => run.ProcessorSeconds)));
        Console.WriteLine("| training to 8,000 tokens | wall, s | ÷ peer | processor, s | ÷ peer |\n|---|---|---|---|---|");
        Console.WriteLine($"| spm_train, 1 thread | {ProcessRun.Median(spmOne, run => run.Seconds):F2} | | {ProcessRun.Median(spmOne, run => run.ProcessorSeconds):F2} | |");
        Console.WriteLine($"| spm_train, 2 threads | {ProcessRun.Median(spmTwo, run => run.Seconds):F2} | | {ProcessRun.Median(spmTwo, run => run.ProcessorSeconds):F2} | |");
        Row("ours, whole process, saved files included", ProcessRun.Median(cold, run => run.Seconds), wall, ProcessRun.Median(cold, run => run.ProcessorSeconds), processor);
        Row("ours, text in memory to merge table, first time in its process", ProcessRun.Median(cold, run => run.Value("milliseconds")) / 1000, wall, null, processor);
        Row("ours, text in memory to merge table, warm", ProcessRun.Median(warm, run => run.Value("milliseconds")) / 1000, wall, ProcessRun.Median(warm, run => run.Value("processor")) / 1000, processor);

        Console.WriteLine("\n| encoding with those 8,000 tokens, whole process | wall, s | ÷ peer | processor, s | ÷ peer |\n|---|---|---|---|---|");
        Console.WriteLine($"| spm_encode | {ProcessRun.Median(spmEncode, run => run.Seconds):F2} | | {ProcessRun.Median(spmEncode, run => run.ProcessorSeconds):F2} | |");
        Row("ours", ProcessRun.Median(encode, run => run.Seconds), ProcessRun.Median(spmEncode, run => run.Seconds), ProcessRun.Median(encode, run => run.ProcessorSeconds), ProcessRun.Median(spmEncode, run => run.ProcessorSeconds));
        Console.WriteLine($"\n{Others(spmOne, spmTwo, cold, warm, spmEncode, encode)}");
    }

    private static void Encoding(string folder, string text, string modules, string encoding, int runs)
    {
        var ranks = Path.Combine(modules, "gpt-tokenizer", "data", encoding + ".tiktoken");
        string Ids(string name) => Path.Combine(folder, name + ".ids");
        ProcessRun Node(string name) => ProcessRun.Of("node", Path.Combine(AppContext.BaseDirectory, "Tokenizers", name + ".cjs"), modules, encoding, text, Ids(name));
        ProcessRun Ours(int threads) => ProcessRun.Of(Self, "encode", ranks, encoding, text, threads.ToString(CultureInfo.InvariantCulture), Ids($"ours{threads}"));

        Node("gpt-tokenizer");
        Node("tiktoken");
        Ours(1);
        Ours(2);
        foreach (var other in new[] { "tiktoken", "ours1", "ours2" })
        {
            Require(File.ReadAllBytes(Ids("gpt-tokenizer")).AsSpan().SequenceEqual(File.ReadAllBytes(Ids(other))), $"{other} gives gpt-tokenizer's ids");
        }

        var (gpt, tiktoken, one, two) = (new List<ProcessRun>(), new List<ProcessRun>(), new List<ProcessRun>(), new List<ProcessRun>());
        for (var run = 0; run < runs; run++)
        {
            gpt.Add(Node("gpt-tokenizer"));
            one.Add(Ours(1));
            two.Add(Ours(2));
            if (run % 3 == 0)
            {
                tiktoken.Add(Node("tiktoken"));
            }
        }

        var (wall, processor) = (ProcessRun.Median(gpt, run => run.Value("speed")), ProcessRun.Median(gpt, run => run.Value("processorSpeed")));
        Console.WriteLine($"\n| encoding with {encoding}, warm, {new FileInfo(Ids("ours1")).Length / 4:N0} equal ids | MB per second | ÷ peer | MB per processor second | ÷ peer |\n|---|---|---|---|---|");
        Console.WriteLine($"| gpt-tokenizer, 1 thread | {wall:F1} | | {processor:F1} | |");
        Row("tiktoken (npm)", ProcessRun.Median(tiktoken, run => run.Value("speed")), wall, ProcessRun.Median(tiktoken, run => run.Value("processorSpeed")), processor);
        Row("ours, 1 thread", ProcessRun.Median(one, run => run.Value("speed")), wall, ProcessRun.Median(one, run => run.Value("processorSpeed")), processor);
        Row("ours, 2 threads", ProcessRun.Median(two, run => run.Value("speed")), wall, ProcessRun.Median(two, run => run.Value("processorSpeed")), processor);
        Console.WriteLine($"\nMemory, ours: {ProcessRun.Median(one, run => run.Value("allocated")) / 1e6:F1} MB allocated a pass (the ids take {new FileInfo(Ids("ours1")).Length / 1e6:F1}), working set {ProcessRun.Median(one, run => run.Value("workingSet")) / 1e6:F0} MB when warm, "
            + $"{ProcessRun.Median(one, run => run.Value("workingSetLater")) / 1e6:F0} MB after 50 passes more; gpt-tokenizer's working set {ProcessRun.Median(gpt, run => run.Value("workingSet")) / 1e6:F0} MB. "
            + Others(gpt, one, two, tiktoken));
    }

    /// <summary>The text of the Bible, a verse a line, without the references.</summary>
    private static void MakeText(string path)
    {
        File.WriteAllText(path, string.Concat(KingJamesBible.Verses().Select(verse => verse + "\n")), new UTF8Encoding(false));
    }

    private static void Row(string name, double wall, double peersWall, double? processor, double peersProcessor) =>
        Console.WriteLine($"| {name} | {Number(wall)} | {wall / peersWall:F2} | {(processor is { } known ? $"{Number(known)} | {known / peersProcessor:F2}" : " | ")} |");

    private static string Number(double value) => value >= 5 ? $"{value:F1}" : $"{value:F2}";

    private static string Others(params List<ProcessRun>[] runs) => $"Other programs took {ProcessRun.MeanOfOthers(runs):F2} of one core during the runs that were kept.";

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Not true, so there is nothing to time: {what}.");
        }
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
