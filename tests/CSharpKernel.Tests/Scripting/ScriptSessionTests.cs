using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Scripting;

public sealed class ScriptSessionTests
{
    [Fact]
    public async Task A_trailing_expression_is_shown_as_the_cells_result()
    {
        using var cells = new Cells();
        var output = Assert.IsType<DisplayOutput>(Assert.Single(await cells.Run("1 + 1")));
        Assert.True(output.IsResult);
        Assert.Equal("2", Cells.Plain(output));
    }

    [Theory]
    [InlineData("Math.Max(1, 2);")]
    [InlineData("var x = 3;")]
    [InlineData("void Nothing() { }\nNothing()")]
    [InlineData("")]
    [InlineData("// a comment")]
    [InlineData("using System.IO;")]
    public async Task What_has_no_value_is_not_shown(string code)
    {
        using var cells = new Cells();
        await cells.Quiet(code);
    }

    [Fact]
    public async Task Cells_see_what_earlier_cells_declared()
    {
        using var cells = new Cells();
        await cells.Quiet("using System.IO;\nusing static System.Math;");
        await cells.Quiet("record Point(int X, int Y);\nint Twice(int x) => 2 * x;\nvar origin = new Point(0, 0);");
        await cells.Quiet("int counter = Twice(4);");
        await cells.Quiet("counter += 1;");
        Assert.Equal("9", await cells.Text("counter"));
        Assert.Equal("True", await cells.Text("origin == new Point(0, 0) && Path.DirectorySeparatorChar != ' ' && Max(1, 2) == 2"));
    }

    [Fact]
    public async Task Variables_types_and_methods_can_be_declared_again()
    {
        using var cells = new Cells();
        await cells.Quiet("int x = 1; class A { public int V = 1; } int F() => 1;");
        await cells.Quiet("string x = \"two\"; class A { public int W = 2; } int F() => 2;");
        Assert.Equal("two22", await cells.Text("x + new A().W + F()"));
    }

    [Fact]
    public async Task A_cell_can_await()
    {
        using var cells = new Cells();
        Assert.Equal("5", await cells.Text("await Task.Delay(1);\nvar five = await Task.FromResult(5);\nfive"));
    }

    [Fact]
    public async Task A_null_result_is_shown()
    {
        using var cells = new Cells();
        Assert.Equal("<null>", await cells.Text("(string)null"));
    }

    [Fact]
    public async Task Variables_set_before_an_exception_keep_their_values()
    {
        using var cells = new Cells();
        await cells.Error("int kept = 7;\nthrow new System.Exception(\"stop\");");
        Assert.Equal("7", await cells.Text("kept"));
        Assert.True(cells.Session.TryGetVariable("kept", out var value));
        Assert.Equal(7, value);
    }

    [Fact]
    public async Task A_cell_that_does_not_compile_leaves_the_session_as_it_was()
    {
        using var cells = new Cells();
        await cells.Quiet("int x = 1;");
        await cells.Error("int x = \"a\";");
        Assert.Equal("1", await cells.Text("x"));
    }

    [Fact]
    public async Task Two_hundred_cells_run_in_one_session()
    {
        using var cells = new Cells();
        await cells.Quiet("int sum = 0;");
        for (var index = 0; index < 200; index++)
        {
            Assert.Equal("2", await cells.Text("sum++;\n1 + 1"));
        }

        Assert.Equal("200", await cells.Text("sum"));
    }

    [Fact]
    public async Task Cells_are_compiled_with_optimisation()
    {
        using var cells = new Cells();
        await cells.Quiet("static class Probe { public static bool IsOptimised => !System.Attribute.IsDefined(typeof(Probe).Assembly, typeof(System.Diagnostics.DebuggableAttribute)) || !((System.Diagnostics.DebuggableAttribute)System.Attribute.GetCustomAttribute(typeof(Probe).Assembly, typeof(System.Diagnostics.DebuggableAttribute))).IsJITOptimizerDisabled; }");
        Assert.Equal("True", await cells.Text("Probe.IsOptimised"));
    }
}
