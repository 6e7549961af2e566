using System.Globalization;
using System.Text.Json.Nodes;
using CSharpKernel.Jupyter;
using CSharpKernel.Running;
using CSharpKernel.Scripting;
using CSharpKernel.Tests.Zmtp;

namespace CSharpKernel.Tests.Jupyter;

/// <summary>What a cell leads to, message by message.</summary>
public sealed class ExecutionTests
{
    [Fact]
    public async Task A_cell_is_busy_then_shown_then_answered_then_idle()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("6*7", cell =>
        {
            cell.Write("working\n");
            cell.Write("hm\n", "stderr");
            cell.Show("picture", "d1");
            cell.FrontEnd.Emit(new UpdateOutput([new("text/plain", "better")], "d1"));
            cell.FrontEnd.Emit(new ClearOutput(true));
            return cell.Return("42");
        });
        await using var client = await kernel.ConnectAsync();
        var exchange = await client.ExecuteAsync("6*7", metadata: new JsonObject { ["cellId"] = "ch01-answer" });
        Assert.Equal(
            [
                "status busy", "execute_input 1 6*7", "stream stdout working\n", "stream stderr hm\n", "display_data picture as d1", "update_display_data better as d1",
                "clear_output True", "execute_result 1 42", "status idle",
            ],
            exchange.Lines);
        Assert.Equal("execute_reply", exchange.Reply.Type);
        Assert.Equal("""{"status":"ok","payload":[],"user_expressions":{},"execution_count":1}""", exchange.Reply.Content.GetRawText());
        Assert.Equal("ch01-answer", kernel.Host.Ran.Single().CellName);
        Assert.Equal("<b>42</b>", exchange.Published[^2].Content.GetProperty("data").GetProperty("text/html").GetString());
    }

    [Fact]
    public async Task Everything_bears_the_requests_own_header()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("x", cell => cell.Return("1"));
        await using var client = await kernel.ConnectAsync();
        var exchange = await client.ExecuteAsync("x");
        var header = client.Header(exchange.Reply.ParentId!, "execute_request");
        Assert.All([exchange.Reply, .. exchange.Published], message => Assert.Equal(header, message.RawParent));
        Assert.Equal(5, exchange.Published.Append(exchange.Reply).Select(message => message.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_failed_cell_has_one_error_and_the_reply_says_the_same()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("bad", cell =>
        {
            cell.Write("before");
            return cell.Fail("System.Exception", "no \ud83d");
        });
        await using var client = await kernel.ConnectAsync();
        var exchange = await client.ExecuteAsync("bad");
        Assert.Equal(["status busy", "execute_input 1 bad", "stream stdout before", "error System.Exception no \ufffd", "status idle"], exchange.Lines);
        var error = exchange.Published[^2].Content;
        Assert.Equal(["ename", "evalue", "traceback"], error.EnumerateObject().Select(property => property.Name));
        Assert.Equal("   at \u001b[36mcell 1, line 1\u001b[0m", error.GetProperty("traceback")[1].GetString());
        Assert.Equal(("error", 1), (exchange.Status, exchange.Reply.Content.GetProperty("execution_count").GetInt32()));
        foreach (var name in new[] { "ename", "evalue", "traceback" })
        {
            Assert.Equal(error.GetProperty(name).GetRawText(), exchange.Reply.Content.GetProperty(name).GetRawText());
        }
    }

    [Fact]
    public async Task Errors_are_plain_when_asked()
    {
        await using var kernel = await ScriptedKernel.StartAsync(options: new KernelServerOptions { PlainErrors = true });
        kernel.Host.On("bad", cell => cell.Fail("E", "m"));
        await using var client = await kernel.ConnectAsync();
        Assert.Equal("""["E: m","   at cell 1, line 1"]""", (await client.ExecuteAsync("bad")).Reply.Content.GetProperty("traceback").GetRawText());
    }

    [Fact]
    public async Task A_host_that_fails_is_an_error_of_the_cell()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("bad", _ => throw new InvalidOperationException("The process could not be started."));
        await using var client = await kernel.ConnectAsync();
        Assert.Equal("error InvalidOperationException The process could not be started.", (await client.ExecuteAsync("bad")).Lines[^2]);
        Assert.Equal("ok", (await client.ExecuteAsync("good")).Status);
    }

    [Fact]
    public async Task A_silent_cell_shows_and_counts_nothing()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("x", cell =>
        {
            cell.Write("text");
            return cell.Return("1");
        });
        kernel.Host.On("bad", cell => cell.Fail("E", "m"));
        await using var client = await kernel.ConnectAsync();
        var silent = new JsonObject { ["silent"] = true };
        Assert.Equal(["status busy", "status idle"], (await client.ExecuteAsync("x", silent)).Lines);
        var failed = await client.ExecuteAsync("bad", silent);
        Assert.Equal(["status busy", "status idle"], failed.Lines);
        Assert.Equal(("error", "m"), (failed.Status, failed.Reply.Text("evalue")));
        Assert.Equal("execute_input 1 x", (await client.ExecuteAsync("x")).Lines[1]);
        var history = await client.RequestAsync("history_request", new JsonObject { ["hist_access_type"] = "tail", ["n"] = 10 });
        Assert.Equal("""[[1,1,"x"]]""", history.Reply.Content.GetProperty("history").GetRawText());
    }

    [Fact]
    public async Task A_silent_cell_that_fails_takes_no_others_along()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        var mayEnd = new TaskCompletionSource();
        kernel.Host.OnAsync("bad", async cell =>
        {
            await mayEnd.Task;
            return cell.Fail("E", "m");
        });
        await using var client = await kernel.ConnectAsync();
        var bad = client.SendCell("bad", new JsonObject { ["silent"] = true });
        var next = client.SendCell("next");

        // What has been answered was sent after the cell, which has then arrived.
        var asked = client.Send("shell", "kernel_info_request");
        await client.ReceiveAsync("shell", message => message.ParentId == asked);
        mayEnd.SetResult();
        Assert.Equal(["error", "ok"], [(await client.CompleteAsync(bad)).Status, (await client.CompleteAsync(next)).Status]);
    }

    [Fact]
    public async Task A_cell_that_cannot_be_answered_costs_itself_only()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("bad", _ => new(CellStatus.Succeeded, new Dictionary<string, CellOutput> { ["x"] = new StreamOutput("stdout", "no value") }));
        await using var client = await kernel.ConnectAsync();
        var bad = await client.ExecuteAsync("bad");
        Assert.Equal(("error", "ArgumentException"), (bad.Status, bad.Reply.Text("ename")));
        Assert.Equal("ok", (await client.ExecuteAsync("good")).Status);
        Assert.False(kernel.Server.ShutdownRequested.IsCompleted);
    }

    [Fact]
    public async Task Large_cells_that_wait_are_bounded_by_their_bytes_and_interrupts_are_served_meanwhile()
    {
        const int Megabyte = 1_000_000;
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.OnAsync("loop", cell => cell.WaitForInterruptAsync());
        await using var client = await kernel.ConnectAsync();
        var loop = client.SendCell("loop", new JsonObject { ["stop_on_error"] = false });
        await client.ReceiveAsync("iopub", message => message.Type == "execute_input");
        var large = new JsonObject { ["waste"] = new string('x', Megabyte) };
        var last = "";
        for (var i = 1; i <= 80; i++)
        {
            last = client.SendCell("next", large);
            await HostileTests.WaitUntilAsync(() => kernel.Server.WaitingBytes >= Megabyte * Math.Min(i, 60L));
        }

        await Task.Delay(TimeSpan.FromSeconds(0.5));
        Assert.InRange(kernel.Server.WaitingBytes, 60L * Megabyte, 64L * 1024 * 1024);
        Assert.Equal("ok", (await client.RequestAsync("interrupt_request", channel: "control")).Status);
        Assert.Equal("Interrupted", (await client.ReceiveAsync("shell", message => message.ParentId == loop)).Text("ename"));
        Assert.Equal("ok", (await client.CompleteAsync(last)).Status);
        Assert.Equal(81, kernel.Host.Ran.Count);
        Assert.Equal(0, kernel.Server.WaitingBytes);
    }

    [Fact]
    public async Task A_cell_that_is_not_to_be_remembered_is_shown_and_does_not_count()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        await client.ExecuteAsync("a");
        var exchange = await client.ExecuteAsync("b", new JsonObject { ["store_history"] = false });
        Assert.Equal("execute_input 1 b", exchange.Lines[1]);
        Assert.Equal(1, exchange.Reply.Content.GetProperty("execution_count").GetInt32());
        Assert.Equal("execute_input 2 c", (await client.ExecuteAsync("c")).Lines[1]);
        var history = await client.RequestAsync("history_request", new JsonObject { ["hist_access_type"] = "tail", ["n"] = 10 });
        Assert.Equal("""[[1,1,"a"],[1,2,"c"]]""", history.Reply.Content.GetProperty("history").GetRawText());
    }

    [Fact]
    public async Task Expressions_have_values_or_errors()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("x", cell => new CellConclusion(CellStatus.Succeeded, cell.Request.UserExpressions.ToDictionary(
            entry => entry.Key,
            CellOutput (entry) => entry.Value == "good" ? new DisplayOutput([new("text/plain", "7")], null, true) : new ErrorOutput("E", "m", ["t"], 0, 0))));
        await using var client = await kernel.ConnectAsync();
        var exchange = await client.ExecuteAsync("x", new JsonObject { ["user_expressions"] = new JsonObject { ["a"] = "good", ["b"] = "bad", ["c"] = 5 } });
        Assert.Equal(
            """{"a":{"status":"ok","data":{"text/plain":"7"},"metadata":{}},"b":{"status":"error","ename":"E","evalue":"m","traceback":["t"]}}""",
            exchange.Reply.Content.GetProperty("user_expressions").GetRawText());
    }

    [Fact]
    public async Task Json_is_sent_as_json_and_what_is_none_is_left_out_and_said()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("x", cell =>
        {
            cell.FrontEnd.Emit(new DisplayOutput([new("application/json", "{\"a\": [1.50]}"), new("application/vnd.x+json", "{"), new("text/plain", "t")], null, false));
            return ScriptedHost.Success;
        });
        await using var client = await kernel.ConnectAsync();
        var published = (await client.ExecuteAsync("x")).Published;
        Assert.StartsWith("stream stderr The value displayed as application/vnd.x+json is not JSON: line 1, column 2", published[2].ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"application/json":{"a":[1.50]},"text/plain":"t"}""", published[3].Content.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task A_flood_of_small_texts_becomes_few_messages_and_keeps_its_order()
    {
        const int Pieces = 1_000_000;
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("flood", cell =>
        {
            for (var i = 0; i < Pieces; i++)
            {
                cell.Write(i % 1000 == 999 ? "\n" : "x");
            }

            cell.Write("error", "stderr");
            cell.Write("last");
            return ScriptedHost.Success;
        });
        await using var client = await kernel.ConnectAsync();
        var streams = (await client.ExecuteAsync("flood")).Published.Where(message => message.Type == "stream").ToList();
        Assert.InRange(streams.Count, 3, 1000);
        Assert.Equal(["stream stderr error", "stream stdout last"], streams[^2..].Select(message => message.ToString()));
        Assert.Equal(string.Concat(Enumerable.Repeat(new string('x', 999) + "\n", Pieces / 1000)), string.Concat(streams[..^2].Select(message => message.Text("text"))));
    }

    [Fact]
    public async Task A_text_is_shown_while_the_cell_runs_but_never_half_a_character()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        var firstHalf = new TaskCompletionSource();
        var secondHalf = new TaskCompletionSource();
        kernel.Host.OnAsync("slow", async cell =>
        {
            cell.Write("a🙂"[..2]);
            await firstHalf.Task;
            cell.Write("🙂b"[1..]);
            await secondHalf.Task;
            cell.Write("🙂"[..1]);
            return ScriptedHost.Success;
        });
        await using var client = await kernel.ConnectAsync();
        var id = client.SendCell("slow");
        Assert.Equal("stream stdout a", (await client.ReceiveAsync("iopub", message => message.Type == "stream")).ToString());
        firstHalf.SetResult();
        Assert.Equal("stream stdout 🙂b", (await client.ReceiveAsync("iopub", message => message.Type == "stream")).ToString());
        secondHalf.SetResult();
        Assert.Equal(["stream stdout \ufffd", "status idle"], (await client.CompleteAsync(id)).Lines);
    }

    [Fact]
    public async Task A_failed_cell_takes_along_those_that_had_arrived_and_no_later_one()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        var mayFail = new TaskCompletionSource();
        kernel.Host.OnAsync("bad", async cell =>
        {
            await mayFail.Task;
            return cell.Fail("E", "m");
        });
        await using var client = await kernel.ConnectAsync();
        var bad = client.SendCell("bad");
        string[] waiting = [client.SendCell("a"), client.SendCell("b", new JsonObject { ["stop_on_error"] = false }), client.SendCell("c")];

        // What is answered was sent after them on the same socket: they have arrived.
        var behind = client.Send("shell", "kernel_info_request");
        await client.ReceiveAsync("shell", message => message.ParentId == behind);
        mayFail.SetResult();
        await client.ReceiveAsync("iopub", message => message.Type == "error");
        var later = client.SendCell("later");
        Assert.Equal("error", (await client.CompleteAsync(bad)).Status);
        foreach (var id in waiting)
        {
            var aborted = await client.CompleteAsync(id);
            Assert.Equal(("aborted", 1), (aborted.Status, aborted.Reply.Content.GetProperty("execution_count").GetInt32()));
            Assert.Equal(["status busy", "status idle"], aborted.Lines);
        }

        var last = await client.CompleteAsync(later);
        Assert.Equal(("ok", "execute_input 2 later"), (last.Status, last.Lines[1]));
        Assert.Equal(["bad", "later"], kernel.Host.Ran.Select(cell => cell.Code));
    }

    [Fact]
    public async Task A_failed_cell_takes_along_none_where_it_says_so()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("bad", cell => cell.Fail("E", "m"));
        await using var client = await kernel.ConnectAsync();
        var bad = client.SendCell("bad", new JsonObject { ["stop_on_error"] = false });
        var next = client.SendCell("next");
        Assert.Equal("error", (await client.CompleteAsync(bad)).Status);
        Assert.Equal("ok", (await client.CompleteAsync(next)).Status);
    }

    [Fact]
    public async Task A_thousand_cells_at_once_run_in_their_order()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        var ids = Enumerable.Range(0, 1000).Select(i => client.SendCell($"cell {i}")).ToList();
        var infos = Enumerable.Range(0, 100).Select(_ => client.Send("shell", "kernel_info_request")).ToHashSet();
        var executed = new List<string>();
        while (executed.Count < ids.Count || infos.Count > 0)
        {
            var reply = await client.ReceiveAsync("shell");
            if (!infos.Remove(reply.ParentId!))
            {
                executed.Add(reply.ParentId!);
                Assert.Equal(executed.Count, reply.Content.GetProperty("execution_count").GetInt32());
            }
        }

        Assert.Equal(ids, executed);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"cell {i}"), kernel.Host.Ran.Select(cell => cell.Code));
    }

    [Fact]
    public async Task A_process_that_had_to_be_started_again_is_told_by_the_error_alone()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("exit", cell => cell.Fail("ProcessEnded", "The process ended.", CellStatus.Restarted));
        await using var client = await kernel.ConnectAsync();
        Assert.Equal(["status busy", "execute_input 1 exit", "error ProcessEnded The process ended.", "status idle"], (await client.ExecuteAsync("exit")).Lines);
        var next = client.SendCell("next");
        var following = await client.ReceiveAsync("iopub");
        Assert.Equal(("status", next), (following.Type, following.ParentId));
        Assert.Equal("ok", (await client.ReceiveAsync("shell", message => message.ParentId == next)).Text("status"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"code":5}""")]
    [InlineData("""{"code":null,"silent":"x"}""")]
    public async Task A_request_without_code_is_an_error_and_no_more(string content)
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        var exchange = await client.RequestAsync("execute_request", (JsonObject)JsonNode.Parse(content)!);
        Assert.Equal(("error", "InvalidRequest"), (exchange.Status, exchange.Reply.Text("ename")));
        Assert.Equal("ok", (await client.ExecuteAsync("x")).Status);
    }

    [Fact]
    public async Task Fields_that_are_missing_have_their_standard_values_and_unknown_ones_are_ignored()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        var exchange = await client.RequestAsync("execute_request", new JsonObject { ["code"] = "x", ["unknown"] = new JsonArray(1), ["user_expressions"] = 7 });
        Assert.Equal(("ok", "execute_input 1 x"), (exchange.Status, exchange.Lines[1]));
    }

    [Fact]
    public async Task A_value_is_in_the_history()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        kernel.Host.On("x", cell => cell.Return("42"));
        await using var client = await kernel.ConnectAsync();
        await client.ExecuteAsync("x");
        var reply = (await client.RequestAsync("history_request", new JsonObject { ["hist_access_type"] = "search", ["pattern"] = "x*", ["output"] = true })).Reply;
        Assert.Equal("""[[1,1,["x","42"]]]""", reply.Content.GetProperty("history").GetRawText());
        Assert.Equal("error", (await client.RequestAsync("history_request", new JsonObject { ["hist_access_type"] = "other" })).Status);
    }

    [Fact]
    public async Task The_reply_says_when_the_cell_began()
    {
        await using var kernel = await ScriptedKernel.StartAsync();
        await using var client = await kernel.ConnectAsync();
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var started = (await client.ExecuteAsync("x")).Reply.Metadata.GetProperty("started").GetString()!;
        Assert.InRange(DateTimeOffset.Parse(started, CultureInfo.InvariantCulture), before, DateTimeOffset.UtcNow.AddSeconds(1));
    }
}
