using CSharpKernel.Running;

namespace CSharpKernel.Tests.Running;

public sealed class CarriageReturnTests
{
    [Theory]
    [InlineData("plain\ntext\n", "plain\ntext\n")]
    [InlineData("10 %\r100 %\n", "100 %\n")]
    [InlineData("abcdef\rxy\n", "xycdef\n")]
    [InlineData("a\r\nb\r\n", "a\nb\n")]
    [InlineData("before\n1/3\r2/3\r3/3\nafter", "before\n3/3\nafter")]
    [InlineData("working\r       \r", "")]
    [InlineData("long line\rshort    \n", "short\n")]
    [InlineData("long line\rshort\u001b[K\n", "short\n")]
    [InlineData("long line\r\u001b[2Kshort\n", "short\n")]
    [InlineData("🙂🙂\r我\n", "我🙂\n")]
    [InlineData("50 %\r", "50 %")]
    [InlineData("kept  \n", "kept  \n")]
    public void What_remains_is_what_a_terminal_shows(string text, string expected) => Assert.Equal(expected, CarriageReturns.Reduce(text));
}
