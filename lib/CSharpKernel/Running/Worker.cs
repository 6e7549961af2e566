using System.Globalization;
using System.IO.Pipes;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CSharpKernel.Scripting;

namespace CSharpKernel.Running;

/// <summary>The child process that executes one notebook's cells as the runner asks for them.</summary>
/// <remarks>It ends when its pipe to the runner closes, whatever a cell is doing then, and takes along everything that the cells started.</remarks>
internal static class Worker
{
    /// <summary>The name of the command that makes this program a worker.</summary>
    public const string CommandName = "worker";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Connects to the runner's pipe and serves it. Does not return before the runner has gone.</summary>
    public static async Task<int> RunAsync(string pipeName)
    {
        ProcessTree.BecomeGroupLeader();
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;

        // Taken before the session puts its own writers in the console's place.
        using var standardOutput = Console.OpenStandardOutput();
        using var standardError = Console.OpenStandardError();

        using var pipe = new NamedPipeClientStream(".", pipeName, PipeDirection.InOut, PipeOptions.Asynchronous);
        await pipe.ConnectAsync(10_000).ConfigureAwait(false);
        var requests = Channel.CreateUnbounded<JsonObject>();
        _ = Task.Factory.StartNew(() => ReadRequests(pipe, requests.Writer), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        var start = await requests.Reader.ReadAsync().ConfigureAwait(false);
        var marker = Utf8.GetBytes(WorkerMessage.Text(start, "marker"));
        await using var writer = new StreamWriter(pipe, Utf8, 32 * 1024, leaveOpen: true) { NewLine = "\n", AutoFlush = true };
        using var session = new ScriptSession(new ScriptSessionOptions
        {
            WorkingDirectory = Environment.CurrentDirectory,
            ShadowCopyFolder = WorkerMessage.Text(start, "shadowFolder"),
            MaximumOutputCharacters = start["limit"]!.GetValue<long>(),
        });

        await foreach (var request in requests.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            // The session calls back from one thread at a time, and not once the cell has ended.
            void Send(CellOutput output) => writer.WriteLine(WorkerMessage.ToLine(WorkerMessage.FromOutput(output)));
            var succeeded = await session
                .ExecuteAsync(WorkerMessage.Text(request, "code"), WorkerMessage.Text(request, "cell"), Send, CancellationToken.None)
                .ConfigureAwait(false);
            WriteMarker(standardOutput, marker);
            WriteMarker(standardError, marker);
            var done = new JsonObject { ["type"] = WorkerMessage.Done, ["succeeded"] = succeeded };
            await writer.WriteLineAsync(WorkerMessage.ToLine(done)).ConfigureAwait(false);
        }

        return 0;
    }

    private static void ReadRequests(Stream pipe, ChannelWriter<JsonObject> requests)
    {
        try
        {
            using var reader = new StreamReader(pipe, Utf8, leaveOpen: true);
            while (reader.ReadLine() is { } line)
            {
                requests.TryWrite(WorkerMessage.FromLine(line));
            }
        }
        catch (IOException)
        {
            // As good as closed.
        }

        ProcessTree.KillSelf();
    }

    private static void WriteMarker(Stream stream, byte[] marker)
    {
        try
        {
            stream.Write(marker);
            stream.Flush();
        }
        catch (IOException)
        {
            // The cell has closed the stream; the runner waits for the marker in vain, but not long.
        }
    }
}
