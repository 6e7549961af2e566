using static TorchSharp.Managed.Tests.Properties.RandomTensors;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Properties;

/// <summary>What comes later or lies beside it changes no bit of a position: of softmax, attention, a decoder, a whole Transformer.</summary>
public class AttentionPropertyTests
{
    [Fact]
    public void A_softmax_is_not_changed_by_masked_elements_behind_it() => ForAll(100, random =>
    {
        var (rows, n, behind) = (random.Next(1, 6), random.Next(1, 100), random.Next(1, 60));
        var dtype = random.Next(2) == 0 ? ScalarType.Float32 : ScalarType.Float64;
        var x = Strided(random, dtype, rows, n);
        var padded = Restrided(random, cat([x, full(rows, behind, double.NegativeInfinity, dtype)], 1));
        AssertSameBits(x.softmax(1), padded.softmax(1).narrow(1, 0, n));
        AssertSameBits(x.log_softmax(1), padded.log_softmax(1).narrow(1, 0, n));
        Assert.All(Doubles(padded.softmax(1).narrow(1, n, behind).to(ScalarType.Float64)), weight => Assert.Equal(0, weight));
    });

    [Fact]
    public void Attention_step_by_step_is_one_masked_pass() => ForAll(30, random =>
    {
        var (length, width, depth) = (random.Next(1, 24), random.Next(1, 20), random.Next(1, 20));
        var batch = Shape(random, random.Next(0, 3), 3);
        var q = Strided(random, ScalarType.Float32, [.. batch, length, width]);
        var k = Strided(random, ScalarType.Float32, [.. batch, length, width]);
        var v = Strided(random, ScalarType.Float32, [.. batch, length, depth]);
        var whole = nn.functional.scaled_dot_product_attention(q, k, v, is_casual: true);
        var mask = full(length, length, double.NegativeInfinity).triu(1);
        AssertSameBits(whole, nn.functional.scaled_dot_product_attention(q, k, v, mask));
        AssertSameBits(whole, nn.functional.scaled_dot_product_attention(q, k, v, ones(length, length).tril().to(ScalarType.Bool)));
        for (var i = 0; i < length; i++)
        {
            var step = nn.functional.scaled_dot_product_attention(q.narrow(-2, i, 1), k.narrow(-2, 0, i + 1), v.narrow(-2, 0, i + 1));
            AssertSameBits(whole.narrow(-2, i, 1), step);
        }
    });

    [Fact]
    public void Attention_of_heads_in_one_go_has_the_bits_of_its_steps_one_by_one() => ForAll(60, random =>
    {
        var dtype = random.Next(2) == 0 ? ScalarType.Float32 : ScalarType.Float64;
        var (batch, heads, length, keys, width) = (random.Next(1, 4), random.Next(1, 4), random.Next(1, 20), random.Next(1, 20), random.Next(1, 20));
        Tensor Draw(int rows) => Dense(random, dtype, batch, rows, heads, width).transpose(1, 2);
        var (q, k, v, gradient) = (Draw(length), Draw(keys), Draw(keys), Draw(length));
        var isSame = length == keys && random.Next(4) == 0;
        long[] shape = [random.Next(2) == 0 ? 1 : batch, random.Next(2) == 0 ? 1 : heads, random.Next(2) == 0 ? 1 : length, keys];
        var allowed = Dense(random, ScalarType.Float32, shape).gt(-0.3).logical_or(arange(keys).eq(0));
        var mask = random.Next(3) switch { 0 => null, 1 => allowed, _ => Dense(random, dtype, shape) };
        var dropout = random.Next(2) == 0 ? 0 : 0.3;
        var seed = random.Next();
        var (once, steps) = (Run(q, k, v, true), Run(q, k, v, false));
        foreach (var (one, other) in once.Zip(steps))
        {
            AssertSameBits(other, one);
        }

        Tensor[] Run(Tensor query, Tensor key, Tensor value, bool inOneGo)
        {
            var x = query.detach().requires_grad_();
            var (y, z) = isSame ? (x, x) : (key.detach().requires_grad_(), value.detach().requires_grad_());
            manual_seed(seed);
            var output = inOneGo ? nn.functional.scaled_dot_product_attention(x, y, z, mask, dropout) : Steps(x, y, z);
            output.backward([gradient]);
            return isSame ? [output, x.grad!] : [output, x.grad!, y.grad!, z.grad!];
        }

        Tensor Steps(Tensor x, Tensor y, Tensor z)
        {
            var scores = x.mul(1 / Math.Sqrt(width)).matmul(y.transpose(-2, -1));
            scores = mask is null ? scores : mask.dtype == ScalarType.Bool ? scores.masked_fill(mask.logical_not(), double.NegativeInfinity) : scores.add(mask);
            var weights = scores.softmax(-1);
            return (dropout > 0 ? nn.functional.dropout(weights, dropout) : weights).matmul(z);
        }
    });

