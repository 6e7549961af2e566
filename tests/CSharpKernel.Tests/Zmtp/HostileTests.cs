using CSharpKernel.Zmtp;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>Peers that do what they shouldn't: the sockets stay up, take bounded memory and serve the next honest client.</summary>
public class HostileTests
{
    private const long Megabyte = 1024 * 1024;

    private static readonly ZmtpOptions Options = new() { Linger = TimeSpan.FromMilliseconds(100) };

    [Fact]
    public async Task Random_bytes_to_each_port()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        await using var publisher = PublisherSocket.Bind(TestBytes.AnyPort, Options);
        await using var echo = EchoSocket.Bind(TestBytes.AnyPort, Options);
        var random = TestSeed.Random();
        for (var i = 0; i < 300; i++)
        {
            var (endPoint, ready) = (i % 3) switch
            {
                0 => (router.LocalEndPoint, Transcript.ReadyDealer),
                1 => (publisher.LocalEndPoint, Transcript.ReadySubscriber),
                _ => (echo.LocalEndPoint, Transcript.ReadyRequest),
            };
            using var peer = await RawPeer.ConnectAsync(endPoint);
            var noise = new byte[random.Next(2000)];
            random.NextBytes(noise);
            await peer.TrySendAsync([.. random.Next(2) == 0 ? [] : TestBytes.FromHex(Transcript.Greeting30 + ready), .. noise]);
            if (random.Next(2) == 0)
            {
                peer.Reset();
            }
        }

