using System.Runtime.InteropServices;
using TorchSharp.Managed.Tests.Operators;
using static TorchSharp.Managed.Tests.Modules.ModuleSamples;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Modules;

/// <summary>Attention and Transformers against the same thing composed by hand, and their masks.</summary>
[Collection(DefaultGenerator.Name)]
public class TransformerTests
{
    private const long Length = 3;
    private const long Batch = 2;
    private const long Width = 8;
    private const long Heads = 2;

    public TransformerTests() => manual_seed(7);

    [Fact]
    public void Attention_is_what_its_formula_says()
    {
        using var layer = nn.MultiheadAttention(Width, Heads);
        var (query, memory) = (randn(Length, Batch, Width), randn(5, Batch, Width));
        var (result, weights) = layer.call(query, memory, memory);
        var state = layer.state_dict();
        for (var n = 0; n < Batch; n++)
        {
            var heads = new List<Tensor>();
            var mean = zeros(Length, 5);
            for (var head = 0; head < Heads; head++)
            {
                var (q, k, v) = (Part(state, query, 0, head, n), Part(state, memory, 1, head, n), Part(state, memory, 2, head, n));
                var attention = q.matmul(k.t()).div(Math.Sqrt(Width / Heads)).softmax(-1);
                heads.Add(attention.matmul(v));
                mean = mean.add(attention.div((double)Heads));
            }

            var joined = cat(heads.ToArray(), -1).matmul(state["out_proj.weight"].t()).add(state["out_proj.bias"]);
            Close(joined, result.select(1, n));
            Close(mean, weights.select(0, n));
        }
    }

    [Fact]
    public void A_tensor_given_three_times_means_the_same_as_three_equal_ones()
    {
        using var layer = nn.MultiheadAttention(Width, Heads);
        var x = randn(Length, Batch, Width);
        var together = layer.call(x, x, x).Item1;
        Assert.Equal(Read(together), Read(layer.call(x, x.clone(), x.clone()).Item1));
        var keys = x.clone();
        Assert.Equal(Read(together), Read(layer.call(x, keys, keys).Item1));
    }

    [Fact]
    public void Other_widths_and_appended_keys_fit()
    {
        using var layer = nn.MultiheadAttention(Width, Heads, add_bias_kv: true, add_zero_attn: true, kdim: 5, vdim: 6);
        var (result, weights) = layer.call(randn(Length, Batch, Width), randn(4, Batch, 5), randn(4, Batch, 6), key_padding_mask: zeros(Batch, 4).to(ScalarType.Bool));
        Assert.Equal([Length, Batch, Width], result.shape);
        Assert.Equal([Batch, Length, 4 + 2], weights.shape);
        Assert.Equal(["q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_bias", "bias_k", "bias_v", "out_proj.weight", "out_proj.bias"], layer.state_dict().Keys);
    }

    [Fact]
    public void A_mask_of_bools_and_one_of_infinities_mean_the_same()
    {
        using var layer = nn.MultiheadAttention(Width, Heads);
        var x = randn(Length, Batch, Width);
        var forbidden = ones(Length, Length).triu(1).to(ScalarType.Bool);
        var infinite = zeros(Length, Length).masked_fill(forbidden, double.NegativeInfinity);
        var (byBools, weights) = layer.call(x, x, x, attn_mask: forbidden);
        Assert.Equal(Read(byBools), Read(layer.call(x, x, x, attn_mask: infinite).Item1));
        Assert.Equal(Read(byBools), Read(layer.call(x, x, x, attn_mask: infinite.expand(Batch * Heads, Length, Length)).Item1));
        Assert.All(Read(weights.masked_select(forbidden)), weight => Assert.Equal(0, weight));
    }

    [Fact]
    public void Padded_keys_count_for_nothing()
    {
        using var layer = nn.MultiheadAttention(Width, Heads);
        var (query, memory) = (randn(Length, 1, Width), randn(4, 1, Width));
        var padding = Flags([1, 4], false, false, true, true);
        var padded = layer.call(query, memory, memory, key_padding_mask: padding).Item1;
        var cut = memory.narrow(0, 0, 2);
        Close(layer.call(query, cut, cut).Item1, padded);
        var additive = zeros(1, 4).masked_fill(padding, double.NegativeInfinity);
        Assert.Equal(Read(padded), Read(layer.call(query, memory, memory, key_padding_mask: additive).Item1));
        Assert.Equal(Read(padded), Read(layer.call(query, memory, memory, padding, true, zeros(Length, 4)).Item1));
        Assert.Equal(Read(padded), Read(layer.call(query, memory, memory, padding, true, zeros(Length, 4).to(ScalarType.Bool)).Item1));
    }

