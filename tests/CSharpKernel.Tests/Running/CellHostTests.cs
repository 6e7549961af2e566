using CSharpKernel.Running;
using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Running;

public sealed class CellHostTests
{
    [Fact]
    public async Task Cells_run_and_see_each_other()
    {
        await using var cells = new HostedCells();
        Assert.Equal(["a\n", "shown", "2"], await cells.TextsOf("Console.WriteLine(\"a\");\nvar x = 1;\ndisplay(\"shown\");\nx + 1"));
        Assert.Equal(["10"], await cells.TextsOf("x * 10"));
    }

    [Fact]
    public async Task A_failed_cell_says_so_once()
    {
        await using var cells = new HostedCells();
        await cells.TextsOf("var x = 1;\nthrow new Exception(\"no\");", CellStatus.Failed);
        Assert.Equal(("System.Exception", "no", 2), (cells.Error.Name, cells.Error.Message, cells.Error.Line));
        await cells.TextsOf("nothing", CellStatus.Failed);
        Assert.Equal("CompilationError", cells.Error.Name);
        Assert.Equal(["1"], await cells.TextsOf("x"));
    }

    [Theory]
    [InlineData("Environment.Exit(3);", "exit code 3")]
    [InlineData("Environment.FailFast(\"no further\");", "no further")]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill();", "")]
    public async Task A_cell_that_ends_the_process_is_told_and_the_next_runs(string code, string said)
    {
        await using var cells = new HostedCells();
        await cells.TextsOf("var x = 1;");
        await cells.TextsOf($"Console.WriteLine(\"before\");\nawait Task.Delay(200);\n{code}", CellStatus.Restarted);
        Assert.Equal("before\n", cells.Texts[0]);
        Assert.Equal("ProcessEnded", cells.Error.Name);
        Assert.Contains(said, string.Join('\n', cells.Error.Traceback), StringComparison.Ordinal);
        Assert.Contains("All variables are lost", cells.Error.Message, StringComparison.Ordinal);
        await cells.TextsOf("x", CellStatus.Failed);
        Assert.Equal(["2"], await cells.TextsOf("1 + 1"));
    }

    [Fact]
    public async Task A_process_that_ends_between_cells_is_told_by_the_next()
    {
        await using var cells = new HostedCells();
        var id = int.Parse(
            Assert.Single(await cells.TextsOf(
                "new System.Threading.Thread(() => { while (!System.IO.File.Exists(\"go\")) { System.Threading.Thread.Sleep(10); } Environment.Exit(4); }).Start();\nEnvironment.ProcessId")),
            System.Globalization.CultureInfo.InvariantCulture);
        cells.Write("go", "");
        Assert.True(await TestProcess.HasEndedAsync(id));
        var conclusion = await cells.Run("Console.WriteLine(1);");
        Assert.Equal(CellStatus.Restarted, conclusion.Status);
        Assert.Contains("exit code 4", cells.Error.Message, StringComparison.Ordinal);
        Assert.Contains("This cell was not run.", cells.Error.Message, StringComparison.Ordinal);
        Assert.Equal(["2"], await cells.TextsOf("1 + 1"));
    }

    [UnixFact]
    public async Task What_native_code_and_child_processes_write_is_shown_while_the_cell_runs()
    {
        await using var cells = new HostedCells();
        var run = cells.Run("System.Diagnostics.Process.Start(\"/bin/sh\", [\"-c\", \"echo out; echo error >&2; while [ ! -e go ]; do sleep 0.05; done\"]).WaitForExit();");
        await cells.Seen(output => output is StreamOutput { Name: "stdout", Text: "out\n" });
        await cells.Seen(output => output is StreamOutput { Name: "stderr", Text: "error\n" });
        Assert.False(run.IsCompleted);
        cells.Write("go", "");
        Assert.Equal(CellStatus.Succeeded, (await run).Status);
    }

