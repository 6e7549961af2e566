using TransformerTutorial.Attention;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Attention;

/// <summary>Masks against rules written out, PyTorch's causal mask, and the three forms against each other.</summary>
public class MasksTests
{
    [Fact]
    public void The_causal_mask_is_true_on_and_below_the_diagonal() => AssertMask(Masks.Causal(3), "100 110 111");

    [Fact]
    public void The_causal_mask_is_PyTorchs()
    {
        var rows = AttentionNumbers.Vectors.GetProperty("generateSquareSubsequentMask").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => (float)AttentionNumbers.Number(value)).ToArray();
        var theirs = tensor(rows, [5, 5]);
        AttentionNumbers.AssertSameBits(theirs, Masks.Causal(5).ToAdditive().Values);
        AttentionNumbers.AssertSameBits(full(5, 5, double.NegativeInfinity, ScalarType.Float32).triu(1), Masks.Causal(5).ToAdditive().Values);
        AttentionNumbers.AssertSameBits(Masks.Causal(5).Values, AdditiveMask.FromTensor(theirs).ToAllowed().Values);
    }

    [Fact]
    public void Queries_that_stand_behind_older_keys_see_them_all()
    {
        AssertMask(Masks.Causal(2, 5, offset: 3), "11110 11111");
        AssertMask(Masks.Causal(2, 5, offset: 0), "10000 11000");
        AssertMask(Masks.Causal(3, 2, offset: 0), "10 11 11");
    }

    [Fact]
    public void Padding_hides_what_is_behind_a_sentence()
    {
        var mask = Masks.Padding([3, 1, 0]);
        Assert.Equal([3, 1, 1, 3], mask.Shape);
        AssertMask(mask, "111 100 000");
        AssertMask(Masks.Padding([1, 2], 4), "1000 1100");
    }

    [Fact]
    public void Padding_tokens_are_hidden_wherever_they_stand()
    {
        var mask = Masks.PaddingTokens(tensor(new long[,] { { 0, 7, 8, 0 }, { 5, 0, 0, 0 } }), paddingId: 0);
        Assert.Equal([2, 1, 1, 4], mask.Shape);
        AssertMask(mask, "0110 1000");
    }

    [Fact]
    public void A_window_is_a_band_of_half_its_width_on_each_side()
    {
        AssertMask(Masks.SlidingWindow(4, 2), "1100 1110 0111 0011");
        AssertMask(Masks.SlidingWindow(3, 0), "100 010 001");
        AssertMask(Masks.SlidingWindow(2, 5, before: 2, after: 0, offset: 3), "01110 00111");
        AssertMask(Masks.SlidingWindow(3, 3, before: 1, after: 0), "100 110 011");
        AssertSays<ArgumentException>(() => Masks.SlidingWindow(2, 5, before: 2, after: 0), "2 queries and 5 keys", "3 if");
        AssertMask(Masks.SlidingWindow(4, 4) & Masks.Causal(4), "1000 1100 1110 0111");
    }

    [Fact]
    public void A_prefix_is_seen_by_all()
    {
        AssertMask(Masks.Prefix(2, 4), "1100 1100 1110 1111");
        AttentionNumbers.AssertSameBits(Masks.Causal(4).Values, Masks.Prefix(0, 4).Values);
        AssertMask(Masks.Prefix(3, 2, 5, offset: 3), "11110 11111");
        AssertMask(Masks.Prefix(3, 2, 5, offset: 0), "11100 11100");
        AssertMask(Masks.Prefix(3, 1, 1, offset: 0), "1");
    }

    [Fact]
    public void Masks_are_combined_by_name_and_by_sign()
    {
        var (causal, padding) = (Masks.Causal(3), Masks.Padding([3, 1], 3));
        Assert.Equal([2, 1, 3, 3], causal.And(padding).Shape);
        AssertMask(causal & padding, "100 110 111 100 100 100");
        AssertMask(causal | padding, "111 111 111 100 110 111");
        AssertMask(~causal, "011 001 000");
        AttentionNumbers.AssertSameBits((causal & padding).Values, causal.And(padding).Values);
        AttentionNumbers.AssertSameBits((causal | padding).Values, causal.Or(padding).Values);
        AttentionNumbers.AssertSameBits((~causal).Values, causal.Not().Values);
        AttentionNumbers.AssertSameBits((~(causal & padding)).Values, (~causal | ~padding).Values);
    }

    [Fact]
    public void The_three_forms_say_the_same()
    {
        var mask = Masks.Causal(3) & Masks.Padding([3, 2]);
        AssertMask(mask.ToBlocked().Values, "011 001 000 011 001 001");
        AttentionNumbers.AssertSameBits(mask.Values, mask.ToBlocked().ToAllowed().Values);
        AttentionNumbers.AssertSameBits(mask.Values, mask.ToAdditive(ScalarType.Float64).ToAllowed().Values);
        AttentionNumbers.AssertSameBits(mask.ToBlocked().Values, mask.ToAdditive().ToBlocked().Values);
        AttentionNumbers.AssertSameBits(mask.ToAdditive().Values, mask.ToBlocked().ToAdditive().Values);
        Assert.Equal([0, double.NegativeInfinity], AttentionNumbers.NumbersOf(Masks.Causal(2).ToAdditive().Values)[..2]);
        Assert.Equal("allowed mask (2, 1, 3, 3), true = may look", mask.ToString());
        Assert.Equal("blocked mask (2, 1, 3, 3), true = hidden", mask.ToBlocked().ToString());
        Assert.Equal("additive mask (2, 1, 3, 3), 0 = may look, -∞ = hidden", mask.ToAdditive().ToString());
    }

    [Fact]
    public void A_key_padding_mask_of_PyTorch_comes_and_goes()
    {
        var theirs = tensor(new bool[,] { { false, false, true }, { false, true, true } });
        var mask = BlockedMask.FromKeyPaddingMask(theirs);
        AttentionNumbers.AssertSameBits(Masks.Padding([2, 1], 3).Values, mask.ToAllowed().Values);
        AttentionNumbers.AssertSameBits(theirs, mask.ToKeyPaddingMask());
        AssertSays<InvalidOperationException>(() => Masks.Causal(3).ToBlocked().ToKeyPaddingMask(), "(B, 1, 1, S)", "(3, 3)");
        AssertSays<ArgumentException>(() => BlockedMask.FromKeyPaddingMask(zeros([2, 2, 2], ScalarType.Bool)), "(B, S)", "(2, 2, 2)");
    }

    [Fact]
    public void A_row_of_words_for_each_sentence_is_no_mask_of_queries_and_keys()
    {
        var isWord = tensor(new bool[,] { { true, true }, { true, false } });
        AttentionNumbers.AssertSameBits(Masks.Padding([2, 1], 2).Values, AllowedMask.FromKeys(isWord).Values);
        AssertSays<ArgumentException>(() => AllowedMask.FromKeys(zeros([2, 1, 2], ScalarType.Bool)), "(B, S)", "(2, 1, 2)");
        AssertSays<ArgumentException>(() => AllowedMask.FromKeys(zeros(2, 2)), "true = may look", "Float32");
    }

    [Fact]
    public void A_mask_keeps_what_it_was_given()
    {
        var values = ones([2, 2], ScalarType.Bool);
        var (allowed, blocked) = (AllowedMask.FromTensor(values), BlockedMask.FromTensor(values));
        values.zero_();
        AssertMask(allowed, "11 11");
        AssertMask(blocked.Values, "11 11");
    }

    [Fact]
    public void Only_the_mask_itself_is_left_in_the_scope()
    {
        using var scope = NewDisposeScope();
        Masks.Padding([2, 1]).ToAdditive();
        Masks.Prefix(1, 3).ToBlocked().ToAdditive();
        BlockedMask.FromKeyPaddingMask(zeros([2, 2], ScalarType.Bool));
        AllowedMask.FromKeys(zeros([2, 2], ScalarType.Bool));
        AdditiveMask.FromTensor(zeros(2, 2));
        Assert.Equal(2 + 3 + 2 + 2 + 2, scope.DisposablesCount);
    }

    [Fact]
    public void What_is_no_mask_is_refused_with_the_reason()
    {
        AssertSays<ArgumentException>(() => AllowedMask.FromTensor(zeros(2, 3)), "true = may look", "Float32", "(2, 3)", "AdditiveMask.FromTensor");
        AssertSays<ArgumentException>(() => AllowedMask.FromTensor(zeros([2, 3], ScalarType.Int64)), "Bool", "Int64");
        AssertSays<ArgumentException>(() => BlockedMask.FromTensor(zeros(2, 3)), "true = hidden", "Float32");
        AssertSays<ArgumentException>(() => AllowedMask.FromTensor(zeros([3], ScalarType.Bool)), "(T, S)", "(3)");
        AssertSays<ArgumentException>(() => AdditiveMask.FromTensor(Masks.Causal(2).Values), "Bool", "AllowedMask.FromTensor", "BlockedMask.FromTensor");
        AssertSays<ArgumentException>(() => AdditiveMask.FromTensor(tensor(new[,] { { 0f, -10000f } })), "-10000", "bias");
        AssertSays<ArgumentException>(() => AdditiveMask.FromTensor(tensor(new[,] { { 0f, float.NaN } })), "NaN");
        AssertSays<ArgumentException>(() => AdditiveMask.FromTensor(tensor(new[,] { { 0f, float.PositiveInfinity } })), "0 and -∞ only");
        AssertSays<ArgumentException>(() => Masks.Causal(2).ToAdditive(ScalarType.Int64), "Int64");
        AssertSays<ArgumentException>(() => Masks.Causal(2) & Masks.Causal(3), "(2, 2)", "(3, 3)");
        AssertSays<ArgumentException>(() => Masks.Padding([2, 5], 4), "Sentence 1", "5", "4");
        AssertSays<ArgumentException>(() => Masks.Padding([2, -1], 4), "Sentence 1", "-1");
        AssertSays<ArgumentException>(() => Masks.Padding([]), "at least one");
        AssertSays<ArgumentException>(() => Masks.PaddingTokens(zeros(2, 3), 0), "Int64 or Int32", "Float32");
        AssertSays<ArgumentException>(() => Masks.SlidingWindow(4, 3), "even", "3");
        AssertSays<ArgumentOutOfRangeException>(() => Masks.Prefix(5, 4), "prefixLength");
        AssertSays<ArgumentOutOfRangeException>(() => Masks.Causal(-1), "-1");
    }

    internal static void AssertSays<T>(Action action, params string[] words)
        where T : Exception
    {
        var error = Assert.ThrowsAny<T>(action);
        Assert.All(words, word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    internal static void AssertSays<T>(Func<object> action, params string[] words)
        where T : Exception => AssertSays<T>(() => { action(); }, words);

    private static void AssertMask(AllowedMask mask, string rows) => AssertMask(mask.Values, rows);

    private static void AssertMask(Tensor values, string rows)
    {
        Assert.Equal(ScalarType.Bool, values.dtype);
        var written = values.contiguous().data<bool>().ToArray().Chunk((int)values.shape[^1]).Select(row => string.Concat(row.Select(isTrue => isTrue ? '1' : '0')));
        Assert.Equal(rows, string.Join(' ', written));
    }
}
