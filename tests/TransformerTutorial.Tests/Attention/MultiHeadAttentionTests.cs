using TorchSharp;
using TransformerTutorial.Attention;
using TransformerTutorial.Positions;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Attention;

/// <summary>Multi-head attention against PyTorch's vectors, against the engine's layer of PyTorch's name, against loops, and by what must hold of it.</summary>
[Collection(DefaultGenerator.Name)]
public class MultiHeadAttentionTests
{
    public static TheoryData<string, bool> OracleCases
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var name in AttentionNumbers.CaseNames)
            {
                data.Add(name, false);
                if (AttentionNumbers.Case(name).GetProperty("parameters").TryGetProperty("in_proj_weight", out _))
                {
                    data.Add(name, true);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(OracleCases))]
    public void Outputs_weights_and_gradients_are_PyTorchs(string name, bool isFused)
    {
        var data = AttentionNumbers.Case(name);
        var (width, heads) = (data.GetProperty("width").GetInt64(), data.GetProperty("heads").GetInt64());
        long? keyWidth = data.GetProperty("kdim").ValueKind == System.Text.Json.JsonValueKind.Null ? null : data.GetProperty("kdim").GetInt64();
        long? valueWidth = data.GetProperty("vdim").ValueKind == System.Text.Json.JsonValueKind.Null ? null : data.GetProperty("vdim").GetInt64();
        var hasBias = data.GetProperty("bias").GetBoolean();
        var theirs = nn.MultiheadAttention(width, heads, 0, hasBias, kdim: keyWidth, vdim: valueWidth);
        theirs.to(ScalarType.Float64);
        theirs.load_state_dict(data.GetProperty("parameters").EnumerateObject().ToDictionary(one => one.Name, one => AttentionNumbers.Read(one.Value)));
        var ours = new MultiHeadAttention(new(width, heads) { HasBias = hasBias, IsFused = isFused, KeyWidth = keyWidth, ValueWidth = valueWidth });
        ours.to(ScalarType.Float64);
        ours.LoadFrom(theirs);

        var inputs = data.GetProperty("inputs").EnumerateObject().ToDictionary(one => one.Name, one => AttentionNumbers.Read(one.Value).requires_grad_());
        var masks = data.GetProperty("masks").EnumerateObject().ToDictionary(one => one.Name, one => AttentionNumbers.Read(one.Value));
        var (mask, bias) = MasksOf(masks, inputs["query"].shape[0], heads);
        var result = ours.Attend(inputs["query"], inputs.GetValueOrDefault("key"), inputs.GetValueOrDefault("value"), mask, bias is null ? null : new() { ScoreBias = (_, _, _) => bias });
        AttentionNumbers.AssertClose(AttentionNumbers.Read(data.GetProperty("output")), result.Output, 1e-10, "output");
        AttentionNumbers.AssertClose(AttentionNumbers.Read(data.GetProperty("weights")), result.Weights!, 1e-10, "weights");

        var loss = (result.Output * AttentionNumbers.Read(data.GetProperty("outputGradient"))).sum() + (result.Weights! * AttentionNumbers.Read(data.GetProperty("weightsGradient"))).sum();
        loss.backward();
        var gradients = ours.named_parameters().ToDictionary(one => one.name, one => one.parameter.grad!);
        foreach (var gradient in data.GetProperty("gradients").EnumerateObject())
        {
            var found = inputs.TryGetValue(gradient.Name, out var input) ? input.grad! : GradientOf(gradients, gradient.Name);
            AttentionNumbers.AssertClose(AttentionNumbers.Read(gradient.Value), found, 1e-9, gradient.Name);
        }
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Its_bits_are_those_of_the_engines_layer(bool isFused, bool hasBias)
    {
        manual_seed(11);
        var theirs = nn.MultiheadAttention(24, 4, bias: hasBias);
        var ours = new MultiHeadAttention(new(24, 4) { HasBias = hasBias, IsFused = isFused });
        ours.LoadFrom(theirs);
        var x = randn(3, 19, 24);                                     // (B, T, d)
        var sequenceFirst = x.transpose(0, 1).contiguous();           // (T, B, d)
        var mask = Masks.Causal(19) & Masks.Padding([19, 12, 5], 19);
        var (output, mean) = theirs.call(sequenceFirst, sequenceFirst, sequenceFirst, Masks.Padding([19, 12, 5], 19).ToBlocked().ToKeyPaddingMask(), true, Masks.Causal(19).ToBlocked().Values);
        var result = ours.Attend(x, mask: mask);
        AttentionNumbers.AssertSameBits(output.transpose(0, 1), result.Output);
        AttentionNumbers.AssertSameBits(mean, result.Weights!.mean([1L]));
        AttentionNumbers.AssertSameBits(result.Output, ours.call(x, mask: mask));
        AttentionNumbers.AssertSameBits(result.Output, ours.call(x, x, mask));
    }

    [Fact]
    public void Its_parameters_bear_the_names_of_their_projections()
    {
        Assert.Equal(["q_proj.weight", "k_proj.weight", "v_proj.weight", "o_proj.weight"], new MultiHeadAttention(4, 2).state_dict().Keys);
        Assert.Equal(["in_proj.weight", "in_proj.bias", "o_proj.weight", "o_proj.bias"], new MultiHeadAttention(new(4, 2) { IsFused = true, HasBias = true }).state_dict().Keys);
        var grouped = new MultiHeadAttention(new(12, 6) { KeyValueHeads = 2, IsFused = true });
        Assert.Equal([12 + (2 * 2 * 2), 12], grouped.state_dict()["in_proj.weight"].shape);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(1)]
    public void Fused_and_separate_begin_with_the_same_numbers_and_give_the_same_bits(long keyValueHeads)
    {
        manual_seed(12);
        var separate = new MultiHeadAttention(new(24, 4) { HasBias = true, KeyValueHeads = keyValueHeads });
        var after = rand(1);
        manual_seed(12);
        var fused = new MultiHeadAttention(new(24, 4) { HasBias = true, IsFused = true, KeyValueHeads = keyValueHeads });
        AttentionNumbers.AssertSameBits(after, rand(1));
        var weights = separate.state_dict();
        AttentionNumbers.AssertSameBits(cat([weights["q_proj.weight"], weights["k_proj.weight"], weights["v_proj.weight"]], 0), fused.state_dict()["in_proj.weight"]);

        var (x, memory) = (randn(2, 18, 24), randn(2, 7, 24));
        AttentionNumbers.AssertSameBits(separate.call(x, mask: Masks.Causal(18)), fused.call(x, mask: Masks.Causal(18)));
        AttentionNumbers.AssertSameBits(separate.call(x, memory), fused.call(x, memory));
        AttentionNumbers.AssertSameBits(separate.Attend(x, memory, memory.neg()).Output, fused.Attend(x, memory, memory.neg()).Output);
    }

    [Fact]
    public void Weights_begin_uniform_within_the_bound_of_Glorot_and_biases_with_zero()
    {
        manual_seed(13);
        var attention = new MultiHeadAttention(new(64, 4) { HasBias = true, KeyValueHeads = 2, KeyWidth = 32 });
        foreach (var (name, parameter) in attention.named_parameters())
        {
            if (parameter.ndim == 1)
            {
                AttentionNumbers.AssertAllZero(parameter);
                continue;
            }

            var bound = Math.Sqrt(6.0 / (parameter.shape[0] + parameter.shape[1]));
            Assert.InRange(parameter.abs().max().item<float>(), 0.98 * bound, bound);
            Assert.True(parameter.requires_grad && parameter.is_leaf, name);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void Grouped_queries_share_the_keys_and_values_of_their_group(long keyValueHeads)
    {
        manual_seed(14);
        var attention = new MultiHeadAttention(new(12, 6) { KeyValueHeads = keyValueHeads });
        attention.to(ScalarType.Float64);
        var weights = attention.state_dict();
        Assert.Equal([keyValueHeads * 2, 12], weights["k_proj.weight"].shape);
        var x = randn([2, 7, 12], ScalarType.Float64);
        Tensor Heads(string name, long heads) => AttentionHeads.Split(x.matmul(weights[name].t()), heads);
        var (output, expectedWeights) = AttentionNumbers.Loops(
            Heads("q_proj.weight", 6).contiguous(), Heads("k_proj.weight", keyValueHeads).contiguous(), Heads("v_proj.weight", keyValueHeads).contiguous(), (_, _, i, j) => j <= i, 1 / Math.Sqrt(2));
        var result = attention.Attend(x, mask: Masks.Causal(7));
        AttentionNumbers.AssertClose(tensor(expectedWeights, [2, 6, 7, 7]), result.Weights!, 1e-12);
        AttentionNumbers.AssertClose(AttentionHeads.Join(tensor(output, [2, 6, 7, 2])).matmul(weights["o_proj.weight"].t()), result.Output, 1e-12);
    }

    [Fact]
    public void As_many_heads_for_keys_as_for_queries_is_multi_head_attention()
    {
        manual_seed(15);
        var plain = new MultiHeadAttention(12, 4);
        var grouped = new MultiHeadAttention(new(12, 4) { KeyValueHeads = 4 });
        grouped.load_state_dict(plain.state_dict());
        var shared = new MultiHeadAttention(new(12, 4) { KeyValueHeads = 1 });
        var repeated = new MultiHeadAttention(12, 4);
        var weights = shared.state_dict().ToDictionary(one => one.Key, one => one.Key is "k_proj.weight" or "v_proj.weight" ? one.Value.repeat(4, 1) : one.Value);
        repeated.load_state_dict(weights);
        var x = randn(2, 5, 12);
        AttentionNumbers.AssertSameBits(plain.call(x), grouped.call(x));
        AttentionNumbers.AssertSameBits(repeated.call(x), shared.call(x));
    }

    [Fact]
    public void A_later_token_changes_no_bit_of_what_stands_before_it() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        var (attention, x) = Draw(size);
        var changedToken = size.Seed % size.Queries;
        var other = x.clone();
        other[.., changedToken] = randn(size.Batch, size.Width);
        var (before, after) = (attention.call(x, mask: Masks.Causal(size.Queries)), attention.call(other, mask: Masks.Causal(size.Queries)));
        AttentionNumbers.AssertSameBits(before.narrow(1, 0, changedToken), after.narrow(1, 0, changedToken));
        Assert.False(AttentionNumbers.AreSame(before[.., changedToken], after[.., changedToken]));
    }, 30);

    [Fact]
    public void Permuted_tokens_give_permuted_outputs_without_a_mask() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        var (attention, x) = Draw(size);
        var order = randperm(size.Queries);
        AttentionNumbers.AssertClose(attention.call(x).index_select(1, order), attention.call(x.index_select(1, order)), 1e-5);
    }, 30);

    [Fact]
    public void A_sentence_alone_has_the_bits_that_it_has_among_others_with_padding_behind() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        var (attention, x) = Draw(size);
        int[] lengths = [.. Enumerable.Range(0, size.Batch).Select(sentence => 1 + ((size.Seed + sentence) % size.Queries))];
        var mask = Masks.Causal(size.Queries) & Masks.Padding(lengths, size.Queries);
        var together = attention.call(x, mask: mask);
        for (var sentence = 0; sentence < size.Batch; sentence++)
        {
            var alone = attention.call(x.narrow(0, sentence, 1).narrow(1, 0, lengths[sentence]).contiguous(), mask: Masks.Causal(lengths[sentence]));
            AttentionNumbers.AssertSameBits(alone, together.narrow(0, sentence, 1).narrow(1, 0, lengths[sentence]));
        }
    }, 30);

    [Fact]
    public void Steps_with_a_cache_are_one_masked_pass_to_the_bit() => PropertyCheck.ForAll(AttentionSize.Any, size =>
    {
        var (attention, x) = Draw(size);
        foreach (var positions in (AttentionPositions?[])[null, Distances(size.Heads), Turning])
        {
            var whole = attention.call(x, mask: Masks.Causal(size.Queries), positions: positions);
            using var cache = new KeyValueCache();
            var from = 0;
            while (from < size.Queries)
            {
                // Mostly one token, at times some at once.
                var count = Math.Min(size.Queries - from, from == 2 ? 3 : 1);
                using var step = NewDisposeScope();
                var mask = count == 1 ? null : Masks.Causal(count, from + count, from);
                var output = attention.call(x.narrow(1, from, count), mask: mask, positions: positions, cache: cache);
                AttentionNumbers.AssertSameBits(whole.narrow(1, from, count), output);
                from += count;
                Assert.Equal(from, cache.Length);
            }
        }
    }, 20);

    [Fact]
    public void Positions_enter_where_they_say()
    {
        manual_seed(16);
        var attention = new MultiHeadAttention(new(16, 4) { KeyValueHeads = 2, Scale = 0.3 });
        attention.to(ScalarType.Float64);
        var weights = attention.state_dict();
        var x = randn([2, 5, 16], ScalarType.Float64);
        Tensor Heads(string name, long heads) => AttentionHeads.Split(x.matmul(weights[name].t()), heads).contiguous();
        var (queries, keys) = (Heads("q_proj.weight", 4), Heads("k_proj.weight", 2));
        var (turnedQueries, turnedKeys) = (Turning.Rotate!(queries, 0), Turning.Rotate!(keys, 0));
        var content = AttentionNumbers.NumbersOf(turnedQueries.sum([-1L]).mul(0.3));
        var (_, expected) = AttentionNumbers.Loops(turnedQueries, turnedKeys, keys, (_, _, _, _) => true, 0.3, (h, i, j) => -0.125 * (h + 1) * Math.Abs(j - i));
        var found = attention.Attend(x, positions: Distances(4, ScalarType.Float64) with { Rotate = Turning.Rotate });
        AttentionNumbers.AssertClose(tensor(expected, [2, 4, 5, 5]), found.Weights!, 1e-12);

        // A bias of content sees turned queries and keys of every head, and the scale; added to a whole row it changes no weight.
        var withContent = attention.Attend(x, positions: Distances(4, ScalarType.Float64) with
        {
            Rotate = Turning.Rotate,
            ContentBias = (q, k, offset, scale) =>
            {
                Assert.Equal([2, 4, 5, 4], k.shape);
                Assert.Equal((0, 0.3), (offset, scale));
                return q.sum([-1L], keepdim: true).mul(scale!.Value).expand(2, 4, 5, 5);
            },
        });
        AttentionNumbers.AssertClose(found.Weights!, withContent.Weights!, 1e-12);
        AttentionNumbers.AssertClose(found.Scores! + tensor(content, [2, 4, 5, 1]), withContent.Scores!, 1e-12);

        // A term for values is made from the weights after dropout, and comes to each head's output before the last projection.
        var (_, plainWeights, _) = attention.Attend(x);
        var term = randn([2, 4, 5, 4], ScalarType.Float64);
        var withTerm = attention.Attend(x, positions: new()
        {
            ValueTerm = (given, offset) =>
            {
                AttentionNumbers.AssertSameBits(plainWeights!, given);
                Assert.Equal(0, offset);
                return term;
            },
        });
        var added = AttentionHeads.Join(term).matmul(weights["o_proj.weight"].t());
        AttentionNumbers.AssertClose(attention.call(x) + added, withTerm.Output, 1e-12);
        MasksTests.AssertSays<ArgumentException>(() => attention.call(x, positions: new() { ValueTerm = (_, _) => term.narrow(1, 0, 1) }), "(2, 1, 5, 4)", "(2, 4, 5, 4)");
    }

    [Fact]
    public void Both_halves_of_Shaws_positions_enter_and_learn()
    {
        manual_seed(17);
        var attention = new MultiHeadAttention(new(8, 2));
        var positions = new ShawPositions(headWidth: 4, maximumDistance: 2);
        attention.to(ScalarType.Float64);
        positions.to(ScalarType.Float64);
        var x = randn([2, 5, 8], ScalarType.Float64);
        var found = attention.Attend(x, positions: new() { ContentBias = positions.Bias, ValueTerm = positions.ValueTerm });

        // The paper's equations 3 and 4, with the vectors of each query and key side by side.
        var weights = attention.state_dict();
        Tensor Heads(string name) => AttentionHeads.Split(x.matmul(weights[name].t()), 2);                      // (B, h, T, d_k)
        var rows = (arange(5).unsqueeze(0) - arange(5).unsqueeze(1)).clamp((Scalar)(-2), (Scalar)2) + 2;        // (T, S)
        Tensor Vectors(string name) => positions.get_parameter(name)!.index_select(0, rows.flatten()).view(1, 1, 5, 5, 4);
        var scores = (Heads("q_proj.weight").unsqueeze(3) * (Heads("k_proj.weight").unsqueeze(2) + Vectors("key_vectors"))).sum([-1L]) / 2;
        var outputs = (scores.softmax(-1).unsqueeze(-1) * (Heads("v_proj.weight").unsqueeze(2) + Vectors("value_vectors"))).sum([3L]);
        AttentionNumbers.AssertClose(scores, found.Scores!, 1e-12);
        AttentionNumbers.AssertClose(AttentionHeads.Join(outputs).matmul(weights["o_proj.weight"].t()), found.Output, 1e-12);

        found.Output.square().sum().backward();
        Assert.All(positions.named_parameters(), one => Assert.True(one.parameter.grad is { } gradient && gradient.abs().min().item<double>() > 0, one.name));
    }

    [Fact]
    public void Positions_of_another_number_of_heads_are_refused()
    {
        var attention = new MultiHeadAttention(8, 4);
        var x = zeros(2, 3, 8);
        MasksTests.AssertSays<ArgumentException>(() => attention.call(x, positions: new() { ScoreBias = new AlibiPositions(1).Bias }), "ScoreBias", "(1, 3, 3)", "4");
        MasksTests.AssertSays<ArgumentException>(() => attention.call(x, positions: new() { ContentBias = (_, _, _, _) => zeros(2, 1, 3, 3) }), "ContentBias", "(2, 1, 3, 3)", "4");
        attention.call(x, positions: new() { ScoreBias = (_, _, _) => zeros(3, 3) });
    }

    [Theory]
    [InlineData("rotary")]
    [InlineData("ALiBi")]
    [InlineData("Transformer-XL")]
    [InlineData("Shaw")]
    [InlineData("T5")]
    public void Steps_with_the_librarys_positions_are_one_masked_pass_to_the_bit(string kind)
    {
        manual_seed(16);
        var shaw = new ShawPositions(4, 3);
        var t5 = new T5Positions(4, new T5Buckets(isBidirectional: false, 8, 20));
        nn.init.normal_(t5.state_dict().Values.Single());
        AttentionPositions positions = kind switch
        {
            "rotary" => new() { Rotate = new RotaryPositions(4).Rotate },
            "ALiBi" => new() { ScoreBias = new AlibiPositions(4).Bias },
            "T5" => new() { ScoreBias = t5.Bias },
            "Transformer-XL" => new() { ContentBias = new TransformerXLPositions(16, 4).Bias },
            _ => new() { ContentBias = shaw.Bias, ValueTerm = shaw.ValueTerm },
        };
        foreach (var keyValueHeads in (long[])[4, 2, 1])
        {
            var attention = new MultiHeadAttention(new(16, 4) { IsFused = true, KeyValueHeads = keyValueHeads });
            var x = randn(2, 50, 16);
            var padding = Masks.Padding([50, 31], 50);
            var whole = attention.call(x, mask: Masks.Causal(50) & padding, positions: positions);
            Assert.False(AttentionNumbers.AreSame(whole, attention.call(x, mask: Masks.Causal(50) & padding)));
            using var cache = new KeyValueCache();
            for (var step = 0; step < 50; step++)
            {
                var mask = Masks.Padding([step + 1, Math.Min(step + 1, 31)], step + 1);
                AttentionNumbers.AssertSameBits(whole.narrow(1, step, 1), attention.call(x.narrow(1, step, 1), mask: mask, positions: positions, cache: cache));
            }
        }
    }

    [Fact]
    public void A_factor_of_zero_takes_a_head_out()
    {
        manual_seed(19);
        var attention = new MultiHeadAttention(6, 3);
        var x = randn(1, 4, 6);
        attention.HeadGates = tensor(new[] { 1f, 0f, 1f }).requires_grad_();
        var without = attention.call(x);
        without.sum().backward();
        var gradient = attention.HeadGates.grad!.clone();
        attention.HeadGates = ones(3);
        AttentionNumbers.AssertSameBits(attention.call(x), new Func<Tensor>(() =>
        {
            attention.HeadGates = null;
            return attention.call(x);
        })());
        using (no_grad())
        {
            attention.state_dict()["o_proj.weight"].narrow(1, 2, 2).zero_();
        }

        AttentionNumbers.AssertClose(attention.call(x), without, 1e-6);
        Assert.Equal(4, attention.state_dict().Count);
        attention.HeadGates = ones(2);
        MasksTests.AssertSays<ArgumentException>(() => attention.call(x), "3 heads", "(2)");
        attention.HeadGates = ones([3], ScalarType.Float64);
        MasksTests.AssertSays<ArgumentException>(() => attention.call(x), "Float32", "HeadGates (3) is Float64");
        Assert.Equal([3], gradient.shape);
    }

    [Fact]
    public void A_factors_gradient_says_how_much_the_loss_changes_with_its_head()
    {
        manual_seed(23);
        var attention = new MultiHeadAttention(6, 3);
        attention.to(ScalarType.Float64);
        var x = randn([2, 4, 6], ScalarType.Float64);
        double Loss(double[] factors)
        {
            attention.HeadGates = tensor(factors);
            return attention.call(x).square().sum().item<double>();
        }

        var gates = tensor(new[] { 1.0, 0.5, 2 }).requires_grad_();
        attention.HeadGates = gates;
        attention.call(x).square().sum().backward();
        for (var head = 0; head < 3; head++)
        {
            double[] Moved(double by) => [.. new[] { 1.0, 0.5, 2 }.Select((factor, i) => i == head ? factor + by : factor)];
            var quotient = (Loss(Moved(1e-5)) - Loss(Moved(-1e-5))) / 2e-5;
            Assert.Equal(quotient, gates.grad![head].item<double>(), 1e-6 * Math.Abs(quotient));
        }
    }

    [Fact]
    public void Heads_get_neighbouring_columns_and_come_back_side_by_side()
    {
        var x = arange(2 * 3 * 4).view(2, 3, 4);
        var heads = AttentionHeads.Split(x, 2);
        Assert.Equal([2, 2, 3, 2], heads.shape);
        for (var head = 0; head < 2; head++)
        {
            AttentionNumbers.AssertSameBits(x.narrow(2, 2 * head, 2), heads.select(1, head));
        }

        AttentionNumbers.AssertSameBits(x, AttentionHeads.Join(heads));
        MasksTests.AssertSays<ArgumentException>(() => AttentionHeads.Split(x, 3), "3 heads", "(2, 3, 4)");
        MasksTests.AssertSays<ArgumentException>(() => AttentionHeads.Join(x), "(2, 3, 4)");
    }

    [Fact]
    public void Dropout_acts_in_training_only()
    {
        manual_seed(20);
        var attention = new MultiHeadAttention(new(8, 2) { Dropout = 0.5 });
        var x = randn(1, 6, 8);
        Assert.False(AttentionNumbers.AreSame(attention.call(x), attention.call(x)));
        attention.eval();
        AttentionNumbers.AssertSameBits(attention.call(x), attention.call(x));
    }

    [Fact]
    public void Nothing_but_the_result_is_left_in_the_scope()
    {
        var attention = new MultiHeadAttention(new(8, 2) { IsFused = true, HasBias = true });
        var x = randn(2, 5, 8);
        using var scope = NewDisposeScope();
        attention.call(x, positions: Turning with { ScoreBias = Distances(2).ScoreBias });
        Assert.Equal(1, scope.DisposablesCount);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_shapes()
    {
        var attention = new MultiHeadAttention(new(8, 2) { KeyWidth = 5, ValueWidth = 6 });
        MasksTests.AssertSays<ArgumentException>(() => attention.Attend(zeros(2, 3, 8), zeros(2, 4, 5)), "(B, S, 6)", "(2, 4, 5)");
        MasksTests.AssertSays<ArgumentException>(() => attention.Attend(zeros(2, 3, 8), zeros(3, 4, 5), zeros(3, 4, 6)), "(3, 4, 5)", "(3, 4, 6)");
        MasksTests.AssertSays<ArgumentException>(() => attention.Attend(zeros(2, 3, 8), zeros(2, 4, 5), zeros(2, 4, 6), Masks.Causal(3)), "(3, 3)", "(2, 2, 3, 4)");
        MasksTests.AssertSays<ArgumentException>(() => attention.Attend(zeros(2, 3, 8), zeros(2, 4, 5), zeros(2, 4, 6), positions: Distances(2)), "self-attention");
        MasksTests.AssertSays<ArgumentException>(() => attention.Attend(zeros(2, 3, 8, ScalarType.Float64), zeros(2, 4, 5), zeros(2, 4, 6)), "Float32", "the query (2, 3, 8) is Float64");
        MasksTests.AssertSays<ArgumentException>(() => attention.Attend(zeros(2, 3, 8), zeros(2, 4, 5, ScalarType.Float64), zeros(2, 4, 6)), "the input of the keys (2, 4, 5) is Float64");
        MasksTests.AssertSays<ArgumentException>(() => attention.Attend(zeros(2, 3, 8), zeros(2, 4, 5), zeros(2, 4, 6, ScalarType.Float64)), "the input of the values (2, 4, 6) is Float64");
        MasksTests.AssertSays<ArgumentException>(() => new MultiHeadAttention(8, 3), "8 and 3");
        MasksTests.AssertSays<ArgumentException>(() => new MultiHeadAttention(new(8, 4) { KeyValueHeads = 3 }), "4 and 3");
        MasksTests.AssertSays<ArgumentException>(() => new MultiHeadAttention(new(8, 4) { IsFused = true, KeyWidth = 5 }), "IsFused", "8, 5 and 5");
        MasksTests.AssertSays<ArgumentException>(() => new MultiHeadAttention(new(8, 4) { Dropout = 1.5 }), "1.5");
        MasksTests.AssertSays<ArgumentException>(() => new MultiHeadAttention(new(8, 4) { Scale = double.NaN }), "NaN");
    }

    [Fact]
    public void Weights_of_another_layer_are_copied_whole_or_not_at_all()
    {
        manual_seed(21);
        var attention = new MultiHeadAttention(8, 2);
        var before = attention.state_dict()["q_proj.weight"].clone();
        MasksTests.AssertSays<ArgumentException>(() => attention.LoadFrom(nn.MultiheadAttention(8, 2)), "has biases");
        MasksTests.AssertSays<ArgumentException>(() => attention.LoadFrom(nn.MultiheadAttention(6, 2, bias: false)), "(8, 8)", "(6, 6)");
        MasksTests.AssertSays<ArgumentException>(() => attention.LoadFrom(nn.MultiheadAttention(8, 2, bias: false, kdim: 5)), "k_proj.weight", "(8, 5)");
        MasksTests.AssertSays<ArgumentException>(() => attention.LoadFrom(nn.MultiheadAttention(8, 2, bias: false, add_bias_kv: true)), "add_bias_kv");
        MasksTests.AssertSays<ArgumentException>(() => new MultiHeadAttention(new(8, 2) { HasBias = true }).LoadFrom(nn.MultiheadAttention(8, 2, bias: false)), "bias", "nothing of the kind");
        MasksTests.AssertSays<ArgumentException>(() => new MultiHeadAttention(new(8, 2) { KeyValueHeads = 1 }).LoadFrom(nn.MultiheadAttention(8, 2, bias: false)), "k_proj.weight", "(4, 8)", "(8, 8)");
        AttentionNumbers.AssertSameBits(before, attention.state_dict()["q_proj.weight"]);
    }

    // Something that depends on a vector and its position.
    private static AttentionPositions Turning { get; } = new()
    {
        Rotate = (x, offset) =>
        {
            using var scope = NewDisposeScope();
            var angles = arange(offset, offset + x.shape[^2]).to(x.dtype).unsqueeze(1);
            return ((x * angles.cos()) + (x.roll(1, -1) * angles.sin())).MoveToOuterDisposeScope();
        },
    };

    private static (MultiHeadAttention Attention, Tensor X) Draw(AttentionSize size)
    {
        manual_seed(size.Seed);
        var shared = size.Heads % 2 == 0 && size.Seed % 2 == 0 ? size.Heads / 2 : size.Heads;
        return (new(new(size.Width, size.Heads) { HasBias = true, IsFused = size.Seed % 3 == 0, KeyValueHeads = shared }), randn(size.Batch, size.Queries, size.Width));
    }

    // PyTorch's masks as ours: bools hide, numbers are added.
    private static (AllowedMask? Mask, Tensor? Bias) MasksOf(Dictionary<string, Tensor> masks, long batch, long heads)
    {
        AllowedMask? mask = null;
        Tensor? bias = null;
        if (masks.TryGetValue("attn_mask", out var attention))
        {
            if (attention.dtype != ScalarType.Bool && attention.isneginf().any().item<bool>())
            {
                mask = AdditiveMask.FromTensor(attention).ToAllowed();
            }
            else if (attention.dtype != ScalarType.Bool)
            {
                bias = attention;
            }
            else
            {
                mask = BlockedMask.FromTensor(attention.ndim == 3 ? attention.view(batch, heads, attention.shape[1], attention.shape[2]) : attention).ToAllowed();
            }
        }

        if (masks.TryGetValue("key_padding_mask", out var padding))
        {
            var words = BlockedMask.FromKeyPaddingMask(padding).ToAllowed();
            mask = mask is null ? words : mask & words;
        }

        return (mask, bias);
    }

    // PyTorch's name for a gradient, from ours.
    private static Tensor GradientOf(Dictionary<string, Tensor> gradients, string name) => name switch
    {
        "out_proj.weight" => gradients["o_proj.weight"],
        "out_proj.bias" => gradients["o_proj.bias"],
        "in_proj_weight" or "in_proj_bias" => gradients.TryGetValue(name.Replace("proj_", "proj.", StringComparison.Ordinal), out var fused) ? fused
            : cat([.. "qkv".Select(letter => gradients[$"{letter}_proj.{name["in_proj_".Length..]}"])], 0),
        _ => gradients[name.Replace("proj_", "proj.", StringComparison.Ordinal)],
    };

    // Less, the farther away; another slope for each head.
    private static AttentionPositions Distances(long heads, ScalarType type = ScalarType.Float32) => new()
    {
        ScoreBias = (targets, sources, offset) =>
        {
            using var scope = NewDisposeScope();
            var distance = (arange(sources).unsqueeze(0) - arange(offset, offset + targets).unsqueeze(1)).abs().to(type);
            return (distance * arange(1, heads + 1).to(type).mul(-0.125).view(heads, 1, 1)).MoveToOuterDisposeScope();
        },
    };

    [Theory]
    [InlineData(true, null)]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void Whether_somebody_looks_at_the_weights_changes_no_bit_of_outputs_and_gradients(bool isFused, int? keyValueHeads)
    {
        var plain = Run(run => run());
        var traced = Run(run => Assert.Single(AttentionTrace.Record(run).Records));
        Assert.Equal(plain, traced);

        byte[] Run(Action<Action> around)
        {
            manual_seed(3);
            var attention = new MultiHeadAttention(new(Width: 12, Heads: 4) { KeyValueHeads = keyValueHeads, IsFused = isFused, HasBias = true, Dropout = 0.2 });
            var x = randn(2, 9, 12).requires_grad_();
            var y = zeros(1);
            around(() => y = attention.call(x, mask: Masks.Causal(9) & Masks.Padding([9, 4])));
            y.square().sum().backward();
            return [.. y.detach().bytes, .. x.grad!.bytes, .. attention.parameters().SelectMany(parameter => parameter.grad!.bytes.ToArray())];
        }
    }
}
