using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Scripting;

public sealed class InterruptTests
{
    // A quiet machine takes a tenth of this or less.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("while (true);")]
    [InlineData("for (;;) x++;")]
    [InlineData("do { x++; } while (true);")]
    [InlineData("again: x++; goto again;")]
    [InlineData("void Spin() { again: x++; goto again; }\nSpin();")]
    [InlineData("switch (1) { case 1: goto case 2; case 2: goto case 1; }")]
    [InlineData("await Task.Yield(); while (true) { x++; }")]
    [InlineData("await Task.Delay(1); while (true) { x++; }")]
    [InlineData("while (true) { await Task.Yield(); }")]
    [InlineData("try { throw new Exception(); } catch { while (true) { x++; } }")]
    [InlineData("try { } finally { while (true) { x++; } }")]
    [InlineData("while (true) { try { while (true) { x++; } } catch (Exception) { } }")]
    [InlineData("while (true) { try { System.Threading.Thread.Sleep(50); } catch { } }")]
    [InlineData("System.Threading.Tasks.Parallel.For(0L, long.MaxValue, i => { x++; });")]
    [InlineData("System.Threading.Tasks.Parallel.For(0L, long.MaxValue, i => Math.Sqrt(i));")]
    [InlineData("ParallelEnumerable.Range(0, int.MaxValue).Select(i => Math.Sqrt(i)).Where(r => r < 0).Count()")]
    [InlineData("Enumerable.Range(0, int.MaxValue).Select(i => (long)i).Where(i => i < 0).Count()")]
    [InlineData("System.Threading.Thread.Sleep(60_000);")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("Task.Delay(-1).Wait();")]
    [InlineData("await Task.WhenAll(Task.Run(() => { while (true) { } }), Task.Delay(-1));")]
    [InlineData("lock (gate) { }")]
    [InlineData("long Fibonacci(int n) => n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2);\nFibonacci(80)")]
    [InlineData("async Task<long> Fibonacci(int n) => n < 2 ? n : await Fibonacci(n - 1) + await Fibonacci(n - 2);\nawait Fibonacci(80)")]
    [InlineData("System.Linq.Expressions.Expression<Func<int[], bool>> any = a => a.Any(item => item > 0);\nwhile (true) { }")]
    [InlineData("class EndlessMessage : Exception { public override string Message { get { while (true) { } } } }\nthrow new EndlessMessage();")]
    [InlineData("class Endless { public override string ToString() { while (true) { } } }\nnew Endless()")]
    [InlineData("IEnumerable<int> Ones() { while (true) { yield return 1; } }\nOnes().Sum(one => (double)one)")]
    public async Task An_interrupted_cell_ends_soon_and_the_session_goes_on(string code)
    {
        using var cells = new InterruptibleCells();
        await cells.RunToEnd("""
            var kept = 7; var x = 0L;
            var gate = new object();
            var held = new System.Threading.ManualResetEventSlim();
            new System.Threading.Thread(() => { lock (gate) { held.Set(); System.Threading.Thread.Sleep(-1); } }) { IsBackground = true }.Start();
            held.Wait();
            """);
        var (result, outputs, duration) = await cells.Interrupt($"var own = 3;\ndisplay(\"begun\");\n{code}");
        Assert.Equal(SessionEnd.Interrupted, result.End);
        var error = Assert.IsType<ErrorOutput>(Assert.Single(outputs, output => output is not DisplayOutput));
        Assert.Equal(("Interrupted", "The cell was interrupted."), (error.Name, error.Message));
        Assert.InRange(duration, TimeSpan.Zero, Longest);
        Assert.Equal("10", Cells.Plain(Assert.Single(await cells.RunToEnd("kept + own"))));
    }

