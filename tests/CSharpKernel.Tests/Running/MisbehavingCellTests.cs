using System.Globalization;
using CSharpKernel.Notebooks;
using CSharpKernel.Running;

namespace CSharpKernel.Tests.Running;

/// <summary>Cells that never end, end the process, write without measure or leave processes behind.</summary>
public sealed class MisbehavingCellTests
{
    private static readonly string WriteOwnId = "System.IO.File.WriteAllText(\"id\", Environment.ProcessId.ToString());\n";

    [Theory]
    [InlineData("Environment.Exit(0);", "exit code 0")]
    [InlineData("int Down(int n) => Down(n + 1) + Down(n + 2);\nDown(0)", "Stack overflow")]
    [InlineData("new System.Threading.Thread(() => throw new Exception(\"on a thread\")).Start();\nSystem.Threading.Thread.Sleep(10_000);", "on a thread")]
    [InlineData("Environment.FailFast(\"no further\");", "no further")]
    public async Task A_cell_that_ends_the_process_is_named(string source, string said)
    {
        using var folder = new TemporaryFolder();
        var result = await NotebookRunner.RunAsync(TestNotebook.Write(folder, "n.ipynb", ("good", "Console.WriteLine(1);"), ("ends raises-exception", source), ("after", "1")));
        Assert.Equal(("ends", "ProcessEnded"), (result.Failure!.CellId, result.Failure.Name));
        Assert.Contains(said, string.Join('\n', [result.Failure.Message, .. result.Failure.Details]), StringComparison.Ordinal);
        Assert.Equal(2, result.Cells.Count);
        Assert.Equal("1\n", result.Executed!.Cells[0].Outputs.Single().Text);
        Assert.Equal(OutputType.Error, result.Executed.Cells[1].Outputs[^1].OutputType);
    }

