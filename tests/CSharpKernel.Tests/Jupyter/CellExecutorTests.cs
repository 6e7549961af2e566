using System.Net;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using CSharpKernel.Jupyter;
using CSharpKernel.Zmtp;

namespace CSharpKernel.Tests.Jupyter;

public sealed class CellExecutorTests
{
    [Fact]
    public async Task Cells_that_are_still_on_their_way_when_one_fails_are_aborted_too()
    {
        await using var socket = RouterSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0), new ZmtpOptions());
        await using var host = new ScriptedHost();
        host.On("bad", cell => cell.Fail("E", "m"));
        var format = new MessageFormat(new MessageSignature(""));
        var published = Channel.CreateUnbounded<string>();
        var iopub = new IopubChannel(format, frames => published.Writer.TryWrite($"{ParentOf(frames)}: {Encoding.UTF8.GetString(frames[0].Span)} {StateOf(frames)}".TrimEnd()));
        using var stdin = new StdinChannel(socket, format, new DroppedMessages(TextWriter.Null, TimeProvider.System));
        var queue = Channel.CreateUnbounded<Request>();
        var settled = 0;
        var executor = new CellExecutor(host, queue.Reader, iopub, stdin, new History(null), isPlain: true, () =>
        {
            // What is read from the sockets meanwhile.
            settled++;
            queue.Writer.TryWrite(RequestOf("b"));
            return Task.CompletedTask;
        });

        Request RequestOf(string code)
        {
            var header = $$"""{"msg_id":"{{code}}","msg_type":"execute_request"}""";
            var frames = JupyterClient.Sign("", header, "{}", "{}", $$"""{"code":"{{code}}"}""").ConvertAll(Encoding.UTF8.GetBytes);
            Assert.Null(format.Read(frames, out var message));
            return new Request(message!, [1], socket, format);
        }

        queue.Writer.TryWrite(RequestOf("bad"));
        queue.Writer.TryWrite(RequestOf("a"));
        using var end = new CancellationTokenSource();
        var running = executor.RunAsync(end.Token);
        var seen = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            seen.Add(await published.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30)));
        }

        Assert.Equal(["bad: status busy", "bad: execute_input", "bad: error", "bad: status idle", "a: status busy", "a: status idle", "b: status busy", "b: status idle"], seen);
        Assert.Equal(("bad", 1), (host.Ran.Single().Code, settled));
        await end.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static string ParentOf(IReadOnlyList<ReadOnlyMemory<byte>> frames) => Field(frames[4], "msg_id");

    private static string StateOf(IReadOnlyList<ReadOnlyMemory<byte>> frames) => Field(frames[6], "execution_state");

    private static string Field(ReadOnlyMemory<byte> json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty(name, out var value) ? value.GetString()! : "";
    }
}
