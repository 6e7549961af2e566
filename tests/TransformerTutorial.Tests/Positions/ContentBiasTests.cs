using System.Text.Json;
using TorchSharp;
using TransformerTutorial.Positions;
using TransformerTutorial.Tests.Embeddings;
using static TorchSharp.torch;
using static TransformerTutorial.Tests.Positions.PositionVectors;

namespace TransformerTutorial.Tests.Positions;

/// <summary>Positions whose part of a score changes with the words: Transformer-XL's terms and Shaw's vectors, against PyTorch's loops over every query and key.</summary>
[Collection(DefaultGenerator.Name)]
public class ContentBiasTests
{
    [Fact]
    public void Transformer_XLs_terms_their_sum_and_all_gradients_are_those_of_the_direct_computation()
    {
        foreach (var row in Cases("transformerXL"))
        {
            var (positions, q, k) = TransformerXL(row);
            var offset = row.Int("offset");
            var terms = positions.Terms(q, k, offset);
            var expected = row.GetProperty("terms").EnumerateArray().Select(term => term.EnumerateArray().Select(value => value.GetDouble()).ToArray()).ToArray();
            ScientificPython.AssertClose(expected[0], terms.ContentAddressing, 1e-12);
            ScientificPython.AssertClose(expected[1], terms.ContentDependentPositionBias, 1e-12);
            ScientificPython.AssertClose(expected[2], terms.GlobalContentBias, 1e-12);
            ScientificPython.AssertClose(expected[3], terms.GlobalPositionBias, 1e-12);
            Assert.All([terms.ContentAddressing, terms.ContentDependentPositionBias, terms.GlobalContentBias, terms.GlobalPositionBias],
                term => Assert.Equal([2L, 2, row.Int("target"), row.Int("source")], term.shape));

            var bias = positions.Bias(q, k, offset);
            ScientificPython.AssertClose(row.Numbers("bias"), bias, 1e-12);
            Assert.True(Greatest(terms.Sum() - terms.ContentAddressing - (bias * Math.Sqrt(3))) < 1e-12);
            Assert.True(Greatest((bias * 2) - positions.Bias(q, k, offset, scale: 2 / Math.Sqrt(3))) < 1e-12);

            (bias * row.Tensor("weight", bias.shape)).sum().backward();
            AssertGradients(row, q, k, positions.get_parameter("r_proj.weight")!, positions.get_parameter("u")!, positions.get_parameter("v")!);
        }
    }

    [Fact]
    public void Each_of_the_four_terms_changes_with_what_it_looks_at_and_with_nothing_else()
    {
        var (positions, q, k) = TransformerXL(Cases("transformerXL").First());
        var terms = Split(positions.Terms(q, k));
        var later = Split(positions.Terms(q.narrow(2, 0, 2), cat([k, k.narrow(2, 0, 2)], 2).roll([2L], [2L]), offset: 2));
        var otherQuery = Split(positions.Terms(q + 1, k));
        var otherKey = Split(positions.Terms(q, k + 1));
        Assert.Equal([true, true, false, false], Changed(terms, otherQuery));
        Assert.Equal([true, false, true, false], Changed(terms, otherKey));

        // Queries 0 and 1 against keys 0 and 1, and the same ones two positions further on.
        Assert.Equal([false, false, false, false], Changed(Corner(terms, 0, 0), Corner(later, 0, 2)));
        Assert.Equal([false, true, false, true], Changed(Corner(terms, 0, 0), Corner(Split(positions.Terms(q, k, offset: 1)), 0, 0)));

        static Tensor[] Split(TransformerXLTerms terms) => [terms.ContentAddressing, terms.ContentDependentPositionBias, terms.GlobalContentBias, terms.GlobalPositionBias];
        static Tensor[] Corner(Tensor[] terms, long query, long key) => [.. terms.Select(term => term.narrow(2, query, 2).narrow(3, key, 2))];
        static bool[] Changed(Tensor[] before, Tensor[] after) => [.. before.Zip(after, (a, b) => Greatest(a - b) > 1e-9)];
    }

    [Fact]
    public void Shaws_parts_for_keys_and_values_and_all_gradients_are_those_of_the_direct_computation()
    {
        foreach (var row in Cases("shaw"))
        {
            var (target, source, offset) = (row.Int("target"), row.Int("source"), row.Int("offset"));
            var positions = new ShawPositions(headWidth: 3, row.Int("maximum"), valueWidth: 2);
            positions.to(ScalarType.Float64);
            var tables = (2 * row.Int("maximum")) + 1;
            Set(positions, "key_vectors", row.Tensor("keys", tables, 3));
            Set(positions, "value_vectors", row.Tensor("values", tables, 2));
            var q = row.Tensor("q", 2, 2, target, 3).requires_grad_();
            var k = row.Tensor("k", 2, 2, source, 3).requires_grad_();
            var bias = positions.Bias(q, k, offset);
            ScientificPython.AssertClose(row.Numbers("bias"), bias, 1e-12);
            Assert.True(Greatest(bias - (positions.Bias(q, k, offset, scale: 1) / Math.Sqrt(3))) < 1e-12);

            var weights = ((q.matmul(k.transpose(-2, -1)) / Math.Sqrt(3)) + bias).softmax(-1);
            var term = positions.ValueTerm(weights, offset);
            ScientificPython.AssertClose(row.Numbers("term"), term, 1e-12);
            (term * row.Tensor("weight", term.shape)).sum().backward();
            AssertGradients(row, q, k, positions.get_parameter("key_vectors")!, positions.get_parameter("value_vectors")!);
        }
    }

