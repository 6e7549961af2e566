using TransformerTutorial.Attention;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Attention;

/// <summary>Scaled dot-product attention and the softmax under a mask, against loops over doubles and by what must hold of them.</summary>
[Collection(DefaultGenerator.Name)]
public class ScaledDotProductTests
{
    [Fact]
    public void The_example_in_the_documentation_holds()
    {
        var keys = tensor(new[,] { { 0.0, 0.0 }, { Math.Sqrt(2) * Math.Log(3), 0.0 } });
        var (output, weights, scores) = ScaledDotProduct.Compute(tensor(new[,] { { 1.0, 0.0 } }), keys, tensor(new[,] { { 10.0 }, { 20.0 } }));
        AttentionNumbers.AssertClose(tensor(new[,] { { 0, Math.Log(3) } }), scores!, 1e-14);
        AttentionNumbers.AssertClose(tensor(new[,] { { 0.25, 0.75 } }), weights!, 1e-14);
        AttentionNumbers.AssertClose(tensor(new[,] { { 17.5 } }), output, 1e-13);
    }

    [Fact]
    public void It_computes_what_loops_compute() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        var (query, key, value) = size.Draw(ScalarType.Float64);
        var allowed = size.DrawMask();
        var isAllowed = allowed.data<bool>().ToArray();
        var bias = randn([size.Heads, size.Queries, size.Keys], ScalarType.Float64);
        var added = AttentionNumbers.NumbersOf(bias);
        var (output, weights) = AttentionNumbers.Loops(
            query, key, value, (b, _, i, j) => isAllowed[(((b * size.Queries) + i) * size.Keys) + j], 0.7, (h, i, j) => added[(((h * size.Queries) + i) * size.Keys) + j]);
        var found = ScaledDotProduct.Compute(query, key, value, AllowedMask.FromTensor(allowed), bias, scale: 0.7);
        AttentionNumbers.AssertClose(tensor(weights, found.Weights!.shape), found.Weights!, 1e-12);
        AttentionNumbers.AssertClose(tensor(output, found.Output.shape), found.Output, 1e-12);
    }, 40);

    [Fact]
    public void The_scale_is_one_over_the_root_of_the_width()
    {
        var (query, key, value) = new AttentionSize(1, 1, 2, 3, 4, 16).Draw();
        AttentionNumbers.AssertSameBits(ScaledDotProduct.Compute(query, key, value, scale: 0.25).Output, ScaledDotProduct.Compute(query, key, value).Output);
    }

    [Fact]
    public void Rows_of_weights_sum_to_one_or_are_zero() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        var (query, key, value) = size.Draw();
        var allowed = size.DrawMask();
        var weights = ScaledDotProduct.Compute(query, key, value, AllowedMask.FromTensor(allowed)).Weights!;
        var expected = allowed.any(-1).to(ScalarType.Float32).expand(size.Batch, size.Heads, size.Queries);
        AttentionNumbers.AssertClose(expected, weights.sum([-1L]), 1e-6);
        AttentionNumbers.AssertAllZero(weights.masked_select(allowed.logical_not().expand(weights.shape)));
    }, 40);

    [Fact]
    public void Permuted_tokens_give_permuted_outputs_without_a_mask() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        var (query, key, value) = size.Draw();
        var (queries, keys) = (randperm(size.Queries), randperm(size.Keys));
        var plain = ScaledDotProduct.Compute(query, key, value);
        var permuted = ScaledDotProduct.Compute(query.index_select(2, queries), key.index_select(2, keys), value.index_select(2, keys));
        AttentionNumbers.AssertClose(plain.Output.index_select(2, queries), permuted.Output, 1e-5);
        AttentionNumbers.AssertClose(plain.Weights!.index_select(2, queries).index_select(3, keys), permuted.Weights!, 1e-6);
    }, 40);

    [Fact]
    public void A_mask_of_bools_and_one_of_numbers_give_the_same_bits() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        var (query, key, value) = size.Draw();
        var mask = AllowedMask.FromTensor(size.DrawMask());
        var (first, second) = (Gradients(query, key, value, mask, null), Gradients(query, key, value, null, mask.ToAdditive().Values));
        foreach (var (one, other) in first.Zip(second))
        {
            AttentionNumbers.AssertSameBits(one, other);
        }
    }, 40);

    [Fact]
    public void A_query_that_may_look_at_nothing_has_zeros_and_passes_no_gradient() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        var (query, key, value) = size.Draw();
        var open = ones([size.Queries, size.Keys], ScalarType.Bool);
        var row = size.Seed % size.Queries;
        open[row] = zeros([size.Keys], ScalarType.Bool);
        var bias = randn([size.Queries, size.Keys]).requires_grad_();
        var results = Gradients(query, key, value, AllowedMask.FromTensor(open), bias);
        Assert.All(results, tensor => Assert.All(AttentionNumbers.NumbersOf(tensor), number => Assert.True(double.IsFinite(number))));
        AttentionNumbers.AssertAllZero(results[0].select(2, row));
        AttentionNumbers.AssertAllZero(results[1].select(2, row));
        AttentionNumbers.AssertAllZero(results[2].select(2, row));
        AttentionNumbers.AssertAllZero(bias.grad!.select(0, row));

        // The other rows' gradients are those that they have alone.
        var others = arange(size.Queries).ne(row).nonzero().squeeze(-1);
        if (others.shape[0] > 0)
        {
            var alone = Gradients(query.index_select(2, others), key, value, null, bias.detach().index_select(0, others));
            AttentionNumbers.AssertClose(alone[3], results[3], 1e-4);
            AttentionNumbers.AssertClose(alone[4], results[4], 1e-4);
        }
    }, 40);

    [Fact]
    public void A_hidden_key_that_is_not_finite_shows_in_the_queries_gradient_alone()
    {
        var (query, key, value) = new AttentionSize(4, 1, 1, 3, 3, 3).Draw();
        key[0, 0, 2] = full([3], double.NaN);
        var results = Gradients(query, key, value, Masks.Padding([2], 3), null);
        Assert.Equal([false, false, true, false, false], results.Select(tensor => tensor.isnan().any().item<bool>()));
        AttentionNumbers.AssertAllZero(results[3].select(2, 2));
    }

    [Fact]
    public void Where_every_row_is_empty_all_is_zero()
    {
        var (query, key, value) = new AttentionSize(3, 2, 2, 3, 20, 4).Draw();
        var results = Gradients(query, key, value, ~Masks.Causal(3, 20, offset: 19), null);
        Assert.All(results, AttentionNumbers.AssertAllZero);
        var scores = ScaledDotProduct.Compute(query, key, value, ~Masks.Causal(3, 20, offset: 19)).Scores!;
        Assert.True(scores.isneginf().all().item<bool>());
    }

    [Fact]
    public void What_a_row_sees_does_not_depend_on_other_sentences_or_on_padding_behind() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        var (query, key, value) = size.Draw();
        var length = 1 + (size.Seed % size.Keys);
        var whole = ScaledDotProduct.Compute(query, key, value, Masks.Padding([.. Enumerable.Repeat(length, size.Batch)], size.Keys));
        for (var sentence = 0; sentence < size.Batch; sentence++)
        {
            var alone = ScaledDotProduct.Compute(query.narrow(0, sentence, 1), key.narrow(0, sentence, 1).narrow(2, 0, length), value.narrow(0, sentence, 1).narrow(2, 0, length));
            AttentionNumbers.AssertSameBits(alone.Output, whole.Output.narrow(0, sentence, 1));
            AttentionNumbers.AssertSameBits(alone.Weights!, whole.Weights!.narrow(0, sentence, 1).narrow(3, 0, length));
        }
    }, 40);

    [Fact]
    public void Only_what_was_asked_for_is_returned()
    {
        var (query, key, value) = new AttentionSize(1, 1, 1, 2, 3, 4).Draw();
        Assert.True(ScaledDotProduct.Compute(query, key, value, parts: AttentionParts.None) is (not null, null, null));
        Assert.True(ScaledDotProduct.Compute(query, key, value, parts: AttentionParts.Weights) is (not null, not null, null));
        Assert.True(ScaledDotProduct.Compute(query, key, value, parts: AttentionParts.Scores) is (not null, null, not null));
    }

    [Fact]
    public void Nothing_else_is_left_in_the_scope()
    {
        var (query, key, value) = new AttentionSize(1, 1, 1, 2, 3, 4).Draw();
        using var scope = NewDisposeScope();
        ScaledDotProduct.Compute(query, key, value, parts: AttentionParts.None);
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void Dropout_takes_weights_out_and_keeps_the_mean()
    {
        manual_seed(5);
        var value = eye(64).view(1, 1, 64, 64);
        var (output, weights, _) = ScaledDotProduct.Compute(zeros(1, 1, 400, 4), zeros(1, 1, 64, 4), value, dropout: 0.25);
        var kept = AttentionNumbers.NumbersOf(output);
        Assert.All(kept, number => Assert.True(number == 0 || Math.Abs(number - (1 / 64.0 / 0.75)) < 1e-8));
        Assert.InRange(kept.Count(number => number == 0) / (double)kept.Length, 0.24, 0.26);
        AttentionNumbers.AssertClose(full(weights!.shape, 1 / 64.0), weights, 1e-9);
    }

    [Fact]
    public void A_mask_that_could_be_laid_over_scores_in_two_ways_is_refused()
    {
        // Two sentences, two heads: (B, T, S) and (h, T, S) look the same.
        var (query, key, value) = new AttentionSize(1, 2, 2, 3, 4, 5).Draw();
        var mask = AllowedMask.FromTensor(ones([2, 3, 4], ScalarType.Bool));
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(query, key, value, mask), "(2, 3, 4)", "(2, 2, 3, 4)", "(2, 1, 3, 4) for sentences", "(1, 2, 3, 4) for heads");
        ScaledDotProduct.Compute(query[0], key[0], value[0], mask);
        ScaledDotProduct.Compute(query, key, value, AllowedMask.FromTensor(mask.Values.unsqueeze(1)));
    }

    [Fact]
    public void A_mask_of_one_key_is_not_stretched_over_all_keys()
    {
        var (query, key, value) = new AttentionSize(1, 2, 2, 3, 6, 5).Draw();
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(query, key, value, Masks.Padding([1, 1])), "(2, 1, 1, 1)", "(2, 2, 3, 6)", "one key");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(query, key, value, Masks.Causal(1)), "(1, 1)", "(2, 2, 3, 6)", "one key");
        MasksTests.AssertSays<ArgumentException>(() => Masks.Causal(1) & Masks.Padding([6, 5], 6), "(1, 1)", "(2, 1, 1, 6)", "same keys");
        ScaledDotProduct.Compute(query, key.narrow(2, 0, 1), value.narrow(2, 0, 1), Masks.Padding([1, 1]));
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_shapes_and_types()
    {
        var (q, k, v) = (zeros(2, 3, 4, 5), zeros(2, 3, 6, 5), zeros(2, 3, 6, 7));
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(zeros(2, 3, 4, 4), k, v), "(2, 3, 4, 4)", "(2, 3, 6, 5)", "(2, 3, 6, 7)");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, k, zeros(2, 3, 4, 5)), "(2, 3, 4, 5)");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, zeros(5, 3, 6, 5), v), "(5, 3, 6, 5)");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, k.to(ScalarType.Float64), v), "Float32", "Float64");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, k, v, Masks.Causal(4)), "mask", "(4, 4)", "(2, 3, 4, 6)");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, k, v, Masks.Padding([6, 6, 6])), "(3, 1, 1, 6)", "(2, 3, 4, 6)");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q[0], k[0], v[0], Masks.Padding([6, 6, 6])), "(3, 1, 1, 6)", "(3, 4, 6)", "dimension for heads");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, k, v, bias: zeros(4, 5)), "bias", "(4, 5)");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, k, v, bias: zeros([4, 6], ScalarType.Float64)), "Float64", "Float32");
        MasksTests.AssertSays<ArgumentException>(() => MaskedSoftmax.Compute(zeros([2, 2], ScalarType.Int64)), "Int64");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, k, v, bias: tensor(new[,] { { 0f, float.NaN } }).expand(4, 2).repeat(1, 3)), "(4, 6)", "NaN");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, k, v, bias: full(4, 6, double.PositiveInfinity)), "(4, 6)", "+∞");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, k, v, dropout: -1), "probability", "-1");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, k, v, dropout: double.NaN), "probability", "NaN");
        MasksTests.AssertSays<ArgumentException>(() => ScaledDotProduct.Compute(q, k, v, scale: double.NaN), "finite", "NaN");
    }

    // Output, weights, and the gradients of query, key and value for a seeded gradient of both.
    private static Tensor[] Gradients(Tensor query, Tensor key, Tensor value, AllowedMask? mask, Tensor? bias)
    {
        var (q, k, v) = (query.clone().requires_grad_(), key.clone().requires_grad_(), value.clone().requires_grad_());
        var (output, weights, _) = ScaledDotProduct.Compute(q, k, v, mask, bias);
        (output.sum() + (weights! * arange(weights!.shape[^1]).to(ScalarType.Float32)).sum()).backward();
        return [output, weights, q.grad!, k.grad!, v.grad!];
    }
}
