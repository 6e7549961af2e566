using System.Diagnostics;
using CSharpKernel.Zmtp;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>How sockets end: what is queued still goes out, within bounds, and nobody waits for nothing.</summary>
public class DisposalTests
{
    [Fact]
    public async Task What_is_queued_goes_out_first()
    {
        var router = RouterSocket.Bind(TestBytes.AnyPort, new ZmtpOptions { Linger = ZmtpClient.Patience });
        await using var client = await ZmtpClient.ConnectDealerAsync(router.LocalEndPoint, "client");
        client.Send("shutdown");
        await SocketTests.ReadAsync(router);

        // More than the operating system takes at once, and requests that nobody reads any more.
        var body = new byte[20_000_000];
        body.AsSpan().Fill(7);
        Assert.True(router.TrySend("client"u8.ToArray(), TestBytes.Frames([body])));
        Assert.True(router.TrySend("client"u8.ToArray(), TestBytes.Frames("bye")));
        client.Send("one more");
        var end = router.DisposeAsync().AsTask();
        Assert.True(Assert.Single(await client.ReceiveAsync()).AsSpan().SequenceEqual(body));
        Assert.Equal(["bye"], await client.ReceiveTextAsync());
        await client.WaitForEndAsync();
        await end.WaitAsync(ZmtpClient.Patience);
    }

    [Fact]
    public async Task Requests_that_nobody_read_do_not_reset_the_connection_of_the_last_answer()
    {
        var router = RouterSocket.Bind(TestBytes.AnyPort, new ZmtpOptions { MaximumWaitingBytes = 1, Linger = ZmtpClient.Patience });
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
        byte[] request = [ZmtpFrame.LongFlag, 0, 0, 0, 0, 0, 0, 0x40, 0, .. new byte[0x4000]];
        await peer.SendAsync([.. Enumerable.Repeat(request, 20).SelectMany(bytes => bytes)]);
        await SocketTests.ReadAsync(router);

        // It fits into the operating system's buffers, not into what it hands over before the peer reads.
        Assert.True(router.TrySend("me"u8.ToArray(), TestBytes.Frames([new byte[600_000]])));
        var end = router.DisposeAsync().AsTask();
        await Task.WhenAny(end, Task.Delay(500));
        Assert.Equal(600_000 + ZmtpFrame.LongHeaderLength, (await peer.ReceiveToEndAsync(isResetAllowed: false)).Length);
        await end.WaitAsync(ZmtpClient.Patience);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_waited_for_no_longer_than_the_linger_time()
    {
        var router = RouterSocket.Bind(TestBytes.AnyPort, new ZmtpOptions { Linger = TimeSpan.FromMilliseconds(300) });
        using var deaf = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
        await deaf.SendAsync("00 00");
        var message = await SocketTests.ReadAsync(router);
        Assert.True(router.TrySend(message.Identity, TestBytes.Frames([new byte[40_000_000]])));
        var watch = Stopwatch.StartNew();
        await router.DisposeAsync().AsTask().WaitAsync(ZmtpClient.Patience);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(290), ZmtpClient.Patience);
    }

    [Fact]
    public async Task Peers_to_whom_nothing_is_to_be_sent_do_not_keep_a_socket()
    {
        // Idle, in the handshake, and one whose messages are waited for.
        var options = new ZmtpOptions { Linger = TimeSpan.FromHours(1), HandshakeTimeout = TimeSpan.FromHours(1), MaximumWaitingBytes = 1 };
        var router = RouterSocket.Bind(TestBytes.AnyPort, options);
        await using var idle = await ZmtpClient.ConnectDealerAsync(router.LocalEndPoint);
        using var silent = await RawPeer.ConnectAsync(router.LocalEndPoint);
        await using var eager = await ZmtpClient.ConnectDealerAsync(router.LocalEndPoint, "eager");
        for (var i = 0; i < 100; i++)
        {
            eager.Send("x");
        }

        for (var i = 0; i < 50; i++)
        {
            await SocketTests.ReadAsync(router);
        }

        await router.DisposeAsync().AsTask().WaitAsync(ZmtpClient.Patience);
        await silent.ReceiveToEndAsync();
        await idle.WaitForEndAsync();
        await eager.WaitForEndAsync();
        Assert.Equal(0, router.ConnectionCount);
    }

    [Fact]
    public async Task The_messages_end_with_the_socket()
    {
        var router = RouterSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in router.Messages.ReadAllAsync())
            {
                Assert.Fail("Nobody sends anything.");
            }
        });
        await router.DisposeAsync();
        await reading.WaitAsync(ZmtpClient.Patience);
        Assert.False(router.TrySend(new byte[1], TestBytes.Frames("x")));
        await router.DisposeAsync();
    }

    [Fact]
    public async Task A_publisher_and_an_echo_end_with_their_peers_connected()
    {
        var publisher = PublisherSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        var echo = EchoSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        publisher.Publish(TestBytes.Frames("held"));
        await using var subscriber = await ZmtpClient.ConnectSubscriberAsync(publisher.LocalEndPoint, "");
        await using var request = await ZmtpClient.ConnectRequestAsync(echo.LocalEndPoint);
        Assert.Equal(["held"], await subscriber.ReceiveTextAsync());
        publisher.Publish(TestBytes.Frames("last"));
        await publisher.DisposeAsync();
        await echo.DisposeAsync();
        Assert.Equal(["last"], await subscriber.ReceiveTextAsync());
        await subscriber.WaitForEndAsync();
        await request.WaitForEndAsync();
        publisher.Publish(TestBytes.Frames("nobody"));
    }
}
