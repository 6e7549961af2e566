using TransformerTutorial.Data;
using TransformerTutorial.Decoding;
using TransformerTutorial.Models;
using TransformerTutorial.Tokenization;
using TransformerTutorial.Training;
using static TorchSharp.torch;

namespace TransformerTutorial.Benchmarks.Translation;

/// <summary>A corpus with its tokenizers, as ids; and the way back from a model's ids to sentences. What all translation scripts do before and after training.</summary>
internal sealed class TranslationWork
{
    private const int SentencesPerBatch = 100;

    // The ids 0, 1, 2; and one for characters that training never saw.
    private static readonly string[] Marks = ["<pad>", "<s>", "</s>", "<unk>"];

    public TranslationWork(IReadOnlyList<SentencePair> training, int sourceVocabulary, int targetVocabulary, bool hasWholeWords = false)
    {
        // Chinese by characters, or by pieces of several; English by bytes and what they join to.
        Source = BytePairTokenizer.Create(BytePairTrainer.Train(training.Select(pair => pair.Chinese), new BytePairTrainerOptions
        {
            VocabularySize = sourceVocabulary,
            SpecialTokens = Marks,
            EndOfWordSuffix = null,
            PreTokenizer = hasWholeWords ? PreTokenizers.Whitespace : PreTokenizers.Chinese,
        }));
        Target = BytePairTokenizer.Create(BytePairTrainer.Train(training.Select(pair => pair.English), new BytePairTrainerOptions { VocabularySize = targetVocabulary, SpecialTokens = Marks, ByteLevel = true }));
    }

    public BytePairTokenizer Source { get; }

    public BytePairTokenizer Target { get; }

    public EncodedPair[] Encode(IEnumerable<SentencePair> pairs) => [.. pairs.Select(pair => new EncodedPair(Source.EncodeToIds(pair.Chinese), Target.EncodeToIds(pair.English)))];

    /// <summary>Chapter 12's translator.</summary>
    public TransformerConfiguration OfChapter12() => new(Source.Model.Vocabulary.Count, Target.Model.Vocabulary.Count)
    {
        Width = 64,
        Heads = 4,
        FeedForwardWidth = 256,
        EncoderLayers = 2,
        DecoderLayers = 2,
        Dropout = 0.05,
        Positions = PositionKind.Rotary,
        Sharing = EmbeddingSharing.TargetAndOutput,
        MaximumLength = 64,
    };

    /// <summary>Translates sentences, those of about the same length together.</summary>
    public string[] Translate(IReadOnlyList<string> sentences, Func<Tensor, DecodedBatch> decode) => [.. Answers(sentences, decode).Select(answer => Target.Decode(answer.Ids))];

    /// <summary>The same, as ids, with how likely they are.</summary>
    public DecodedSequence[] Answers(IReadOnlyList<string> sentences, Func<Tensor, DecodedBatch> decode)
    {
        var special = new SpecialIds();
        var ids = sentences.Select(sentence => Source.EncodeToIds(sentence)).ToArray();
        var results = new DecodedSequence[sentences.Count];
        foreach (var places in Enumerable.Range(0, ids.Length).OrderBy(place => ids[place].Count).Chunk(SentencesPerBatch))
        {
            using var scope = NewDisposeScope();
            using var off = no_grad();
            var longest = places.Max(place => ids[place].Count) + 1;
            var source = new long[places.Length, longest];
            for (var row = 0; row < places.Length; row++)
            {
                for (var place = 0; place < longest; place++)
                {
                    var words = ids[places[row]];
                    source[row, place] = place < words.Count ? words[place] : place == words.Count ? special.End : special.Padding;
                }
            }

            var decoded = decode(tensor(source));                                                     // from (B, S)
            for (var row = 0; row < places.Length; row++)
            {
                results[places[row]] = decoded[row];
            }
        }

        return results;
    }
}
