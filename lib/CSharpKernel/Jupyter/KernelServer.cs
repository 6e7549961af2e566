using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CSharpKernel.Running;
using CSharpKernel.Zmtp;

namespace CSharpKernel.Jupyter;

/// <summary>How a kernel serves its clients.</summary>
internal sealed record KernelServerOptions
{
    /// <summary>True where errors are to be without colours.</summary>
    public bool PlainErrors { get; init; }

    /// <summary>True where the sockets may listen on an address that other machines can reach.</summary>
    public bool AllowOtherInterfaces { get; init; }

    /// <summary>The file that keeps the history; null for none.</summary>
    public string? HistoryFile { get; init; }

    /// <summary>Where lines about messages that were dropped go.</summary>
    public TextWriter Log { get; init; } = TextWriter.Null;

    /// <summary>Tells when the next of these lines may be written.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>Serves Jupyter's messaging protocol (5.3, with what 5.4 and 5.5 add) on its five sockets, and has cells run by an <see cref="ICellHost"/>.</summary>
/// <remarks>
/// Requests on shell and control are served alike, whichever socket they come through. Cells run one after another; completion, inspection and completeness are answered in the order in which they were
/// asked, everything else as it comes; a running cell delays none of these. While much waits, nothing more is read from that socket: interrupts come through another. Not served: debugging, comms (there are none, and one that a client opens is closed).
/// </remarks>
internal sealed class KernelServer : IAsyncDisposable
{
    private const long MaximumWaitingCellBytes = 64L * 1024 * 1024;
    private const long MaximumWaitingLanguageBytes = 16L * 1024 * 1024;

    /// <summary>What a request takes beside its frames, and no less for being small.</summary>
    private const int RequestOverhead = 4 * 1024;

    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromMilliseconds(200);

    private readonly ICellHost _host;
    private readonly MessageFormat _format;
    private readonly DroppedMessages _dropped;
    private readonly RouterSocket _shell;
    private readonly RouterSocket _control;
    private readonly RouterSocket _stdinSocket;
    private readonly PublisherSocket _publisher;
    private readonly EchoSocket _heartbeat;
    private readonly IopubChannel _iopub;
    private readonly StdinChannel _stdin;
    private readonly HistoryFile? _historyFile;
    private readonly History _history;
    private readonly LanguageRequests _language;
    private readonly MessageQueue<Request> _cells = new(MaximumWaitingCellBytes);
    private readonly MessageQueue<Request> _languageRequests = new(MaximumWaitingLanguageBytes);
    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task[] _work;
    private long _received;

    private KernelServer(ConnectionFile connection, ICellHost host, KernelServerOptions options, SocketSet sockets)
    {
        _host = host;
        _format = new MessageFormat(new MessageSignature(connection.Key));
        _dropped = new DroppedMessages(options.Log, options.Clock);
        (_shell, _control, _stdinSocket, _publisher, _heartbeat) = (sockets.Shell, sockets.Control, sockets.Stdin, sockets.Publisher, sockets.Heartbeat);
        _iopub = new IopubChannel(_format, _publisher.Publish);
        _historyFile = options.HistoryFile is { } path ? new HistoryFile(path) : null;
        _history = new History(_historyFile);
        _language = new LanguageRequests(host);
        _stdin = new StdinChannel(_stdinSocket, _format, _dropped);
        var executor = new CellExecutor(host, _cells, _iopub, _stdin, _history, options.PlainErrors, SettleAsync);
        _publisher.Subscribed = Welcome;
        _iopub.PublishStatus("starting");
        _work =
        [
            Task.Run(() => WatchAsync(ServeAsync(_shell, "shell"))),
            Task.Run(() => WatchAsync(ServeAsync(_control, "control"))),
            Task.Run(() => WatchAsync(_stdin.ServeAsync())),
            Task.Run(() => WatchAsync(AnswerLanguageRequestsAsync())),
            Task.Run(() => WatchAsync(executor.RunAsync(_ending.Token))),
        ];
    }

