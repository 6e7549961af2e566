using System.Globalization;
using System.Text.Json;
using TransformerTutorial.Data;
using TransformerTutorial.Decoding;
using TransformerTutorial.Layers;
using TransformerTutorial.Models;
using TransformerTutorial.Training;
using static TorchSharp.torch;
using static TransformerTutorial.Benchmarks.Translation.Chapter12;

namespace TransformerTutorial.Benchmarks.Translation;

/// <summary>
/// Takes one thing at a time away from chapter 12's translator and trains it again, with the same steps and three seeds each; a GRU with attention of about as many parameters besides. It writes one JSON file, which the
/// chapter shows, run by run: stopped, it goes on with the first run that is missing. One thread, and nothing in the file depends on time, so that a second run writes the same bytes.
/// </summary>
internal static class TranslationAblations
{
    private const string Command = "dotnet run -c Release --project tests/benchmarks -- ablations";
    private const int Points = 16;

    // The GRU learns slowly at the Transformer's rate: of 0.001, 0.002, 0.005, 0.01 and 0.02, tried with seed 1, this one has the lowest validation loss.
    private const double RecurrentRate = 0.02;

    // Each takes one thing away, or puts another in its place.
    private static readonly (string Name, Func<TransformerConfiguration, TransformerConfiguration> Change, bool HasWarmUp, bool IsSmoothed)[] Transformers =
    [
        ("baseline", whole => whole, true, true),
        ("no scaling", whole => whole with { IsScaled = false }, true, true),
        ("no positions", whole => whole with { Positions = PositionKind.None }, true, true),
        ("sinusoidal", whole => whole with { Positions = PositionKind.Sinusoidal }, true, true),
        ("no warm-up", whole => whole, false, true),
        ("no smoothing", whole => whole, true, false),
        ("post-norm", whole => whole with { Placement = NormPlacement.After }, true, true),
        ("post-norm, no warm-up", whole => whole with { Placement = NormPlacement.After }, false, true),
    ];

    private const string Recurrent = "GRU with attention";

    public static void Run(string[] words)
    {
        var options = new CommandOptions(words, ["--steps", "--seeds", "--out"]);
        var (steps, seeds) = (options.Number("--steps", 600), options.Number("--seeds", 3));
        var path = options.Text("--out") ?? DataFolder.PathOf("measurements", "translation-ablations.json");
        set_num_threads(1);

        var corpus = TranslationCorpus.Generate(CorpusSeed);
        var work = new TranslationWork(corpus.Training, Vocabulary, Vocabulary);
        var whole = work.OfChapter12();
        var settings = new Settings(
            steps == 600 ? Command : $"{Command} --steps {steps}",
            JsonDocument.Parse(whole.ToJson()).RootElement,
            new(steps, TokensPerBatch, "cosine to 2% of the highest rate", WarmUp, HighestRate, Smoothing, 1),
            CorpusSeed,
            corpus.Training.Count,
            []);
        var done = MeasurementFile.Read(path, settings, made => made with { Runs = [] })?.Runs.ToList() ?? [];
        foreach (var seed in Enumerable.Range(1, seeds))
        {
            foreach (var name in Transformers.Select(each => each.Name).Append(Recurrent))
            {
                if (done.Exists(run => run.Name == name && run.Seed == seed))
                {
                    continue;
                }

                var watch = System.Diagnostics.Stopwatch.StartNew();
                var before = Environment.CpuUsage.TotalTime;
                var run = Train(name, seed, steps, name == Recurrent ? RecurrentRate : HighestRate, corpus, work, whole);
                done.Add(run);
                MeasurementFile.Write(path, settings with { Runs = [.. done.OrderBy(each => each.Seed).ThenBy(each => Place(each.Name))] });
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{name}, seed {seed}: {run.Parameters:N0} parameters, validation {(run.Curve.Length > 0 ? run.Curve[^1].ValidationLoss : double.NaN):F3}, combinations {run.Combinations}, structures {run.Structures}, {run.Greeting} ({watch.Elapsed.TotalSeconds:F0} s, processor {(Environment.CpuUsage.TotalTime - before).TotalSeconds:F0} s)"));
            }
        }
    }

