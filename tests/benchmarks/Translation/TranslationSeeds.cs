using System.Globalization;
using System.Text.Json;
using TransformerTutorial.Data;
using TransformerTutorial.Decoding;
using TransformerTutorial.Models;
using TransformerTutorial.Training;
using static TorchSharp.torch;
using static TransformerTutorial.Benchmarks.Translation.Chapter12;

namespace TransformerTutorial.Benchmarks.Translation;

/// <summary>
/// Trains chapter 12's translator as the chapter does, once for each of five seeds: other first weights, other dropout, the batches in another order, the same corpus. Seed 1 is the chapter's own run. It writes one JSON file,
/// which the chapter shows, run by run: stopped, it goes on with the first seed that is missing. One thread, and nothing in the file depends on time, so that a second run writes the same bytes.
/// </summary>
internal static class TranslationSeeds
{
    private const string Command = "dotnet run -c Release --project tests/benchmarks -- seeds";
    private const int Steps = 1_600;
    private const double LowestRate = 0.0001;

    public static void Run(string[] words)
    {
        var options = new CommandOptions(words, ["--seeds", "--out"]);
        var seeds = options.Number("--seeds", 5);
        var path = options.Text("--out") ?? DataFolder.PathOf("measurements", "translation-seeds.json");
        set_num_threads(1);

        var corpus = TranslationCorpus.Generate(CorpusSeed);
        var work = new TranslationWork(corpus.Training, Vocabulary, Vocabulary);
        var settings = new Settings(
            Command,
            JsonDocument.Parse(work.OfChapter12().ToJson()).RootElement,
            new(Steps, TokensPerBatch, "cosine", WarmUp, HighestRate, LowestRate, Smoothing, 1),
            CorpusSeed,
            []);
        var done = MeasurementFile.Read(path, settings, made => made with { Runs = [] })?.Runs.ToList() ?? [];
        foreach (var seed in Enumerable.Range(1, seeds).Where(seed => !done.Exists(run => run.Seed == seed)))
        {
            var before = Environment.CpuUsage.TotalTime;
            var run = Train(seed, corpus, work);
            done.Add(run);
            MeasurementFile.Write(path, settings with { Runs = [.. done.OrderBy(each => each.Seed)] });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"seed {seed}: validation {run.ValidationLoss:F3}, combinations {run.Combinations}, structures {run.Structures}, {run.Greeting} (processor {(Environment.CpuUsage.TotalTime - before).TotalSeconds:F0} s)"));
        }
    }

    private static RunResult Train(int seed, TranslationCorpus corpus, TranslationWork work)
    {
        var batches = new TranslationBatches(work.Encode(corpus.Training), TokensPerBatch, seed);
        var options = new TrainingOptions
        {
            Steps = Steps,
            LearningRate = LearningRate.Cosine(HighestRate, WarmUp, Steps, LowestRate),
            LabelSmoothing = Smoothing,
            MaximumGradientNorm = 1,
            Validation = new TranslationBatches(work.Encode(corpus.Validation), 2 * TokensPerBatch),
            ValidationInterval = Steps,
        };
        manual_seed(seed);
        using var model = new EncoderDecoder(work.OfChapter12());
        using var trainer = new Trainer(model, batches, options);
        var loss = trainer.Run().Validations[^1].Loss;

        var hard = corpus.HeldOutStructures;
        var answers = work.Answers([.. hard.Select(pair => pair.Chinese)], Greedy);
        string[] translations = [.. answers.Select(answer => work.Target.Decode(answer.Ids))];
        bool[] isRight = [.. hard.Zip(translations, (pair, translation) => pair.English == translation)];
        return new(
            seed,
            Math.Round(loss, 5),
            TranslationScores.Of(work.Translate([.. corpus.HeldOutCombinations.Select(pair => pair.Chinese)], Greedy), corpus.HeldOutCombinations),
            TranslationScores.Of(translations, hard),
            work.Translate([Greeting], Greedy)[0],
            hard.Select(pair => pair.Structure).Zip(isRight).GroupBy(each => each.First).OrderBy(group => group.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => Math.Round(100.0 * group.Count(each => each.Second) / group.Count(), 3)),
            Math.Round(Surer(answers, isRight), 5));

        DecodedBatch Greedy(Tensor source) => Decode.Greedy(model, source, new DecodingOptions { TopCandidates = 0 });
    }

    // Of all pairs of a right and a wrong answer, in which share the right one has the higher mean log-probability of a token, the end among them.
    private static double Surer(DecodedSequence[] answers, bool[] isRight)
    {
        double[] Of(bool wanted) => [.. answers.Where((_, place) => isRight[place] == wanted).Select(answer => answer.LogProbability / (answer.Ids.Count + 1))];
        var (right, wrong) = (Of(true), Of(false));
        return right.Average(one => wrong.Count(other => other < one) / (double)wrong.Length);
    }

    private sealed record Settings(string Command, JsonElement Configuration, TrainingSettings Training, int CorpusSeed, RunResult[] Runs);

    private sealed record TrainingSettings(int Steps, int BatchTokens, string Schedule, int WarmUp, double HighestRate, double LowestRate, double Smoothing, double Clip);

    private sealed record RunResult(int Seed, double ValidationLoss, TranslationScores Combinations, TranslationScores Structures, string Greeting, Dictionary<string, double> ExactByStructure, double SurerOfRight);
}
