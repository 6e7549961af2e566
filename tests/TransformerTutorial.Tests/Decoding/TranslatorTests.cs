using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Decoding;
using TransformerTutorial.Display;
using TransformerTutorial.Models;
using TransformerTutorial.Plots;
using TransformerTutorial.Tests.Models;
using TransformerTutorial.Tokenization;
using TransformerTutorial.Training;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Decoding;

/// <summary>From text to text: a translator that has learned eight sentences by heart, saved, loaded, shown, and given what it must refuse.</summary>
[Collection(ModelDraws.Name)]
public sealed class TranslatorTests : IClassFixture<TranslatorTests.Learned>
{
    private static readonly (string Chinese, string English)[] Pairs =
    [
        ("好久不见。", "Long time no see."), ("我爱你。", "I love you."), ("他爱我。", "He loves me."), ("你好。", "Hello."),
        ("我不见他。", "I don't see him."), ("他好。", "He is well."), ("你爱他。", "You love him."), ("好。", "Good."),
    ];

    private readonly Translator _translator;

    public TranslatorTests(Learned learned) => _translator = learned.Translator;

    [Fact]
    public void It_translates_what_it_has_learned_alone_and_in_a_batch_greedily_and_by_beam()
    {
        Assert.Equal("Long time no see.", _translator.Translate("好久不见。").Text);
        foreach (var translator in new[] { _translator, _translator.With(new BeamOptions { Width = 3 }), _translator.With(new SamplingOptions { TopK = 1 }) })
        {
            var all = translator.Translate([.. Pairs.Select(pair => pair.Chinese)]);
            Assert.Equal(Pairs.Select(pair => pair.English), all.Select(sentence => sentence.Text));
            Assert.Equal(Pairs.Select(pair => pair.Chinese), all.Select(sentence => sentence.Source));
            for (var i = 0; i < Pairs.Length; i++)
            {
                var alone = translator.Translate(Pairs[i].Chinese);
                DecodeTests.AssertSame([alone.Written], [all[i].Written]);
                Assert.True(alone.IsFinished);
            }
        }
    }

    [Fact]
    public void A_translation_draws_the_same_words_in_whichever_batch_at_the_same_place()
    {
        var sampling = _translator.With(new SamplingOptions { Temperature = 3, Seed = 5, MaximumLength = 9 });
        var (one, other) = (sampling.Translate(["你好。", "好久不见。"]), sampling.Translate(["好久不见。你好。", "好久不见。", "好。"]));
        DecodeTests.AssertSame([one[1].Written], [other[1].Written]);
        Assert.Empty(sampling.Translate(Array.Empty<string>()));
    }

    [Fact]
    public void Saved_and_loaded_it_translates_the_same_to_the_bit()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            _translator.Save(path);
            var loaded = Translator.Load(path, new BeamOptions { Answers = 2 });
            Assert.False(loaded.Model!.training);
            Assert.Equal(_translator.Model!.Configuration, loaded.Model.Configuration);
            var expected = _translator.With(new BeamOptions { Answers = 2 });
            foreach (var text in Pairs.Select(pair => pair.Chinese).Append("我好久不爱你。"))
            {
                DecodeTests.AssertSame([expected.Translate(text).Written], [loaded.Translate(text).Written]);
                Assert.Equal(expected.Translate(text).ToString(), loaded.Translate(text).ToString());
            }

