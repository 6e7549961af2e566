using System.Globalization;
using TransformerTutorial.Benchmarks;
using TransformerTutorial.Benchmarks.Tokenizers;
using TransformerTutorial.Benchmarks.Translation;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    return Run(args);
}
catch (UsageException problem)
{
    Console.Error.WriteLine(problem.Message);
    return 1;
}

static int Run(string[] args)
{
    switch (args)
    {
        case ["tokenizers", .. var options]:
            TokenizerBenchmark.Run(options);
            return 0;
#if !TUTORIAL_STACK_NUGET
        case ["products", .. var options]:
            MatrixProductBenchmark.Run(options);
            return 0;
#endif
        case ["training", .. var options]:
            TrainingBenchmark.Run(options);
            return 0;
        case ["ablations", .. var options]:
            TranslationAblations.Run(options);
            return 0;
        case ["seeds", .. var options]:
            TranslationSeeds.Run(options);
            return 0;
        case ["tatoeba", .. var options]:
            TatoebaTranslation.Run(options);
            return 0;
        case ["transformer", .. var options]:
            TransformerBenchmark.Run(options);
            return 0;
        case ["embeddings", .. var options]:
            EmbeddingsBenchmark.Run(options);
            return 0;

        // What the benchmark starts as processes of their own.
        case ["train", var text, var folder]:
            TokenizerWork.Train(text, folder);
            return 0;
        case ["train-warm", var text]:
            TokenizerWork.TrainWarm(text);
            return 0;
        case ["encode-file", var folder, var text, var ids]:
            TokenizerWork.EncodeFile(folder, text, ids);
            return 0;
        case ["encode", var ranks, var pattern, var text, var threads, var ids]:
            TokenizerWork.Encode(ranks, pattern, text, int.Parse(threads), ids);
            return 0;
        case ["embed", var text, var architecture, var threads, var mode, var epochs, var seed, .. var folder]:
            EmbeddingsWork.Train(text, architecture, int.Parse(threads), mode, int.Parse(epochs), int.Parse(seed), folder.FirstOrDefault());
            return 0;
        default:
            Console.Error.WriteLine("""
                Usage: Benchmarks tokenizers [--npm FOLDER] [--runs N]
                       Benchmarks products [--turns N] [--seconds S] [--only KIND,KIND256,...]
                       Benchmarks training [--turns N] [--seconds S] [--only CASE,CASE,...]
                       Benchmarks transformer [--turns N] [--seconds S] [--only CASE,CASE,...]
                       Benchmarks embeddings [--only speed|quality] [--runs N] [--epochs N] [--seeds N]
                       Benchmarks ablations [--steps N] [--seeds N] [--out FILE]
                       Benchmarks seeds [--seeds N] [--out FILE]
                       Benchmarks tatoeba --file FILE [--minutes M] [--core-minutes M] [--out FILE] [--width D] [--layers L] [--dropout P] …   (README.md beside the source says what is needed)
                """);
            return 1;
    }
}