    [Fact]
    public void Weights_come_only_on_demand()
    {
        using var layer = nn.MultiheadAttention(Width, Heads);
        var x = randn(Length, Batch, Width);
        Assert.Null(layer.call(x, x, x, need_weights: false).Item2);
        Assert.Equal([Batch, Length, Length], layer.call(x, x, x).Item2.shape);
    }

    [Fact]
    public void An_encoder_layer_is_attention_and_two_linear_maps_with_norms()
    {
        using var layer = nn.TransformerEncoderLayer(Width, Heads, 16, dropout: 0, activation: nn.Activations.GELU);
        var (x, state) = (randn(Length, Batch, Width), layer.state_dict());
        using var attention = nn.MultiheadAttention(Width, Heads);
        attention.load_state_dict(Under(state, "self_attn."));
        var first = Norm(state, "norm1", x.add(attention.call(x, x, x).Item1));
        var fed = Map(state, "linear2", Map(state, "linear1", first).gelu());
        Close(Norm(state, "norm2", first.add(fed)), layer.call(x));
    }

    [Fact]
    public void A_decoder_layer_looks_at_itself_and_then_at_the_memory()
    {
        using var layer = nn.TransformerDecoderLayer(Width, Heads, 16, dropout: 0);
        var (x, memory, state) = (randn(Length, Batch, Width), randn(5, Batch, Width), layer.state_dict());
        var mask = ones(Length, Length).triu(1).to(ScalarType.Bool);
        using var self = nn.MultiheadAttention(Width, Heads);
        self.load_state_dict(Under(state, "self_attn."));
        using var cross = nn.MultiheadAttention(Width, Heads);
        cross.load_state_dict(Under(state, "multihead_attn."));
        var first = Norm(state, "norm1", x.add(self.call(x, x, x, attn_mask: mask).Item1));
        var second = Norm(state, "norm2", first.add(cross.call(first, memory, memory).Item1));
        var fed = Map(state, "linear2", Map(state, "linear1", second).relu());
        Close(Norm(state, "norm3", second.add(fed)), layer.call(x, memory, mask));
    }