    // Calls that end by themselves after some seconds, so that they don't burden the tests that follow.
    [Theory]
    [InlineData("System.Text.RegularExpressions.Regex.IsMatch(new string('a', 27) + \"!\", \"^(a+)+$\")")]
    [InlineData("Enumerable.Range(0, int.MaxValue).Concat(Enumerable.Range(0, 1000)).LongCount()")]
    public async Task A_long_library_call_is_left_behind_and_says_so(string code)
    {
        using var cells = new InterruptibleCells();
        await cells.RunToEnd("var kept = 7; var ended = new TaskCompletionSource();");
        var (result, outputs, duration) = await cells.Interrupt(
            $"void Keep(object late) {{ kept = 0; Console.WriteLine(late); }}\ndisplay(\"begun\");\ntry {{ Keep({code}); }} finally {{ ended.SetResult(); }}");
        Assert.Equal(SessionEnd.Interrupted, result.End);
        Assert.Contains("can't be stopped", Assert.Single(outputs.OfType<StreamOutput>()).Text, StringComparison.Ordinal);
        Assert.Equal("Interrupted", Assert.IsType<ErrorOutput>(outputs[^1]).Name);
        Assert.InRange(duration, TimeSpan.Zero, Longest);
        Assert.Equal("7", Cells.Plain(Assert.Single(await cells.RunToEnd("await ended.Task;\nkept"))));
    }

    [UnixFact]
    public async Task What_native_code_leaves_behind_stops_when_it_comes_back()
    {
        using var cells = new InterruptibleCells();
        await cells.RunToEnd("[System.Runtime.InteropServices.DllImport(\"libc\")] static extern uint sleep(uint seconds);\nvar kept = 7;");
        var (result, outputs, _) = await cells.Interrupt("display(\"begun\");\nsleep(2);\nkept = 0; Console.WriteLine(\"late\");");
        Assert.Equal(SessionEnd.Interrupted, result.End);
        Assert.Contains("can't be stopped: native code", Assert.Single(outputs.OfType<StreamOutput>()).Text, StringComparison.Ordinal);
        Assert.Equal("7", Cells.Plain(Assert.Single(await cells.RunToEnd("await Task.Delay(2_000);\nkept"))));
    }

    [Fact]
    public async Task An_interrupt_names_the_line_where_it_stopped_the_cell()
    {
        using var cells = new InterruptibleCells();
        var (_, outputs, _) = await cells.Interrupt("display(\"begun\");\n\nwhile (true) { }");
        var error = Assert.IsType<ErrorOutput>(outputs[^1]);
        Assert.Equal(3, error.Line);
        Assert.Equal(["Interrupted: The cell was interrupted.", "   at cell c1, line 3"], error.Traceback);
    }

    [Fact]
    public async Task Work_of_earlier_cells_goes_on_when_a_later_cell_is_interrupted()
    {
        using var cells = new InterruptibleCells();
        await cells.RunToEnd("var go = true; var count = 0L; var stopped = false;\nvar work = Task.Run(() => { while (go) { count++; System.Threading.Thread.Sleep(1); } return \"whole\"; });");
        await cells.Interrupt("display(\"begun\");\nwhile (true) { }");
        await cells.Interrupt("display(\"begun\");\nSystem.Threading.Thread.Sleep(-1);");
        Assert.Equal("whole", Cells.Plain(Assert.Single(await cells.RunToEnd("var before = count; while (count < before + 5) { await Task.Delay(1); }\ngo = false;\nawait work"))));
    }

    [Fact]
    public async Task What_an_interrupted_cell_awaited_does_not_go_on_in_it()
    {
        using var cells = new InterruptibleCells();
        await cells.RunToEnd("var gate = new TaskCompletionSource(); var wentOn = 0;");
        await cells.Interrupt("display(\"begun\");\nasync Task Wait() { await gate.Task; while (true) { wentOn++; await Task.Delay(1); } }\nawait Wait();");
        Assert.Equal("0", Cells.Plain(Assert.Single(await cells.RunToEnd("gate.SetResult(); await Task.Delay(100);\nwentOn"))));
    }

    [Fact]
    public async Task An_interrupt_at_any_moment_is_harmless()
    {
        using var cells = new InterruptibleCells();
        await cells.RunToEnd("var sum = 0;");
        var random = new Random(1);
        for (var i = 0; i < 60; i++)
        {
            using var interrupt = new CancellationTokenSource();
            var run = cells.Run($"var v{i} = 0; for (var i = 0; i < 1000; i++) {{ v{i} += i; System.Threading.Thread.Yield(); }} System.Threading.Thread.Sleep(1); sum++;\nv{i}", interrupt.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(random.NextDouble() * 25));
            await interrupt.CancelAsync();
            var (result, outputs) = await run;
            Assert.Equal(result.End == SessionEnd.Succeeded ? typeof(DisplayOutput) : typeof(ErrorOutput), Assert.Single(outputs).GetType());
            Assert.Equal("True", Cells.Plain(Assert.Single(await cells.RunToEnd("await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => System.Threading.Thread.Sleep(1))));\nsum >= 0"))));
        }
    }

