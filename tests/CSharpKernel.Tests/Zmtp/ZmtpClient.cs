using System.Net;
using System.Net.Sockets;
using CSharpKernel.Zmtp;
using SocketType = CSharpKernel.Zmtp.SocketType;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>The other end of a socket: DEALER, REQ or SUB over the same connection class. Every wait is bounded.</summary>
internal sealed class ZmtpClient : IAsyncDisposable
{
    /// <summary>How long a test waits for what must come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ZmtpConnection _connection;

    private ZmtpClient(ZmtpConnection connection) => _connection = connection;

    public static Task<ZmtpClient> ConnectDealerAsync(IPEndPoint endPoint, string identity = "") => ConnectAsync(endPoint, SocketType.Dealer, identity);

    public static Task<ZmtpClient> ConnectRequestAsync(IPEndPoint endPoint) => ConnectAsync(endPoint, SocketType.Request);

    /// <summary>Connects and subscribes. The subscription may arrive later than this returns.</summary>
    public static async Task<ZmtpClient> ConnectSubscriberAsync(IPEndPoint endPoint, params string[] topics)
    {
        var client = await ConnectAsync(endPoint, SocketType.Subscriber);
        Array.ForEach(topics, client.Subscribe);
        return client;
    }

    public static async Task<ZmtpClient> ConnectAsync(IPEndPoint endPoint, string socketType, string identity = "")
    {
        var socket = new Socket(endPoint.AddressFamily, System.Net.Sockets.SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var patience = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(endPoint, patience.Token);
        var options = new ZmtpOptions();
        var connection = new ZmtpConnection(new NetworkStream(socket, ownsSocket: true), options, new ReceiveBudget(options.MaximumIncompleteBytes));
        try
        {
            await connection.HandshakeAsync(socketType, TestBytes.Of(identity), patience.Token);
            return new ZmtpClient(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Send(params byte[][] frames) => Assert.True(_connection.TrySend(ZmtpFrame.EncodeMessage(TestBytes.Frames(frames))), "The connection has ended.");

    public void Send(params string[] frames) => Send([.. frames.Select(TestBytes.Of)]);

    public void Subscribe(string topic) => _connection.TrySend(new ZmtpCommand(ZmtpCommand.Subscribe, TestBytes.Of(topic)));

    public void Unsubscribe(string topic) => _connection.TrySend(new ZmtpCommand(ZmtpCommand.Cancel, TestBytes.Of(topic)));

    /// <summary>The next message.</summary>
    public async Task<IReadOnlyList<byte[]>> ReceiveAsync() =>
        Assert.IsType<ZmtpMessage>(await _connection.ReceiveAsync().AsTask().WaitAsync(Patience)).Frames;

    /// <summary>The next message's frames as text.</summary>
    public async Task<string[]> ReceiveTextAsync() => TestBytes.Texts(await ReceiveAsync());

    /// <summary>Waits until the other end has closed the connection.</summary>
    public async Task WaitForEndAsync()
    {
        try
        {
            while (await _connection.ReceiveAsync().AsTask().WaitAsync(Patience) is not null)
            {
                // What was on its way.
            }
        }
        catch (IOException)
        {
            // A reset.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _connection.CloseAsync();
        _connection.Dispose();
    }
}
