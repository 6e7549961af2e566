using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Scripting;

public sealed class OutputTests
{
    [Fact]
    public async Task Written_text_and_displayed_values_come_in_the_order_in_which_they_were_made()
    {
        using var cells = new Cells();
        var outputs = await cells.Run("""
            Console.Write("a");
            Console.WriteLine("b");
            display(1);
            Console.Error.WriteLine("c");
            Console.WriteLine("d");
            "e".Display();
            2
            """);
        Assert.Equal(["ab\n", "1", "c\n", "d\n", "e", "2"], outputs.Select(Cells.Plain));
        Assert.Equal(["stdout", "stderr", "stdout"], outputs.OfType<StreamOutput>().Select(stream => stream.Name));
    }

    [Fact]
    public async Task A_displayed_value_can_be_updated_under_its_id()
    {
        using var cells = new Cells();
        var outputs = await cells.Run("var shown = display(\"first\"); shown.Update(\"second\");");
        var display = Assert.IsType<DisplayOutput>(outputs[0]);
        var update = Assert.IsType<UpdateOutput>(outputs[1]);
        Assert.Equal("display-1", display.DisplayId);
        Assert.Equal(display.DisplayId, update.DisplayId);
        Assert.Equal("second", Cells.Plain(update));
    }

    [Fact]
    public async Task Threads_and_tasks_write_to_the_cell_that_runs()
    {
        using var cells = new Cells();
        var outputs = await cells.Run("""
            var thread = new System.Threading.Thread(() => Console.Write("t"));
            thread.Start();
            thread.Join();
            await Task.Run(() => Console.Write("u"));
            System.Threading.Tasks.Parallel.For(0, 100, i => Console.Write("p"));
            """);
        Assert.Equal("tu" + new string('p', 100), Cells.Plain(Assert.Single(outputs)));
    }

    [Fact]
    public async Task A_cell_that_takes_the_console_away_takes_it_from_itself_only()
    {
        using var cells = new Cells();
        await cells.Quiet("var mine = new System.IO.StringWriter(); Console.SetOut(mine); Console.Write(\"a\");");
        Assert.Equal("ba", Cells.Plain(Assert.Single(await cells.Run("Console.Write(\"b\" + mine);"))));
    }

    [Fact]
    public async Task Work_that_outlives_its_cell_writes_to_the_next()
    {
        using var cells = new Cells();
        await cells.Quiet("var gate = new TaskCompletionSource(); var work = Task.Run(async () => { await gate.Task; Console.Write(\"late \"); });");
        Assert.Equal("late now", Cells.Plain(Assert.Single(await cells.Run("gate.SetResult(); await work; Console.Write(\"now\");"))));
    }

    [Fact]
    public async Task What_the_receiver_of_outputs_writes_is_not_the_cells()
    {
        using var cells = new Cells();
        var outputs = new List<CellOutput>();
        await cells.Session.ExecuteAsync(
            "Console.Write(1); display(2);",
            "c",
            output =>
            {
                Console.Write(string.Empty.PadLeft(1));
                outputs.Add(output);
            });
        Assert.Equal(["1", "2"], outputs.Select(Cells.Plain));
    }

    [Fact]
    public async Task Two_sessions_at_once_do_not_mix_their_output()
    {
        async Task<string> Count(char letter)
        {
            using var cells = new Cells();
            var outputs = await cells.Run($"for (var i = 0; i < 200; i++) {{ Console.Write('{letter}'); await Task.Yield(); }}");
            return Cells.Plain(Assert.Single(outputs));
        }

        var texts = await Task.WhenAll(Count('a'), Count('b'));
        Assert.Equal([new string('a', 200), new string('b', 200)], texts);
    }

    [Fact]
    public async Task What_background_work_puts_out_between_two_cells_comes_with_the_next()
    {
        using var cells = new Cells();
        await cells.Quiet("""
            var go = new System.Threading.ManualResetEventSlim();
            var work = Task.Run(() =>
            {
                go.Wait();
                Console.Write("a");
                Console.Error.Write("b");
                display("c");
                var progress = display("0 %");
                progress.Update("50 %");
                progress.Update("100 %");
                Console.Write("d");
            });
            """);
        Assert.True(cells.Session.TryGetVariable("go", out var go));
        Assert.True(cells.Session.TryGetVariable("work", out var work));
        ((ManualResetEventSlim)go!).Set();
        await ((Task)work!).WaitAsync(TimeSpan.FromSeconds(60));
        var outputs = await cells.Run("1");
        Assert.Equal(["a", "b", "c", "100 %", "d", "1"], outputs.Select(Cells.Plain));
        Assert.Equal(["stdout", "stderr", "stdout"], outputs.OfType<StreamOutput>().Select(stream => stream.Name));
        Assert.Equal("2", await cells.Text("2"));
    }

    [Fact]
    public async Task What_was_cleared_does_not_count_as_put_out()
    {
        using var cells = new Cells(options => options with { MaximumOutputCharacters = 1000 });
        var outputs = await cells.Run("for (var i = 0; i < 100; i++) { ClearOutput(); Console.Write(new string('x', 100)); }");
        Assert.Equal(200, outputs.Count);
        Assert.Equal(typeof(OutputLimitException).FullName, Assert.IsType<ErrorOutput>((await cells.Run("for (var i = 0; i < 100; i++) { Console.Write(new string('x', 100)); }"))[^1]).Name);
    }

    [Fact]
    public void What_the_session_reports_is_told_beyond_the_limit_too()
    {
        var outputs = new List<CellOutput>();
        using var output = new SessionOutput(maximumCharacters: 10);
        output.BeginCell(new SessionCell("", "c1", outputs.Add), CancellationToken.None);
        Assert.Throws<OutputLimitException>(() => output.Write("stdout", "more than ten"));
        output.Report("told\n");
        output.EndCell();
        Assert.Equal([new StreamOutput("stderr", "told\n")], outputs);
    }
}