    [Fact]
    public void Shaws_bias_changes_with_the_query_and_not_with_the_place()
    {
        manual_seed(15);
        var positions = new ShawPositions(4, 3);
        var (q, k) = (randn(1, 1, 1, 4), randn(1, 1, 6, 4));
        var bias = positions.Bias(q, k);
        Assert.True(Greatest(bias - positions.Bias(randn(1, 1, 1, 4), k)) > 0.1);
        Assert.Equal(0, Greatest(bias - positions.Bias(q, randn(1, 1, 6, 4))));
        Assert.Equal(Bits(bias.narrow(3, 0, 4)), Bits(positions.Bias(q, k, offset: 2).narrow(3, 2, 4)));
        Assert.Equal(Bits(bias[0, 0, 0, 3]), Bits(bias[0, 0, 0, 5]));
    }

    [Fact]
    public void Steps_have_the_bits_of_the_whole()
    {
        manual_seed(6);
        var (q, k) = (randn(2, 2, 9, 4), randn(2, 2, 9, 4));
        var shaw = new ShawPositions(4, 3);
        foreach (var positions in new IContentBias[] { shaw, new TransformerXLPositions(8, 2) })
        {
            var whole = positions.Bias(q, k);
            for (var t = 0; t < 9; t++)
            {
                var step = positions.Bias(q.narrow(2, t, 1), k.narrow(2, 0, t + 1), offset: t);
                Assert.Equal(Bits(whole.narrow(2, t, 1).narrow(3, 0, t + 1)), Bits(step));
            }
        }

        var weights = rand(2, 2, 9, 9).tril();
        var term = shaw.ValueTerm(weights);
        for (var t = 0; t < 9; t++)
        {
            Assert.Equal(Bits(term.narrow(2, t, 1)), Bits(shaw.ValueTerm(weights.narrow(2, t, 1).narrow(3, 0, t + 1), offset: t)));
        }
    }

    [Fact]
    public void Parameters_have_these_names_and_begin_small()
    {
        manual_seed(0);
        var positions = new TransformerXLPositions(512, 8);
        Assert.Equal([("u", "8, 64"), ("v", "8, 64"), ("r_proj.weight", "512, 512")], positions.named_parameters().Select(named => (named.name, string.Join(", ", named.parameter.shape))));
        Assert.InRange(positions.get_parameter("u")!.std().item<float>(), 0.015, 0.025);
        Assert.All(positions.parameters(), parameter => Assert.True(parameter.requires_grad));
        Assert.Equal(["key_vectors", "value_vectors"], new ShawPositions(4, 2).state_dict().Keys);
        Assert.Equal(["key_vectors"], new ShawPositions(4, 2, valueWidth: 0).state_dict().Keys);
    }

    [Fact]
    public void What_does_not_fit_is_refused_and_named()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransformerXLPositions(7, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransformerXLPositions(8, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransformerXLPositions(8, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShawPositions(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShawPositions(4, -1));
        foreach (var positions in new IContentBias[] { new ShawPositions(4, 3), new TransformerXLPositions(8, 2) })
        {
            var error = Assert.Throws<ArgumentException>(() => positions.Bias(zeros(1, 2, 3, 5), zeros(1, 2, 3, 5)));
            Assert.Contains("(1, 2, 3, 5)", error.Message, StringComparison.Ordinal);
            Assert.Contains("fit the queries (1, 2, 3, 4)", Assert.Throws<ArgumentException>(() => positions.Bias(zeros(1, 2, 3, 4), zeros(1, 1, 3, 4))).Message, StringComparison.Ordinal);
            Assert.Contains("Float64", Assert.Throws<ArgumentException>(() => positions.Bias(zeros(1, 2, 3, 4), zeros(1, 2, 3, 4, ScalarType.Float64))).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => positions.Bias(zeros(1, 2, 3, 4), zeros(1, 2, 3, 4), -1));
            var doubles = zeros(1, 2, 3, 4, ScalarType.Float64);
            Assert.Contains("hold Float32, but this tensor of shape (1, 2, 3, 4) is Float64", Assert.Throws<ArgumentException>(() => positions.Bias(doubles, doubles)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("(B, 2, T, 4)", Assert.Throws<ArgumentException>(() => new TransformerXLPositions(8, 2).Bias(zeros(1, 4, 3, 4), zeros(1, 4, 3, 4))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new ShawPositions(4, 3, valueWidth: 0).ValueTerm(zeros(1, 1, 2, 2)));
        Assert.Throws<ArgumentException>(() => new ShawPositions(4, 3).ValueTerm(zeros(2, 2)));
        Assert.Contains("Float64", Assert.Throws<ArgumentException>(() => new ShawPositions(4, 3).ValueTerm(zeros(1, 1, 2, 2, ScalarType.Float64))).Message, StringComparison.Ordinal);
    }

    private static (TransformerXLPositions Positions, Tensor Query, Tensor Key) TransformerXL(JsonElement row)
    {
        var positions = new TransformerXLPositions(width: 6, heads: 2);
        positions.to(ScalarType.Float64);
        Set(positions, "r_proj.weight", row.Tensor("w", 6, 6));
        Set(positions, "u", row.Tensor("u", 2, 3));
        Set(positions, "v", row.Tensor("v", 2, 3));
        return (positions, row.Tensor("q", 2, 2, row.Int("target"), 3).requires_grad_(), row.Tensor("k", 2, 2, row.Int("source"), 3).requires_grad_());
    }

    private static void AssertGradients(JsonElement row, params Tensor[] leaves)
    {
        foreach (var (expected, leaf) in row.GetProperty("gradients").EnumerateArray().Zip(leaves))
        {
            ScientificPython.AssertClose([.. expected.EnumerateArray().Select(value => value.GetDouble())], leaf.grad!, 1e-12);
        }
    }
}
