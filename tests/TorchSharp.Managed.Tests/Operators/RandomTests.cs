using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Tests that seed the generator which all share: they run while no others do.</summary>
[CollectionDefinition(DefaultGenerator.Name, DisableParallelization = true)]
public class DefaultGenerator
{
    /// <summary>The collection's name.</summary>
    public const string Name = "the default generator";
}

/// <summary>The random functions of the public interface; the numbers themselves are also checked at the streams. Expected values: PyTorch 1.13.1 on a processor.</summary>
[Collection(DefaultGenerator.Name)]
public class RandomTests
{
    [Fact]
    public void A_seed_gives_the_numbers_of_PyTorch()
    {
        manual_seed(42);
        AssertClose([0.33669036626815796f, 0.12880940735340118f, 0.23446236550807953f, 0.23033303022384644f], randn(4));
        manual_seed(42);
        Assert.Equal([2L, 7, 6, 4, 6], randint(0, 10, [5]).data<long>().ToArray());
        manual_seed(42);
        Assert.Equal([2L, 4, 3, 0, 1], randperm(5).data<long>().ToArray());
        manual_seed(0);
        AssertClose([0.49625658988952637f, 0.7682217955589294f, 0.08847743272781372f], rand(3));
    }

    [Fact]
    public void A_generator_of_its_own_leaves_the_default_one_alone()
    {
        manual_seed(1);
        var expected = rand(3).data<float>().ToArray();
        manual_seed(1);
        using var own = new Generator(1);
        Assert.Equal(expected, rand([3], generator: own).data<float>().ToArray());
        Assert.Equal(expected, rand(3).data<float>().ToArray());
        Assert.Equal(1, own.initial_seed());
    }

    [Fact]
    public void A_state_leads_back_to_where_it_was_taken()
    {
        manual_seed(7);
        _ = randn(3);
        var state = get_rng_state();
        var first = randn(5, 5).data<float>().ToArray();
        set_rng_state(state);
        Assert.Equal(first, randn(5, 5).data<float>().ToArray());
        Assert.Throws<ArgumentException>(() => set_rng_state(zeros(3, uint8)));
        Assert.Throws<ArgumentException>(() => set_rng_state(zeros(5056)));
    }

    [Fact]
    public void A_transposed_tensor_is_filled_in_the_order_of_its_memory()
    {
        manual_seed(3);
        var straight = zeros(5, 4).uniform_(-1, 1);
        manual_seed(3);
        var turned = zeros(5, 4).t().uniform_(-1, 1);
        Assert.Equal(straight.data<float>().ToArray(), turned.t().contiguous().data<float>().ToArray());
    }

    [Fact]
    public void Dropout_keeps_the_mean_scales_what_it_keeps_and_passes_gradients_the_same_way()
    {
        manual_seed(5);
        var x = ones(1000, requires_grad: true);
        var y = x.Dropout(0.25, true);
        var values = y.data<float>().ToArray();
        Assert.All(values, value => Assert.True(value is 0 or 1 / 0.75f));
        Assert.InRange(values.Count(value => value == 0), 200, 300);
        y.sum([0]).backward();
        Assert.Equal(values, x.grad!.data<float>().ToArray());
        Assert.Equal(x.data<float>().ToArray(), x.Dropout(0.25, false).data<float>().ToArray());
        Assert.All(x.Dropout(1, true).data<float>().ToArray(), value => Assert.Equal(0, value));
        Assert.Throws<ExternalException>(() => x.Dropout(1.5, true));
    }

    [Fact]
    public void Dropout_of_a_transposed_tensor_drops_the_same_memory()
    {
        manual_seed(5);
        var straight = ones(6, 7).Dropout(0.5, true);
        manual_seed(5);
        var turned = ones(6, 7).t().Dropout(0.5, true);
        Assert.Equal(straight.data<float>().ToArray(), turned.t().contiguous().data<float>().ToArray());
    }

    [Fact]
    public void Bernoulli_follows_its_probabilities()
    {
        var p = tensor(new[] { 0f, 1f, 0f, 1f });
        Assert.Equal([0f, 1, 0, 1], p.bernoulli().data<float>().ToArray());
        Assert.Equal([0L, 1, 0, 1], zeros(4, int64).bernoulli_(p).data<long>().ToArray());
        Assert.Equal([true, true], zeros(2, @bool).bernoulli_(1.0).data<bool>().ToArray());
        Assert.Throws<ArgumentException>(() => tensor(new[] { 1.5f }).bernoulli());
    }

    [Fact]
    public void Multinomial_chooses_only_what_has_weight()
    {
        var weights = tensor(new[,] { { 0f, 3, 0, 1 }, { 1, 0, 0, 0 } });
        var samples = weights.multinomial(50, replacement: true);
        Assert.Equal([2L, 50], samples.shape);
        Assert.All(samples[0].data<long>().ToArray(), index => Assert.True(index is 1 or 3));
        Assert.All(samples[1].data<long>().ToArray(), index => Assert.Equal(0, index));
        Assert.Equal([1L, 3], tensor(new[] { 0f, 3, 0, 1 }).multinomial(2).data<long>().ToArray().Order());
        Assert.Throws<ExternalException>(() => ones(2, 2, 2).multinomial(1));
    }

    [Fact]
    public void Random_numbers_cannot_be_written_into_a_leaf_that_requires_a_gradient()
    {
        var x = zeros(20, requires_grad: true);
        Assert.Throws<ExternalException>(() => x.normal_());
        using (no_grad())
        {
            x.normal_();
        }

        Assert.NotEqual(0, x.data<float>().ToArray()[0]);
    }

    private static void AssertClose(float[] expected, Tensor actual)
    {
        var values = actual.data<float>().ToArray();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], values[i], 2 * MathF.BitIncrement(MathF.Abs(expected[i])) * 1.2e-7f);
        }
    }
}
