using System.Text.Json.Nodes;
using CSharpKernel.Jupyter;
using CSharpKernel.Language;
using CSharpKernel.Tests.Zmtp;

namespace CSharpKernel.Tests.Jupyter;

/// <summary>What Visual Studio Code's Jupyter extension says to a kernel, in its order, with raw sockets and @jupyterlab/services.</summary>
public sealed class VisualStudioCodeTests
{
    [Fact]
    public Task Its_session_runs_from_start_to_end() => ReusedPort.TryAsync(RunSessionAsyncAsync);

    private static async Task RunSessionAsyncAsync()
    {
        var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.OnAsync("while (true) { }", cell => cell.WaitForInterruptAsync());
        kernel.Host.On("1+1", cell => cell.Return("2"));
        kernel.Host.Completion = (_, position, _) => Task.FromResult(new CompletionList(position - 2, position, [new("WriteLine", "method", "", "")]));
        var connection = kernel.Connection;
        await using var client = await JupyterClient.ConnectAsync(kernel.Connection, username: "2b0c8a4e-6a7b-4c1d-9e0f-3a5b7c9d1e2f");

        // Until a reply and something published have come, it asks on both channels again and again.
        var asked = new List<(string Channel, string Id)>();
        for (var i = 0; i < 3; i++)
        {
            asked.Add(("shell", client.Send("shell", "kernel_info_request")));
            asked.Add(("control", client.Send("control", "kernel_info_request")));
        }

        foreach (var (channel, id) in asked)
        {
            var reply = await client.ReceiveAsync(channel);
            Assert.Equal((id, "kernel_info_reply"), (reply.ParentId, reply.Type));
        }

        await client.ReceiveAsync("iopub", message => message.Type == "status" && asked.Any(request => request.Id == message.ParentId));

        // Cells bear the address of their document as id.
        var metadata = new JsonObject { ["cellId"] = "vscode-notebook-cell:/w/01-tokenizer.ipynb#X10sZmlsZQ%3D%3D" };
        var cell = await client.ExecuteAsync("1+1", new JsonObject { ["stop_on_error"] = false }, metadata);
        Assert.Equal(["status busy", "execute_input 1 1+1", "execute_result 1 2", "status idle"], cell.Lines);
        Assert.Equal("1", kernel.Host.Ran.Single().CellName);

        // The cursor counts UTF-16 units, also where it could be a number of code points.
        const string Code = "var s = \"🙂🙂\"; Console.Wr; s.Length";
        var cursor = Code.IndexOf("Wr", StringComparison.Ordinal) + 2;
        var completion = (await client.RequestAsync("complete_request", new JsonObject { ["code"] = Code, ["cursor_pos"] = cursor })).Reply.Content;
        Assert.Equal((cursor - 2, cursor), (completion.GetProperty("cursor_start").GetInt32(), completion.GetProperty("cursor_end").GetInt32()));

        // It interrupts, waits for the reply and then for the running cell's.
        var loop = client.SendCell("while (true) { }", new JsonObject { ["stop_on_error"] = false });
        await client.ReceiveAsync("iopub", message => message.Type == "execute_input" && message.ParentId == loop);
        Assert.Equal("interrupt_reply", (await client.RequestAsync("interrupt_request", channel: "control")).Reply.Type);
        Assert.Equal("Interrupted", (await client.ReceiveAsync("shell", message => message.ParentId == loop)).Text("ename"));

        // It restarts with a new process on the same connection file.
        Assert.Equal("ok", (await client.RequestAsync("shutdown_request", new JsonObject { ["restart"] = false }, "control")).Status);
        await kernel.Server.ShutdownRequested.WaitAsync(TimeSpan.FromSeconds(10));
        await kernel.DisposeAsync();
        var host = new ScriptedHost();
        await using var restarted = await KernelServer.StartAsync(connection, host, new KernelServerOptions());
        await using var again = await JupyterClient.ConnectAsync(connection);
        Assert.Equal("ok", (await again.RequestAsync("kernel_info_request", channel: "control")).Status);
        Assert.Equal("execute_input 1 1+1", (await again.ExecuteAsync("1+1")).Lines[1]);
    }
}
