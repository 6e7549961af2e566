using TorchSharp.Managed.Tests.Operators;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Modules;

/// <summary>The attention of all heads in one operation, which a layer uses where nobody asks for the weights, against the step-by-step form that it uses where somebody does: equal to the bit.</summary>
[Collection(DefaultGenerator.Name)]
public class HeadAttentionTests
{
    public static TheoryData<string, string, double, bool> Cases()
    {
        var cases = new TheoryData<string, string, double, bool>();
        foreach (var inputs in (string[])["one tensor", "two tensors", "three tensors", "widths of their own", "appended keys"])
        {
            foreach (var mask in (string[])["none", "causal numbers", "causal bools", "padding", "padding and causal", "bools per head", "numbers per head"])
            {
                cases.Add(inputs, mask, 0, false);
            }

            cases.Add(inputs, "causal numbers", 0.3, false);
            cases.Add(inputs, "padding", 0.3, true);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Results_and_gradients_have_the_bits_of_the_steps_one_by_one(string inputs, string mask, double dropout, bool inDouble)
    {
        // 18 queries, so that rows end within a vector; 35 keys.
        var type = inDouble ? ScalarType.Float64 : ScalarType.Float32;
        var (fused, composed) = (Run(needWeights: false), Run(needWeights: true));
        Assert.Equal(composed.Count, fused.Count);
        foreach (var (expected, actual) in composed.Zip(fused))
        {
            Assert.Equal(Bits(expected), Bits(actual));
        }

        List<Tensor> Run(bool needWeights)
        {
            manual_seed(5);
            const long Batch = 3, Width = 24, Heads = 4, Length = 18;
            var keys = inputs == "one tensor" ? Length : 35;
            var own = inputs == "widths of their own";
            var layer = nn.MultiheadAttention(Width, Heads, dropout, add_bias_kv: inputs == "appended keys", add_zero_attn: inputs == "appended keys", kdim: own ? 10 : null, vdim: own ? 7 : null);
            layer.to(type);
            var query = randn(Length, Batch, Width).to(type).requires_grad_();
            var key = inputs == "one tensor" ? query : randn(keys, Batch, own ? 10 : Width).to(type).requires_grad_();
            var value = inputs is "one tensor" or "two tensors" or "appended keys" ? key : randn(keys, Batch, own ? 7 : Width).to(type).requires_grad_();
            var forbidden = ones(Length, keys).triu(1).to(ScalarType.Bool);
            var numbers = zeros(Length, keys).masked_fill(forbidden, float.NegativeInfinity).add(randn(Length, keys));
            var padding = (mask.StartsWith("padding", StringComparison.Ordinal) ? rand(Batch, keys) : null)?.gt(0.7);
            padding?.index_put_(zeros(Batch, ScalarType.Bool), TensorIndex.Colon, TensorIndex.Single(0));
            var attention = mask switch
            {
                "causal numbers" => numbers,
                "causal bools" or "padding and causal" => forbidden,
                "bools per head" => rand(Batch * Heads, Length, keys).gt(0.9),
                "numbers per head" => randn(Batch * Heads, Length, keys),
                _ => null,
            };
            var result = layer.call(query, key, value, padding, needWeights, attention).Item1;
            result.backward([randn(result.shape).to(type)]);
            return [result, .. new[] { query, key, value }.Distinct().Select(tensor => tensor.grad!), .. layer.parameters().Select(parameter => parameter.grad!)];
        }
    }

    [Fact]
    public void What_needs_no_gradient_gets_none()
    {
        manual_seed(2);
        var layer = nn.MultiheadAttention(8, 2);
        var (query, memory) = (randn(3, 2, 8).requires_grad_(), randn(5, 2, 8));
        foreach (var parameter in layer.parameters())
        {
            parameter.requires_grad = false;
        }

        layer.call(query, memory, memory, null, false, null).Item1.sum().backward();
        Assert.NotNull(query.grad);
        Assert.Null(memory.grad);
        using var outside = no_grad();
        Assert.False(layer.call(query, memory, memory, null, false, null).Item1.requires_grad);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_can_be_differentiated_twice(bool masked)
    {
        var (fused, composed) = (Run(false), Run(true));
        Assert.Equal(composed.Length, fused.Length);
        for (var i = 0; i < fused.Length; i++)
        {
            Assert.True(fused[i].allclose(composed[i], 1e-9, 1e-12), $"gradient {i}");
        }

        Tensor[] Run(bool needWeights)
        {
            manual_seed(3);
            var layer = nn.MultiheadAttention(8, 2);
            layer.to(ScalarType.Float64);
            var (query, memory) = (randn(3, 2, 8, ScalarType.Float64).requires_grad_(), randn(5, 2, 8, ScalarType.Float64).requires_grad_());
            var mask = masked ? ones(3, 5).triu(2).to(ScalarType.Bool) : null;
            var result = layer.call(query, memory, memory, null, needWeights, mask).Item1;
            var first = autograd.grad([result.square().sum()], [query, memory], create_graph: true);
            return autograd.grad([first[0].square().sum() + first[1].pow(3).sum()], [query, memory, .. layer.parameters()], allow_unused: true).Where(gradient => gradient is not null).ToArray()!;
        }
    }

    private static byte[] Bits(Tensor tensor)
    {
        using var contiguous = tensor.contiguous();
        return contiguous.bytes.ToArray();
    }
}
