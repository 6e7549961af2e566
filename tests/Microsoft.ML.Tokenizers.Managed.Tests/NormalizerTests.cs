namespace Microsoft.ML.Tokenizers.Tests;

public class NormalizerTests
{
    [Theory]
    [InlineData("ÀB ΣǅΩ İ 中\U00010400", "àb σǆω", "ÀB ΣǄΩ")]
    [InlineData("", "", "")]
    [InlineData("ßﬁ", "ßﬁ", "ßﬁ")]
    public void Case_is_the_invariant_culture_s_and_the_length_stays(string text, string lower, string upper)
    {
        Assert.StartsWith(lower, LowerCaseNormalizer.Instance.Normalize(text), StringComparison.Ordinal);
        Assert.StartsWith(upper, UpperCaseNormalizer.Instance.Normalize(text), StringComparison.Ordinal);
        foreach (var normalizer in new Normalizer[] { new LowerCaseNormalizer(), new UpperCaseNormalizer() })
        {
            Assert.Equal(text.Length, normalizer.Normalize(text).Length);
            Assert.Equal(normalizer.Normalize(text), normalizer.Normalize(text.AsSpan()));
        }
    }

    [Fact]
    public void Lone_surrogates_pass_and_a_missing_text_is_an_error()
    {
        Assert.Equal("\uD800a\uDC00", LowerCaseNormalizer.Instance.Normalize("\uD800A\uDC00"));
        Assert.Throws<ArgumentNullException>(() => LowerCaseNormalizer.Instance.Normalize(null!));
        Assert.Throws<ArgumentNullException>(() => UpperCaseNormalizer.Instance.Normalize(null!));
    }
}
