using CSharpKernel.Language;

namespace CSharpKernel.Tests.Language;

public sealed class NameMatchTests
{
    [Theory]
    [InlineData("WriteLine", "", NameMatch.Prefix)]
    [InlineData("WriteLine", "Wri", NameMatch.Prefix)]
    [InlineData("WriteLine", "WriteLine", NameMatch.Prefix)]
    [InlineData("WriteLine", "wri", NameMatch.PrefixInOtherCase)]
    [InlineData("WriteLine", "WL", NameMatch.Words)]
    [InlineData("WriteLine", "wl", NameMatch.Words)]
    [InlineData("WriteLine", "WrLin", NameMatch.Words)]
    [InlineData("IOException", "IE", NameMatch.Words)]
    [InlineData("XMLReader", "XR", NameMatch.Words)]
    [InlineData("min_learning_rate", "mlr", NameMatch.Words)]
    [InlineData("Vector128", "V1", NameMatch.Words)]
    [InlineData("Vector128", "V2", NameMatch.None)]
    [InlineData("WriteLine", "L", NameMatch.None)]
    [InlineData("WriteLine", "Line", NameMatch.None)]
    [InlineData("WriteLine", "WLx", NameMatch.None)]
    [InlineData("WriteLine", "WriteLines", NameMatch.None)]
    [InlineData("AbAbAc", "AbAc", NameMatch.Words)]
    public void A_name_fits_by_its_beginning_or_by_the_beginnings_of_its_words(string name, string typed, object expected) =>
        Assert.Equal(expected, NameMatcher.Match(name, typed));
}
