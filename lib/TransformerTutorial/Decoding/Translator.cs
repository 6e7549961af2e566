using System.Text;
using Microsoft.ML.Tokenizers;
using TransformerTutorial.Models;
using TransformerTutorial.Tokenization;
using TransformerTutorial.Training;
using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>From text to text: a model with the tokenizers of both its languages. It can be saved as one file and loaded again, and then translates the same.</summary>
/// <remarks>A sentence is translated the same, to the bit, whatever else is translated with it; with <see cref="SamplingOptions"/> its words depend on its place in the list, whose stream it draws from. Text is taken as it is: nothing is split into sentences, trimmed or corrected.</remarks>
/// <example>
/// <code>
/// var translator = new Translator(model, chinese, english, new BeamOptions { Width = 4 });
/// translator.Translate("好久不见。")                                     // shows itself; .Text is the translation
/// translator.Save("translator.safetensors");
/// </code>
/// </example>
public sealed class Translator
{
    private const string ConfigurationName = "configuration";
    private const string SourceName = "source-tokenizer";
    private const string TargetName = "target-tokenizer";
    private const int MostAtOnce = 64;

    private readonly IStepwiseModel _model;
    private readonly TranslationTokenizer _source;
    private readonly TranslationTokenizer _target;

    /// <summary>A translator of a Transformer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">The tokenizer of the language that it reads. Its ids are the model's; those for padding, begin and end are special tokens.</param>
    /// <param name="target">The tokenizer of the language that it writes.</param>
    /// <param name="options">How to decode: <see cref="BeamOptions"/>, <see cref="SamplingOptions"/>, or <see cref="DecodingOptions"/> for greedy decoding; null for greedy decoding.</param>
    /// <exception cref="ArgumentException">Model, tokenizers or options don't fit; the message says what.</exception>
    public Translator(EncoderDecoder model, Tokenizer source, Tokenizer target, DecodingOptions? options = null)
        : this(new StepwiseTransformer(model), source, target, options, model.Configuration.SourceVocabulary, model.Configuration.MaximumLength) => Model = model;

    /// <summary>A translator of any model that writes word by word.</summary>
    /// <inheritdoc cref="Translator(EncoderDecoder, Tokenizer, Tokenizer, DecodingOptions)"/>
    public Translator(IStepwiseModel model, Tokenizer source, Tokenizer target, DecodingOptions? options = null)
        : this(model, source, target, options, null, null)
    {
    }

