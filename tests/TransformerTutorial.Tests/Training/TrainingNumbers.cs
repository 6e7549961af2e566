using System.Text.Json;
using TransformerTutorial.Models;
using TransformerTutorial.Testing;
using TransformerTutorial.Training;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Training;

/// <summary>What PyTorch computed (tests/oracles/training), and small corpora and models that several tests of training need.</summary>
internal static class TrainingNumbers
{
    private static readonly Lazy<JsonElement> Root = new(() => JsonDocument.Parse(File.ReadAllBytes(Repository.PathOf("tests", "oracles", "training", "vectors.json"))).RootElement);

    public static IEnumerable<JsonElement> Cases(string name) => Root.Value.GetProperty(name).EnumerateArray();

    /// <summary>Sentences of random words 3 to 11 and their translation: the same words backwards, each one higher.</summary>
    public static IReadOnlyList<EncodedPair> Backwards(int count, int seed, int longest = 6)
    {
        var random = TestSeed.Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var words = Enumerable.Range(0, random.Next(1, longest + 1)).Select(_ => random.Next(3, 12)).ToArray();
            return new EncodedPair(words, [.. words.Reverse().Select(word => word + 1)]);
        })];
    }

    /// <summary>A model that learns such sentences, with dropout, so that training draws random numbers.</summary>
    public static RecurrentSeq2Seq Model(long seed, double dropout = 0.1, RecurrentAttention attention = RecurrentAttention.Dot)
    {
        manual_seed(seed);
        return new RecurrentSeq2Seq(new(12, 13) { Width = 8, HiddenWidth = 12, Attention = attention, Dropout = dropout });
    }

    public static long[] Ids(Tensor tensor) => tensor.contiguous().data<long>().ToArray();

    /// <summary>The bits of all of a model's numbers.</summary>
    public static uint[] Bits(nn.Module model) => [.. model.state_dict().OrderBy(named => named.Key, StringComparer.Ordinal).SelectMany(named => Bits(named.Value))];

    public static uint[] Bits(Tensor tensor) => [.. tensor.detach().contiguous().data<float>().ToArray().Select(BitConverter.SingleToUInt32Bits)];
}
