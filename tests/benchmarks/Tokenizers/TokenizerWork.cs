using System.Diagnostics;
using System.Runtime.InteropServices;
using TransformerTutorial.Tokenization;

namespace TransformerTutorial.Benchmarks.Tokenizers;

/// <summary>What the benchmark runs in processes of their own. Each reports as <c>name=value</c>.</summary>
internal static class TokenizerWork
{
    private const int TimedPasses = 7;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Text file to saved tokenizer, cold.</summary>
    public static void Train(string textFile, string folder)
    {
        var text = File.ReadAllText(textFile);
        var watch = Stopwatch.StartNew();
        var model = BytePairTrainer.Train([text], new BytePairTrainerOptions());
        Console.WriteLine($"milliseconds={watch.Elapsed.TotalMilliseconds}");
        BytePairTokenizer.Create(model).Save(folder);
    }

    /// <summary>Text in memory to merge table, in a process that has done it before.</summary>
    public static void TrainWarm(string textFile)
    {
        var text = File.ReadAllText(textFile);
        var (milliseconds, processor) = Median(() => BytePairTrainer.Train([text], new BytePairTrainerOptions()));
        Console.WriteLine($"milliseconds={milliseconds} processor={processor}");
    }

    /// <summary>Saved tokenizer and text file to file of ids, cold.</summary>
    public static void EncodeFile(string folder, string textFile, string idsFile)
    {
        var ids = BytePairTokenizer.Load(folder).EncodeToIds(File.ReadAllText(textFile));
        File.WriteAllBytes(idsFile, MemoryMarshal.AsBytes(ids.ToArray().AsSpan()).ToArray());
    }

    /// <summary>Text in memory to ids, with a warm cache; on several threads, each has its share of the text and all share one tokenizer.</summary>
    public static void Encode(string ranks, string pattern, string textFile, int threads, string idsFile)
    {
        var tokenizer = BytePairTokenizer.LoadTiktoken(ranks, pattern == "o200k_base" ? BytePairPatterns.O200k : BytePairPatterns.Cl100k);
        var text = File.ReadAllText(textFile);
        var shares = Shares(text, threads);
        var ids = new IReadOnlyList<int>[threads];
        var (milliseconds, processor) = Median(() => OnThreads(threads, share => ids[share] = tokenizer.EncodeToIds(shares[share])));

        var workingSet = Environment.WorkingSet;
        var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        for (var pass = 0; pass < 50; pass++)
        {
            tokenizer.EncodeToIds(text);
        }

        var allocated = (GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore) / 50;

        var megabytes = System.Text.Encoding.UTF8.GetByteCount(text) / 1e6;
        Console.WriteLine($"speed={megabytes / milliseconds * 1000} processorSpeed={megabytes / processor * 1000} allocated={allocated} workingSet={workingSet} workingSetLater={Environment.WorkingSet}");
        File.WriteAllBytes(idsFile, MemoryMarshal.AsBytes(ids.SelectMany(share => share).ToArray().AsSpan()).ToArray());
    }

    /// <summary>Runs the first share on this thread, the others each on one of their own.</summary>
    private static void OnThreads(int count, Action<int> work)
    {
        var others = Enumerable.Range(1, count - 1).Select(share => new Thread(() => work(share))).ToList();
        others.ForEach(thread => thread.Start());
        work(0);
        others.ForEach(thread => thread.Join());
    }

    /// <summary>Cuts a text at line ends, the break staying with the line before it; all of the patterns cut there as well.</summary>
    private static string[] Shares(string text, int count)
    {
        var borders = Enumerable.Range(0, count + 1).Select(share => share == 0 ? 0 : share == count ? text.Length : text.IndexOf('\n', text.Length * share / count) + 1).ToArray();
        return [.. Enumerable.Range(0, count).Select(share => text[borders[share]..borders[share + 1]])];
    }

    /// <summary>The median of some passes' wall times, and their mean processor time, after two seconds of warming up.</summary>
    private static (double Milliseconds, double Processor) Median(Action work)
    {
        var process = Process.GetCurrentProcess();
        for (var warming = Stopwatch.StartNew(); warming.Elapsed < WarmUp;)
        {
            work();
        }

        var times = new List<double>();
        var processorBefore = process.TotalProcessorTime;
        for (var pass = 0; pass < TimedPasses; pass++)
        {
            var watch = Stopwatch.StartNew();
            work();
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        process.Refresh();
        return (times.Order().ElementAt(TimedPasses / 2), (process.TotalProcessorTime - processorBefore).TotalMilliseconds / TimedPasses);
    }
}
