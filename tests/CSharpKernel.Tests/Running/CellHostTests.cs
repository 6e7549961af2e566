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

    [Fact]
    public async Task A_host_that_is_disposed_leaves_no_process()
    {
        var cells = new HostedCells();
        var id = int.Parse(Assert.Single(await cells.TextsOf("Environment.ProcessId")), System.Globalization.CultureInfo.InvariantCulture);
        await cells.DisposeAsync();
        Assert.True(await TestProcess.HasEndedAsync(id));
    }
}
