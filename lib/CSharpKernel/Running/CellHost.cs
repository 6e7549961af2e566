using System.Text.Json.Nodes;
using CSharpKernel.Language;
using CSharpKernel.Scripting;

namespace CSharpKernel.Running;

/// <summary>Runs cells in a process of their own (<see cref="Worker"/>) and starts another when it ends.</summary>
/// <remarks>
/// A process that ends between two cells is reported by the next cell, which doesn't run: the variables that it may need are gone. One that never ran a cell is started
/// again only when a cell is to run, so that what can't start doesn't start for ever.
/// </remarks>
internal sealed class CellHost : ICellHost
{
    private readonly CellHostOptions _options;
    private readonly ShadowFolder _shadowFolder = new();
    private readonly SemaphoreSlim _oneCell = new(1);
    private readonly CancellationTokenSource _disposing = new();
    private readonly Lock _lock = new();
    private Task<WorkerProcess> _worker;
    private Task<ErrorOutput>? _unreportedEnd;
    private RunningCell? _running;
    private bool _isAnnounced;
    private bool _isInterruptPending;
    private int _cellCount;

    private CellHost(CellHostOptions options)
    {
        _options = options;
        _worker = StartWorkerAsync();
    }

    /// <summary>Starts the process; returns at once. Whatever is asked for before it is ready waits for it.</summary>
    public static CellHost Start(CellHostOptions options) => new(options);

    /// <inheritdoc/>
    public void Announce()
    {
        lock (_lock)
        {
            _isAnnounced = true;
            _isInterruptPending = false;
        }
    }