    /// <summary>Ends when a client has asked for the end; fails when something here has failed that should not.</summary>
    public Task ShutdownRequested => _shutdown.Task;

    /// <summary>How many messages were not served because they were not what they should be.</summary>
    public long DroppedMessages => _dropped.Count;

    /// <summary>What the requests take that wait to be answered.</summary>
    public long WaitingBytes => _cells.Bytes + _languageRequests.Bytes;

    /// <summary>Begins to listen and serve.</summary>
    /// <param name="connection">Where; a port of 0 is a free one.</param>
    /// <param name="host">Runs the cells; the caller ends it.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">The address isn't a loopback address, and the options don't allow others.</exception>
    /// <exception cref="IOException">A port can't be listened on; the message says why.</exception>
    public static async Task<KernelServer> StartAsync(ConnectionFile connection, ICellHost host, KernelServerOptions options)
    {
        var zmtp = new ZmtpOptions { AllowOtherInterfaces = options.AllowOtherInterfaces };
        IPEndPoint At(int port) => new(connection.Address, port);
        var bound = new List<IAsyncDisposable>();
        T Keep<T>(T socket)
            where T : IAsyncDisposable
        {
            bound.Add(socket);
            return socket;
        }

        try
        {
            var sockets = new SocketSet(
                Keep(RouterSocket.Bind(At(connection.ShellPort), zmtp)),
                Keep(RouterSocket.Bind(At(connection.ControlPort), zmtp)),
                Keep(RouterSocket.Bind(At(connection.StdinPort), zmtp)),
                Keep(PublisherSocket.Bind(At(connection.IopubPort), zmtp)),
                Keep(EchoSocket.Bind(At(connection.HeartbeatPort), zmtp)));
            return new KernelServer(connection, host, options, sockets);
        }
        catch
        {
            foreach (var socket in bound)
            {
                await socket.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>The connection as it came about: <paramref name="asked"/> with the ports that are listened on.</summary>
    public ConnectionFile Connection(ConnectionFile asked) => asked with
    {
        ShellPort = _shell.LocalEndPoint.Port,
        ControlPort = _control.LocalEndPoint.Port,
        StdinPort = _stdinSocket.LocalEndPoint.Port,
        IopubPort = _publisher.LocalEndPoint.Port,
        HeartbeatPort = _heartbeat.LocalEndPoint.Port,
    };

    /// <summary>Stops serving; what was sent still gets out, and history is written. A running cell gets no answer: end its host too.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _cells.Complete();
        _languageRequests.Complete();
        await Task.WhenAll(
            _shell.DisposeAsync().AsTask(),
            _control.DisposeAsync().AsTask(),
            _stdinSocket.DisposeAsync().AsTask(),
            _publisher.DisposeAsync().AsTask(),
            _heartbeat.DisposeAsync().AsTask(),
            _historyFile?.DisposeAsync().AsTask() ?? Task.CompletedTask).ConfigureAwait(false);
        await Task.WhenAny(Task.WhenAll(_work), Task.Delay(LongestEnd)).ConfigureAwait(false);
        _stdin.Dispose();
        _ending.Dispose();
    }

    private async Task WatchAsync(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The end.
        }
        catch (Exception exception)
        {
            _shutdown.TrySetException(exception);
        }
    }

    private async Task ServeAsync(RouterSocket socket, string name)
    {
        await foreach (var routed in socket.Messages.ReadAllAsync().ConfigureAwait(false))
        {
            Interlocked.Increment(ref _received);
            if (_format.Read(routed.Frames, out var message) is { } problem)
            {
                _dropped.Add(name, problem);
                continue;
            }

            var size = RequestOverhead + routed.Frames.Sum(frame => (long)frame.Length);
            var request = new Request(message!, routed.Identity, socket, _format);
            if (message!.MessageType == "execute_request")
            {
                await _cells.AddAsync(request, size).ConfigureAwait(false);
            }
            else if (LanguageRequests.IsKnown(message.MessageType))
            {
                await _languageRequests.AddAsync(request, size).ConfigureAwait(false);
            }
            else
            {
                await AnswerAsync(request, AnswerOtherAsync).ConfigureAwait(false);
            }
        }
    }

    private async Task AnswerLanguageRequestsAsync()
    {
        await foreach (var request in _languageRequests.ReadAllAsync().ConfigureAwait(false))
        {
            await AnswerAsync(request, async () => request.Reply(await _language.AnswerAsync(request.Message).ConfigureAwait(false))).ConfigureAwait(false);
        }
    }

    private Task AnswerAsync(Request request, Func<Request, Task> answer) => AnswerAsync(request, () => answer(request));

    /// <summary>Answers a request between its <c>busy</c> and its <c>idle</c>; what goes wrong is the reply.</summary>
    private async Task AnswerAsync(Request request, Func<Task> answer)
    {
        _iopub.Begin(request.Parent);
        try
        {
            await answer().ConfigureAwait(false);
        }
        catch (FormatException exception)
        {
            request.ReplyError("InvalidRequest", exception.Message);
        }
        catch (Exception exception)
        {
            request.ReplyError(exception.GetType().Name, exception.Message);
        }

        _iopub.End(request.Parent);
        if (request.Message.MessageType == "shutdown_request")
        {
            _shutdown.TrySetResult();
        }
    }

    /// <summary>Messages that are not known here get no reply, as the protocol has it.</summary>
    private async Task AnswerOtherAsync(Request request)
    {
        var content = request.Message.Content;
        switch (request.Message.MessageType)
        {
            case "kernel_info_request":
                request.Reply(KernelInformation.Content());
                break;
            case "history_request":
                request.Reply(_history.Answer(content));
                break;
            case "comm_info_request":
                request.Reply(new JsonObject { ["status"] = "ok", ["comms"] = new JsonObject() });
                break;
            case "comm_open" or "comm_msg":
                _iopub.Publish("comm_close", request.Parent, new JsonObject { ["comm_id"] = JupyterJson.Text(content, "comm_id") ?? "", ["data"] = new JsonObject() });
                break;
            case "interrupt_request":
                await _host.InterruptAsync().ConfigureAwait(false);
                request.Reply(new JsonObject { ["status"] = "ok" });
                break;
            case "shutdown_request":
                var restarts = JupyterJson.Flag(content, "restart", false);
                JsonObject Ending() => new() { ["status"] = "ok", ["restart"] = restarts };
                request.Reply(Ending());

                // Other clients learn it too.
                _iopub.Publish("shutdown_reply", request.Parent, Ending());
                break;
            case "debug_request":
                request.Reply(DebugAnswer(content));
                break;
        }
    }

    private static JsonObject DebugAnswer(JsonObject content)
    {
        const string Message = "This kernel does not support debugging.";
        var answer = Request.ErrorContent("NotSupported", Message, [Message]);
        answer["type"] = "response";
        answer["request_seq"] = JupyterJson.Number(content, "seq") ?? 0;
        answer["success"] = false;
        answer["command"] = JupyterJson.Text(content, "command") ?? "";
        answer["message"] = Message;
        return answer;
    }

    /// <summary>Tells a client that from now on it gets what is published (Jupyter Enhancement Proposal 65).</summary>
    private void Welcome(Subscription subscription)
    {
        var content = new JsonObject { ["subscription"] = Encoding.UTF8.GetString(subscription.Topic.Span) };
        subscription.Send(_format.Write([subscription.Topic.ToArray()], "iopub_welcome", MessageFormat.NoParent, content));
    }

    /// <summary>Waits until no message has come for a moment: what clients had sent by now has then arrived.</summary>
    private async Task SettleAsync()
    {
        var waited = TimeSpan.Zero;
        long before;
        do
        {
            before = Interlocked.Read(ref _received);
            await Task.Delay(Quiet, _ending.Token).ConfigureAwait(false);
            waited += Quiet;
        }
        while (Interlocked.Read(ref _received) != before && waited < LongestSettling);
    }

    private sealed record SocketSet(RouterSocket Shell, RouterSocket Control, RouterSocket Stdin, PublisherSocket Publisher, EchoSocket Heartbeat);
}
