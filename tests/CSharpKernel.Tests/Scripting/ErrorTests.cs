using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Scripting;

public sealed class ErrorTests
{
    [Fact]
    public async Task A_compile_error_has_place_source_line_and_caret()
    {
        using var cells = new Cells();
        var error = await cells.Error("var a = 1;\nvar b = a + missing;");
        Assert.Equal("CompilationError", error.Name);
        Assert.Equal("error CS0103: The name 'missing' does not exist in the current context", error.Message);
        Assert.Equal((2, 13), (error.Line, error.Column));
        Assert.Equal(
            [
                "cell c1, line 2, column 13: error CS0103: The name 'missing' does not exist in the current context",
                "var b = a + missing;",
                "            ^",
            ],
            error.Traceback);
    }

    [Fact]
    public async Task The_caret_stands_below_the_place_behind_tabs_and_Chinese()
    {
        using var cells = new Cells();
        var error = await cells.Error("if (true) {\n\tvar s = \"汉字\" + missing;\n}");
        Assert.Equal("\t                 ^", error.Traceback[2]);
    }

    [Fact]
    public async Task All_errors_are_listed_up_to_ten()
    {
        using var cells = new Cells();
        var two = await cells.Error("int a = \"\";\nint b = \"\";");
        Assert.EndsWith("(and 1 more)", two.Message, StringComparison.Ordinal);
        Assert.Equal(6, two.Traceback.Count);
        var many = await cells.Error(string.Concat(Enumerable.Range(0, 25).Select(index => $"int v{index} = \"\";\n")));
        Assert.Equal(31, many.Traceback.Count);
        Assert.Equal("... and 15 more", many.Traceback[^1]);
        Assert.Equal((1, 10), (many.Line, many.Column));
    }

