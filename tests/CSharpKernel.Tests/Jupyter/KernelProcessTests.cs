using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using CSharpKernel.CommandLine;
using CSharpKernel.Jupyter;
using CSharpKernel.Tests.Running;

namespace CSharpKernel.Tests.Jupyter;

/// <summary>The kernel from end to end: its process, the process in which cells run, and how both end.</summary>
public sealed class KernelProcessTests
{
    [Fact]
    public async Task It_runs_cells_and_survives_them_and_ends_when_asked_and_leaves_nothing_behind()
    {
        using var folder = new TemporaryFolder();
        var (kernel, client) = await KernelProcess.StartAsync(folder);
        await using var _ = kernel;
        await using var __ = client;
        Assert.Equal("ok", (await client.RequestAsync("kernel_info_request")).Status);
        Assert.Equal("execute_result 1 我🙂3", (await client.ExecuteAsync("\"我🙂\" + (1 + 2)")).Lines[2]);
        Assert.Equal(["stream stdout hi\n", "stream stderr oh\n"], (await client.ExecuteAsync("Console.WriteLine(\"hi\"); Console.Error.WriteLine(\"oh\");")).Lines.Skip(2).SkipLast(1));
        var failed = await client.ExecuteAsync("\nthrow new FormatException(\"no\");", metadata: new JsonObject { ["cellId"] = "ch01-bad" });
        Assert.Equal("error System.FormatException no", Assert.Single(failed.Lines, line => line.StartsWith("error", StringComparison.Ordinal)));
        Assert.Contains("cell ch01-bad, line 2", failed.Reply.Content.GetProperty("traceback")[1].GetString(), StringComparison.Ordinal);
        Assert.EndsWith("does not exist in the current context", (await client.ExecuteAsync("undefined")).Reply.Text("evalue"), StringComparison.Ordinal);

        // A cell that ends its own process does not end the kernel, which goes on in another.
        var first = await WorkerIdAsync(client);
        var exit = await client.ExecuteAsync("Environment.Exit(3);");
        Assert.Equal("error", exit.Status);
        Assert.Single(exit.Lines, line => line.StartsWith("error ", StringComparison.Ordinal));
        var worker = await WorkerIdAsync(client);
        Assert.NotEqual(first, worker);

        var clock = Stopwatch.StartNew();
        Assert.Equal("ok", (await client.RequestAsync("shutdown_request", new JsonObject { ["restart"] = false }, "control")).Status);
        Assert.Equal(0, await kernel.WaitForExitAsync());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.True(await TestProcess.HasEndedAsync(worker));
        Assert.Contains("FormatException", await File.ReadAllTextAsync(folder.File("history.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_completes_explains_asks_updates_and_interrupts()
    {
        using var folder = new TemporaryFolder();
        var (kernel, client) = await KernelProcess.StartAsync(folder);
        await using var _ = kernel;
        await using var __ = client;
        await client.ExecuteAsync("var numbers = new List<int> { 1 };");

        var completion = (await client.RequestAsync("complete_request", new JsonObject { ["code"] = "\"🙂\"; numbers.AddR", ["cursor_pos"] = 17 })).Reply.Content;
        Assert.Equal("""["AddRange"]""", completion.GetProperty("matches").GetRawText());
        Assert.Equal((13, 17), (completion.GetProperty("cursor_start").GetInt32(), completion.GetProperty("cursor_end").GetInt32()));
        var inspection = (await client.RequestAsync("inspect_request", new JsonObject { ["code"] = "numbers.Add", ["cursor_pos"] = 9 })).Reply.Content;
        Assert.Contains("List<int>.Add(int item)", inspection.GetProperty("data").GetProperty("text/plain").GetString(), StringComparison.Ordinal);
        foreach (var (code, status) in new[] { ("numbers", "complete"), ("class A {", "incomplete"), ("}", "invalid") })
        {
            Assert.Equal(status, (await client.RequestAsync("is_complete_request", new JsonObject { ["code"] = code })).Status);
        }

        var question = client.SendCell("Console.Write(\"first \"); Console.ReadLine() + numbers[0]");
        Assert.Equal("input_request", (await client.ReceiveAsync("stdin")).Type);
        client.Send("stdin", "input_reply", new JsonObject { ["value"] = "我🙂" });
        Assert.Equal(["stream stdout first ", "execute_result 2 我🙂1"], (await client.CompleteAsync(question)).Lines.Skip(2).SkipLast(1));
        var shown = (await client.ExecuteAsync("var d = display(\"a\"); d.Update(\"b\"); Microsoft.DotNet.Interactive.Kernel.ClearOutput(wait: true);")).Lines;
        Assert.Matches("^display_data a as (.+) update_display_data b as \\1 clear_output True$", string.Join(' ', shown.Skip(2).SkipLast(1)));
        var expressions = (await client.ExecuteAsync("", new JsonObject { ["user_expressions"] = new JsonObject { ["n"] = "numbers.Count" } })).Reply.Content.GetProperty("user_expressions");
        Assert.Equal("1", expressions.GetProperty("n").GetProperty("data").GetProperty("text/plain").GetString());

        var loop = client.SendCell("var before = 5; while (true) { }");
        await client.ReceiveAsync("iopub", message => message.ParentId == loop && message.Type == "execute_input");
        Assert.NotEmpty((await client.RequestAsync("complete_request", new JsonObject { ["code"] = "numbers." })).Reply.Content.GetProperty("matches").EnumerateArray());
        Assert.Equal("ok", (await client.RequestAsync("interrupt_request", channel: "control")).Status);
        Assert.Equal("Interrupted", (await client.ReceiveAsync("shell", message => message.ParentId == loop)).Text("ename"));
        Assert.Equal("execute_result 6 1", (await client.ExecuteAsync("numbers.Count")).Lines[2]);
    }

    [UnixFact]
    public async Task Signals_interrupt_it_or_end_it_in_order()
    {
        using var folder = new TemporaryFolder();
        var (kernel, client) = await KernelProcess.StartAsync(folder);
        await using var _ = kernel;
        await using var __ = client;
        var worker = await WorkerIdAsync(client);

        // An interrupt ends nothing but a cell, if it comes to that.
        await SignalAsync("INT", kernel.Process.Id);
        await client.ExecuteAsync("System.Threading.Thread.Sleep(100);");
        Assert.Equal(worker, await WorkerIdAsync(client));

        var loop = client.SendCell("while (true) { }");
        await client.ReceiveAsync("iopub", message => message.ParentId == loop && message.Type == "execute_input");
        await SignalAsync("INT", kernel.Process.Id);
        Assert.Equal("Interrupted", (await client.CompleteAsync(loop)).Reply.Text("ename"));

        var sleep = client.SendCell("System.Threading.Thread.Sleep(-1);");
        await client.ReceiveAsync("iopub", message => message.ParentId == sleep && message.Type == "execute_input");
        await SignalAsync("TERM", kernel.Process.Id);
        Assert.Equal(0, await kernel.WaitForExitAsync());
        Assert.True(await TestProcess.HasEndedAsync(worker));
        Assert.NotEmpty(await File.ReadAllTextAsync(folder.File("history.jsonl")));
    }

    [UnixFact]
    public async Task It_does_as_its_options_say_and_ends_when_the_process_that_started_it_has_gone()
    {
        using var folder = new TemporaryFolder();
        using var parent = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "echo started; exec sleep 1000"]) { RedirectStandardOutput = true })!;
        await parent.StandardOutput.ReadLineAsync();
        var (kernel, client) = await KernelProcess.StartAsync(folder, command =>
        {
            command.Environment[ParentProcess.Variable] = parent.Id.ToString(CultureInfo.InvariantCulture);
            command.ArgumentList.Add(KernelCommand.PlainErrorsOption);
            command.ArgumentList.Add(KernelCommand.NoHistoryFileOption);
        });
        await using var _ = kernel;
        await using var __ = client;
        var worker = await WorkerIdAsync(client);
        Assert.StartsWith("[\"cell 2, line 1, column 1: error CS0103: ", (await client.ExecuteAsync("x")).Reply.Content.GetProperty("traceback").GetRawText(), StringComparison.Ordinal);
        parent.Kill();
        await parent.WaitForExitAsync();
        Assert.Equal(0, await kernel.WaitForExitAsync());
        Assert.True(await TestProcess.HasEndedAsync(worker));
        Assert.False(File.Exists(folder.File("history.jsonl")));
    }

    [Fact]
    public async Task A_connection_file_that_is_missing_or_wrong_is_one_line_and_an_exit_code()
    {
        using var folder = new TemporaryFolder();
        await FailsAsync(folder, ExitCodes.Usage, "connection.json");
        File.WriteAllText(folder.File("connection.json"), "{}");
        await FailsAsync(folder, ExitCodes.Usage, "it has no key");
        KernelProcess.WriteConnectionFile(folder, ip: "0.0.0.0");
        await FailsAsync(folder, ExitCodes.Usage, "--allow-other-interfaces");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line_and_an_exit_code()
    {
        using var folder = new TemporaryFolder();
        var connection = KernelProcess.WriteConnectionFile(folder);
        using var taken = new TcpListener(IPAddress.Loopback, connection.IopubPort);
        taken.Start();
        await FailsAsync(folder, ExitCodes.InternalError, connection.IopubPort.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task The_command_line_is_explained()
    {
        using var folder = new TemporaryFolder();
        var (code, output, _) = await TestProcess.RunAsync(folder.Path, "kernel", "--help");
        Assert.Equal(0, code);
        Assert.Contains("--connection-file", output, StringComparison.Ordinal);
        var (wrongCode, _, error) = await TestProcess.RunAsync(folder.Path, "kernel");
        Assert.Equal(ExitCodes.Usage, wrongCode);
        Assert.Contains("--connection-file", error, StringComparison.Ordinal);
    }

    private static async Task FailsAsync(TemporaryFolder folder, int exitCode, string complaint)
    {
        var (code, output, error) = await TestProcess.RunAsync(KernelProcess.Command(folder));
        Assert.Equal((exitCode, ""), (code, output));
        Assert.Contains(complaint, Assert.Single(error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<int> WorkerIdAsync(JupyterClient client)
    {
        var lines = (await client.ExecuteAsync("Environment.ProcessId")).Lines;
        return int.Parse(Assert.Single(lines, line => line.StartsWith("execute_result ", StringComparison.Ordinal)).Split(' ')[^1], CultureInfo.InvariantCulture);
    }

    private static async Task SignalAsync(string signal, int processId)
    {
        using var kill = Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {processId}")]);
        await kill.WaitForExitAsync();
    }
}
