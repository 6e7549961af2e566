using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CSharpKernel.Jupyter;
using CSharpKernel.Tests.Zmtp;

namespace CSharpKernel.Tests.Jupyter;

/// <summary>A message as a client reads it: by System.Text.Json, which shares nothing with what the kernel writes it with.</summary>
internal sealed record ReceivedMessage(string Topic, string Type, string Id, string? ParentId, JsonElement Header, string RawParent, JsonElement Metadata, JsonElement Content)
{
    public string Text(string key) => Content.GetProperty(key).GetString()!;

    /// <summary>One line for comparisons: <c>status busy</c>, <c>stream stdout a</c>, ...</summary>
    public override string ToString() => Type switch
    {
        "status" => $"status {Text("execution_state")}",
        "execute_input" => $"execute_input {Content.GetProperty("execution_count")} {Text("code")}",
        "stream" => $"stream {Text("name")} {Text("text")}",
        "execute_result" => $"execute_result {Content.GetProperty("execution_count")} {Plain()}",
        "display_data" or "update_display_data" => $"{Type} {Plain()}" + (Content.GetProperty("transient").TryGetProperty("display_id", out var id) ? $" as {id}" : ""),
        "clear_output" => $"clear_output {Content.GetProperty("wait")}",
        "error" => $"error {Text("ename")} {Text("evalue")}",
        _ => Type,
    };

    private string Plain() => Content.GetProperty("data").GetProperty("text/plain").GetString()!;
}

/// <summary>What a request led to: its reply, and what was published about it up to its <c>idle</c>.</summary>
internal sealed record Exchange(ReceivedMessage Reply, IReadOnlyList<ReceivedMessage> Published)
{
    public string Status => Reply.Text("status");

    public IReadOnlyList<string> Lines => [.. Published.Select(message => message.ToString())];
}

/// <summary>A Jupyter client of its own: the sockets are ours, the messages are made and read here. Every wait is bounded.</summary>
internal sealed class JupyterClient : IAsyncDisposable
{
    private readonly string _key;
    private readonly string _username;
    private readonly ConcurrentDictionary<string, ZmtpClient> _sockets = new();
    private readonly ConcurrentDictionary<string, Channel<ReceivedMessage>> _received = new();
    private readonly string _session = Guid.NewGuid().ToString();
    private int _count;

    private JupyterClient(string key, string username) => (_key, _username) = (key, username);

    public static async Task<JupyterClient> ConnectAsync(ConnectionFile connection, string? identity = null, bool withStdin = true, string username = "me")
    {
        var client = new JupyterClient(connection.Key, username);
        identity ??= client._session;
        client.Start("iopub", await ZmtpClient.ConnectSubscriberAsync(new IPEndPoint(connection.Address, connection.IopubPort), ""));

        // From now on nothing is missed.
        while ((await client.ReceiveAsync("iopub")).Type != "iopub_welcome")
        {
        }

        client.Start("shell", await ZmtpClient.ConnectDealerAsync(new IPEndPoint(connection.Address, connection.ShellPort), identity));
        client.Start("control", await ZmtpClient.ConnectDealerAsync(new IPEndPoint(connection.Address, connection.ControlPort), identity));
        if (withStdin)
        {
            client.Start("stdin", await ZmtpClient.ConnectDealerAsync(new IPEndPoint(connection.Address, connection.StdinPort), identity));
        }

        return client;
    }

    /// <summary>Sends a message, and returns its id.</summary>
    public string Send(string channel, string type, JsonObject? content = null, JsonObject? metadata = null, string parent = "{}")
    {
        var id = $"{_session}-{Interlocked.Increment(ref _count)}";
        Send(channel, Sign(_key, Header(id, type), parent, (metadata ?? []).ToJsonString(), (content ?? []).ToJsonString()));
        return id;
    }

    public void Send(string channel, IReadOnlyList<string> frames) => _sockets[channel].Send([.. frames]);

    public string Header(string id, string type) =>
        $$"""{"msg_id":"{{id}}", "msg_type": "{{type}}","session":"{{_session}}","username":"{{_username}}","date":"2026-01-02T03:04:05Z","version":"5.3","more":[1.50]}""";