            Checkpoint.Save(path, _translator.Model!, new Dictionary<string, string>(_translator.Texts()) { ["configuration"] = "{}" });
            Assert.Contains($"{path}, configuration", Assert.Throws<InvalidDataException>(() => Translator.Load(path)).Message, StringComparison.Ordinal);
            Checkpoint.Save(path, _translator.Model!, new Dictionary<string, string>(_translator.Texts()) { ["target-tokenizer"] = "[" });
            Assert.Contains($"{path}, target-tokenizer", Assert.Throws<InvalidDataException>(() => Translator.Load(path)).Message, StringComparison.Ordinal);
            Checkpoint.Save(path, _translator.Model!);
            Assert.Contains("without 'source-tokenizer'", Assert.Throws<InvalidDataException>(() => Translator.Load(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void It_shows_text_steps_and_attention()
    {
        var sentence = _translator.With(new DecodingOptions { CapturesAttention = true, TopCandidates = 3 }).Translate("好久不见。");
        Assert.Equal(["好", "久", "不", "见", "。"], sentence.SourceTokens);
        Assert.Equal("⟨end⟩", sentence.TargetTokens[^1]);
        Assert.Equal(sentence.Ids.Count + 1, sentence.TargetTokens.Count);
        var text = sentence.ToString().Split('\n');
        Assert.Equal("好久不见。 → Long time no see.", text[0]);
        Assert.Equal(sentence.Steps.Count + 1, text.Length);
        Assert.Matches(@"^  1  \S+  \d+\.\d%  of  \S+ \d+\.\d%  \S+ \d+\.\d%  \S+ \d+\.\d%$", text[1]);
        var html = sentence.Write(MimeTypes.Html)!;
        Assert.Equal((1 + sentence.Steps.Count) * (2 + 3), Regex.Count(html, "<t[dh] "));
        Assert.Contains("<b>Long time no see.</b>", html, StringComparison.Ordinal);
        var figure = sentence.DrawAttention();
        Assert.Contains("好", figure.AltText, StringComparison.Ordinal);
        Assert.NotNull(figure.Write(MimeTypes.Svg));
        Assert.NotNull(sentence.DrawAttention("Here", layer: 1, head: 0).Write(MimeTypes.Svg));
        Assert.Throws<ArgumentOutOfRangeException>(() => sentence.DrawAttention(layer: 2));
        Assert.Contains("CapturesAttention", Assert.Throws<InvalidOperationException>(() => _translator.Translate("好。").DrawAttention()).Message, StringComparison.Ordinal);
        Assert.Contains("cut off", _translator.With(new DecodingOptions { MaximumLength = 2 }).Translate("好久不见。").ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("<table", _translator.With(new DecodingOptions { TopCandidates = 0 }).Translate("好。").Write(MimeTypes.Html)!, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_cell_of_its_table_brings_a_background_and_text_that_reads_on_it()
    {
        var html = _translator.With(new DecodingOptions { TopCandidates = 3 }).Translate("好久不见。").Write(MimeTypes.Html)!;
        var cells = Regex.Matches(html, "<(?:div|t[dh]) style=\"([^\"]*)\"").Select(cell => cell.Groups[1].Value).ToArray();
        Assert.All(cells, style =>
        {
            var (behind, ink) = (Regex.Match(style, "background:(#[0-9a-f]{6})"), Regex.Match(style, "(?<![-a-z])color:(#[0-9a-f]{6})"));
            Assert.True(Color.Parse(behind.Groups[1].Value).ContrastWith(Color.Parse(ink.Groups[1].Value)) >= 4.5, style);
        });
        Assert.Equal(Regex.Count(html, "<t[dh]"), cells.Length - 1);
        Assert.True(cells.Select(style => Regex.Match(style, "background:(#[0-9a-f]{6})").Value).Distinct().Count() > 1, "words of different probability have different colours");
    }

    [Fact]
    public void What_the_tokenizer_does_not_know_is_translated_as_unknown_and_named()
    {
        var sentence = _translator.Translate("龘爱你𠀀。");
        Assert.Equal(["龘", "𠀀"], sentence.Unknown);
        Assert.Contains("unknown to the tokenizer: 龘 𠀀", sentence.ToString(), StringComparison.Ordinal);
        Assert.Empty(_translator.Translate("我爱你。").Unknown);
    }

    [Fact]
    public void What_cannot_be_translated_is_refused_by_name()
    {
        void Refuses(string what, Action run) => Assert.Contains(what, Assert.Throws<ArgumentException>(run).Message, StringComparison.Ordinal);
        Refuses("The text holds nothing", () => _translator.Translate(""));
        Refuses("Text 1 holds nothing", () => _translator.Translate(["好。", "  \n"]));
        Refuses("Text 0 is null", () => _translator.Translate([null!]));
        Refuses("half of a surrogate pair at 2", () => _translator.Translate("好。\ud83d"));
        Refuses("half of a surrogate pair at 0", () => _translator.Translate("\ude00好"));
        Refuses("has 40 tokens; with the end the model reads at most 24", () => _translator.Translate(new string('好', 40)));
        Assert.Equal(23, _translator.Translate(new string('好', 23)).SourceTokens.Count);
        var (chinese, english) = ((BytePairTokenizer)_translator.SourceTokenizer, (BytePairTokenizer)_translator.TargetTokenizer);
        Refuses("The source tokenizer has", () => Build(english, english));
        Refuses("The target tokenizer has", () => Build(chinese, chinese));
        Refuses("doesn't know is 0", () => _ = new Translator(TableModel.Random(english.Model.IdCount, 1), BytePairTokenizer.Create(BytePairTrainer.Train(["好"], new() { VocabularySize = 6, SpecialTokens = ["<pad>", "<s>", "</s>"] })), english));
        Refuses("the word", () => _ = new Translator(TableModel.Random(english.Model.IdCount, 1, new() { Begin = 5 }), chinese, english));
        Refuses("holds the token '</s>', whose id 2", () => Build(chinese.With(SpecialTokenMode.Recognize), english).Translate("好</s>"));
        Assert.Equal("好</s>", Build(chinese, english).Translate("好</s>").Source);
        Refuses("it is 0", () => _translator.With(new BeamOptions { Width = 0 }));
        Assert.Throws<InvalidOperationException>(() => new Translator(TableModel.Random(english.Model.IdCount, 1), chinese, english).Save("nowhere"));

        Translator Build(Tokenizer source, Tokenizer target) => new(_translator.Model!, source, target);
    }

    /// <summary>A translator that knows the pairs by heart.</summary>
    public sealed class Learned
    {
        public Learned()
        {
            string[] special = ["<pad>", "<s>", "</s>", "<unk>"];
            var chinese = BytePairTokenizer.Create(BytePairTrainer.Train(Pairs.Select(pair => pair.Chinese), new() { VocabularySize = 13, SpecialTokens = special, PreTokenizer = PreTokenizers.Chinese, EndOfWordSuffix = null }));
            var english = BytePairTokenizer.Create(BytePairTrainer.Train(Pairs.Select(pair => pair.English), new() { VocabularySize = 300, SpecialTokens = special[..3], ByteLevel = true, UnknownToken = null, EndOfWordSuffix = null }));
            manual_seed(1);
            var model = new EncoderDecoder(new(chinese.Model.IdCount, english.Model.IdCount) { Width = 32, Heads = 2, FeedForwardWidth = 64, MaximumLength = 24, Dropout = 0 });
            var pairs = Pairs.Select(pair => new EncodedPair([.. chinese.EncodeToIds(pair.Chinese)], [.. english.EncodeToIds(pair.English)])).ToList();
            new Trainer(model, new TranslationBatches(pairs, tokensPerBatch: 400, seed: 1), new TrainingOptions { Steps = 250, LearningRate = LearningRate.Constant(0.003, 10) }).Run();
            Translator = new(model, chinese, english);
        }

        public Translator Translator { get; }
    }
}
