using System.Text.Json;
using System.Text.Json.Nodes;
using CSharpKernel.Language;

namespace CSharpKernel.Tests.Jupyter;

/// <summary>Requests beside the cells.</summary>
public sealed class RequestTests
{
    [Theory]
    [InlineData("shell")]
    [InlineData("control")]
    public async Task The_kernel_says_what_it_is(string channel)
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        var exchange = await client.RequestAsync("kernel_info_request", channel: channel);
        Assert.Equal(["status busy", "status idle"], exchange.Lines);
        var content = exchange.Reply.Content;
        Assert.Equal(("kernel_info_reply", "ok", "5.5"), (exchange.Reply.Type, exchange.Status, exchange.Reply.Text("protocol_version")));
        Assert.Equal(
            """{"name":"C#","version":"14.0","mimetype":"text/x-csharp","file_extension":".cs","pygments_lexer":"csharp","codemirror_mode":"text/x-csharp"}""",
            content.GetProperty("language_info").GetRawText());
        Assert.Equal(JsonValueKind.String, content.GetProperty("implementation_version").ValueKind);
        Assert.Contains("C#", exchange.Reply.Text("banner"), StringComparison.Ordinal);
        Assert.All(content.GetProperty("help_links").EnumerateArray(), link => Assert.StartsWith("https://", link.GetProperty("url").GetString(), StringComparison.Ordinal));
        Assert.Equal("[]", content.GetProperty("supported_features").GetRawText());
    }

    [Fact]
    public async Task Chapters_say_the_same_about_the_language()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        var said = (await client.RequestAsync("kernel_info_request")).Reply.Content.GetProperty("language_info");
        using var chapter = JsonDocument.Parse(await File.ReadAllTextAsync(TransformerTutorial.Testing.Repository.PathOf("notebooks", "01-tokenizer.ipynb")));
        foreach (var property in chapter.RootElement.GetProperty("metadata").GetProperty("language_info").EnumerateObject())
        {
            Assert.Equal(property.Value.GetString(), said.GetProperty(property.Name).GetString());
        }
    }

    [Fact]
    public async Task A_client_that_connects_is_welcomed_and_learns_of_the_start()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        var starting = await client.ReceiveAsync("iopub");
        Assert.Equal(("status starting", null, "{}"), (starting.ToString(), starting.ParentId, starting.RawParent));

        // Once for all clients.
        await using var other = await kernel.ConnectAsync();
        var exchange = await other.RequestAsync("kernel_info_request");
        Assert.Equal(["status busy", "status idle"], exchange.Lines);
    }

    [Fact]
    public async Task Completions_have_a_range_in_code_points_and_their_kinds()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.Completion = (code, position, _) => Task.FromResult(new CompletionList(
            code.LastIndexOf('.') + 1, position, [new("Length", "property", "int string.Length", "How long it is."), new("Last", "method", "", "")]));
        await using var client = await kernel.ConnectAsync();
        var exchange = await client.RequestAsync("complete_request", new JsonObject { ["code"] = "\"🙂\".Le", ["cursor_pos"] = 6 });
        Assert.Equal(["status busy", "status idle"], exchange.Lines);
        Assert.Equal(
            """
            {"status":"ok","matches":["Length","Last"],"cursor_start":4,"cursor_end":6,"metadata":{"_jupyter_types_experimental":[
            {"text":"Length","type":"property","signature":"int string.Length","documentation":"How long it is.","start":4,"end":6},
            {"text":"Last","type":"method","signature":"","documentation":"","start":4,"end":6}]}}
            """.ReplaceLineEndings(""),
            exchange.Reply.Content.GetRawText());
    }

    [Fact]
    public async Task Completions_for_a_client_that_counts_units_are_in_units()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.Completion = (code, position, _) => Task.FromResult(new CompletionList(code.LastIndexOf('.') + 1, position, [new("Length", "property", "", "")]));
        await using var client = await kernel.ConnectAsync();
        var reply = (await client.RequestAsync("complete_request", new JsonObject { ["code"] = "\"🙂\".Le", ["cursor_pos"] = 7 })).Reply.Content;
        Assert.Equal((5, 7), (reply.GetProperty("cursor_start").GetInt32(), reply.GetProperty("cursor_end").GetInt32()));
    }

    [Fact]
    public async Task Inspection_finds_or_does_not()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        var found = await client.RequestAsync("inspect_request", new JsonObject { ["code"] = "🙂known", ["cursor_pos"] = 3, ["detail_level"] = 1 });
        Assert.Equal("""{"status":"ok","found":true,"data":{"text/plain":"4 True","text/markdown":"**known**"},"metadata":{}}""", found.Reply.Content.GetRawText());
        var missing = await client.RequestAsync("inspect_request", new JsonObject { ["code"] = "x" });
        Assert.Equal("""{"status":"ok","found":false,"data":{},"metadata":{}}""", missing.Reply.Content.GetRawText());
    }

    [Theory]
    [InlineData("1", """{"status":"complete"}""")]
    [InlineData("if (x) {", """{"status":"incomplete","indent":"    "}""")]
    [InlineData("!", """{"status":"invalid"}""")]
    public async Task Completeness_is_told(string code, string reply)
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        Assert.Equal(reply, (await client.RequestAsync("is_complete_request", new JsonObject { ["code"] = code })).Reply.Content.GetRawText());
    }

    [Fact]
    public async Task Requests_are_answered_while_a_cell_runs_and_the_kernel_is_shown_busy_all_the_time()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        var mayEnd = new TaskCompletionSource();
        kernel.Host.OnAsync("slow", async _ =>
        {
            await mayEnd.Task;
            return ScriptedHost.Success;
        });
        await using var client = await kernel.ConnectAsync();
        var cell = client.SendCell("slow");
        await client.ReceiveAsync("iopub", message => message.Type == "execute_input");
        foreach (var (type, channel) in new[] { ("complete_request", "shell"), ("inspect_request", "shell"), ("is_complete_request", "shell"), ("kernel_info_request", "control"), ("comm_info_request", "shell") })
        {
            var id = client.Send(channel, type, new JsonObject { ["code"] = "x" });
            Assert.Equal(id, (await client.ReceiveAsync(channel)).ParentId);
            var seen = new List<string>();
            for (var i = 0; i < 3; i++)
            {
                var message = await client.ReceiveAsync("iopub");
                seen.Add($"{message} of {(message.ParentId == cell ? "cell" : message.ParentId == id ? "request" : "other")}");
            }

            Assert.Equal(["status busy of request", "status idle of request", "status busy of cell"], seen);
        }

        mayEnd.SetResult();
        Assert.Equal("ok", (await client.CompleteAsync(cell)).Status);

        // Afterwards it is idle again, and stays so.
        var last = client.Send("control", "kernel_info_request");
        client.Send("control", "interrupt_request");
        List<ReceivedMessage> published = [await client.ReceiveAsync("iopub"), await client.ReceiveAsync("iopub"), await client.ReceiveAsync("iopub")];
        Assert.Equal(["status busy", "status idle", "status busy"], published.Select(message => message.ToString()));
        Assert.Equal([true, true, false], published.Select(message => message.ParentId == last));
        Assert.DoesNotContain(published, message => message.ParentId == cell);
    }

    [Fact]
    public async Task What_fails_is_an_error_reply()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.Completion = (_, _, _) => throw new InvalidOperationException("no idea");
        await using var client = await kernel.ConnectAsync();
        var failed = await client.RequestAsync("complete_request", new JsonObject { ["code"] = "x" });
        Assert.Equal(("error", "no idea"), (failed.Status, failed.Reply.Text("evalue")));
        Assert.Equal(["status busy", "status idle"], failed.Lines);
        var invalid = await client.RequestAsync("inspect_request", new JsonObject { ["code"] = 1 });
        Assert.Equal(("error", "InvalidRequest"), (invalid.Status, invalid.Reply.Text("ename")));
        Assert.Equal("ok", (await client.RequestAsync("kernel_info_request")).Status);
    }

    [Fact]
    public async Task There_are_no_comms_and_one_that_is_opened_is_closed()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        Assert.Equal("""{"status":"ok","comms":{}}""", (await client.RequestAsync("comm_info_request")).Reply.Content.GetRawText());
        foreach (var type in new[] { "comm_open", "comm_msg" })
        {
            var published = await client.PublishedAsync(client.Send("shell", type, new JsonObject { ["comm_id"] = "c1", ["target_name"] = "jupyter.widget", ["data"] = new JsonObject() }));
            Assert.Equal(["status busy", "comm_close", "status idle"], published.Select(message => message.ToString()));
            Assert.Equal("""{"comm_id":"c1","data":{}}""", published[1].Content.GetRawText());
        }

        Assert.Equal(2, (await client.PublishedAsync(client.Send("shell", "comm_close", new JsonObject { ["comm_id"] = "c1" }))).Count);
    }

    [Fact]
    public async Task Debugging_is_declined()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        var request = new JsonObject { ["type"] = "request", ["seq"] = 4, ["command"] = "debugInfo" };
        var reply = (await client.RequestAsync("debug_request", request, "control")).Reply;
        Assert.Equal(("debug_reply", "error", 4, "debugInfo"), (reply.Type, reply.Text("status"), reply.Content.GetProperty("request_seq").GetInt32(), reply.Text("command")));
        Assert.False(reply.Content.GetProperty("success").GetBoolean());
    }

    [Theory]
    [InlineData("shell")]
    [InlineData("control")]
    public async Task An_unknown_message_is_nothing_but_a_moment_of_work(string channel)
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        var published = await client.PublishedAsync(client.Send(channel, "future_request"));
        Assert.Equal(["status busy", "status idle"], published.Select(message => message.ToString()));
        Assert.Equal("kernel_info_reply", (await client.RequestAsync("kernel_info_request", channel: channel)).Reply.Type);
    }

    [Fact]
    public async Task Two_clients_get_their_own_replies_and_all_that_is_published()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("x", cell => cell.Return("1"));
        await using var first = await kernel.ConnectAsync();
        await using var second = await kernel.ConnectAsync();
        var id = first.SendCell("x");
        Assert.Equal("execute_result 1 1", (await second.PublishedAsync(id))[2].ToString());
        Assert.Equal("kernel_info_reply", (await second.RequestAsync("kernel_info_request")).Reply.Type);
        Assert.Equal("execute_reply", (await first.CompleteAsync(id)).Reply.Type);
    }

    [Fact]
    public async Task A_client_that_comes_back_in_the_middle_of_a_cell_gets_the_rest()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        var mayEnd = new TaskCompletionSource();
        kernel.Host.OnAsync("slow", async cell =>
        {
            await mayEnd.Task;
            return cell.Return("done");
        });
        string id;
        await using (var first = await kernel.ConnectAsync("the client"))
        {
            id = first.SendCell("slow");
            await first.ReceiveAsync("iopub", message => message.Type == "execute_input");
        }

        await using var again = await kernel.ConnectAsync("the client");
        mayEnd.SetResult();
        var exchange = await again.CompleteAsync(id);
        Assert.Equal(("ok", "execute_result 1 done"), (exchange.Status, exchange.Lines[0]));
    }
}