    /// <inheritdoc/>
    public async Task<CellConclusion> ExecuteAsync(CellRequest request, ICellFrontEnd frontEnd)
    {
        await _oneCell.WaitAsync().ConfigureAwait(false);
        var running = new RunningCell(++_cellCount);
        try
        {
            lock (_lock)
            {
                _running = running;
                if (_isInterruptPending)
                {
                    running.Interrupt();
                }

                _isAnnounced = _isInterruptPending = false;
            }

            return await ExecuteAsync(request, frontEnd, running).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                _running = null;
            }

            running.Dispose();
            _oneCell.Release();
        }
    }

    /// <inheritdoc/>
    public Task InterruptAsync()
    {
        lock (_lock)
        {
            if (_running is { } running)
            {
                running.Interrupt();
            }
            else
            {
                _isInterruptPending = _isAnnounced;
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken)
    {
        var question = new JsonObject { ["type"] = WorkerMessage.Complete, ["code"] = code, ["position"] = position };
        return await AskAsync(question, cancellationToken).ConfigureAwait(false) is { } reply && reply.ContainsKey("items")
            ? WorkerLanguage.ToCompletions(reply)
            : new CompletionList(position, position, []);
    }

    /// <inheritdoc/>
    public async Task<Inspection?> InspectAsync(string code, int position, bool isDetailed, CancellationToken cancellationToken)
    {
        var question = new JsonObject { ["type"] = WorkerMessage.Inspect, ["code"] = code, ["position"] = position, ["detailed"] = isDetailed };
        return await AskAsync(question, cancellationToken).ConfigureAwait(false) is { } reply ? WorkerLanguage.ToInspection(reply) : null;
    }

    /// <inheritdoc/>
    public async Task<Completeness> CheckCompletenessAsync(string code, CancellationToken cancellationToken)
    {
        var question = new JsonObject { ["type"] = WorkerMessage.Check, ["code"] = code };
        return await AskAsync(question, cancellationToken).ConfigureAwait(false) is { } reply && reply.ContainsKey("status")
            ? WorkerLanguage.ToCompleteness(reply)
            : new Completeness(CompletenessStatus.Complete, string.Empty);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync().ConfigureAwait(false);
        try
        {
            var worker = await CurrentWorker().ConfigureAwait(false);
            await worker.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException || IsFailureToStart(exception))
        {
            // There is none.
        }

        _shadowFolder.Dispose();
        _oneCell.Dispose();
        _disposing.Dispose();
    }

    private async Task<CellConclusion> ExecuteAsync(CellRequest request, ICellFrontEnd frontEnd, RunningCell running)
    {
        WorkerProcess worker;
        try
        {
            var (current, earlierEnd) = await ReadyWorkerAsync(running).WaitAsync(running.Interrupted).ConfigureAwait(false);
            if (earlierEnd is not null)
            {
                ReportEnd(earlierEnd, frontEnd.Emit);
                return Conclude(CellStatus.Restarted);
            }

            worker = current;
        }
        catch (OperationCanceledException) when (running.Interrupted.IsCancellationRequested)
        {
            frontEnd.Emit(ScriptErrors.OfInterrupt(exception: null, request.CellName));
            return Conclude(CellStatus.Interrupted);
        }
        catch (Exception exception) when (IsFailureToStart(exception))
        {
            const string Name = "ProcessNotStarted";
            var problem = $"The process that runs the cells could not be started. {exception.Message}";
            frontEnd.Emit(new ErrorOutput(Name, problem, [$"{Name}: {problem}"], 0, 0));
            return Conclude(CellStatus.Failed);
        }

        var message = new JsonObject
        {
            ["type"] = WorkerMessage.Execute,
            ["number"] = running.Number,
            ["cell"] = request.CellName,
            ["code"] = request.Code,
            ["asks"] = true,
            ["expressions"] = new JsonObject(request.UserExpressions.Select(expression => KeyValuePair.Create<string, JsonNode?>(expression.Key, expression.Value))),
        };
        using var cell = new WorkerCell(frontEnd.Emit, frontEnd.AskAsync);
        var executing = worker.ExecuteAsync(message, cell, CancellationToken.None);
        running.HasBegun();
        var (end, done) = await executing.ConfigureAwait(false);
        if (end == CellEnd.ProcessEnded)
        {
            Replace(worker);
            if (UnreportedEnd() is { } unreported)
            {
                ReportEnd(await unreported.ConfigureAwait(false), cell.Emit);
                return Conclude(CellStatus.Restarted);
            }

            // The host is being disposed of.
            cell.Emit(ScriptErrors.OfInterrupt(exception: null, request.CellName));
            return Conclude(CellStatus.Interrupted);
        }

        var status = Enum.Parse<SessionEnd>(WorkerMessage.Text(done!, "end")) switch
        {
            SessionEnd.Succeeded => CellStatus.Succeeded,
            SessionEnd.Interrupted => CellStatus.Interrupted,
            _ => CellStatus.Failed,
        };
        return new CellConclusion(
            status,
            ((JsonObject)done!["expressions"]!).ToDictionary(value => value.Key, value => WorkerMessage.ToOutput((JsonObject)value.Value!)!));
    }

    private async Task<JsonObject?> AskAsync(JsonObject question, CancellationToken cancellationToken)
    {
        try
        {
            var worker = await CurrentWorker().WaitAsync(cancellationToken).ConfigureAwait(false);
            return await worker.AskAsync(question, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsFailureToStart(exception))
        {
            return null;
        }
    }

    private Task<WorkerProcess> CurrentWorker()
    {
        lock (_lock)
        {
            return _worker;
        }
    }

    private Task<ErrorOutput>? UnreportedEnd()
    {
        lock (_lock)
        {
            return _unreportedEnd;
        }
    }

    private void ReportEnd(ErrorOutput end, Action<CellOutput> emit)
    {
        lock (_lock)
        {
            _unreportedEnd = null;
        }

        emit(end);
    }

    /// <summary>The worker for the cell, which from here on runs in it; or what is to be told of an earlier worker that has ended since the last cell.</summary>
    private async Task<(WorkerProcess Worker, ErrorOutput? EarlierEnd)> ReadyWorkerAsync(RunningCell running)
    {
        lock (_lock)
        {
            if (_worker.IsFaulted || _worker.IsCanceled)
            {
                _worker = StartWorkerAsync();
            }
        }

        var worker = await CurrentWorker().ConfigureAwait(false);
        if (worker.Disconnected.IsCompleted)
        {
            Replace(worker);
            worker = await CurrentWorker().ConfigureAwait(false);
        }

        Task<ErrorOutput>? end;
        lock (_lock)
        {
            end = _unreportedEnd;
            if (end is null)
            {
                running.Worker = worker;
            }
        }

        return (worker, end is null ? null : await end.ConfigureAwait(false));
    }

    private async Task<WorkerProcess> StartWorkerAsync()
    {
        var options = new WorkerOptions
        {
            Folder = _options.WorkingDirectory,
            ShadowFolder = _shadowFolder.Path,
            MaximumOutput = _options.MaximumOutput,
            EnvironmentVariables = _options.EnvironmentVariables,
            IsInteractive = true,
            WarmsUp = _options.WarmsUp,
        };

        // Starting a process takes the operating system milliseconds, which whoever asks for it need not wait.
        var worker = await Task.Run(() => WorkerProcess.StartAsync(options, _disposing.Token)).ConfigureAwait(false);
        _ = WatchAsync(worker);
        return worker;
    }

    /// <summary>Replaces a worker that ends while no cell runs in it, so that the next is ready when it is needed.</summary>
    private async Task WatchAsync(WorkerProcess worker)
    {
        await worker.Disconnected.ConfigureAwait(false);
        bool runsCell;
        lock (_lock)
        {
            runsCell = _running?.Worker == worker;
        }

        if (!runsCell && worker.HasRunCells)
        {
            Replace(worker);
        }
    }

    /// <summary>Starts another worker in the place of one that has ended, and has the end told by the cell that ran in it or by the next; unless that has been done.</summary>
    private void Replace(WorkerProcess ended)
    {
        lock (_lock)
        {
            if (!_disposing.IsCancellationRequested && _worker.IsCompletedSuccessfully && _worker.Result == ended)
            {
                _worker = StartWorkerAsync();
                var runsCell = _running?.Worker == ended;
                if (runsCell || ended.HasRunCells)
                {
                    _unreportedEnd = DescribeEndAsync(ended, isBetweenCells: !runsCell);
                }
            }
        }
    }

    private static async Task<ErrorOutput> DescribeEndAsync(WorkerProcess ended, bool isBetweenCells)
    {
        await ended.WaitForEndAsync(CancellationToken.None).ConfigureAwait(false);
        var error = ProcessEnd.Describe(ended.ExitCode, ended.LastWords, isBetweenCells);
        await ended.DisposeAsync().ConfigureAwait(false);
        return error;
    }

    private static bool IsFailureToStart(Exception exception) => exception is InvalidOperationException or System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException;

    private static CellConclusion Conclude(CellStatus status) => new(status, new Dictionary<string, CellOutput>());

    /// <summary>A cell between its request and its conclusion.</summary>
    private sealed class RunningCell(int number) : IDisposable
    {
        private readonly CancellationTokenSource _interrupt = new();
        private bool _hasBegun;

        public int Number => number;

        /// <summary>Where it runs, or is about to: that process's end is then the cell's.</summary>
        public WorkerProcess? Worker { get; set; }

        public CancellationToken Interrupted => _interrupt.Token;

        /// <summary>The worker has been sent the cell.</summary>
        public void HasBegun()
        {
            lock (_interrupt)
            {
                _hasBegun = true;
                if (_interrupt.IsCancellationRequested)
                {
                    SendInterrupt();
                }
            }
        }

        public void Interrupt()
        {
            lock (_interrupt)
            {
                // What waits for it goes on elsewhere, not under a lock.
                _ = _interrupt.CancelAsync();
                if (_hasBegun)
                {
                    SendInterrupt();
                }
            }
        }

        public void Dispose() => _interrupt.Dispose();

        private void SendInterrupt() => Worker!.Send(new JsonObject { ["type"] = WorkerMessage.Interrupt, ["number"] = number });
    }
}