    [UnixFact]
    public async Task What_child_processes_write_beyond_the_limit_is_cut_and_that_is_said_once()
    {
        await using var cells = new HostedCells(maximumOutput: 1_000);
        for (var i = 0; i < 2; i++)
        {
            await cells.TextsOf("System.Diagnostics.Process.Start(\"/bin/sh\", [\"-c\", \"head -c 300000 /dev/zero | tr '\\\\0' x\"]).WaitForExit();");
            Assert.Equal(
                "More than 1,000 characters came from child processes or native code; the rest of their stdout is not shown.\n",
                Assert.Single(cells.Outputs.OfType<StreamOutput>(), output => output.Name == "stderr").Text);
        }

        Assert.Equal(["few\n"], await cells.TextsOf("System.Diagnostics.Process.Start(\"/bin/echo\", [\"few\"]).WaitForExit();"));
    }

    [Fact]
    public async Task A_host_that_is_disposed_leaves_no_process()
    {
        var cells = new HostedCells();
        var id = int.Parse(Assert.Single(await cells.TextsOf("Environment.ProcessId")), System.Globalization.CultureInfo.InvariantCulture);
        await cells.DisposeAsync();
        Assert.True(await TestProcess.HasEndedAsync(id));
    }

    [Fact]
    public async Task An_interrupt_stops_the_cell_and_keeps_the_variables()
    {
        await using var cells = new HostedCells();
        await cells.TextsOf("var kept = 7;");
        var run = cells.Run("var own = 3;\ndisplay(\"begun\");\nwhile (true) { }");
        await cells.Seen(output => output is DisplayOutput);
        await cells.Host.InterruptAsync();
        Assert.Equal(CellStatus.Interrupted, (await run).Status);
        Assert.Equal(("Interrupted", 3), (cells.Error.Name, cells.Error.Line));
        await cells.Host.InterruptAsync();
        Assert.Equal(["10"], await cells.TextsOf("kept + own"));
    }

    [Fact]
    public async Task An_interrupt_while_the_process_starts_keeps_the_cell_from_running()
    {
        await using var cells = new HostedCells();
        var run = cells.Run("display(\"ran\");\nawait Task.Delay(-1);");
        await cells.Host.InterruptAsync();
        Assert.Equal(CellStatus.Interrupted, (await run).Status);
        Assert.Equal("Interrupted", cells.Error.Name);
        Assert.Equal(["1"], await cells.TextsOf("1"));
    }

    [Fact]
    public async Task An_interrupt_between_a_cells_announcement_and_its_run_is_not_lost()
    {
        await using var cells = new HostedCells();
        await cells.TextsOf("var kept = 7;");
        cells.Host.Announce();
        await cells.Host.InterruptAsync();
        await cells.TextsOf("while (true) { }", CellStatus.Interrupted).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("Interrupted", cells.Error.Name);

        // When nothing is announced it is for nobody.
        await cells.Host.InterruptAsync();
        Assert.Equal(["7"], await cells.TextsOf("kept"));
        await cells.Host.InterruptAsync();
        cells.Host.Announce();
        Assert.Equal(["7"], await cells.TextsOf("kept"));
    }

