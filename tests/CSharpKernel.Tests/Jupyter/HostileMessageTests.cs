using System.Text.Json.Nodes;

namespace CSharpKernel.Tests.Jupyter;

/// <summary>Messages that are not what they should be are dropped and counted, and the next honest one is served.</summary>
public sealed class HostileMessageTests
{
    [Fact]
    public async Task Forged_and_broken_messages_are_dropped_and_counted()
    {
        await using var kernel = await ScriptedKernel.StartAsync(options: new() { Clock = new StoppedClock() });
        await using var client = await kernel.ConnectAsync();
        await client.RequestAsync("kernel_info_request");
        var header = client.Header("evil", "execute_request");
        const string Content = """{"code":"evil"}""";
        List<string> replayed = JupyterClient.Sign("secret", client.Header("once", "execute_request"), "{}", "{}", """{"code":"once"}""");
        List<List<string>> bad =
        [
            JupyterClient.Sign("another key", header, "{}", "{}", Content),
            JupyterClient.Sign("", header, "{}", "{}", Content),
            [.. JupyterClient.Sign("secret", header, "{}", "{}", "{}")[..5], Content],
            JupyterClient.Sign("secret", header, "{}", "{}"),
            JupyterClient.Sign("secret", header, "{}", "{}", "{\"code\":"),
            JupyterClient.Sign("secret", header, "{}", "{}", "[\"evil\"]"),
            JupyterClient.Sign("secret", "{}", "{}", "{}", Content),
            [""],
            ["<IDS|MSG>"],
            ["no", "delimiter"],
            replayed,
            replayed,
        ];
        foreach (var channel in new[] { "shell", "control", "stdin" })
        {
            foreach (var frames in bad.Where(frames => frames != replayed || channel == "shell"))
            {
                client.Send(channel, frames);
            }
        }

        Assert.Equal("ok", (await client.ExecuteAsync("good")).Status);
        Assert.Equal("ok", (await client.RequestAsync("kernel_info_request", channel: "control")).Status);
        Assert.Equal(["once", "good"], kernel.Host.Ran.Select(cell => cell.Code));

        // The socket for answers has no replies to wait for.
        kernel.Host.OnAsync("ask", async cell => cell.Return(await cell.FrontEnd.AskAsync("?", false, cell.Interrupted) ?? "nobody"));
        var ask = client.SendCell("ask");
        await client.ReceiveAsync("stdin");
        client.Send("stdin", "input_reply", new JsonObject { ["value"] = "here" });
        Assert.Equal("execute_result 3 here", (await client.CompleteAsync(ask)).Lines[^2]);
        Assert.Equal((10 * 3) + 1, kernel.Server.DroppedMessages);
        var line = Assert.Single(kernel.Log.ToString().TrimEnd().Split('\n'));
        Assert.Matches("^A message to the (shell|control|stdin) port was dropped: .*[.] Dropped so far: 1[.]", line);
    }

    [Fact]
    public async Task Without_a_key_unsigned_messages_are_served()
    {
        await using var kernel = await ScriptedKernel.StartAsync(key: "");
        await using var client = await kernel.ConnectAsync();
        Assert.Equal("ok", (await client.ExecuteAsync("x")).Status);
    }

    [Fact]
    public async Task Contents_that_make_no_sense_are_answered_with_an_error_or_ignored()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        JsonNode?[] values = [null, 1e300, -1, "x", true, new JsonArray(1), new JsonObject { ["a"] = 1 }];
        string[] keys =
        [
            "code", "cursor_pos", "silent", "store_history", "user_expressions", "allow_stdin", "stop_on_error", "detail_level", "hist_access_type", "n", "session", "start", "stop",
            "pattern", "unique", "output", "comm_id", "seq", "command",
        ];
        string[] types = ["execute_request", "complete_request", "inspect_request", "is_complete_request", "history_request", "comm_info_request", "comm_open", "debug_request"];
        foreach (var value in values)
        {
            var content = new JsonObject(keys.Select(key => KeyValuePair.Create(key, value?.DeepClone())));
            foreach (var type in types)
            {
                await client.PublishedAsync(client.Send("shell", type, content, (JsonObject)content.DeepClone(), content.ToJsonString()));
            }
        }

        Assert.Equal(0, kernel.Server.DroppedMessages);
        Assert.Equal("ok", (await client.ExecuteAsync("good")).Status);
    }

    /// <summary>However slow the machine is, it is always the same moment.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
