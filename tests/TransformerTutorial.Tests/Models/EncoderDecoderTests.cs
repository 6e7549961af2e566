using TorchSharp;
using TransformerTutorial.Layers;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Models;

/// <summary>The Transformer against loops over doubles, and against itself with padding, other sentences and a cache.</summary>
[Collection(ModelDraws.Name)]
public class EncoderDecoderTests
{
    private static readonly long[,] Source = { { 3, 7, 9, 4, 2, 0, 0 }, { 5, 5, 8, 10, 6, 3, 2 }, { 9, 2, 0, 0, 0, 0, 0 } };
    private static readonly long[,] Target = { { 1, 4, 6, 11, 0 }, { 1, 8, 3, 12, 5 }, { 1, 0, 0, 0, 0 } };
    private static readonly int[] SourceLengths = [5, 7, 2];
    private static readonly int[] TargetLengths = [4, 5, 1];

    private static readonly TransformerConfiguration Small = new(11, 13) { Width = 12, Heads = 3, FeedForwardWidth = 20, MaximumLength = 16 };

    public static TheoryData<string> Kinds => [.. Configurations.Keys];

    private static Dictionary<string, TransformerConfiguration> Configurations { get; } = new()
    {
        ["usual"] = Small,
        ["the paper's"] = Small with { SourceVocabulary = 13, Placement = NormPlacement.After, Sharing = EmbeddingSharing.All, EncoderLayers = 1, DecoderLayers = 3 },
        ["after, with a norm at the end"] = Small with { Placement = NormPlacement.After, HasFinalNorm = true, Activation = FeedForwardActivation.Gelu },
        ["before, without a norm at the end"] = Small with { HasFinalNorm = false, Sharing = EmbeddingSharing.TargetAndOutput },
        ["root mean square, SwiGLU, rotary, no biases"] = Small with { Norm = NormKind.RootMeanSquare, Activation = FeedForwardActivation.SwiGlu, Positions = PositionKind.Rotary, HasBias = false },
        ["learned, one head for keys"] = Small with { Positions = PositionKind.Learned, KeyValueHeads = 1 },
        ["without positions, not scaled"] = Small with { Positions = PositionKind.None, IsScaled = false },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_computes_what_loops_compute(string kind)
    {
        var model = Create(kind);
        model.to(ScalarType.Float64);
        model.eval();
        using var scope = NewDisposeScope();
        var naive = new NaiveTransformer(model.Configuration, model.state_dict());
        var logits = model.call(tensor(Source), tensor(Target));
        Assert.Equal([3L, 5L, 13L], logits.shape);
        for (var sentence = 0; sentence < 3; sentence++)
        {
            var expected = naive.Logits(Row(Source, sentence, SourceLengths[sentence]), Row(Target, sentence, TargetLengths[sentence]));
            for (var t = 0; t < expected.Length; t++)
            {
                ModelNumbers.AssertClose(expected[t], logits[sentence, t], 1e-10);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_sentence_has_the_same_bits_alone_and_in_a_padded_batch(string kind)
    {
        var model = Create(kind);
        model.eval();
        using var scope = NewDisposeScope();
        var together = model.call(tensor(Source), tensor(Target));
        for (var sentence = 0; sentence < 3; sentence++)
        {
            var alone = model.call(tensor(Row(Source, sentence, SourceLengths[sentence])).unsqueeze(0), tensor(Row(Target, sentence, TargetLengths[sentence])).unsqueeze(0));
            ModelNumbers.AssertSameBits(alone[0], together[sentence].narrow(0, 0, TargetLengths[sentence]));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_word_changes_no_bit_of_what_is_said_before_it_is_read(string kind)
    {
        var model = Create(kind);
        model.eval();
        using var scope = NewDisposeScope();
        var before = model.call(tensor(Source), tensor(Target));
        for (var t = 1; t < 5; t++)
        {
            var other = (long[,])Target.Clone();
            other[1, t] = 7;
            var after = model.call(tensor(Source), tensor(other));
            ModelNumbers.AssertSameBits(before[1].narrow(0, 0, t), after[1].narrow(0, 0, t));
            ModelNumbers.AssertOtherBits(before[1, t], after[1, t]);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Word_by_word_with_a_cache_gives_the_bits_of_all_words_at_once(string kind)
    {
        var model = Create(kind);
        model.eval();
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var target = tensor(Target);
        var encoded = model.Encode(tensor(Source));
        var expected = model.Decode(target, encoded);
        ModelNumbers.AssertSameBits(expected, model.call(tensor(Source), target));
        using var cache = model.CreateCache();
        for (var t = 0; t < 5; t++)
        {
            ModelNumbers.AssertSameBits(expected.narrow(1, t, 1), model.Decode(target.narrow(1, t, 1), encoded, cache));
            Assert.Equal(t + 1, cache.Length);
        }

        cache.Truncate(1);
        ModelNumbers.AssertSameBits(expected.narrow(1, 1, 4), model.Decode(target.narrow(1, 1, 4), encoded, cache));
    }

    [Fact]
    public void Sentences_can_go_on_in_another_order()
    {
        var model = Create("usual");
        model.eval();
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var target = tensor(Target);
        var order = tensor(new long[] { 1, 1, 0, 2 });
        var encoded = model.Encode(tensor(Source));
        using var cache = model.CreateCache();
        model.Decode(target.narrow(1, 0, 3), encoded, cache);
        cache.Reorder(order);
        var measured = model.Decode(target.index_select(0, order).narrow(1, 3, 1), encoded.Reorder(order), cache);
        var expected = model.Decode(target, encoded).narrow(1, 3, 1).index_select(0, order);
        ModelNumbers.AssertSameBits(expected, measured);
    }

    [Fact]
    public void A_step_that_fails_leaves_the_cache_as_it_was()
    {
        var model = Create("usual");
        model.eval();
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var encoded = model.Encode(tensor(Source));
        using var cache = model.CreateCache();
        model.Decode(tensor(Target).narrow(1, 0, 2), encoded, cache);
        var shorter = new EncodedSource(encoded.Memory.narrow(1, 0, 4), new(encoded.Mask.Values.narrow(3, 0, 4)));
        Assert.Throws<ArgumentException>(() => model.Decode(tensor(Target).narrow(1, 2, 1), shorter, cache));
        Assert.All(cache.Layers, layer => Assert.Equal(2, layer.Self.Length));
        ModelNumbers.AssertSameBits(model.Decode(tensor(Target), encoded).narrow(1, 2, 1), model.Decode(tensor(Target).narrow(1, 2, 1), encoded, cache));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Training_and_decoding_leave_no_tensor_behind(string kind)
    {
        var model = Create(kind);
        foreach (var parameter in model.parameters())
        {
            parameter.grad = zeros_like(parameter);
        }

        var (source, target) = (tensor(Source), tensor(Target));
        Tensor[] words = [.. Enumerable.Range(0, 4).Select(t => target.narrow(1, t, 1))];
        model.train();
        var gradient = ones(3, 5, 13);
        Count(() => model.call(source, target).backward([gradient]), expected: 1);   // the logits
        model.eval();
        Count(() =>
        {
            using var off = no_grad();
            var encoded = model.Encode(source);
            using var cache = model.CreateCache();
            foreach (var word in words)
            {
                model.Decode(word, encoded, cache);
            }
        }, expected: 6);   // memory, mask and four times logits

        static void Count(Action run, int expected)
        {
            using var scope = NewDisposeScope();
            run();
            Assert.Equal(expected, scope.DisposablesCount);
        }
    }

    [Fact]
    public void Shared_tables_are_one_parameter_with_one_gradient()
    {
        foreach (var (sharing, tables) in new[] { (EmbeddingSharing.None, 3), (EmbeddingSharing.TargetAndOutput, 2), (EmbeddingSharing.All, 1) })
        {
            manual_seed(1);
            var model = new EncoderDecoder(Small with { SourceVocabulary = 13, Sharing = sharing });
            var named = model.named_parameters().Where(one => one.parameter.shape.SequenceEqual([13L, 12L])).ToArray();
            Assert.Equal(tables, named.Length);
            model.call(tensor(Source), tensor(Target)).square().mean().backward();
            Assert.All(named, one => Assert.True(one.parameter.grad!.abs().sum().item<float>() > 0));
            Assert.Equal(sharing != EmbeddingSharing.None, AreOne(model.OutputMatrix, model.TargetVectors));
            Assert.Equal(sharing == EmbeddingSharing.All, AreOne(model.SourceVectors, model.TargetVectors));
        }

        static bool AreOne(Tensor matrix, Tensor other)
        {
            using var off = no_grad();
            other.fill_(0);
            matrix.fill_(7);
            return other.eq(7).all().item<bool>();
        }
    }

    [Fact]
    public void Padding_has_no_gradient()
    {
        var model = Create("usual");
        var isWord = tensor(Target).ne(0).unsqueeze(-1).to(ScalarType.Float32);
        (model.call(tensor(Source), tensor(Target)) * isWord).square().sum().backward();
        Assert.Equal(0, model.SourceVectors.grad![0].abs().sum().item<float>());
        Assert.Equal(0, model.TargetVectors.grad![0].abs().sum().item<float>());
        Assert.All(model.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().item<bool>()));
    }

    [Fact]
    public void Word_vectors_begin_as_large_as_the_codes_of_positions_and_logits_with_variance_one()
    {
        manual_seed(3);
        var model = new EncoderDecoder(new(1000, 1000) { Width = 256, Sharing = EmbeddingSharing.All });
        model.eval();
        var ids = randint(3, 1000, [8, 20], dtype: ScalarType.Int64);
        var trace = ActivationTrace.Record(model, () => model.call(ids, ids));
        Assert.Equal(1, trace["source_embedding"].std().item<float>(), 0.02);
        Assert.InRange(trace["logits"].std().item<float>(), 0.8, 1.3);
    }

    [Fact]
    public void What_cannot_be_read_is_refused_by_name()
    {
        var model = Create("usual");
        var (source, target) = (tensor(Source), tensor(Target));
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(source.to(ScalarType.Float32), target), "Source", "Float32");
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(source + 9, target), "Source", "0 to 10");
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(source, target.narrow(0, 0, 2)), "3 sentences", "2");
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(ones([1, 17], ScalarType.Int64), target), "17", "16", nameof(TransformerConfiguration.MaximumLength));
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(source, tensor(new long[,] { { 1, 3, 0 }, { 1, 0, 4 }, { 1, 0, 0 } })), "Target sentence 1", "at 2");
        ModelNumbers.AssertSays<ArgumentException>(() => model.call(tensor(new long[,] { { 3, 2 }, { 0, 0 }, { 2, 0 } }), target), "Source sentence 1", "padding");
        using var cache = new DecoderCache(5);
        ModelNumbers.AssertSays<ArgumentException>(() => model.Decode(target, model.Encode(source), cache), "5 layers", "2");
    }

    [Fact]
    public void Configurations_that_cannot_be_built_are_refused_by_name()
    {
        Refused(Small with { Width = 13 }, "13", "3");
        Refused(Small with { Width = 9, Positions = PositionKind.Rotary }, "3 wide");
        Refused(Small with { Width = 9 }, "even width", "9");
        Refused(Small with { Sharing = EmbeddingSharing.All }, "11", "13");
        Refused(Small with { SourceVocabulary = 2 }, "2", "source vocabulary");
        Refused(Small with { Special = new() { Begin = 40 } }, "40", "target vocabulary");
        Refused(Small with { Special = new() { Begin = 2 } }, "different");
        Refused(Small with { DecoderLayers = 0 }, "at least one layer");
        Refused(Small with { Dropout = 2 }, "2");
        Refused(Small with { FeedForwardWidth = 0 }, "0");
        Refused(Small with { KeyValueHeads = 2 }, "3", "2");
        Refused(Small with { MaximumLength = 0 }, "MaximumLength");
        Refused(Small with { Placement = (NormPlacement)7 }, "Placement", "7");
        Refused(Small with { Activation = (FeedForwardActivation)7 }, "7");

        static void Refused(TransformerConfiguration configuration, params string[] words) =>
            ModelNumbers.AssertSays<ArgumentException>(() => _ = new EncoderDecoder(configuration), words);
    }

    [Fact]
    public void Dropout_is_for_training_only_and_its_draws_are_seeded()
    {
        var model = Create("usual");
        model.train();
        manual_seed(5);
        var first = model.call(tensor(Source), tensor(Target));
        manual_seed(5);
        ModelNumbers.AssertSameBits(first, model.call(tensor(Source), tensor(Target)));
        ModelNumbers.AssertOtherBits(first, model.call(tensor(Source), tensor(Target)));
        model.eval();
        ModelNumbers.AssertSameBits(model.call(tensor(Source), tensor(Target)), model.call(tensor(Source), tensor(Target)));
    }

    // A model whose norms and biases are not at their beginnings, where a missing one would hide.
    private static EncoderDecoder Create(string kind)
    {
        manual_seed(7);
        var model = new EncoderDecoder(Configurations[kind]);
        using var off = no_grad();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.ndim == 1)
            {
                parameter.copy_(name.Contains("bias", StringComparison.Ordinal) ? randn(parameter.shape) : 2 + (0.3 * randn(parameter.shape)));
            }
        }

        return model;
    }

    private static long[] Row(long[,] table, int row, int length) => [.. Enumerable.Range(0, length).Select(column => table[row, column])];
}
