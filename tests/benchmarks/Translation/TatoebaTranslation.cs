using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TransformerTutorial.Data;
using TransformerTutorial.Decoding;
using TransformerTutorial.Metrics;
using TransformerTutorial.Models;
using TransformerTutorial.Training;
using static TorchSharp.torch;

namespace TransformerTutorial.Benchmarks.Translation;

/// <summary>
/// How well a Transformer translates real sentences, Chinese to English, after a given time of training on a file in Tatoeba's form. 2,000 pairs are held out to measure on and 500 to choose by; BLEU on the latter says which
/// weights are kept, and how the beam is set; the former are translated once, at the end. The curve is written as training goes, with wall time and processor time.
/// </summary>
internal static class TatoebaTranslation
{
    private static readonly string[] Names =
    [
        "--file", "--out", "--minutes", "--core-minutes", "--points", "--threads", "--seed", "--width", "--layers", "--heads", "--feed-forward", "--dropout", "--warm-up", "--factor", "--smoothing", "--batch",
        "--source-vocabulary", "--target-vocabulary", "--extra",
    ];

    public static void Run(string[] words)
    {
        var options = new CommandOptions(words, Names, "--pieces");
        var file = options.Text("--file") ?? throw new UsageException("tatoeba needs --file FILE: English, a tab, Chinese, a line each.");
        var (minutes, coreMinutes) = (options.Number("--minutes", 30.0), options.Number("--core-minutes", double.PositiveInfinity));
        var (threads, seed) = (options.Number("--threads", 2), options.Number("--seed", 1));
        var (width, layers) = (options.Number("--width", 192L), options.Number("--layers", 3L));
        var path = options.Text("--out") ?? DataFolder.PathOf("measurements", "tatoeba.json");
        set_num_threads(threads);

        var corpus = TatoebaFile.Load(file, heldOut: 2_000, validation: 500, seed: 1);
        var (training, validation, test) = (Plain(corpus.Training), Plain(corpus.Validation), Plain(corpus.HeldOutCombinations));
        var known = validation.Concat(test).SelectMany(pair => new[] { pair.Chinese, pair.English }).ToHashSet();
        var extra = options.Number("--extra", 0);
        var written = extra == 0 ? [] : Plain([.. TranslationCorpus.Generate(1).Training.Take(extra)]).Where(pair => !known.Contains(pair.Chinese) && !known.Contains(pair.English)).ToArray();
        var work = new TranslationWork([.. training, .. written], options.Number("--source-vocabulary", 5_000), options.Number("--target-vocabulary", 3_000), options.Has("--pieces"));
        var configuration = new TransformerConfiguration(work.Source.Model.Vocabulary.Count, work.Target.Model.Vocabulary.Count)
        {
            Width = width,
            Heads = options.Number("--heads", 4L),
            FeedForwardWidth = options.Number("--feed-forward", 4 * width),
            EncoderLayers = layers,
            DecoderLayers = layers,
            Dropout = options.Number("--dropout", 0.3),
            Positions = PositionKind.Rotary,
            Sharing = EmbeddingSharing.TargetAndOutput,
            MaximumLength = 256,
        };
        manual_seed(seed);
        using var model = new EncoderDecoder(configuration);
        var pairs = work.Encode([.. training, .. written]);
        var how = new TrainingOptions
        {
            Steps = long.MaxValue,
            LearningRate = LearningRate.Noam(width, options.Number("--warm-up", 400L), options.Number("--factor", 1.0)),
            LabelSmoothing = options.Number("--smoothing", 0.1),
            MaximumGradientNorm = 1,
            Validation = new TranslationBatches(work.Encode(validation), 4_000),
        };
        var batches = new TranslationBatches(pairs, options.Number("--batch", 3_000), seed);
        using var trainer = new Trainer(model, batches, how);
        var described = new
        {
            command = "dotnet run -c Release --project tests/benchmarks -- tatoeba " + string.Join(' ', words.Select(each => each == file ? Path.GetFileName(file) : each == path ? Path.GetFileName(path) : each)),
            pairs = new { training = training.Count, written = written.Length, validation = validation.Count, test = test.Count },
            parameters = model.ParameterCount(),
            sourceVocabulary = configuration.SourceVocabulary,
            targetVocabulary = configuration.TargetVocabulary,
            configuration.Width,
            configuration.Heads,
            configuration.FeedForwardWidth,
            configuration.EncoderLayers,
            configuration.DecoderLayers,
            configuration.Dropout,
            schedule = how.LearningRate.ToString(),
            batchTokens = batches.TokensPerBatch,
            smoothing = how.LabelSmoothing,
            threads,
            seed,
        };
        Console.WriteLine(JsonSerializer.Serialize(described, MeasurementFile.Form));

        var curve = new List<Point>();
        var best = (Bleu: -1.0, Weights: new Dictionary<string, Tensor>());
        var (watch, before) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var interval = Math.Min(minutes, coreMinutes / threads) / options.Number("--points", 30);
        var next = interval;
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) => (pressed.Cancel, _) = (true, stop.CancelAsync());
        var isOver = false;
        while (!isOver)
        {
            trainer.Step();
            var (wall, processor) = (watch.Elapsed.TotalMinutes, (Environment.CpuUsage.TotalTime - before).TotalMinutes);
            isOver = wall >= minutes || processor >= coreMinutes || stop.IsCancellationRequested;
            if (isOver || wall >= next)
            {
                next = wall + interval;
                var loss = trainer.Validate();
                trainer.Keep();
                var bleu = Bleu.Corpus(Greedy(validation), Answers(validation)).Score;
                curve.Add(new(trainer.StepsDone, trainer.History.Points[^1].Epoch, Math.Round(wall, 2), Math.Round(processor, 2), Math.Round(trainer.History.RecentLoss!.Value, 3), Math.Round(loss.Loss, 3), Math.Round(bleu, 2)));
                Console.WriteLine(curve[^1]);
                if (bleu > best.Bleu)
                {
                    foreach (var old in best.Weights.Values)
                    {
                        old.Dispose();
                    }

                    best = (bleu, model.state_dict().ToDictionary(named => named.Key, named => named.Value.detach().clone().DetachFromDisposeScope()));
                }

                MeasurementFile.Write(path, new { settings = described, curve });
            }
        }

