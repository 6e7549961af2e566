namespace CSharpKernel.Tests.Scripting;

public sealed class ForkTests
{
    [Fact]
    public async Task A_fork_goes_on_from_the_state_of_the_session()
    {
        using var cells = new Cells();
        await cells.Quiet("using System.IO;\nint x = 1; record R(int V); int F() => x;");
        using var fork = cells.Fork();
        Assert.Equal("2.a", await fork.Text("x + F() + Path.GetExtension(\"b.a\")"));
        Assert.Equal("R { V = 3 }", await fork.Text("new R(3).ToString()"));
    }

    [Fact]
    public async Task What_a_fork_declares_or_assigns_the_session_does_not_see()
    {
        using var cells = new Cells();
        await cells.Quiet("int x = 1; var list = new List<int> { 1 };");
        await cells.Quiet("int F() => x;");
        var fork = cells.Fork();
        await fork.Quiet("x = 5; list = new List<int> { 7, 8 }; int only = 1;");
        Assert.Equal("5", await fork.Text("F()"));
        Assert.Equal("1", await cells.Text("F()"));
        Assert.Equal("1", await cells.Text("list.Count"));
        Assert.StartsWith("error CS0103", (await cells.Error("only")).Message, StringComparison.Ordinal);
        await cells.Quiet("x = 9;");
        Assert.Equal("5", await fork.Text("x"));
    }

    [Fact]
    public async Task Objects_are_shared_between_a_fork_and_its_session()
    {
        using var cells = new Cells();
        await cells.Quiet("var list = new List<int> { 1 };");
        var fork = cells.Fork();
        await fork.Quiet("list.Add(2);");
        Assert.Equal("2", await cells.Text("list.Count"));
    }

    [Fact]
    public async Task A_fork_of_a_fork_and_both_continued_stay_apart()
    {
        using var cells = new Cells();
        await cells.Quiet("int x = 1;");
        var first = cells.Fork();
        await first.Quiet("x++; int y = x;");
        var second = first.Fork();
        await second.Quiet("x++; y += x;");
        await first.Quiet("y = 100;");
        Assert.Equal("5", await second.Text("y"));
        Assert.Equal("100", await first.Text("y"));
        Assert.Equal("1", await cells.Text("x"));
    }
}
