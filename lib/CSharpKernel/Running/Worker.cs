using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Text;
using System.Text.Json.Nodes;
using CSharpKernel.Scripting;

namespace CSharpKernel.Running;

/// <summary>The child process that executes cells as the runner, or the Jupyter kernel, asks for them.</summary>
/// <remarks>It ends when its pipe closes, whatever a cell is doing then, and takes along everything that the cells started.</remarks>
internal sealed class Worker : IDisposable
{
    /// <summary>The name of the command that makes this program a worker.</summary>
    public const string CommandName = "worker";

    // Completion is asked for some time after the first cell, or the typing of it.
    private static readonly TimeSpan LanguageWarmUpDelay = TimeSpan.FromSeconds(1);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly ScriptSession _session;
    private readonly WorkerOutbox _outbox;
    private readonly byte[] _marker;
    private readonly Stream _standardOutput;
    private readonly Stream _standardError;
    private readonly BlockingCollection<QueuedCell> _cells = [];
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _interruptByCell = new();
    private readonly ConcurrentDictionary<int, CancellationTokenSource> _forgetByRequest = new();
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string?>> _questions = new();
    private readonly TaskCompletionSource _firstCellsEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _questionCount;

    private Worker(JsonObject start, Stream pipe, Stream standardOutput, Stream standardError)
    {
        _marker = Utf8.GetBytes(WorkerMessage.Text(start, "marker"));
        _outbox = new WorkerOutbox(pipe);
        _standardOutput = standardOutput;
        _standardError = standardError;
        _session = new ScriptSession(new ScriptSessionOptions
        {
            WorkingDirectory = Environment.CurrentDirectory,
            ShadowCopyFolder = WorkerMessage.Text(start, "shadowFolder"),
            MaximumOutputCharacters = start["limit"]!.GetValue<long>(),
            IsInterruptible = WorkerMessage.Flag(start, "interactive"),
        });
    }

    /// <summary>Connects to the starter's pipe and serves it. Does not return before the starter has gone.</summary>
    public static async Task<int> RunAsync(string pipeName)
    {
        ProcessTree.BecomeGroupLeader();
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;

        // Taken before the session puts its own writers in the console's place.
        using var standardOutput = Console.OpenStandardOutput();
        using var standardError = Console.OpenStandardError();

        // Reading and writing have threads of their own, which then need none of the pool's: cells may keep all of those. On Windows only an asynchronous pipe is read and written at once.
        using var pipe = new NamedPipeClientStream(".", pipeName, PipeDirection.InOut, OperatingSystem.IsWindows() ? PipeOptions.Asynchronous : PipeOptions.None);
        pipe.Connect(10_000);
        using var reader = new StreamReader(pipe, Utf8, leaveOpen: true);
        if (reader.ReadLine() is not { } line)
        {
            return 0;
        }

        var start = WorkerMessage.FromLine(line);
        using var worker = new Worker(start, pipe, standardOutput, standardError);
        ThreadPoolRelief.Start();
        new Thread(() => worker.ReadRequests(reader)) { IsBackground = true, Name = "Requests" }.UnsafeStart();
        if (WorkerMessage.Flag(start, "warmUp"))
        {
            _ = Task.Run(worker.WarmUpAsync);
        }

        new Thread(worker.ExecuteCells) { IsBackground = true, Name = "Cells" }.UnsafeStart();
        await Task.Delay(Timeout.Infinite).ConfigureAwait(false);
        return 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _outbox.Close();
        _session.Dispose();
        _cells.Dispose();
    }