        await AssertServesAsync(router);
        await AssertServesAsync(publisher);
        await AssertServesAsync(echo);
    }

    [Fact]
    public async Task A_thousand_connections_that_say_nothing()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        await using var early = await ZmtpClient.ConnectDealerAsync(router.LocalEndPoint, "early");
        var idle = new List<RawPeer>();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                idle.Add(await RawPeer.ConnectAsync(router.LocalEndPoint));
                if (i % 100 == 0)
                {
                    early.Send("still here");
                    Assert.Equal(["still here"], TestBytes.Texts((await SocketTests.ReadAsync(router)).Frames));
                }
            }

            // The oldest have given way to the newest.
            await idle[0].ReceiveToEndAsync();
            await AssertServesAsync(router);
        }
        finally
        {
            idle.ForEach(peer => peer.Dispose());
        }
    }

    [Fact]
    public async Task More_peers_than_there_may_be()
    {
        var refused = new TaskCompletionSource<string>();
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options with { MaximumConnections = 3, PeerRefused = refused.SetResult });
        var peers = new List<RawPeer>();
        for (var i = 0; i < 3; i++)
        {
            peers.Add(await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyRequest));
            await peers[i].SendAsync("00 00");
            await SocketTests.ReadAsync(router);
        }

        using var fourth = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyRequest);
        await fourth.ReceiveToEndAsync();
        Assert.Contains("there are 3 connections already", await refused.Task.WaitAsync(ZmtpClient.Patience), StringComparison.Ordinal);
        Assert.Equal(3, router.ConnectionCount);
        peers.ForEach(peer => peer.Dispose());
        await WaitUntilAsync(() => router.ConnectionCount == 0);
        await AssertServesAsync(router);
    }

    [Fact]
    public async Task Peers_that_stay_and_say_nothing_keep_nobody_out()
    {
        var options = Options with { MaximumConnections = 5 };
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, options);
        await using var publisher = PublisherSocket.Bind(TestBytes.AnyPort, options);
        await using var early = await ZmtpClient.ConnectDealerAsync(router.LocalEndPoint, "early");
        early.Send("first");
        await SocketTests.ReadAsync(router);
        var silent = new List<RawPeer>();
        for (var i = 0; i < 20; i++)
        {
            silent.Add(await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyRequest));
            silent.Add(await RawPeer.ConnectAsync(publisher.LocalEndPoint, Transcript.ReadySubscriber));
        }

        await AssertServesAsync(router);
        await AssertServesAsync(publisher);
        early.Send("second");
        Assert.Equal(["second"], TestBytes.Texts((await SocketTests.ReadAsync(router)).Frames));
        Assert.InRange(router.ConnectionCount, 2, 5);
        silent.ForEach(peer => peer.Dispose());
    }

    [Theory]
    [InlineData("")]
    [InlineData("ff")]
    [InlineData(Transcript.Greeting30)]
    [InlineData(Transcript.Greeting30 + "04 29 05")]
    public async Task A_handshake_that_is_never_finished(string bytes)
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options with { HandshakeTimeout = TimeSpan.FromMilliseconds(100) });
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint);
        await peer.SendAsync(bytes);
        await peer.ReceiveToEndAsync();
    }

    [Fact]
    public async Task A_greeting_so_slow_that_it_never_ends()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options with { HandshakeTimeout = TimeSpan.FromMilliseconds(300) });
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint);
        var end = peer.ReceiveToEndAsync();
        var greeting = TestBytes.FromHex(Transcript.Greeting30);
        for (var i = 0; !end.IsCompleted; i++)
        {
            await peer.TrySendAsync([greeting[Math.Min(i, greeting.Length - 2)]]);
            await Task.WhenAny(end, Task.Delay(50));
            Assert.True(i < greeting.Length - 2, "The greeting was waited for to its end.");
        }
    }

    [Fact]
    public async Task Connections_reset_in_the_middle_of_a_frame()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        for (var i = 0; i < 50; i++)
        {
            using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
            await peer.SendAsync("01 01 61  02 0000000000100000 62");
            peer.Reset();
        }

        await WaitUntilAsync(() => router.ConnectionCount == 0);
        await AssertServesAsync(router);
    }

    [Fact]
    public async Task A_dealer_that_sends_and_never_reads_the_answers()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options with { MaximumQueuedBytes = Megabyte });
        using var deaf = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
        byte[] request = [ZmtpFrame.LongFlag, 0, 0, 0, 0, 0, 1, 0, 0, .. new byte[65536]];
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await deaf.TrySendAsync(request);
            }
        });
        var isThere = true;
        for (var i = 0; isThere; i++)
        {
            Assert.True(i < 1000, "It was never given up.");
            var message = await SocketTests.ReadAsync(router);
            isThere = router.TrySend(message.Identity, TestBytes.Frames(message.Frames));
            Assert.InRange(router.QueuedBytes, 0, Megabyte);
        }

        await sending.WaitAsync(ZmtpClient.Patience);
        await AssertServesAsync(router);
    }

    [Fact]
    public async Task Messages_that_nobody_takes_stop_their_sender()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options with { MaximumWaitingBytes = Megabyte });
        await using var dealer = await ZmtpClient.ConnectDealerAsync(router.LocalEndPoint, "eager");
        for (var i = 0; i < 400; i++)
        {
            dealer.Send([new byte[100_000]]);
        }

        await WaitUntilAsync(() => router.WaitingBytes > Megabyte / 2);
        Assert.InRange(router.WaitingBytes, Megabyte / 2, Megabyte);
        for (var i = 0; i < 400; i++)
        {
            Assert.Equal(100_000, (await SocketTests.ReadAsync(router)).Frames[0].Length);
            Assert.InRange(router.WaitingBytes, 0, Megabyte);
        }

        await AssertServesAsync(router);
    }

    [Fact]
    public async Task Empty_messages_take_room_too()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options with { MaximumWaitingBytes = 1000 });
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
        await peer.SendAsync(new byte[2 * 10_000]);
        await WaitUntilAsync(() => router.WaitingBytes > 900);
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Empty(Assert.Single((await SocketTests.ReadAsync(router)).Frames));
            Assert.InRange(router.Messages.Count, 0, 20);
        }
    }

    [Fact]
    public async Task Pings_without_end_whose_answers_nobody_reads()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options with { MaximumQueuedBytes = Megabyte });
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
        byte[] ping = [4, 255, .. TestBytes.FromHex("04 50494e47 0000"), .. new byte[248]];
        byte[] pings = [.. Enumerable.Repeat(ping, 1000).SelectMany(bytes => bytes)];
        for (var i = 0; router.ConnectionCount > 0; i++)
        {
            Assert.True(i < 1000, "It was never given up.");
            await peer.TrySendAsync(pings);
            Assert.InRange(router.QueuedBytes, 0, Megabyte);
        }

        await AssertServesAsync(router);
    }

    [Fact]
    public async Task A_second_connection_with_an_identity_takes_it_over()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        using var first = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
        await first.SendAsync("00 01 31");
        await SocketTests.ReadAsync(router);
        await using var second = await ZmtpClient.ConnectDealerAsync(router.LocalEndPoint, "me");
        Assert.Empty(await first.ReceiveToEndAsync());
        second.Send("2");
        var message = await SocketTests.ReadAsync(router);
        Assert.Equal("me", TestBytes.Texts([message.Identity])[0]);
        Assert.True(router.TrySend(message.Identity, TestBytes.Frames("answer")));
        Assert.Equal(["answer"], await second.ReceiveTextAsync());
        await WaitUntilAsync(() => router.ConnectionCount == 1);
    }

    private static async Task AssertServesAsync(RouterSocket router)
    {
        await using var client = await ZmtpClient.ConnectDealerAsync(router.LocalEndPoint, "honest");
        client.Send("hello");
        RoutedMessage message;
        do
        {
            // Noise can be a message, too.
            message = await SocketTests.ReadAsync(router);
        }
        while (TestBytes.Texts([message.Identity])[0] != "honest");
        Assert.True(router.TrySend(message.Identity, TestBytes.Frames("welcome")));
        Assert.Equal(["welcome"], await client.ReceiveTextAsync());
    }

    internal static async Task AssertServesAsync(PublisherSocket publisher)
    {
        publisher.Subscribed = subscription => subscription.Send(TestBytes.Frames("welcome"));
        await using var client = await ZmtpClient.ConnectSubscriberAsync(publisher.LocalEndPoint, "");
        Assert.Equal(["welcome"], await client.ReceiveTextAsync());
        publisher.Publish(TestBytes.Frames("news"));
        Assert.Equal(["news"], await client.ReceiveTextAsync());
    }

    private static async Task AssertServesAsync(EchoSocket echo)
    {
        await using var client = await ZmtpClient.ConnectRequestAsync(echo.LocalEndPoint);
        client.Send("", "ping");
        Assert.Equal(["", "ping"], await client.ReceiveTextAsync());
    }

    /// <summary>Waits for what happens on other threads and can't be awaited.</summary>
    internal static async Task WaitUntilAsync(Func<bool> condition)
    {
        var end = DateTime.UtcNow + ZmtpClient.Patience;
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < end, "It never came to be.");
            await Task.Delay(5);
        }
    }
}