    [Fact]
    public async Task An_interrupt_before_the_cell_begins_keeps_it_from_running()
    {
        using var cells = new InterruptibleCells();
        var (result, outputs) = await cells.Run("display(\"ran\");", new CancellationToken(canceled: true));
        Assert.Equal(SessionEnd.Interrupted, result.End);
        Assert.IsType<ErrorOutput>(Assert.Single(outputs));
    }

    [Theory]
    [InlineData("int Down(int n) => Down(n + 1) + 1;", 6)]
    [InlineData("int Down(int n)\n{\n    return Up(n) + 1;\n}\n\nint Up(int n) => Down(n) + 1;", 50)]
    public async Task Endless_recursion_is_an_error_of_the_cell(string code, int mostLines)
    {
        using var cells = new InterruptibleCells();
        await cells.RunToEnd($"var kept = 7;\n{code}");
        var (result, outputs) = await cells.Run("Down(0)", default);
        Assert.Equal(SessionEnd.Failed, result.End);
        var error = Assert.IsType<ErrorOutput>(Assert.Single(outputs));
        Assert.Contains("endless recursion", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, error.Line);
        Assert.InRange(error.Traceback.Count, 2, mostLines);
        Assert.Equal("7", Cells.Plain(Assert.Single(await cells.RunToEnd("kept"))));
    }

    [Fact]
    public async Task A_simple_loop_ends_at_once()
    {
        using var cells = new InterruptibleCells();
        var shortest = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var (_, _, duration) = await cells.Interrupt("display(\"begun\");\nwhile (true) { }");
            shortest = duration < shortest ? duration : shortest;
        }

        Assert.InRange(shortest, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    [InlineData("while (true) { await Task.Yield(); }")]
    [InlineData("System.Threading.Tasks.Parallel.For(0L, long.MaxValue, i => { });")]
    public async Task What_finally_blocks_do_is_done(string code)
    {
        using var cells = new InterruptibleCells();
        await cells.RunToEnd("var gate = new System.Threading.SemaphoreSlim(1);\nvoid Release() { for (var i = 0; i < 1; i++) { gate.Release(); } }");
        var (result, _, _) = await cells.Interrupt($"gate.Wait();\ndisplay(\"begun\");\ntry {{ {code} }} finally {{ Release(); }}");
        Assert.Equal(SessionEnd.Interrupted, result.End);
        Assert.Equal("1", Cells.Plain(Assert.Single(await cells.RunToEnd("gate.CurrentCount"))));
    }

    [Fact]
    public async Task A_function_in_which_no_poll_compiles_leaves_the_others_theirs()
    {
        using var cells = new InterruptibleCells();
        var (result, _, _) = await cells.Interrupt("using T = System.Threading.Tasks.Task<int>;\nasync T One() => 1;\ndisplay(await One());\nwhile (true) { }");
        Assert.Equal(SessionEnd.Interrupted, result.End);
    }

    [Fact]
    public async Task A_loop_in_a_loaded_file_is_stopped()
    {
        using var cells = new InterruptibleCells();
        cells.Write("loop.csx", "void Loop() { while (true) { } }\nint Twice(int n) => n * 2;");
        cells.Write("begun.csx", "display(\"begun\");\nwhile (true) { }");
        Assert.Equal(SessionEnd.Interrupted, (await cells.Interrupt("#load \"loop.csx\"\ndisplay(\"begun\");\nLoop();")).Result.End);
        var (_, outputs, _) = await cells.Interrupt("#!import begun.csx");
        Assert.Equal("   at begun.csx, line 2", Assert.IsType<ErrorOutput>(outputs[^1]).Traceback[^1]);
    }
}
