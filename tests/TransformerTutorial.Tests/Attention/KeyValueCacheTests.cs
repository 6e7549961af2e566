using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Attention;

/// <summary>The cache of keys and values: what it holds, whom it serves, and what it refuses. That steps equal one masked pass is tested with attention itself.</summary>
[Collection(DefaultGenerator.Name)]
public class KeyValueCacheTests
{
    [Fact]
    public void Cross_attention_keeps_the_memorys_keys_and_looks_at_it_no_more()
    {
        manual_seed(17);
        var attention = new MultiHeadAttention(new(8, 2) { KeyWidth = 5 });
        var (x, memory) = (randn(2, 3, 8), randn(2, 6, 5));
        var expected = attention.call(x, memory);
        using var cache = KeyValueCache.ForMemory();
        for (var step = 0; step < 3; step++)
        {
            AttentionNumbers.AssertSameBits(expected.narrow(1, step, 1), attention.call(x.narrow(1, step, 1), step == 0 ? memory : zeros_like(memory), cache: cache));
            Assert.Equal(6, cache.Length);
        }

        MasksTests.AssertSays<ArgumentException>(() => attention.call(x, randn(2, 7, 5), cache: cache), "6 vectors", "7");
    }

    [Fact]
    public void A_cache_takes_sequences_in_another_order_and_forgets_the_last()
    {
        manual_seed(18);
        var attention = new MultiHeadAttention(8, 2);
        var (x, next) = (randn(3, 4, 8), randn(3, 1, 8));
        var order = tensor(new long[] { 2, 0, 0 });
        using var cache = new KeyValueCache();
        attention.call(x, mask: Masks.Causal(4), cache: cache);
        cache.Reorder(order);
        cache.Truncate(3);
        var expected = attention.call(cat([x.index_select(0, order).narrow(1, 0, 3), next], 1), mask: Masks.Causal(4)).narrow(1, 3, 1);
        AttentionNumbers.AssertSameBits(expected, attention.call(next, cache: cache));
        MasksTests.AssertSays<ArgumentException>(() => attention.call(next.narrow(0, 0, 2), cache: cache), "(3, 2, 4, 4)", "(2, 1, 8)", "new cache");
        Assert.Throws<ArgumentOutOfRangeException>(() => cache.Truncate(5));
        cache.Dispose();
        Assert.Equal(0, cache.Length);
        AttentionNumbers.AssertSameBits(attention.call(next), attention.call(next, cache: cache));
    }

    [Fact]
    public void Steps_of_self_attention_whose_memory_is_another_tensor_are_refused()
    {
        var attention = new MultiHeadAttention(8, 2);
        var x = randn(1, 5, 8);
        using var cache = new KeyValueCache();
        MasksTests.AssertSays<ArgumentException>(() => attention.call(x.narrow(1, 0, 1), x.narrow(1, 0, 1), cache: cache), "leave memory out", "ForMemory");
        Assert.Equal(0, cache.Length);
        using var ofMemory = KeyValueCache.ForMemory();
        Assert.Equal((false, true), (cache.IsForMemory, ofMemory.IsForMemory));
        MasksTests.AssertSays<ArgumentException>(() => attention.call(x, cache: ofMemory), "no memory", "new KeyValueCache()");
        MasksTests.AssertSays<ArgumentException>(() => attention.call(x, x, cache: ofMemory), "no memory");
        attention.call(x.narrow(1, 0, 1), x, cache: ofMemory);
        MasksTests.AssertSays<InvalidOperationException>(() => ofMemory.Append(ofMemory.Keys!, ofMemory.Values!), "5 vectors", "once");
    }

    [Fact]
    public void Another_batch_is_not_spread_over_the_memory_in_the_cache()
    {
        var attention = new MultiHeadAttention(8, 2);
        var (x, memory) = (randn(3, 1, 8), randn(3, 6, 8));
        using var ofOne = KeyValueCache.ForMemory();
        attention.call(x.narrow(0, 0, 1), memory.narrow(0, 0, 1), cache: ofOne);
        MasksTests.AssertSays<ArgumentException>(() => attention.call(x, memory, cache: ofOne), "(1, 2, 6, 4)", "(3, 1, 8)", "new cache");
        using var ofThree = KeyValueCache.ForMemory();
        attention.call(x, memory, cache: ofThree);
        MasksTests.AssertSays<ArgumentException>(() => attention.call(x.narrow(0, 0, 1), memory.narrow(0, 0, 1), cache: ofThree), "(3, 2, 6, 4)", "(1, 1, 8)");
    }

