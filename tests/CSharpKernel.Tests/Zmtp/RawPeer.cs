using System.Net;
using System.Net.Sockets;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>A TCP connection on which a test writes and reads bytes itself. Every wait is bounded.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    private RawPeer(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    public static async Task<RawPeer> ConnectAsync(IPEndPoint endPoint)
    {
        var client = new TcpClient(endPoint.AddressFamily) { NoDelay = true };
        await client.ConnectAsync(endPoint).WaitAsync(ZmtpClient.Patience);
        return new RawPeer(client);
    }

    /// <summary>Connects and goes through the handshake.</summary>
    public static async Task<RawPeer> ConnectAsync(IPEndPoint endPoint, string ready)
    {
        var peer = await ConnectAsync(endPoint);
        await peer.SendAsync(Transcript.Greeting30 + ready);
        await peer.ReceiveAsync(64);
        var header = TestBytes.FromHex(await peer.ReceiveAsync(2));
        await peer.ReceiveAsync(header[1]);
        return peer;
    }

    public Task SendAsync(string hex) => SendAsync(TestBytes.FromHex(hex));

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes).AsTask().WaitAsync(ZmtpClient.Patience);

    /// <summary>Sends what the other end may no longer want: an error then is none.</summary>
    public async Task TrySendAsync(byte[] bytes)
    {
        try
        {
            await SendAsync(bytes);
        }
        catch (IOException)
        {
            // It has closed the connection.
        }
    }

    /// <summary>The next so many bytes, in hexadecimal digits.</summary>
    public async Task<string> ReceiveAsync(int count)
    {
        var bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes).AsTask().WaitAsync(ZmtpClient.Patience);
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Checks the next bytes.</summary>
    public async Task ExpectAsync(string hex)
    {
        var expected = TestBytes.FromHex(hex);
        Assert.Equal(Convert.ToHexStringLower(expected), await ReceiveAsync(expected.Length));
    }

    /// <summary>Waits until the other end closes the connection, and returns what came before.</summary>
    /// <param name="isResetAllowed">Whether the end may be a reset, which can overtake what was sent before it.</param>
    public async Task<byte[]> ReceiveToEndAsync(bool isResetAllowed = true)
    {
        using var received = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(received).WaitAsync(ZmtpClient.Patience);
        }
        catch (IOException) when (isResetAllowed)
        {
            // A reset.
        }

        return received.ToArray();
    }

    /// <summary>Ends the connection as a crash would, with a reset.</summary>
    public void Reset()
    {
        _client.LingerState = new LingerOption(enable: true, seconds: 0);
        _client.Dispose();
    }

    public void Dispose() => _client.Dispose();
}
