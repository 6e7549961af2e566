using System.Globalization;
using System.Numerics;
using System.Text;

namespace Microsoft.DotNet.Interactive.Managed.Tests;

public sealed class ScalarTests : FormatterTestBase
{
    public static TheoryData<object?, string> Values { get; } = new()
    {
        { null, "<null>" },
        { 2, "2" },
        { -1_000_000, "-1000000" },
        { 0.1, "0.1" },
        { 1.0, "1" },
        { 1e21, "1E+21" },
        { 1f / 3, "0.33333334" },
        { 1.0 / 3, "0.3333333333333333" },
        { double.NaN, "NaN" },
        { double.NegativeInfinity, "-Infinity" },
        { 1.50m, "1.50" },
        { (Half)0.5, "0.5" },
        { BigInteger.Pow(10, 30), "1000000000000000000000000000000" },
        { true, "True" },
        { 'x', "x" },
        { "text", "text" },
        { "two\nlines", "two\nlines" },
        { "", "" },
        { DayOfWeek.Friday, "Friday" },
        { FileAttributes.Hidden | FileAttributes.System, "Hidden, System" },
        { new DateTime(2024, 2, 29, 13, 5, 6), "2024-02-29 13:05:06Z" },
        { new DateOnly(2024, 2, 29), "02/29/2024" },
        { TimeSpan.FromSeconds(90), "00:01:30" },
        { Guid.Empty, "00000000-0000-0000-0000-000000000000" },
        { new Rune(0x1F642), "🙂" },
        { new Uri("https://example.org/"), "https://example.org/" },
        { typeof(Dictionary<string, List<int?>>), "Dictionary<string, List<int?>>" },
        { typeof((int, string[,])), "(int, string[,])" },
        { new Version(1, 2), "1.2" },
        { 1..^1, "1..^1" },
        { new InvalidOperationException("outer", new FormatException("inner")), "InvalidOperationException: outer\n ---> FormatException: inner" },
        { "abc".AsMemory(), "abc" },
        { Task.CompletedTask, "Task (completed)" },
        { Task.FromResult(3), "Task<int> (completed: 3)" },
        { Task.FromException(new FormatException("no")), "Task (failed: no)" },
        { new Func<int, int>(x => x), "Func<int, int>" },
        { (1, "a"), "( 1, a )" },
        { Tuple.Create(1, 2.5), "( 1, 2.5 )" },
        { new object(), "System.Object" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_scalar_is_one_plain_text_and_nothing_else(object? value, string text)
    {
        Assert.Equal(["text/plain"], MimeTypesOf(value));
        Assert.Equal(text, Plain(value));
    }

    [Fact]
    public void Numbers_are_written_the_same_in_every_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("1.5", Plain(1.5));
            Assert.Equal("[ 1.5, -2 ]", Plain(new[] { 1.5, -2 }));
            Assert.Equal("2024-02-29 00:00:00Z", Plain(new DateTime(2024, 2, 29)));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_long_string_is_shown_whole()
    {
        var text = new string('x', 1_000_000);
        Assert.Equal(text, Plain(text));
    }

    [Fact]
    public void A_running_task_is_not_awaited()
    {
        Assert.Equal("Task (running)", Plain(new TaskCompletionSource().Task));
    }
}