    /// <summary>Uses the time in which nothing is asked for yet. A cell that comes meanwhile runs beside, and finds part of the work done.</summary>
    private async Task WarmUpAsync()
    {
        await _session.WarmUpAsync().ConfigureAwait(false);
        await _firstCellsEnd.Task.WaitAsync(LanguageWarmUpDelay).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _session.Language.WarmUpAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void ReadRequests(StreamReader reader)
    {
        try
        {
            while (reader.ReadLine() is { } line)
            {
                Receive(WorkerMessage.FromLine(line));
            }
        }
        catch (IOException)
        {
            // As good as closed.
        }

        ProcessTree.KillSelf();
    }

    /// <summary>Takes a request; returns at once, so that the next can be read.</summary>
    private void Receive(JsonObject request)
    {
        switch (WorkerMessage.Text(request, "type"))
        {
            case WorkerMessage.Execute:
                var interrupt = new CancellationTokenSource();
                var number = WorkerMessage.Number(request, "number");
                _interruptByCell[number] = interrupt;
                _cells.Add(new QueuedCell(number, request, interrupt));
                break;
            case WorkerMessage.Interrupt:
                if (_interruptByCell.TryGetValue(WorkerMessage.Number(request, "number"), out var interrupted))
                {
                    OwnThread.Start(interrupted.Cancel);
                }

                break;
            case WorkerMessage.Answer:
                if (_questions.TryRemove(WorkerMessage.Number(request, "id"), out var question))
                {
                    question.TrySetResult(request["text"]?.GetValue<string>());
                }

                break;
            case WorkerMessage.Forget:
                if (_forgetByRequest.TryGetValue(WorkerMessage.Number(request, "id"), out var forgotten))
                {
                    _ = forgotten.CancelAsync();
                }

                break;
            default:
                var id = WorkerMessage.Number(request, "id");
                var forget = _forgetByRequest[id] = new CancellationTokenSource();
                OwnThread.Start(() => _ = ReplyAsync(request, id, forget.Token));
                break;
        }
    }

    private void ExecuteCells()
    {
        foreach (var cell in _cells.GetConsumingEnumerable())
        {
            SessionResult result;
            try
            {
                result = ExecuteAsync(cell).GetAwaiter().GetResult();
            }
            catch (Exception exception)
            {
                // Not the cell's failure but the session's: the person must see it, and keep the variables. Its message may be the cell's code, and is not asked for.
                const string Message = "The cell could not be run to its end.";
                var name = exception.GetType().Name;
                _outbox.Send(new ErrorOutput(name, Message, [$"{name}: {Message}", .. new StackTrace(exception).ToString().TrimEnd().Split(Environment.NewLine)], 0, 0));
                result = new SessionResult(SessionEnd.Failed, new Dictionary<string, CellOutput>());
            }

            _interruptByCell.TryRemove(cell.Number, out _);
            _firstCellsEnd.TrySetResult();
            WriteMarker(_standardOutput);
            WriteMarker(_standardError);
            _outbox.Send(new JsonObject
            {
                ["type"] = WorkerMessage.Done,
                ["end"] = result.End.ToString(),
                ["expressions"] = new JsonObject(result.UserExpressions.Select(value => KeyValuePair.Create<string, JsonNode?>(value.Key, WorkerMessage.FromOutput(value.Value)))),
            });
        }
    }

    private Task<SessionResult> ExecuteAsync(QueuedCell cell)
    {
        var expressions = cell.Request["expressions"] as JsonObject ?? [];
        return _session.ExecuteAsync(
            new SessionCell(WorkerMessage.Text(cell.Request, "code"), WorkerMessage.Text(cell.Request, "cell"), _outbox.Send)
            {
                UserExpressions = expressions.ToDictionary(expression => expression.Key, expression => expression.Value!.GetValue<string>()),
                Ask = cell.Request["asks"]?.GetValue<bool>() == true ? AskAsync : null,
            },
            cell.Interrupt.Token);
    }

    private async Task<string?> AskAsync(string prompt, bool isPassword, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _questionCount);
        var answer = _questions[id] = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _outbox.Send(new JsonObject { ["type"] = WorkerMessage.Ask, ["id"] = id, ["prompt"] = prompt, ["password"] = isPassword });
        try
        {
            return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (_questions.TryRemove(id, out _))
            {
                _outbox.Send(new JsonObject { ["type"] = WorkerMessage.Withdraw, ["id"] = id });
            }
        }
    }

    /// <summary>Answers a question about code. What goes wrong is as good as knowing nothing.</summary>
    private async Task ReplyAsync(JsonObject request, int id, CancellationToken forget)
    {
        JsonObject reply;
        try
        {
            reply = await AnswerAsync(request, forget).ConfigureAwait(false);
        }
        catch (Exception)
        {
            reply = [];
        }

        _forgetByRequest.TryRemove(id, out _);
        reply["type"] = WorkerMessage.Reply;
        reply["id"] = id;
        _outbox.Send(reply);
    }

    private async Task<JsonObject> AnswerAsync(JsonObject request, CancellationToken forget)
    {
        forget.ThrowIfCancellationRequested();
        var code = WorkerMessage.Text(request, "code");
        return WorkerMessage.Text(request, "type") switch
        {
            WorkerMessage.Complete => WorkerLanguage.FromCompletions(
                await _session.Language.CompleteAsync(code, WorkerMessage.Number(request, "position"), forget).ConfigureAwait(false)),
            WorkerMessage.Inspect => WorkerLanguage.FromInspection(
                await _session.Language.InspectAsync(code, WorkerMessage.Number(request, "position"), WorkerMessage.Flag(request, "detailed"), forget).ConfigureAwait(false)),
            WorkerMessage.Check => WorkerLanguage.FromCompleteness(_session.Language.CheckCompleteness(code)),
            _ => [],
        };
    }

    private void WriteMarker(Stream stream)
    {
        try
        {
            stream.Write(_marker);
            stream.Flush();
        }
        catch (IOException)
        {
            // The cell has closed the stream; the marker is waited for in vain, but not long.
        }
    }

    private sealed record QueuedCell(int Number, JsonObject Request, CancellationTokenSource Interrupt);
}
