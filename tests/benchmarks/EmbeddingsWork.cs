using System.Runtime.InteropServices;
using TransformerTutorial.Embeddings;

namespace TransformerTutorial.Benchmarks;

/// <summary>What the embeddings' benchmark runs in a process of its own: our word2vec, which does what embeddings.py does with gensim's.</summary>
internal static class EmbeddingsWork
{
    public static void Train(string text, string architecture, int threads, string mode, int epochs, int seed, string? folder)
    {
        var options = new Word2VecOptions { Architecture = architecture == "cbow" ? Word2VecArchitecture.Cbow : Word2VecArchitecture.SkipGram, Threads = threads, Epochs = epochs, Seed = seed };
        IEnumerable<IReadOnlyList<string>> sentences = new SentenceFile(text);
        if (mode == "memory")
        {
            sentences = [.. sentences];
        }

        var last = new LastReport();
        var model = Word2Vec.Train(sentences, options, last);
        Console.WriteLine($"speed={last.Value.WordsPerSecond:F0}");
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, "words.txt"), string.Join('\n', model.Vocabulary.Words));
            File.WriteAllBytes(Path.Combine(folder, "input.bin"), MemoryMarshal.AsBytes<float>(model.Input.ToTensor().data<float>().ToArray()).ToArray());
            File.WriteAllBytes(Path.Combine(folder, "output.bin"), MemoryMarshal.AsBytes<float>(model.Output.ToTensor().data<float>().ToArray()).ToArray());
        }
    }

    private sealed class LastReport : IProgress<Word2VecProgress>
    {
        public Word2VecProgress Value { get; private set; }

        public void Report(Word2VecProgress value) => Value = value;
    }
}