    public static List<string> Sign(string key, params string[] parts)
    {
        var signature = key.Length == 0 ? "" : Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(string.Concat(parts))));
        return ["<IDS|MSG>", signature, .. parts];
    }

    /// <summary>The next message of a channel.</summary>
    public async Task<ReceivedMessage> ReceiveAsync(string channel) => await _received[channel].Reader.ReadAsync().AsTask().WaitAsync(ZmtpClient.Patience);

    /// <summary>The next message of a channel that passes; others are skipped.</summary>
    public async Task<ReceivedMessage> ReceiveAsync(string channel, Func<ReceivedMessage, bool> isWanted)
    {
        while (true)
        {
            if (await ReceiveAsync(channel) is var message && isWanted(message))
            {
                return message;
            }
        }
    }

    /// <summary>What is published about a message, up to its <c>idle</c>; other messages are skipped.</summary>
    public async Task<IReadOnlyList<ReceivedMessage>> PublishedAsync(string id)
    {
        var published = new List<ReceivedMessage>();
        do
        {
            published.Add(await ReceiveAsync("iopub", message => message.ParentId == id));
        }
        while (published[^1].ToString() != "status idle");

        return published;
    }

    /// <summary>Sends a request, and waits for its reply and its <c>idle</c>.</summary>
    public async Task<Exchange> RequestAsync(string type, JsonObject? content = null, string channel = "shell", JsonObject? metadata = null) =>
        await CompleteAsync(Send(channel, type, content, metadata), channel);

    /// <summary>Waits for the reply and the <c>idle</c> of a request that has been sent.</summary>
    public async Task<Exchange> CompleteAsync(string id, string channel = "shell")
    {
        var reply = await ReceiveAsync(channel, message => message.ParentId == id);
        return new Exchange(reply, await PublishedAsync(id));
    }

    /// <summary>Sends a cell, and waits for its end.</summary>
    public Task<Exchange> ExecuteAsync(string code, JsonObject? more = null, JsonObject? metadata = null) => RequestAsync("execute_request", Cell(code, more), metadata: metadata);

    /// <summary>Sends a cell, and returns its id.</summary>
    public string SendCell(string code, JsonObject? more = null) => Send("shell", "execute_request", Cell(code, more));

    /// <summary>Disconnects one channel, as a client does whose connection breaks.</summary>
    public async Task DisconnectAsync(string channel) => await _sockets[channel].DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets.Values)
        {
            await socket.DisposeAsync();
        }
    }

    private static JsonObject Cell(string code, JsonObject? more)
    {
        var content = new JsonObject { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["user_expressions"] = new JsonObject(), ["allow_stdin"] = true, ["stop_on_error"] = true };
        foreach (var (key, value) in more ?? [])
        {
            content[key] = value?.DeepClone();
        }

        return content;
    }

    private void Start(string channel, ZmtpClient socket)
    {
        _sockets[channel] = socket;
        var received = Channel.CreateUnbounded<ReceivedMessage>();
        _received[channel] = received;
        _ = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    received.Writer.TryWrite(Read(await socket.ReceiveAsync()));
                }
            }
            catch (Exception exception)
            {
                received.Writer.TryComplete(exception);
            }
        });
    }

    /// <summary>Reads a message as strictly as can be: a fault of the kernel's is a failure of the test.</summary>
    private ReceivedMessage Read(IReadOnlyList<byte[]> frames)
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var texts = frames.Select(strict.GetString).ToList();
        var first = texts.IndexOf("<IDS|MSG>") + 2;
        Assert.Equal(Sign(_key, [.. texts[first..(first + 4)]])[1], texts[first - 1]);
        JsonElement Part(int index) => JsonDocument.Parse(texts[first + index]).RootElement;
        var header = Part(0);
        Assert.Equal("5.5", header.GetProperty("version").GetString());
        return new ReceivedMessage(
            texts[0],
            header.GetProperty("msg_type").GetString()!,
            header.GetProperty("msg_id").GetString()!,
            Part(1).TryGetProperty("msg_id", out var parent) ? parent.GetString() : null,
            header,
            texts[first + 1],
            Part(2),
            Part(3));
    }
}