    private Translator(IStepwiseModel model, Tokenizer source, Tokenizer target, DecodingOptions? options, long? sourceVocabulary, long? maximumSourceLength)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        Options = options ?? new();
        Options.Validate();
        model.Special.Validate();
        _model = model;
        MaximumSourceLength = maximumSourceLength;
        _source = new(source, sourceVocabulary, model.Special, "source");
        _target = new(target, model.TargetVocabulary, model.Special, "target");
    }

    /// <summary>The Transformer; null if it is another model.</summary>
    public EncoderDecoder? Model { get; }

    /// <summary>The tokenizer of the language that it reads.</summary>
    public Tokenizer SourceTokenizer => _source.Tokenizer;

    /// <summary>The tokenizer of the language that it writes.</summary>
    public Tokenizer TargetTokenizer => _target.Tokenizer;

    /// <summary>How it decodes.</summary>
    public DecodingOptions Options { get; }

    /// <summary>How many ids it can read, the end included; null if there is no limit.</summary>
    public long? MaximumSourceLength { get; }

    /// <summary>The same translator with other options.</summary>
    public Translator With(DecodingOptions options) => Model is null ? new(_model, SourceTokenizer, TargetTokenizer, options) : new(Model, SourceTokenizer, TargetTokenizer, options);

    /// <summary>Translates a sentence.</summary>
    /// <exception cref="ArgumentException">The text is empty, longer than the model can read, or has half of a surrogate pair; the message says which.</exception>
    public TranslatedSentence Translate(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Translate([text], Options, _ => "The text")[0];
    }

    /// <summary>Translates sentences, several at once.</summary>
    /// <param name="texts">The sentences; a message names one that is refused by its number.</param>
    /// <exception cref="ArgumentException">A text is null, empty, longer than the model can read, or has half of a surrogate pair; the message says which.</exception>
    public IReadOnlyList<TranslatedSentence> Translate(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Translate(texts, Options, index => $"Text {index}");
    }

    /// <summary>Saves all that <see cref="Load"/> needs as one file: weights, configuration, both tokenizers. Not the options.</summary>
    /// <param name="path">The file; an existing one is replaced, whole or not at all.</param>
    /// <exception cref="InvalidOperationException">The model is no <see cref="EncoderDecoder"/>.</exception>
    /// <exception cref="NotSupportedException">A tokenizer has no form as <c>tokenizer.json</c>.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Checkpoint.Save(path, Model ?? throw new InvalidOperationException($"Only a translator of an {nameof(EncoderDecoder)} can be saved; this one's model is a {_model.GetType().Name}."), Texts());
    }

    /// <summary>What a checkpoint must carry to be loaded as a translator: configuration and tokenizers, by name.</summary>
    /// <exception cref="InvalidOperationException">The model is no <see cref="EncoderDecoder"/>.</exception>
    /// <exception cref="NotSupportedException">A tokenizer has no form as <c>tokenizer.json</c>.</exception>
    public IReadOnlyDictionary<string, string> Texts() => new Dictionary<string, string>
    {
        [ConfigurationName] = (Model ?? throw new InvalidOperationException($"Only an {nameof(EncoderDecoder)} has a configuration.")).Configuration.ToJson(),
        [SourceName] = TokenizerJson.ToJson(SourceTokenizer),
        [TargetName] = TokenizerJson.ToJson(TargetTokenizer),
    };

    /// <summary>Reads a translator that <see cref="Save"/> wrote, or a checkpoint of a training that carries <see cref="Texts"/>: then with the weights of its last step, not with averaged or best ones.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to decode; null for greedy decoding.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or no translator; the message names the file and what is wrong.</exception>
    public static Translator Load(string path, DecodingOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var saved = Checkpoint.Load(path);
        string Text(string name) => saved.Texts.GetValueOrDefault(name) ?? throw new InvalidDataException($"{path}: it is a checkpoint without '{name}', so not of a translator.");
        Tokenizer Read(string name)
        {
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Text(name)));
            return TokenizerJson.Load(stream, $"{path}, {name}");
        }

        var (source, target) = (Read(SourceName), Read(TargetName));
        EncoderDecoder model;
        try
        {
            model = new(TransformerConfiguration.FromJson(Text(ConfigurationName)));
        }
        catch (Exception problem) when (problem is ArgumentException or InvalidDataException)
        {
            throw new InvalidDataException($"{path}, {ConfigurationName}: {problem.Message}", problem);
        }

        saved.CopyTo(model);
        model.eval();
        return new(model, source, target, options);
    }

    private TranslatedSentence[] Translate(IReadOnlyList<string> texts, DecodingOptions options, Func<int, string> nameOf)
    {
        var encoded = texts.Select((text, index) =>
        {
            var (ids, pieces) = _source.Encode(text ?? throw new ArgumentException($"{nameOf(index)} is null."), nameOf(index));
            return ids.Length < (MaximumSourceLength ?? long.MaxValue)
                ? (Ids: ids, Pieces: pieces)
                : throw new ArgumentException($"{nameOf(index)} has {ids.Length} tokens; with the end the model reads at most {MaximumSourceLength}. Translate its sentences one by one.");
        }).ToArray();
        if (options is SamplingOptions { Streams: { } streams } && streams.Count != texts.Count)
        {
            throw new ArgumentException($"There are {streams.Count} streams for {texts.Count} texts.");
        }

        var translated = new TranslatedSentence[texts.Count];

        // Sentences of about the same length together; each draws from the stream of its place in the list.
        foreach (var batch in Enumerable.Range(0, encoded.Length).OrderBy(index => encoded[index].Ids.Length).ThenBy(index => index).Chunk(MostAtOnce))
        {
            using var source = Source([.. batch.Select(index => encoded[index].Ids)]);
            var written = options switch
            {
                BeamOptions beam => Decode.Beam(_model, source, beam),
                SamplingOptions sampling => Decode.Sample(_model, source, sampling with { Streams = [.. batch.Select(index => sampling.Streams?[index] ?? index)] }),
                _ => Decode.Greedy(_model, source, options),
            };
            for (var row = 0; row < batch.Length; row++)
            {
                var (ids, pieces) = encoded[batch[row]];
                string[] unknown = [.. pieces.Where((_, place) => ids[place] == _source.UnknownId).Distinct()];
                translated[batch[row]] = new(texts[batch[row]], pieces, unknown, written[row], _target);
            }
        }

        return translated;
    }

    // (B, S): words, end, padding.
    private Tensor Source(int[][] sentences)
    {
        var width = sentences.Max(ids => ids.Length) + 1;
        var rows = new long[sentences.Length, width];
        for (var row = 0; row < sentences.Length; row++)
        {
            for (var place = 0; place < width; place++)
            {
                rows[row, place] = place < sentences[row].Length ? sentences[row][place] : place == sentences[row].Length ? _model.Special.End : _model.Special.Padding;
            }
        }

        return tensor(rows);
    }
}