    [Fact]
    public void A_transformer_is_its_encoder_and_its_decoder()
    {
        using var model = nn.Transformer(Width, Heads, 2, 1, 16, dropout: 0);
        var (source, target, state) = (randn(5, Batch, Width), randn(Length, Batch, Width), model.state_dict());
        using var encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(Width, Heads, 16, dropout: 0), 2);
        encoder.load_state_dict(Under(state, "encoder.layers.", "layers."));
        using var decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(Width, Heads, 16, dropout: 0), 1);
        decoder.load_state_dict(Under(state, "decoder.layers.", "layers."));
        var padding = Flags([Batch, 5], false, false, false, false, true, false, false, false, false, false);
        var causal = ones(Length, Length).triu(1).to(ScalarType.Bool);
        var memory = Norm(state, "encoder.norm", encoder.call(source, null, padding));
        var expected = Norm(state, "decoder.norm", decoder.call(target, memory, causal, null, null, padding));
        Close(expected, model.call(source, target, null, causal, src_key_padding_mask: padding, memory_key_padding_mask: padding));
        Assert.Equal(Read(model.call(source, target)), Read(model.call(source, target, null)));
    }

    [Fact]
    public void Every_parameter_of_a_transformer_has_one_name_in_its_state_also_inside_another_module()
    {
        using var model = nn.Transformer(Width, Heads, 2, 1, 16);
        using var holder = nn.ModuleList<nn.Module>(nn.TransformerEncoder(nn.TransformerEncoderLayer(Width, Heads, 16), 2));
        foreach (var module in new nn.Module[] { model, holder })
        {
            Assert.Equal(module.named_parameters().Select(one => one.name).Order(), module.state_dict().Keys.Order());
            Assert.DoesNotContain(module.state_dict().Keys, key => key.Split('.').Any(part => part.StartsWith('_')));
        }
    }

    [Fact]
    public void With_a_causal_mask_what_comes_later_changes_no_bit_of_what_came_before()
    {
        using var layer = nn.TransformerEncoderLayer(Width, Heads, 16);
        layer.eval();
        var x = randn(Length, Batch, Width);
        var mask = ones(Length, Length).triu(1).to(ScalarType.Bool);
        var before = layer.call(x, mask);
        var other = x.clone();
        other.narrow(0, Length - 1, 1).fill_(9);
        var after = layer.call(other, mask);
        Assert.Equal(Read(before.narrow(0, 0, Length - 1)), Read(after.narrow(0, 0, Length - 1)));
        Assert.NotEqual(Read(before.narrow(0, Length - 1, 1)), Read(after.narrow(0, Length - 1, 1)));
        Assert.Equal(Read(before.narrow(0, 0, 2)), Read(layer.call(x.narrow(0, 0, 2), mask.narrow(0, 0, 2).narrow(1, 0, 2))));
    }

    [Fact]
    public void Every_parameter_of_a_transformer_learns()
    {
        using var model = nn.Transformer(Width, Heads, 1, 1, 16, dropout: 0.1);
        model.call(randn(5, Batch, Width), randn(Length, Batch, Width)).square().sum().backward();
        Assert.All(model.named_parameters(), item => Assert.True(item.parameter.grad is { } gradient && Read(gradient).Any(value => value != 0), item.name));
        Assert.All(model.parameters(), parameter => Assert.DoesNotContain(Read(parameter.grad!), float.IsNaN));
    }

    [Fact]
    public void Dropout_is_for_training_only()
    {
        using var layer = nn.TransformerEncoderLayer(Width, Heads, 16, dropout: 0.5);
        var x = randn(Length, Batch, Width);
        Assert.NotEqual(Read(layer.call(x)), Read(layer.call(x)));
        layer.eval();
        Assert.Equal(Read(layer.call(x)), Read(layer.call(x)));
    }

    [Fact]
    public void Wrong_shapes_are_named()
    {
        using var layer = nn.MultiheadAttention(Width, Heads);
        var x = randn(Length, Batch, Width);
        Assert.Contains("[3, 2, 7]", Assert.Throws<ExternalException>(() => layer.call(randn(Length, Batch, 7), x, x)).Message, StringComparison.Ordinal);
        Assert.Contains("attn_mask", Assert.Throws<ExternalException>(() => layer.call(x, x, x, attn_mask: zeros(2, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("key_padding_mask", Assert.Throws<ExternalException>(() => layer.call(x, x, x, key_padding_mask: zeros(3, 2))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => nn.MultiheadAttention(7, 2));
        using var model = nn.Transformer(Width, Heads, 1, 1, 16);
        Assert.Contains("[5, 3, 8]", Assert.Throws<ExternalException>(() => model.call(randn(5, 3, Width), x)).Message, StringComparison.Ordinal);
    }

    private static Tensor Part(Dictionary<string, Tensor> state, Tensor input, int part, int head, int example)
    {
        var size = Width / Heads;
        var from = (part * Width) + (head * size);
        return input.select(1, example).matmul(state["in_proj_weight"].narrow(0, from, size).t()).add(state["in_proj_bias"].narrow(0, from, size));
    }

    private static Dictionary<string, Tensor> Under(Dictionary<string, Tensor> state, string prefix, string instead = "") =>
        state.Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(item => instead + item.Key[prefix.Length..], item => item.Value);

    private static Tensor Map(Dictionary<string, Tensor> state, string name, Tensor x) => x.matmul(state[name + ".weight"].t()).add(state[name + ".bias"]);

    private static Tensor Norm(Dictionary<string, Tensor> state, string name, Tensor x)
    {
        var centred = x.sub(x.mean([-1], keepdim: true));
        var variance = centred.square().mean([-1], keepdim: true);
        return centred.div(variance.add(1E-5).sqrt()).mul(state[name + ".weight"]).add(state[name + ".bias"]);
    }
}
