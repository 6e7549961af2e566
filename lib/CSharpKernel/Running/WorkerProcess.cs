using System.Collections.Concurrent;
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

/// <summary>The starter's end of a <see cref="Worker"/>: starts the process, asks it to execute cells, ends it with all that it started.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly Task Never = new TaskCompletionSource().Task;

    private readonly Process _process;
    private readonly NamedPipeServerStream _pipe;
    private readonly WorkerOutbox _outbox;
    private readonly RawStream _output;
    private readonly RawStream _error;
    private readonly bool _isInteractive;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonObject?>> _requests = new();
    private readonly TaskCompletionSource _disconnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile WorkerCell? _cell;
    private int _requestCount;

    private WorkerProcess(Process process, NamedPipeServerStream pipe, RawStream output, RawStream error, bool isInteractive)
    {
        _process = process;
        _pipe = pipe;
        _output = output;
        _error = error;
        _isInteractive = isInteractive;
        _outbox = new WorkerOutbox(pipe);
        if (isInteractive)
        {
            output.TextArrived += stream => _cell?.EmitRaw(stream, isEnd: false);
            error.TextArrived += stream => _cell?.EmitRaw(stream, isEnd: false);
        }
    }

    /// <summary>How the process ended; only after <see cref="CellEnd.ProcessEnded"/>.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>What the process last wrote to its real standard error, such as the runtime's own report of a crash.</summary>
    public string LastWords => _error.TakeText();

    /// <summary>True once it has been asked to execute a cell.</summary>
    public bool HasRunCells { get; private set; }

    /// <summary>Ends when the process has, or is about to.</summary>
    public Task Disconnected => _disconnected.Task;

    /// <summary>Starts a worker.</summary>
    /// <param name="options">Where and how.</param>
    /// <param name="cancellation">Ends the attempt, and the process.</param>
    /// <exception cref="InvalidOperationException">The process ended before it was ready; the message holds its last words.</exception>
    public static async Task<WorkerProcess> StartAsync(WorkerOptions options, CancellationToken cancellation)
    {
        var pipeName = NewPipeName();
        var marker = $"\u0001{Guid.NewGuid():N}\u0001";
        var pipe = new NamedPipeServerStream(
            pipeName, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly);
        var process = new Process { StartInfo = StartInfo(options, pipeName) };
        process.Start();
        process.StandardInput.Close();
        var output = new RawStream("stdout", process.StandardOutput.BaseStream, marker, options.MaximumOutput);
        var error = new RawStream("stderr", process.StandardError.BaseStream, marker, options.MaximumOutput);
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
        }
        catch
        {
            await EndAsync(process, pipe).ConfigureAwait(false);
            throw;
        }

        var worker = new WorkerProcess(process, pipe, output, error, options.IsInteractive);
        worker._outbox.Send(new JsonObject
        {
            ["type"] = WorkerMessage.Start,
            ["marker"] = marker,
            ["limit"] = options.MaximumOutput,
            ["shadowFolder"] = options.ShadowFolder,
            ["interactive"] = options.IsInteractive,
            ["warmUp"] = options.WarmsUp,
        });
        _ = worker.ReadMessagesAsync();
        return worker;
    }

    /// <summary>Executes a cell. Calls <paramref name="emit"/> with its outputs in order, from one thread at a time.</summary>
    /// <exception cref="OperationCanceledException">The time was up. The process still runs and must be disposed of.</exception>
    public async Task<CellEnd> ExecuteAsync(string cellId, string code, Action<CellOutput> emit, CancellationToken cancellation)
    {
        using var cell = new WorkerCell(emit, ask: null);
        var request = new JsonObject { ["type"] = WorkerMessage.Execute, ["number"] = 0, ["cell"] = cellId, ["code"] = code };
        var (end, done) = await ExecuteAsync(request, cell, cancellation).ConfigureAwait(false);
        return end == CellEnd.Succeeded && WorkerMessage.Text(done!, "end") != nameof(SessionEnd.Succeeded) ? CellEnd.Failed : end;
    }

    /// <summary>Executes a cell.</summary>
    /// <param name="request">The worker's message about it.</param>
    /// <param name="cell">Receives what comes of it.</param>
    /// <param name="cancellation">Ends the waiting, not the cell.</param>
    /// <returns>The worker's last message about it, where it reached its end.</returns>
    /// <exception cref="OperationCanceledException">The time was up.</exception>
    public async Task<(CellEnd End, JsonObject? Done)> ExecuteAsync(JsonObject request, WorkerCell cell, CancellationToken cancellation)
    {
        var tooMuch = _isInteractive ? Never : Task.WhenAny(_output.TooMuch.Task, _error.TooMuch.Task);
        var cancelled = Task.Delay(Timeout.Infinite, cancellation);
        _cell = cell;
        HasRunCells = true;
        _outbox.Send(request);
        var first = await Task.WhenAny(cell.Done, tooMuch, Disconnected, cancelled).ConfigureAwait(false);
        if (first == cancelled)
        {
            cell.Dispose();
            await cancelled.ConfigureAwait(false);
        }

        // The last message may have arrived just before the connection broke.
        if (cell.Done.IsCompleted)
        {
            await Task.WhenAll(_output.WaitForMarkerAsync(Patience), _error.WaitForMarkerAsync(Patience)).ConfigureAwait(false);
            cell.EmitRaw(_output, isEnd: true);
            cell.EmitRaw(_error, isEnd: true);
            _cell = null;
            return tooMuch.IsCompleted ? (CellEnd.TooMuchOutput, null) : (CellEnd.Succeeded, await cell.Done.ConfigureAwait(false));
        }

        if (first == tooMuch)
        {
            return (CellEnd.TooMuchOutput, null);
        }

        await WaitForEndAsync(cancellation).ConfigureAwait(false);
        cell.EmitRaw(_output, isEnd: true);
        _cell = null;
        return (CellEnd.ProcessEnded, null);
    }

    /// <summary>Sends a message that is not answered.</summary>
    public void Send(JsonObject message) => _outbox.Send(message);

    /// <summary>Sends a question and waits for the reply; null where the process has ended.</summary>
    /// <exception cref="OperationCanceledException">Nobody wants to know any more.</exception>
    public async Task<JsonObject?> AskAsync(JsonObject question, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _requestCount);
        var reply = _requests[id] = new TaskCompletionSource<JsonObject?>(TaskCreationOptions.RunContinuationsAsynchronously);
        question["id"] = id;
        _outbox.Send(question);
        if (Disconnected.IsCompleted)
        {
            reply.TrySetResult(null);
        }

        try
        {
            return await reply.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            _outbox.Send(new JsonObject { ["type"] = WorkerMessage.Forget, ["id"] = id });
            throw;
        }
        finally
        {
            _requests.TryRemove(id, out _);
        }
    }

    /// <summary>After <see cref="Disconnected"/>: waits for the process's end and its last words.</summary>
    public async Task WaitForEndAsync(CancellationToken cancellation)
    {
        // What outlives the process would keep its streams open.
        await Task.WhenAny(_process.WaitForExitAsync(cancellation), Task.Delay(Patience, cancellation)).ConfigureAwait(false);
        ProcessTree.Kill(_process);
        await _process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        await Task.WhenAny(Task.WhenAll(_output.Completion, _error.Completion), Task.Delay(Patience, cancellation)).ConfigureAwait(false);
    }

    /// <summary>Ends the process and everything that it started.</summary>
    public async ValueTask DisposeAsync()
    {
        _outbox.Close();
        await EndAsync(_process, _pipe).ConfigureAwait(false);
    }

    private static async Task EndAsync(Process process, NamedPipeServerStream pipe)
    {
        ProcessTree.Kill(process);
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(Patience)).ConfigureAwait(false);
        await pipe.DisposeAsync().ConfigureAwait(false);
        process.Dispose();
    }

    private async Task ReadMessagesAsync()
    {
        try
        {
            using var reader = new StreamReader(_pipe, Utf8, leaveOpen: true);
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                Receive(WorkerMessage.FromLine(line));
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or JsonTextException)
        {
            // The pipe broke, perhaps in the middle of a line: the process has ended.
        }

        _outbox.Close();
        _disconnected.TrySetResult();
        foreach (var request in _requests.Values)
        {
            request.TrySetResult(null);
        }
    }

    private void Receive(JsonObject message)
    {
        if (WorkerMessage.Text(message, "type") == WorkerMessage.Reply)
        {
            if (_requests.TryRemove(WorkerMessage.Number(message, "id"), out var request))
            {
                request.TrySetResult(message);
            }

            return;
        }

        _cell?.EmitRaw(_output, isEnd: false);
        _cell?.Receive(message, _outbox.Send);
    }

    /// <summary>On Unix a pipe is a socket in the folder for temporary files, and macOS allows 103 bytes for its path; where that folder's own is too long, it is put into /tmp.</summary>
    private static string NewPipeName()
    {
        const int LongestFolder = 55;
        var name = $"cs{Guid.NewGuid():N}";
        return OperatingSystem.IsWindows() || Utf8.GetByteCount(Path.GetTempPath()) <= LongestFolder ? name : $"/tmp/{name}";
    }

    private static ProcessStartInfo StartInfo(WorkerOptions options, string pipeName)
    {
        // The host of the runtime that runs us: right under `dotnet run`, a test host and an installed tool alike.
        var runtime = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();
        var host = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        var start = new ProcessStartInfo(host, [typeof(WorkerProcess).Assembly.Location, Worker.CommandName, pipeName])
        {
            WorkingDirectory = options.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (!options.IsInteractive)
        {
            start.Environment["TZ"] = "UTC";
        }

        foreach (var (name, value) in options.EnvironmentVariables)
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