    private static RunResult Train(string name, int seed, int steps, double rate, TranslationCorpus corpus, TranslationWork work, TransformerConfiguration whole)
    {
        manual_seed(seed);
        var (_, change, hasWarmUp, isSmoothed) = Array.Find(Transformers, each => each.Name == name) is { Name: not null } found ? found : (name, configuration => configuration, true, true);
        var batches = new TranslationBatches(work.Encode(corpus.Training), TokensPerBatch, seed);
        var options = new TrainingOptions
        {
            Steps = steps,
            LearningRate = LearningRate.Cosine(rate, hasWarmUp ? WarmUp : 0, steps, 0.02 * rate),
            LabelSmoothing = isSmoothed ? Smoothing : 0,
            MaximumGradientNorm = 1,
            Validation = new TranslationBatches(work.Encode(corpus.Validation), 2 * TokensPerBatch),
            ValidationInterval = Math.Max(1, steps / Points),
        };
        nn.Module model;
        IStepwiseModel stepwise;
        Trainer trainer;
        if (name == Recurrent)
        {
            var recurrent = EquallyLarge(whole);
            (model, stepwise, trainer) = (recurrent, new StepwiseRecurrent(recurrent), new Trainer(recurrent, batches, options));
        }
        else
        {
            var transformer = new EncoderDecoder(change(whole));
            (model, stepwise, trainer) = (transformer, new StepwiseTransformer(transformer), new Trainer(transformer, batches, options));
        }

        using (trainer)
        {
            string? failure = null;
            try
            {
                trainer.Run();
            }
            catch (NotFiniteNumberException problem)
            {
                failure = problem.Message;
                model.eval();
            }

            var result = new RunResult(
                name, seed, model.ParameterCount(), rate,
                [.. trainer.History.Validations.Select(point => new CurvePoint(point.Step, Math.Round(point.Loss, 5)))],
                Measure(corpus.HeldOutCombinations), Measure(corpus.HeldOutStructures),
                Translate([Greeting])[0], failure);
            model.Dispose();
            return result;
        }

        string[] Translate(IReadOnlyList<string> sentences) => work.Translate(sentences, source => Decode.Greedy(stepwise, source, new DecodingOptions { TopCandidates = 0, MaximumLength = 40 }));

        TranslationScores Measure(IReadOnlyList<SentencePair> pairs) => TranslationScores.Of(Translate([.. pairs.Select(pair => pair.Chinese)]), pairs);
    }

    // Chapter 5's encoder-decoder, as wide as the number of parameters allows.
    private static RecurrentSeq2Seq EquallyLarge(TransformerConfiguration whole)
    {
        RecurrentSeq2Seq Make(long hidden)
        {
            return new(new(whole.SourceVocabulary, whole.TargetVocabulary)
            {
                Width = whole.Width,
                HiddenWidth = hidden,
                Attention = RecurrentAttention.Dot,
                IsBidirectional = true,
                Dropout = whole.Dropout,
            });
        }

        var state = Generator.Default.get_state();
        using var transformer = new EncoderDecoder(whole);
        var (wanted, width) = (transformer.ParameterCount(), 1L);
        while (Count(width + 1) <= wanted)
        {
            width++;
        }

        Generator.Default.set_state(state);
        return Make(width);

        long Count(long hidden)
        {
            using var model = Make(hidden);
            return model.ParameterCount();
        }
    }

    private static int Place(string name) => Array.FindIndex(Transformers, each => each.Name == name) is var place and >= 0 ? place : Transformers.Length;

    private sealed record Settings(string Command, JsonElement Configuration, TrainingSettings Training, int CorpusSeed, int TrainingPairs, RunResult[] Runs);

    private sealed record TrainingSettings(int Steps, int BatchTokens, string Schedule, int WarmUp, double PeakRate, double Smoothing, double Clip);

    private sealed record RunResult(string Name, int Seed, long Parameters, double PeakRate, CurvePoint[] Curve, TranslationScores Combinations, TranslationScores Structures, string Greeting, string? Failure);

    private sealed record CurvePoint(long Step, double ValidationLoss);
}