    [Fact]
    public void Memories_in_another_order_are_those_of_the_sequences_that_go_on()
    {
        manual_seed(41);
        var attention = new MultiHeadAttention(8, 2);
        var (x, memory) = (randn(3, 1, 8), randn(3, 6, 8));
        var order = tensor(new long[] { 2, 0 });
        using var cache = KeyValueCache.ForMemory();
        attention.call(x, memory, cache: cache);
        cache.Reorder(order);
        var next = randn(2, 1, 8);
        AttentionNumbers.AssertSameBits(attention.call(next, memory.index_select(0, order)), attention.call(next, memory, cache: cache));
    }

    [Fact]
    public void A_step_that_is_refused_leaves_the_cache_as_it_was()
    {
        manual_seed(42);
        var attention = new MultiHeadAttention(8, 2);
        var x = randn(2, 5, 8);
        var whole = attention.call(x, mask: Masks.Causal(5));
        using var cache = new KeyValueCache();
        attention.call(x.narrow(1, 0, 3), mask: Masks.Causal(3), cache: cache);
        var step = x.narrow(1, 3, 2);
        MasksTests.AssertSays<ArgumentException>(() => attention.call(step, mask: Masks.Causal(2), cache: cache), "(2, 2)", "(2, 2, 2, 5)");
        Assert.Throws<TimeoutException>(() => attention.call(step, positions: new() { ScoreBias = (_, _, _) => throw new TimeoutException() }, cache: cache));
        attention.HeadGates = ones([2], ScalarType.Float64);
        Assert.ThrowsAny<Exception>(() => attention.call(step, cache: cache));
        attention.HeadGates = null;
        Assert.Equal(3, cache.Length);
        AttentionNumbers.AssertSameBits(whole.narrow(1, 3, 2), attention.call(step, mask: Masks.Causal(2, 5, offset: 3), cache: cache));
        Assert.Equal(5, cache.Length);
    }

    [Fact]
    public void Two_layers_cannot_share_a_cache()
    {
        var (first, second) = (new MultiHeadAttention(8, 2), new MultiHeadAttention(8, 2));
        var x = randn(1, 1, 8);
        using var cache = new KeyValueCache();
        var between = first.call(x, cache: cache);
        MasksTests.AssertSays<ArgumentException>(() => second.call(between, cache: cache), "another attention");
        Assert.Equal(1, cache.Length);
        cache.Dispose();
        second.call(between, cache: cache);
    }

    [Fact]
    public void What_is_appended_first_is_copied_like_what_is_appended_later()
    {
        var keys = ones(1, 1, 2, 3);
        using var cache = new KeyValueCache();
        cache.Append(keys, keys);
        keys.zero_();
        AttentionNumbers.AssertSameBits(ones(1, 1, 2, 3), cache.Keys!);
        AttentionNumbers.AssertSameBits(ones(1, 1, 2, 3), cache.Values!);
    }

    [Fact]
    public void An_order_that_cannot_be_is_refused()
    {
        using var cache = new KeyValueCache();
        cache.Append(ones(2, 1, 2, 3), ones(2, 1, 2, 3));
        MasksTests.AssertSays<ArgumentException>(() => cache.Reorder(tensor(new long[] { 0, 2 })), "from 0 to 1", "0 to 2");
        MasksTests.AssertSays<ArgumentException>(() => cache.Reorder(tensor(new long[] { -1 })), "-1 to -1");
        MasksTests.AssertSays<ArgumentException>(() => cache.Reorder(tensor(new[] { 0f })), "Int64", "Float32");
        MasksTests.AssertSays<ArgumentException>(() => cache.Reorder(zeros([1, 1], ScalarType.Int64)), "(1, 1)");
        Assert.Equal([2, 1, 2, 3], cache.Keys!.shape);
    }

    [Fact]
    public void Nothing_of_a_cache_is_left_in_the_scope()
    {
        using var cache = new KeyValueCache();
        var order = tensor(new long[] { 1, 0 });
        var keys = ones(2, 1, 2, 3);
        using var scope = NewDisposeScope();
        cache.Append(keys, keys);
        cache.Append(keys, keys);
        cache.Reorder(order);
        cache.Truncate(3);
        Assert.Equal(0, scope.DisposablesCount);
    }
}