        trainer.Keep();
        model.load_state_dict(best.Weights);
        model.eval();

        // The beam, too, is chosen on the validation pairs.
        var beams = new[] { 0.6, 1.0, 1.4, 2.0 }.Select(penalty => new BeamOptions { Width = 5, LengthPenalty = penalty, TopCandidates = 0 })
            .Select(beam => (Beam: beam, Bleu.Corpus(Beam(validation, beam), Answers(validation)).Score)).ToArray();
        var chosen = beams.MaxBy(each => each.Score);
        var hypotheses = Beam(test, chosen.Beam);
        var greedy = Bleu.Corpus(Greedy(test), Answers(test));
        var result = Bleu.Corpus(hypotheses, Answers(test));
        var limits = TranslationLimits.Of([.. training, .. written], test, hypotheses);
        var samples = test.Select((pair, place) => new { pair.Chinese, pair.English, Translation = hypotheses[place] }).Where((_, place) => place % 80 == 0).ToArray();
        MeasurementFile.Write(path, new
        {
            settings = described,
            curve,
            validation = new { greedy = Math.Round(best.Bleu, 2), beam = Math.Round(chosen.Score, 2), lengthPenalty = chosen.Beam.LengthPenalty, width = chosen.Beam.Width },
            test = new { beam = result.ToString(), greedy = greedy.ToString(), chrF = ChrF.Corpus(hypotheses, Answers(test)).ToString(), exact = ExactMatch.Corpus(hypotheses, Answers(test)).ToString(), signature = result.Signature },
            limits,
            samples,
        });
        Console.WriteLine($"greedy {greedy}\nbeam   {result}   {result.Signature}\n{string.Join('\n', samples.Select(sample => $"{sample.Chinese} | {sample.English} | {sample.Translation}"))}");

        string[] Greedy(IReadOnlyList<SentencePair> sentences) => work.Translate([.. sentences.Select(pair => pair.Chinese)], source => Decode.Greedy(model, source, new DecodingOptions { TopCandidates = 0 }));

        string[] Beam(IReadOnlyList<SentencePair> sentences, BeamOptions beam) => work.Translate([.. sentences.Select(pair => pair.Chinese)], source => Decode.Beam(model, source, beam));

        static string[] Answers(IReadOnlyList<SentencePair> sentences) => [.. sentences.Select(pair => pair.English)];
    }

    // Full-width letters, digits and marks as their usual forms, in the Chinese alone: 你好！ and 你好! are one sentence.
    private static List<SentencePair> Plain(IEnumerable<SentencePair> pairs) =>
        [.. pairs.Select(pair => pair with { Chinese = string.Concat(pair.Chinese.Where(character => character != ' ').Select(character => character is >= '\uFF01' and <= '\uFF5E' ? (char)(character - 0xFEE0) : character)) })];

    private sealed record Point(long Step, int Epoch, double WallMinutes, double CoreMinutes, double TrainingLoss, double ValidationLoss, double ValidationBleu)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"step {Step}, pass {Epoch + 1}, {WallMinutes:F1} min, processor {CoreMinutes:F1} min: training {TrainingLoss:F3}, validation {ValidationLoss:F3}, BLEU {ValidationBleu:F2}");
    }
}