    [Fact]
    public async Task A_cell_that_never_ends_is_killed_at_its_limit()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n.ipynb", ("good", "1"), ("endless", "Console.Write(\"so far\");\n" + WriteOwnId + "while (true) { }"));
        var (result, limit) = await RunToLimitAsync(path, 4, seconds => new() { CellTimeout = seconds }, () => File.Exists(folder.File("id")));
        Assert.Equal($"cell endless: Timeout: The cell took longer than {limit} seconds.", result.Failure!.ToString());
        Assert.Equal("so far", result.Executed!.Cells[1].Outputs[0].Text);
        Assert.True(await TestProcess.HasEndedAsync(await IdAsync(folder, "id")));
    }

    [Fact]
    public async Task A_notebook_is_killed_at_its_limit()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n.ipynb", ("endless", "await System.Threading.Tasks.Task.Delay(-1);"));
        var (result, limit) = await RunToLimitAsync(path, 3, seconds => new() { Timeout = seconds });
        Assert.Equal(("endless", "Timeout"), (result.Failure!.CellId, result.Failure.Name));
        Assert.StartsWith($"The notebook took longer than {limit} seconds; this cell was running for ", result.Failure.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task What_a_cell_started_ends_with_it_even_what_hid_from_it()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(
            folder,
            "n.ipynb",
            ("starts", "System.Diagnostics.Process.Start(\"/bin/sh\", [\"-c\", \"sleep 1000 & echo $! > child; (setsid sleep 1000 & echo $! > orphan) ; sleep 1000\"]);\n"
                + "while (!System.IO.File.Exists(\"orphan\")) { await System.Threading.Tasks.Task.Delay(10); }"),
            ("endless", "await System.Threading.Tasks.Task.Delay(-1);"));
        var (result, limit) = await RunToLimitAsync(path, 6, seconds => new() { CellTimeout = seconds });
        Assert.Equal($"cell endless: Timeout: The cell took longer than {limit} seconds.", result.Failure!.ToString());
        Assert.True(await TestProcess.HasEndedAsync(await IdAsync(folder, "child")), "The child still runs.");
        if (OperatingSystem.IsLinux())
        {
            Assert.True(await TestProcess.HasEndedAsync(await IdAsync(folder, "orphan")), "The orphan in a session of its own still runs.");
        }
    }

    [UnixFact]
    public async Task What_a_notebook_leaves_running_ends_with_it()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n.ipynb", ("starts", "System.Diagnostics.Process.Start(\"/bin/sh\", [\"-c\", \"sleep 1000 & echo $! > child\"]).WaitForExit();"));
        var result = await NotebookRunner.RunAsync(path);
        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.True(await TestProcess.HasEndedAsync(await IdAsync(folder, "child")));
    }

    [Fact]
    public async Task A_cell_that_writes_a_hundred_megabytes_fails_and_memory_stays_flat()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n.ipynb", (
            "floods raises-exception",
            "var before = Environment.WorkingSet;\n"
            + "try { var line = new string('x', 99); for (var i = 0; i < 1_000_000; i++) { Console.WriteLine(line); } }\n"
            + "finally { System.IO.File.WriteAllText(\"grown\", (Environment.WorkingSet - before).ToString()); }"));
        var result = await NotebookRunner.RunAsync(path);
        Assert.StartsWith("cell floods, line 2", result.Failure!.ToString(), StringComparison.Ordinal);
        Assert.EndsWith(": OutputLimit: The cell wrote more than 10,000,000 characters of output.", result.Failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(OutputType.Error, result.Executed!.Cells[0].Outputs.Single().OutputType);
        Assert.True(result.Executed.ToText().Length < 10_000);
        Assert.InRange(long.Parse(File.ReadAllText(folder.File("grown")), CultureInfo.InvariantCulture), long.MinValue, 80_000_000);
    }

    [UnixFact]
    public async Task A_child_process_that_writes_a_hundred_megabytes_fails_its_cell()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n.ipynb", (
            "floods", "System.Diagnostics.Process.Start(\"/bin/sh\", [\"-c\", \"yes | head -c 100000000\"]).WaitForExit();"));
        var result = await NotebookRunner.RunAsync(path);
        Assert.Equal("cell floods: OutputLimit: The cell wrote more than 10,000,000 characters of output.", result.Failure!.ToString());
        Assert.True(result.Executed!.ToText().Length < 10_000);
    }

    [UnixFact]
    public async Task What_child_processes_write_counts_over_the_whole_cell()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(
            folder, "n.ipynb", ("floods", "for (var i = 0; i < 10; i++) { System.Diagnostics.Process.Start(\"/bin/sh\", [\"-c\", \"yes | head -c 2000000\"]).WaitForExit(); display(i); }"));
        var result = await NotebookRunner.RunAsync(path);
        Assert.Equal("cell floods: OutputLimit: The cell wrote more than 10,000,000 characters of output.", result.Failure!.ToString());
    }

    [Fact]
    public async Task A_process_that_ends_in_the_middle_of_a_message_is_a_failed_cell()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n.ipynb", (
            "ends",
            "var shown = display(\"\");\n"
            + "new System.Threading.Thread(() => { var text = new string('x', 5_000_000); while (true) { shown.Update(text); } }).Start();\n"
            + "System.Threading.Thread.Sleep(300);\n"
            + "System.Diagnostics.Process.GetCurrentProcess().Kill();"));
        var result = await NotebookRunner.RunAsync(path);
        Assert.Equal(("ends", "ProcessEnded"), (result.Failure!.CellId, result.Failure.Name));
    }

    [Fact]
    public async Task A_cancelled_execution_leaves_no_process()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n.ipynb", ("endless", WriteOwnId + "await System.Threading.Tasks.Task.Delay(-1);"));
        using var cancellation = new CancellationTokenSource();
        var run = NotebookRunner.RunAsync(path, cancellation: cancellation.Token);
        var worker = await IdAsync(folder, "id");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(await TestProcess.HasEndedAsync(worker));
    }

    [Fact]
    public async Task A_runner_that_is_killed_takes_its_workers_along()
    {
        using var folder = new TemporaryFolder();
        TestNotebook.Write(folder, "n.ipynb", ("endless", WriteOwnId + "while (true) { }"));
        using var runner = TestProcess.Start(folder.Path, "run", "n.ipynb");
        var worker = await IdAsync(folder, "id");
        runner.Kill();
        await runner.WaitForExitAsync();
        Assert.True(await TestProcess.HasEndedAsync(worker));
    }

    [UnixFact]
    public async Task An_interrupt_kills_the_workers_and_leaves_the_notebook_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n.ipynb", ("endless", WriteOwnId + "while (true) { }"));
        var before = File.ReadAllBytes(path);
        using var runner = TestProcess.Start(folder.Path, "run", "n.ipynb", "--update");
        var worker = await IdAsync(folder, "id");
        using var kill = System.Diagnostics.Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -INT {runner.Id}")]);
        await runner.WaitForExitAsync();
        Assert.Equal(130, runner.ExitCode);
        Assert.True(await TestProcess.HasEndedAsync(worker));
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Equal(["id", "n.ipynb"], Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order());
    }

    /// <summary>Runs a notebook whose cell <c>endless</c> never ends. On a busy machine the limit may be over before that cell has begun: then again with twice as much, up to eight times.</summary>
    private static async Task<(NotebookResult Result, int Limit)> RunToLimitAsync(string path, int limit, Func<TimeSpan, NotebookRunOptions> options, Func<bool>? hasBegun = null)
    {
        for (var most = 8 * limit; ; limit *= 2)
        {
            var result = await NotebookRunner.RunAsync(path, options(TimeSpan.FromSeconds(limit)));
            if (limit == most || (result.Failure?.CellId == "endless" && hasBegun?.Invoke() != false))
            {
                return (result, limit);
            }

            foreach (var written in Directory.GetFiles(Path.GetDirectoryName(path)!).Where(file => file != path))
            {
                File.Delete(written);
            }
        }
    }

    private static async Task<int> IdAsync(TemporaryFolder folder, string file) =>
        int.Parse(await TestProcess.WaitForTextAsync(folder.File(file)), NumberStyles.Integer | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
}
