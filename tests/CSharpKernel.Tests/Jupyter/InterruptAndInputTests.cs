using System.Text.Json.Nodes;
using CSharpKernel.Running;
using CSharpKernel.Tests.Zmtp;

namespace CSharpKernel.Tests.Jupyter;

/// <summary>Interrupts, the kernel's questions, and its end.</summary>
public sealed class InterruptAndInputTests
{
    [Theory]
    [InlineData("control")]
    [InlineData("shell")]
    public async Task An_interrupt_ends_the_cell_that_runs(string channel)
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.OnAsync("loop", cell => cell.WaitForInterruptAsync());
        await using var client = await kernel.ConnectAsync();
        var loop = client.SendCell("loop");
        await client.ReceiveAsync("iopub", message => message.Type == "execute_input");
        var interrupt = client.Send(channel, "interrupt_request");
        var replies = new List<string>();
        foreach (var from in new[] { channel, "shell" })
        {
            var reply = await client.ReceiveAsync(from);
            replies.Add($"{reply.Type} {reply.Text("status")} {reply.ParentId == (reply.Type == "interrupt_reply" ? interrupt : loop)}");
        }

        Assert.Equal(["execute_reply error True", "interrupt_reply ok True"], replies.Order());
        Assert.Equal("ok", (await client.ExecuteAsync("next")).Status);
    }

    [Fact]
    public async Task An_interrupt_when_nothing_runs_does_nothing()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(["status busy", "status idle"], (await client.RequestAsync("interrupt_request", channel: "control")).Lines);
        }

        Assert.Equal("ok", (await client.ExecuteAsync("next")).Status);
        Assert.Equal(3, kernel.Host.Interrupts);
    }

    [Fact]
    public async Task A_question_goes_to_the_one_who_sent_the_cell_and_the_answer_comes_back()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.OnAsync("ask", async cell =>
        {
            cell.Write("before\n");
            var name = await cell.FrontEnd.AskAsync("Name?", isPassword: false, cell.Interrupted);
            var word = await cell.FrontEnd.AskAsync("Word?", isPassword: true, cell.Interrupted);
            return cell.Return($"{name}, {word}");
        });
        await using var other = await kernel.ConnectAsync();
        await using var client = await kernel.ConnectAsync();
        var id = client.SendCell("ask");
        var first = await client.ReceiveAsync("stdin");
        Assert.Equal(("input_request", id, """{"prompt":"Name?","password":false}"""), (first.Type, first.ParentId, first.Content.GetRawText()));
        Assert.Equal("stream stdout before\n", (await client.ReceiveAsync("iopub", message => message.Type == "stream")).ToString());

        // Another client's answer, an answer to another question, and one without a value are none.
        other.Send("stdin", "input_reply", new JsonObject { ["value"] = "Eve" });
        client.Send("stdin", "input_reply", new JsonObject { ["value"] = "early" }, parent: """{"msg_id":"another"}""");
        client.Send("stdin", "input_reply", new JsonObject());
        client.Send("stdin", "input_reply", new JsonObject { ["value"] = "Ann\ud83d" });
        var second = await client.ReceiveAsync("stdin");
        Assert.Equal("""{"prompt":"Word?","password":true}""", second.Content.GetRawText());
        client.Send("stdin", "input_reply", new JsonObject { ["value"] = "secret" }, parent: $$"""{"msg_id":"{{second.Id}}"}""");
        var exchange = await client.CompleteAsync(id);
        Assert.Equal("execute_result 1 Ann\ufffd, secret", exchange.Lines[^2]);

        // Some clients answer the cell, and some name an empty message.
        var byCell = client.SendCell("ask");
        foreach (var parent in new[] { byCell, "" })
        {
            await client.ReceiveAsync("stdin");
            client.Send("stdin", "input_reply", new JsonObject { ["value"] = "yes" }, parent: $$"""{"msg_id":"{{parent}}"}""");
        }

        Assert.Equal("execute_result 2 yes, yes", (await client.CompleteAsync(byCell)).Lines[^2]);

        // Too late: nothing comes of it.
        client.Send("stdin", "input_reply", new JsonObject { ["value"] = "late" });
        Assert.Equal("ok", (await client.ExecuteAsync("next")).Status);
    }

    [Fact]
    public async Task Nobody_is_asked_where_the_client_takes_no_questions()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.OnAsync("ask", async cell => cell.Return(await cell.FrontEnd.AskAsync("?", false, cell.Interrupted) ?? "nobody"));
        await using var client = await kernel.ConnectAsync();
        Assert.Equal("execute_result 1 nobody", (await client.ExecuteAsync("ask", new JsonObject { ["allow_stdin"] = false })).Lines[^2]);
        await using var mute = await JupyterClient.ConnectAsync(kernel.Connection, withStdin: false);
        Assert.Equal("execute_result 2 nobody", (await mute.ExecuteAsync("ask")).Lines[^2]);
    }

    [Fact]
    public async Task A_question_that_waits_ends_with_an_interrupt_and_a_late_answer_is_dropped()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.OnAsync("ask", async cell =>
        {
            try
            {
                return cell.Return(await cell.FrontEnd.AskAsync("?", false, cell.Interrupted) ?? "nobody");
            }
            catch (OperationCanceledException)
            {
                return cell.Fail("Interrupted", "The cell was interrupted.", CellStatus.Interrupted);
            }
        });
        await using var client = await kernel.ConnectAsync();
        var id = client.SendCell("ask");
        var question = await client.ReceiveAsync("stdin");
        Assert.Equal("ok", (await client.RequestAsync("interrupt_request", channel: "control")).Status);
        Assert.Equal("Interrupted", (await client.ReceiveAsync("shell", message => message.ParentId == id)).Text("ename"));

        client.Send("stdin", "input_reply", new JsonObject { ["value"] = "late" }, parent: $$"""{"msg_id":"{{question.Id}}"}""");
        var again = client.SendCell("ask");
        await client.ReceiveAsync("stdin");
        client.Send("stdin", "input_reply", new JsonObject { ["value"] = "in time" });
        Assert.Equal("execute_result 2 in time", (await client.CompleteAsync(again)).Lines[^2]);
    }

    [Theory]
    [InlineData("control", false)]
    [InlineData("control", true)]
    [InlineData("shell", false)]
    public async Task A_shutdown_is_answered_and_published_and_then_it_ends(string channel, bool restarts)
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        Assert.False(kernel.Server.ShutdownRequested.IsCompleted);
        var exchange = await client.RequestAsync("shutdown_request", new JsonObject { ["restart"] = restarts }, channel);
        Assert.Equal($$"""{"status":"ok","restart":{{(restarts ? "true" : "false")}}}""", exchange.Reply.Content.GetRawText());
        Assert.Equal(["status busy", "shutdown_reply", "status idle"], exchange.Lines);
        await kernel.Server.ShutdownRequested.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_shutdown_in_the_middle_of_a_cell_does_not_wait_for_it()
    {
        var kernel = await ScriptedKernel.StartAsync();
        var mayEnd = new TaskCompletionSource();
        kernel.Host.OnAsync("slow", async _ =>
        {
            await mayEnd.Task;
            return ScriptedHost.Success;
        });
        await using var client = await kernel.ConnectAsync();
        client.SendCell("slow");
        await client.ReceiveAsync("iopub", message => message.Type == "execute_input");
        Assert.Equal("ok", (await client.RequestAsync("shutdown_request", channel: "control")).Status);
        await kernel.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        mayEnd.SetResult();
    }

    [Fact]
    public Task After_a_restart_a_new_kernel_serves_the_same_ports() => ReusedPort.TryAsync(RestartAsyncAsync);

    private static async Task RestartAsyncAsync()
    {
        var kernel = await ScriptedKernel.StartAsync();
        var connection = kernel.Connection;
        await using (var client = await kernel.ConnectAsync())
        {
            await client.ExecuteAsync("a");
            await client.RequestAsync("shutdown_request", new JsonObject { ["restart"] = true }, "control");
            await kernel.DisposeAsync();
        }

        var host = new ScriptedHost();
        await using var server = await CSharpKernel.Jupyter.KernelServer.StartAsync(connection, host, new());
        await using var again = await JupyterClient.ConnectAsync(connection);
        Assert.Equal("execute_input 1 b", (await again.ExecuteAsync("b")).Lines[1]);
    }
}
