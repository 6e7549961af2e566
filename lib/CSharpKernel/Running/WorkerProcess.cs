using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using System.Text.Json.Nodes;
using CSharpKernel.Notebooks;
using CSharpKernel.Scripting;

namespace CSharpKernel.Running;

/// <summary>How a cell's execution ended.</summary>
internal enum CellEnd
{
    Succeeded,
    Failed,
    ProcessEnded,
    TooMuchOutput,
}

/// <summary>The runner's end of a <see cref="Worker"/>: starts the process, asks it to execute cells, ends it with all that it started.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly NamedPipeServerStream _pipe;
    private readonly StreamReader _reader;
    private readonly StreamWriter _writer;
    private readonly RawStream _output;
    private readonly RawStream _error;

    private WorkerProcess(Process process, NamedPipeServerStream pipe, RawStream output, RawStream error)
    {
        _process = process;
        _pipe = pipe;
        _output = output;
        _error = error;
        _reader = new StreamReader(pipe, Utf8, leaveOpen: true);
        _writer = new StreamWriter(pipe, Utf8, leaveOpen: true) { NewLine = "\n" };
    }

    /// <summary>How the process ended; only after <see cref="CellEnd.ProcessEnded"/>.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What the process last wrote to its real standard error, such as the runtime's own report of a crash.</summary>
    public string LastWords => _error.TakeText();

    /// <summary>Starts a worker.</summary>
    /// <param name="folder">Its working directory.</param>
    /// <param name="shadowFolder">Where it puts copies of the assemblies that cells load.</param>
    /// <param name="options">Its environment and how much a cell may write.</param>
    /// <param name="cancellation">Ends the attempt, and the process.</param>
    /// <exception cref="InvalidOperationException">The process ended before it was ready; the message holds its last words.</exception>
    public static async Task<WorkerProcess> StartAsync(string folder, string shadowFolder, NotebookRunOptions options, CancellationToken cancellation)
    {
        var pipeName = NewPipeName();
        var marker = $"\u0001{Guid.NewGuid():N}\u0001";
        var pipe = new NamedPipeServerStream(
            pipeName, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        var process = new Process { StartInfo = StartInfo(folder, pipeName, options) };
        process.Start();
        process.StandardInput.Close();
        var output = new RawStream(process.StandardOutput.BaseStream, marker, options.MaximumOutput);
        var error = new RawStream(process.StandardError.BaseStream, marker, options.MaximumOutput);
        var worker = new WorkerProcess(process, pipe, output, error);
        try
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var connected = pipe.WaitForConnectionAsync(waiting.Token);
            if (await Task.WhenAny(connected, process.WaitForExitAsync(waiting.Token)).ConfigureAwait(false) != connected)
            {
                await waiting.CancelAsync().ConfigureAwait(false);
                cancellation.ThrowIfCancellationRequested();
                await Task.WhenAny(error.Completion, Task.Delay(Patience, cancellation)).ConfigureAwait(false);
                throw new InvalidOperationException($"The process that executes cells ended with exit code {process.ExitCode}. {error.TakeText()}".Trim());
            }

            await connected.ConfigureAwait(false);
            await worker.SendAsync(new JsonObject
            {
                ["type"] = WorkerMessage.Start,
                ["marker"] = marker,
                ["limit"] = options.MaximumOutput,
                ["shadowFolder"] = shadowFolder,
            }).ConfigureAwait(false);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Executes a cell. Calls <paramref name="emit"/> with its outputs in order, from one thread at a time.</summary>
    /// <exception cref="OperationCanceledException">The time was up. The process still runs and must be disposed of.</exception>
    public async Task<CellEnd> ExecuteAsync(string cellId, string code, Action<CellOutput> emit, CancellationToken cancellation)
    {
        var tooMuch = Task.WhenAny(_output.TooMuch.Task, _error.TooMuch.Task);
        try
        {
            await SendAsync(new JsonObject { ["type"] = WorkerMessage.Execute, ["cell"] = cellId, ["code"] = code }).ConfigureAwait(false);
            while (true)
            {
                var reading = _reader.ReadLineAsync(cancellation).AsTask();
                if (await Task.WhenAny(reading, tooMuch).ConfigureAwait(false) == tooMuch)
                {
                    return CellEnd.TooMuchOutput;
                }

                if (await reading.ConfigureAwait(false) is not { } line)
                {
                    break;
                }

                EmitRaw(_output, "stdout", emit);
                var message = WorkerMessage.FromLine(line);
                switch (WorkerMessage.Text(message, "type"))
                {
                    case WorkerMessage.Done:
                        await Task.WhenAll(_output.WaitForMarkerAsync(Patience), _error.WaitForMarkerAsync(Patience)).ConfigureAwait(false);
                        EmitRaw(_output, "stdout", emit);
                        EmitRaw(_error, "stderr", emit);
                        return tooMuch.IsCompleted ? CellEnd.TooMuchOutput : message["succeeded"]!.GetValue<bool>() ? CellEnd.Succeeded : CellEnd.Failed;
                    default:
                        emit(WorkerMessage.ToOutput(message)!);
                        break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or JsonTextException)
        {
            // The pipe broke, perhaps in the middle of a line: the process has ended.
        }

        // What outlives the process would keep its streams open.
        await Task.WhenAny(_process.WaitForExitAsync(cancellation), Task.Delay(Patience, cancellation)).ConfigureAwait(false);
        ProcessTree.Kill(_process);
        await _process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        await Task.WhenAny(Task.WhenAll(_output.Completion, _error.Completion), Task.Delay(Patience, cancellation)).ConfigureAwait(false);
        EmitRaw(_output, "stdout", emit);
        return CellEnd.ProcessEnded;
    }

    /// <summary>Ends the process and everything that it started.</summary>
    public async ValueTask DisposeAsync()
    {
        ProcessTree.Kill(_process);
        await Task.WhenAny(_process.WaitForExitAsync(), Task.Delay(Patience)).ConfigureAwait(false);
        await _pipe.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    /// <summary>On Unix a pipe is a socket in the folder for temporary files, and macOS allows 103 bytes for its path; where that folder's own is too long, it is put into /tmp.</summary>
    private static string NewPipeName()
    {
        const int LongestFolder = 55;
        var name = $"cs{Guid.NewGuid():N}";
        return OperatingSystem.IsWindows() || Utf8.GetByteCount(Path.GetTempPath()) <= LongestFolder ? name : $"/tmp/{name}";
    }

    private static ProcessStartInfo StartInfo(string folder, string pipeName, NotebookRunOptions options)
    {
        // The host of the runtime that runs us: right under `dotnet run`, a test host and an installed tool alike.
        var runtime = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();
        var host = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var start = new ProcessStartInfo(host, [typeof(WorkerProcess).Assembly.Location, Worker.CommandName, pipeName])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["TZ"] = "UTC";
        foreach (var (name, value) in options.EnvironmentVariables)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static void EmitRaw(RawStream stream, string name, Action<CellOutput> emit)
    {
        if (stream.TakeText() is { Length: > 0 } text)
        {
            emit(new StreamOutput(name, text));
        }
    }

    private async Task SendAsync(JsonObject message)
    {
        await _writer.WriteLineAsync(WorkerMessage.ToLine(message)).ConfigureAwait(false);
        await _writer.FlushAsync().ConfigureAwait(false);
    }
}