    [Fact]
    public void Attention_of_heads_can_be_differentiated_twice()
    {
        manual_seed(1);
        Tensor[] inputs = [.. Enumerable.Range(0, 3).Select(_ => randn([2, 2, 3, 4], ScalarType.Float64).requires_grad_())];
        Tensor Second(Func<Tensor[], Tensor> attend)
        {
            var first = autograd.grad([attend(inputs).square().sum()], inputs, create_graph: true);
            return cat([.. autograd.grad([first.Select(one => one.square().sum()).Aggregate((a, b) => a + b)], inputs).Select(one => one.flatten())]);
        }

        var expected = Second(x => x[0].mul(0.5).matmul(x[1].transpose(-2, -1)).softmax(-1).matmul(x[2]));
        AssertClose(expected, Second(x => nn.functional.scaled_dot_product_attention(x[0], x[1], x[2])), 1e-12);
    }

    [Fact]
    public void An_attention_layer_step_by_step_is_one_masked_pass() => ForAll(10, random =>
    {
        var (length, batch, heads) = (random.Next(1, 12), random.Next(1, 4), random.Next(1, 5));
        var layer = nn.MultiheadAttention(heads * random.Next(1, 9), heads);
        layer.eval();
        var x = Strided(random, ScalarType.Float32, length, batch, layer.parameters().Last().shape[0]);
        var isBool = random.Next(2) == 0;
        var mask = isBool ? ones(length, length).triu(1).to(ScalarType.Bool) : full(length, length, double.NegativeInfinity).triu(1);
        var whole = layer.call(x, x, x, need_weights: false, attn_mask: mask).Item1;
        for (var i = 0; i < length; i++)
        {
            var prefix = x.narrow(0, 0, i + 1);
            AssertSameBits(whole.narrow(0, i, 1), layer.call(x.narrow(0, i, 1), prefix, prefix, need_weights: false).Item1);
        }
    });

    [Fact]
    public void A_decoder_step_by_step_is_one_masked_pass() => ForAll(4, random =>
    {
        var (length, batch) = (random.Next(2, 10), random.Next(1, 4));
        var decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(24, 3, 40, 0.1), 2);
        decoder.eval();
        var (x, memory) = (Strided(random, ScalarType.Float32, length, batch, 24), Strided(random, ScalarType.Float32, random.Next(1, 9), batch, 24));
        var whole = decoder.call(x, memory, Causal(length));
        for (var i = 1; i <= length; i++)
        {
            AssertSameBits(whole.narrow(0, 0, i), decoder.call(x.narrow(0, 0, i), memory, Causal(i)));
        }

        // Another token at the end changes nothing before it, and something there.
        var changed = x.clone();
        changed[-1].add_(1);
        var other = decoder.call(changed, memory, Causal(length));
        AssertSameBits(whole.narrow(0, 0, length - 1), other.narrow(0, 0, length - 1));
        Assert.NotEqual(Bits(whole[-1]), Bits(other[-1]));
    });

    [Fact]
    public void A_sentence_alone_has_the_bits_of_its_place_in_a_batch() => ForAll(3, random =>
    {
        var (source, target) = (random.Next(2, 10), random.Next(2, 10));
        var transformer = nn.Transformer(24, 3, 2, 2, 40, 0.1);
        transformer.eval();
        var (x, y) = (Strided(random, ScalarType.Float32, source, 32, 24), Strided(random, ScalarType.Float32, target, 32, 24));
        var whole = transformer.call(x, y, null, Causal(target));
        foreach (var i in new[] { 0, random.Next(32), 31 })
        {
            AssertSameBits(whole.narrow(1, i, 1), transformer.call(x.narrow(1, i, 1), y.narrow(1, i, 1), null, Causal(target)));
        }

        // A sentence that was filled up to the length of the batch, with the filling masked.
        var padding = zeros(32, source + 3);
        padding.narrow(1, source, 3).fill_(1);
        var (filled, mask) = (cat([x, Dense(random, ScalarType.Float32, 3, 32, 24)], 0), padding.to(ScalarType.Bool));
        AssertSameBits(whole, transformer.call(filled, y, null, Causal(target), src_key_padding_mask: mask, memory_key_padding_mask: mask));
    });

    [Fact]
    public void An_encoder_without_positions_follows_a_permutation() => ForAll(5, random =>
    {
        var length = random.Next(2, 12);
        var encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(24, 3, 40, 0.1), 2);
        encoder.eval();
        var x = Strided(random, ScalarType.Float32, length, 3, 24);
        var order = Dense(random, ScalarType.Float32, length).argsort();

        // Not to the bit: sums over the keys run in another order.
        AssertClose(encoder.call(x).index_select(0, order), encoder.call(x.index_select(0, order)), 1e-5);
    });

    private static torch.Tensor Causal(int length) => full(length, length, double.NegativeInfinity).triu(1);
}