    [Fact]
    public async Task An_exception_names_the_cells_and_lines_that_it_came_through()
    {
        using var cells = new Cells();
        await cells.Quiet("""
            int Divide(int a, int b)
            {
                return a / b;
            }
            """);
        var error = await cells.Error("var zero = 0;\n\nvar x = Divide(1, zero);");
        Assert.Equal("System.DivideByZeroException", error.Name);
        Assert.Equal("Attempted to divide by zero.", error.Message);
        Assert.Equal(3, error.Line);
        Assert.Equal("System.DivideByZeroException: Attempted to divide by zero.", error.Traceback[0]);
        Assert.Equal("   at cell c2, line 3", error.Traceback[^1]);
        Assert.DoesNotContain(error.Traceback, line => line.Contains("Submission", StringComparison.Ordinal) || line.Contains("MoveNext", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_are_right_in_methods_lambdas_awaits_and_loaded_files()
    {
        using var cells = new Cells();
        cells.Write("thrower.csx", "\nvoid ThrowFromFile()\n{\n    throw new System.InvalidOperationException(\"file\");\n}");
        await cells.Quiet("#load \"thrower.csx\"");
        await cells.Quiet("""
            async Task Later()
            {
                await Task.Yield();
                throw new InvalidOperationException("later");
            }

            int Count(IEnumerable<int> items) => items.Select(item =>
                {
                    if (item > 1)
                    {
                        throw new InvalidOperationException("lambda");
                    }

                    return item;
                }).Count(item => item > 0);
            """);
        Assert.Equal(
            ["System.InvalidOperationException: file", "   at thrower.csx, line 4, in ThrowFromFile", "   at cell c3, line 2"],
            (await cells.Error("\nThrowFromFile();")).Traceback);
        Assert.Equal(
            ["System.InvalidOperationException: later", "   at cell c2, line 4, in Later", "   at cell c4, line 3"],
            (await cells.Error("\n\nawait Later();")).Traceback);
        var lambda = await cells.Error("Count(new[] { 1, 2 })");
        Assert.Equal("   at cell c2, line 11, in Count", lambda.Traceback[1]);
        Assert.Equal(1, lambda.Line);
    }

    [Fact]
    public async Task Inner_exceptions_are_told_with_their_lines()
    {
        using var cells = new Cells();
        var error = await cells.Error("""
            try
            {
                int.Parse("x");
            }
            catch (FormatException e)
            {
                throw new InvalidOperationException("outer", e);
            }
            """);
        Assert.Equal(7, error.Line);
        Assert.Equal("System.InvalidOperationException: outer", error.Traceback[0]);
        Assert.Contains(error.Traceback, line => line.StartsWith(" ---> System.FormatException: The input string 'x'", StringComparison.Ordinal));
        Assert.Equal("   at cell c1, line 3", error.Traceback[^1]);
    }

    [Fact]
    public async Task A_deep_recursion_is_one_line_of_the_trace()
    {
        using var cells = new Cells();
        var error = await cells.Error("int Down(int depth) => depth == 0 ? throw new Exception(\"deep\") : 1 + Down(depth - 1);\nDown(500)");
        Assert.Equal(["System.Exception: deep", "   at cell c1, line 1, in Down", "   at cell c1, line 2"], error.Traceback);
    }

    [Fact]
    public async Task An_exception_from_a_library_names_the_method_that_threw()
    {
        using var cells = new Cells();
        var error = await cells.Error("\nint.Parse(\"x\")");
        Assert.StartsWith("   in System.", error.Traceback[1], StringComparison.Ordinal);
        Assert.Equal("   at cell c1, line 2", error.Traceback[2]);
        Assert.Equal(2, error.Line);
    }

    [Fact]
    public async Task An_exception_type_of_the_notebook_goes_by_its_own_name()
    {
        using var cells = new Cells();
        await cells.Quiet("class Trouble : Exception { public Trouble(string message) : base(message) { } }");
        Assert.Equal("Trouble", (await cells.Error("throw new Trouble(\"!\");")).Name);
    }

    [Fact]
    public async Task Output_before_an_error_is_kept()
    {
        using var cells = new Cells();
        var outputs = await cells.Run("Console.WriteLine(1);\nthrow new Exception(\"x\");");
        Assert.Equal("1\n", Cells.Plain(outputs[0]));
        Assert.IsType<ErrorOutput>(outputs[1]);
    }

    [Fact]
    public async Task Warnings_are_told_and_fail_a_cell_only_where_asked()
    {
        const string Code = "int Unused()\n{\n    int never = 1;\n    return 2;\n}";
        using var lenient = new Cells();
        await lenient.Quiet(Code);
        Assert.Equal(["cell c1, line 3, column 9: warning CS0219: The variable 'never' is assigned but its value is never used"], lenient.Session.Warnings);
        await lenient.Quiet("var x = 1;");
        Assert.Empty(lenient.Session.Warnings);

        using var strict = new Cells(options => options with { WarningsAsErrors = true });
        var error = await strict.Error(Code);
        Assert.Equal("warning CS0219: The variable 'never' is assigned but its value is never used", error.Message);
        Assert.Equal((3, 9), (error.Line, error.Column));
        await strict.Quiet("using System.IO;\nvar x = 1;");
    }

    [Fact]
    public async Task Reading_the_console_is_a_clear_error()
    {
        using var cells = new Cells();
        var error = await cells.Error("Console.ReadLine()");
        Assert.Equal("A notebook's cell can't read from the console: there is no keyboard behind it.", error.Message);
    }

    [Theory]
    [InlineData("while (true) { Console.WriteLine(new string('x', 1000)); }")]
    [InlineData("while (true) { display(new string('x', 1000)); }")]
    [InlineData("try { while (true) { Console.WriteLine(new string('x', 1000)); } } catch (Exception e) { }")]
    [InlineData("await Task.Run(() => { while (true) { Console.Write('x'); } });")]
    [InlineData("new string('x', 200_000)")]
    [InlineData("display(1).Update(new string('x', 200_000));")]
    public async Task A_cell_that_puts_out_too_much_is_stopped(string code)
    {
        using var cells = new Cells(options => options with { MaximumOutputCharacters = 100_000 });
        var error = Assert.IsType<ErrorOutput>((await cells.Run(code))[^1]);
        Assert.Equal("The cell put out more than 100,000 characters and was stopped.", error.Message);
        Assert.DoesNotContain("CSharpKernel.Scripting.Session", string.Join('\n', error.Traceback), StringComparison.Ordinal);
        Assert.Equal("1", await cells.Text("1"));
    }

    [Fact]
    public async Task An_update_counts_in_the_place_of_what_it_replaces()
    {
        using var cells = new Cells(options => options with { MaximumOutputCharacters = 100_000 });
        var outputs = await cells.Run("var shown = display(0);\nfor (var i = 0; i < 1_000; i++) { shown.Update(new string('x', 1000)); }");
        Assert.Equal(1_000, outputs.OfType<UpdateOutput>().Count());
        Assert.Empty(outputs.OfType<ErrorOutput>());
    }

    [Fact]
    public async Task A_cancelled_cell_ends_with_one_error()
    {
        using var cells = new Cells();
        using var source = new CancellationTokenSource();
        var outputs = new List<CellOutput>();
        var succeeded = await cells.Session.ExecuteAsync(
            "Console.WriteLine(1);\nawait Task.Delay(System.Threading.Timeout.Infinite);",
            "c",
            output =>
            {
                outputs.Add(output);
                source.CancelAsync();
            },
            source.Token);
        Assert.False(succeeded);
        Assert.Equal(["1\n", "System.OperationCanceledException: The cell was cancelled.\nSystem.OperationCanceledException: The cell was cancelled."], outputs.Select(Cells.Plain));
        Assert.Equal("1", await cells.Text("1"));
    }

    [Theory]
    [InlineData("throw new InvalidOperationException();", "(its Message threw System.InvalidOperationException)")]
    [InlineData("return null;", "")]
    public async Task An_exception_whose_message_fails_is_an_error_of_the_cell(string getter, string message)
    {
        using var cells = new Cells();
        var error = await cells.Error($"class Bad : Exception {{ public override string Message {{ get {{ {getter} }} }} }}\nthrow new Exception(\"outer\", new Bad());");
        Assert.Equal("   at cell c1, line 2", error.Traceback[1]);
        Assert.Equal($" ---> Bad: {message}", error.Traceback[^1]);
        error = await cells.Error("\nthrow new Bad();");
        Assert.Equal(("Bad", message, 2), (error.Name, error.Message, error.Line));
        Assert.Equal("1", await cells.Text("1"));
    }

    [Fact]
    public async Task An_exception_that_is_thrown_again_names_the_new_line()
    {
        using var cells = new Cells();
        await cells.Quiet("var same = new Exception(\"same\");");
        Assert.Equal(2, (await cells.Error("\nthrow same;")).Line);
        var error = await cells.Error("\n\n\nthrow same;");
        Assert.Equal(4, error.Line);
        Assert.Equal("   at cell c3, line 4", error.Traceback[^1]);
    }
}