    [Fact]
    public async Task A_cell_that_keeps_all_threads_of_the_pool_can_be_interrupted()
    {
        await using var cells = new HostedCells();
        var run = cells.Run("using System.Threading;\nfor (var i = 0; i < 500; i++) { ThreadPool.QueueUserWorkItem(_ => Thread.Sleep(-1)); }\ndisplay(1);\nwhile (true) { }");
        await cells.Seen(output => output is DisplayOutput);
        var check = cells.Host.CheckCompletenessAsync("if (true) {", CancellationToken.None);
        Assert.Equal(CSharpKernel.Language.CompletenessStatus.Incomplete, (await check.WaitAsync(TimeSpan.FromSeconds(30))).Status);
        Assert.False(run.IsCompleted);
        await cells.Host.InterruptAsync();
        Assert.Equal(CellStatus.Interrupted, (await run.WaitAsync(TimeSpan.FromSeconds(30))).Status);
        Assert.Equal(["2"], await cells.TextsOf("1 + 1").WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task A_failure_that_is_not_the_cells_is_its_error_and_the_process_stays()
    {
        using var folder = new TemporaryFolder();
        await using var worker = await WorkerProcess.StartAsync(
            new WorkerOptions { Folder = folder.Path, ShadowFolder = folder.File("shadow"), MaximumOutput = 1_000 }, CancellationToken.None);
        CellOutput? output = null;
        using var cell = new WorkerCell(emitted => output = emitted, ask: null);
        var withoutCode = new System.Text.Json.Nodes.JsonObject { ["type"] = WorkerMessage.Execute, ["number"] = 1, ["cell"] = "c1" };
        var (end, _) = await worker.ExecuteAsync(withoutCode, cell, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(CellEnd.Succeeded, end);
        Assert.Equal("The cell could not be run to its end.", Assert.IsType<ErrorOutput>(output).Message);
        Assert.Equal(CellEnd.Succeeded, await worker.ExecuteAsync("c2", "1", _ => { }, CancellationToken.None));
    }

    [Fact]
    public async Task The_end_of_a_process_is_told_once_also_after_an_interrupted_cell()
    {
        await using var cells = new HostedCells();
        await cells.TextsOf("new System.Threading.Thread(() => { while (!System.IO.File.Exists(\"go\")) { System.Threading.Thread.Sleep(10); } Environment.Exit(4); }).Start();");
        cells.Write("go", "");
        CellConclusion conclusion;
        do
        {
            // Perhaps before the end, perhaps while the next process starts.
            cells.Host.Announce();
            await cells.Host.InterruptAsync();
            conclusion = await cells.Run("1");
            if (conclusion.Status == CellStatus.Interrupted)
            {
                conclusion = await cells.Run("1");
            }
        }
        while (conclusion.Status == CellStatus.Succeeded);
        Assert.Equal(CellStatus.Restarted, conclusion.Status);
        Assert.Contains("exit code 4", cells.Error.Message, StringComparison.Ordinal);
        Assert.Equal(["2"], await cells.TextsOf("1 + 1"));
    }

    [Fact]
    public async Task A_cell_can_ask_the_person()
    {
        await using var cells = new HostedCells();
        var asked = new List<string>();
        cells.Answer = (prompt, isPassword, _) =>
        {
            asked.Add($"{prompt}{(isPassword ? " (secret)" : "")}");
            return Task.FromResult<string?>($"answer {asked.Count}");
        };
        Assert.Equal(
            ["Who? answer 1, answer 2, answer 3, \u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022, answer 4, answer 5!\n"],
            await cells.TextsOf("""
                Console.Write("Who? ");
                var line = Console.ReadLine();
                var input = await GetInputAsync("Name");
                var word = await Microsoft.DotNet.Interactive.Kernel.GetInputAsync("Key", "password");
                var secret = await GetPasswordAsync("Password");
                var characters = "";
                for (int next; (next = Console.Read()) != '\n';) { characters += (char)next; }
                Console.WriteLine($"{line}, {input}, {word}, {secret}, {secret.GetClearTextPassword()}, {characters}!");
                """));
        Assert.Equal(["", "Name", "Key (secret)", "Password (secret)", ""], asked);
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_the_cell_fails_and_says_so()
    {
        await using var cells = new HostedCells();
        await cells.TextsOf("Console.ReadLine()", CellStatus.Failed);
        Assert.Equal("A notebook's cell can't read from the console: there is no keyboard behind it.", cells.Error.Message);
    }

    [Theory]
    [InlineData("Console.ReadLine()")]
    [InlineData("await GetInputAsync()")]
    public async Task An_interrupt_withdraws_the_question(string code)
    {
        await using var cells = new HostedCells();
        var asked = new TaskCompletionSource();
        var withdrawn = new TaskCompletionSource();
        cells.Answer = async (_, _, cancellation) =>
        {
            asked.SetResult();
            cancellation.Register(withdrawn.SetResult);
            await Task.Delay(Timeout.Infinite, cancellation);
            return null;
        };
        var run = cells.Run(code);
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await cells.Host.InterruptAsync();
        Assert.Equal(CellStatus.Interrupted, (await run).Status);
        Assert.Equal("Interrupted", cells.Error.Name);
        await withdrawn.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Expressions_are_evaluated_beside_and_leave_no_trace()
    {
        await using var cells = new HostedCells();
        var conclusion = await cells.Run("var x = 4;", new Dictionary<string, string> { ["sum"] = "x + 1", ["bad"] = "missing", ["throws"] = "int.Parse(\"x\")" });
        Assert.Equal(CellStatus.Succeeded, conclusion.Status);
        Assert.Equal("5", Scripting.Cells.Plain(conclusion.UserExpressions["sum"]));
        Assert.Equal("CompilationError", Assert.IsType<ErrorOutput>(conclusion.UserExpressions["bad"]).Name);
        Assert.Equal("System.FormatException", Assert.IsType<ErrorOutput>(conclusion.UserExpressions["throws"]).Name);
        var declared = await cells.Run("1", new Dictionary<string, string> { ["y"] = "int.TryParse(\"3\", out var y) ? y : 0" });
        Assert.Equal("3", Scripting.Cells.Plain(declared.UserExpressions["y"]));
        await cells.TextsOf("y", CellStatus.Failed);
        Assert.Empty((await cells.Run("throw new Exception();", new Dictionary<string, string> { ["sum"] = "x + 1" })).UserExpressions);
    }

    [Fact]
    public async Task Questions_about_code_are_answered_while_a_cell_runs()
    {
        await using var cells = new HostedCells();
        await cells.TextsOf("var greeting = \"hello\";");
        var run = cells.Run("display(1);\nawait Task.Delay(-1);");
        await cells.Seen(output => output is DisplayOutput);
        var list = await cells.Host.CompleteAsync("greeting.Len", 12, CancellationToken.None);
        Assert.Equal((9, 12), (list.Start, list.End));
        Assert.Contains(list.Items, item => item.Text == "Length");
        Assert.Equal(CSharpKernel.Language.CompletenessStatus.Incomplete, (await cells.Host.CheckCompletenessAsync("if (true) {", CancellationToken.None)).Status);
        Assert.False(run.IsCompleted);
        await cells.Host.InterruptAsync();
        await run;
    }

    [Theory]
    [InlineData("var huge = new double[int.MaxValue, 64];", "System.OutOfMemoryException")]
    [InlineData("int Down(int n) => Down(n + 1) + 1;\nDown(0)", "System.InsufficientExecutionStackException")]
    public async Task What_the_process_survives_is_an_error_of_the_cell(string code, string name)
    {
        await using var cells = new HostedCells();
        await cells.TextsOf("var kept = 7;");
        await cells.TextsOf(code, CellStatus.Failed);
        Assert.Equal(name, cells.Error.Name);
        Assert.Equal(["7"], await cells.TextsOf("kept"));
    }

    [Fact]
    public async Task A_stack_overflow_below_the_cells_code_is_named()
    {
        await using var cells = new HostedCells();
        await cells.TextsOf(
            """
            using System.Reflection.Emit;
            var down = new DynamicMethod("Down", typeof(void), Type.EmptyTypes);
            var code = down.GetILGenerator();
            code.Emit(OpCodes.Call, down);
            code.Emit(OpCodes.Call, down);
            code.Emit(OpCodes.Ret);
            ((Action)down.CreateDelegate(typeof(Action)))();
            """,
            CellStatus.Restarted);
        Assert.Contains("Stack overflow", cells.Error.Message, StringComparison.Ordinal);
        Assert.InRange(cells.Error.Traceback.Count, 2, 30);
        Assert.Equal(["1"], await cells.TextsOf("1"));
    }

    [Fact]
    public async Task Exceptions_that_nobody_catches_do_not_end_the_process()
    {
        await using var cells = new HostedCells();
        var run = cells.Run(
            """
            var kept = 7;
            var thread = new System.Threading.Thread(() => throw new InvalidOperationException("on a thread"));
            thread.Start();
            thread.Join();
            async void Leave() { await Task.Yield(); throw new InvalidOperationException("in async void"); }
            Leave();
            void Forget() => _ = Task.Run(() => throw new InvalidOperationException("unobserved"));
            Forget();
            while (true) { GC.Collect(); await Task.Delay(20); }
            """);
        await cells.Seen(output => output is StreamOutput { Name: "stderr" } stream && stream.Text.Contains("on a thread", StringComparison.Ordinal));
        await cells.Seen(output => output is StreamOutput { Name: "stderr" } stream && stream.Text.Contains("in async void", StringComparison.Ordinal));
        await cells.Seen(output => output is StreamOutput { Name: "stderr" } stream && stream.Text.Contains("unobserved", StringComparison.Ordinal));
        Assert.Contains("at cell c1, line 2", string.Concat(cells.Texts), StringComparison.Ordinal);
        Assert.Contains("Exception of a task that nobody awaited: System.InvalidOperationException: unobserved\n   at cell c1, line 7", string.Concat(cells.Texts), StringComparison.Ordinal);
        await cells.Host.InterruptAsync();
        Assert.Equal(CellStatus.Interrupted, (await run).Status);
        Assert.Equal(["7"], await cells.TextsOf("kept"));
    }

    [Theory]
    [InlineData("new Thread(() => { try { while (true) { } } catch { throw new InvalidOperationException(\"instead\"); } }).Start();")]
    [InlineData("new Thread(() => Parallel.For(0L, long.MaxValue, i => { })).Start();")]
    [InlineData("class Bad : Exception { public override string Message => throw new Exception(); }\nnew Thread(() => throw new Bad()).Start();")]
    public async Task What_threads_throw_when_their_cell_is_interrupted_does_not_end_the_process(string code)
    {
        await using var cells = new HostedCells();
        await cells.TextsOf("using System.Threading;\nvar kept = 7;");
        var run = cells.Run($"{code}\ndisplay(\"begun\");\nwhile (true) {{ }}");
        await cells.Seen(output => output is DisplayOutput);
        await cells.Host.InterruptAsync();
        Assert.Equal(CellStatus.Interrupted, (await run).Status);
        Assert.Equal("7", (await cells.TextsOf("await Task.Delay(300);\nkept"))[^1]);
    }

    [Theory]
    [InlineData("Console.Out.Close();")]
    [InlineData("Console.OpenStandardOutput().Close(); Console.OpenStandardError().Dispose();")]
    [InlineData("Console.SetOut(System.IO.TextWriter.Null); Console.SetError(System.IO.TextWriter.Null); Console.SetIn(System.IO.TextReader.Null);")]
    [InlineData("var writer = new System.IO.StreamWriter(Console.OpenStandardOutput()); writer.Dispose(); Console.SetOut(writer);")]
    public async Task A_cell_that_closes_the_console_closes_it_for_itself(string code)
    {
        await using var cells = new HostedCells();
        cells.Answer = (_, _, _) => Task.FromResult<string?>("typed");
        await cells.TextsOf(code);
        Assert.Equal(["typed\n"], await cells.TextsOf("Console.WriteLine(Console.ReadLine());"));
    }

    [Fact]
    public async Task Nothing_remains_of_the_warm_up()
    {
        await using var cells = new HostedCells(warmsUp: true);
        Assert.Equal(["Submission#1+First", "display-1"], await cells.TextsOf("class First { }\nvar shown = typeof(First).FullName.Display();\nshown.DisplayId"));
        await cells.TextsOf("sum", CellStatus.Failed);
        Assert.Contains((await cells.Host.CompleteAsync("new Firs", 8, CancellationToken.None)).Items, item => item.Text == "First");
    }

    [Fact]
    public async Task Outputs_can_be_cleared()
    {
        await using var cells = new HostedCells();
        await cells.Run("Console.Write(1); ClearOutput(); Console.Write(2); Microsoft.DotNet.Interactive.Kernel.ClearOutput(wait: true); Console.Write(3);");
        Assert.Equal(
            [new StreamOutput("stdout", "1"), new ClearOutput(Wait: false), new StreamOutput("stdout", "2"), new ClearOutput(Wait: true), new StreamOutput("stdout", "3")],
            cells.Outputs);
    }

    [Fact]
    public async Task Work_that_blocks_the_pool_after_its_cell_does_not_stop_the_next()
    {
        await using var cells = new HostedCells();
        await cells.TextsOf("var gate = new System.Threading.ManualResetEventSlim();\nfor (var i = 0; i < 400; i++) { System.Threading.ThreadPool.QueueUserWorkItem(_ => gate.Wait()); }");

        // By itself the pool would need minutes to come to what is queued last.
        var next = cells.TextsOf("await Task.Run(() => 6 * 7)");
        Assert.Equal(["42"], await next.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(["2"], await cells.TextsOf("gate.Set();\n1 + 1"));
    }
}
