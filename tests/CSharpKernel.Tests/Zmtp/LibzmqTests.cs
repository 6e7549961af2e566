using System.Globalization;
using System.Text;
using System.Threading.Channels;
using CSharpKernel.Zmtp;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>Our sockets with libzmq, which Jupyter's clients use, at the other end.</summary>
public class LibzmqTests
{
    [LibzmqFact]
    public async Task A_dealer_gets_ten_thousand_answers_in_order()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        using var peer = LibzmqPeer.Start(router.LocalEndPoint, """
            dealer = connect(zmq.DEALER, b"me", SNDHWM=0, RCVHWM=0)
            for i in range(10000): dealer.send_multipart([b"", b"%d" % i, b"x" * (i % 700)])
            for i in range(10000): assert dealer.recv_multipart() == [b"", b"%d" % i, b"x" * (i % 700), b"!"]
            """);
        for (var i = 0; i < 10_000; i++)
        {
            var message = await SocketTests.ReadAsync(router);
            Assert.Equal("me", Encoding.UTF8.GetString(message.Identity));
            Assert.True(router.TrySend(message.Identity, TestBytes.Frames([.. message.Frames, "!"u8.ToArray()])));
        }

        await peer.EndAsync();
    }

    [LibzmqFact]
    public async Task Request_sockets_and_dealers_without_identity_share_a_router()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        using var peer = LibzmqPeer.Start(router.LocalEndPoint, """
            sockets = [connect(zmq.REQ), connect(zmq.DEALER), connect(zmq.REQ), connect(zmq.DEALER), connect(zmq.ROUTER)]
            for round in range(50):
                for i in range(4): sockets[i].send(b"%d" % i)
                for i in range(4): assert sockets[i].recv() == b"%d" % i
            """);
        var identities = new HashSet<string>();
        for (var i = 0; i < 200; i++)
        {
            var message = await SocketTests.ReadAsync(router);
            identities.Add(Convert.ToHexString(message.Identity));
            Assert.True(router.TrySend(message.Identity, TestBytes.Frames(message.Frames)));
        }

        Assert.Equal(4, identities.Count);
        await peer.EndAsync();
    }

    [LibzmqFact]
    public async Task A_subscriber_gets_what_it_subscribed_to_until_it_cancels()
    {
        await using var publisher = PublisherSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        var topics = Channel.CreateUnbounded<string>();
        publisher.Subscribed = subscription =>
        {
            Assert.True(subscription.Send(TestBytes.Frames(Encoding.UTF8.GetString(subscription.Topic.Span), "welcome")));
            topics.Writer.TryWrite(Encoding.UTF8.GetString(subscription.Topic.Span));
        };
        publisher.Publish(TestBytes.Frames("abc", "held"));
        using var peer = LibzmqPeer.Start(publisher.LocalEndPoint, """
            subscriber = connect(zmq.SUB)
            subscriber.subscribe(b"ab")
            assert subscriber.recv_multipart() == [b"ab", b"welcome"]
            assert subscriber.recv_multipart() == [b"abc", b"held"]
            say("ready")
            for i in range(1000): assert subscriber.recv_multipart() == [b"ab", b"%d" % i]
            subscriber.unsubscribe(b"ab")
            subscriber.subscribe(b"z")
            assert subscriber.recv_multipart() == [b"z", b"welcome"]
            say("cancelled")
            assert subscriber.recv_multipart() == [b"z", b"end"]
            """);
        Assert.Equal("ready", await peer.HearAsync());
        for (var i = 0; i < 1000; i++)
        {
            publisher.Publish(TestBytes.Frames("ab", i.ToString(CultureInfo.InvariantCulture)));
            publisher.Publish(TestBytes.Frames("b", "not wanted"));
        }

        Assert.Equal("cancelled", await peer.HearAsync());
        publisher.Publish(TestBytes.Frames("ab", "no longer wanted"));
        publisher.Publish(TestBytes.Frames("z", "end"));
        await peer.EndAsync();
        Assert.Equal(["ab", "z"], [await topics.Reader.ReadAsync(), await topics.Reader.ReadAsync()]);
    }

    [LibzmqFact]
    public async Task Heartbeats_come_back()
    {
        await using var echo = EchoSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        using var peer = LibzmqPeer.Start(echo.LocalEndPoint, """
            request = connect(zmq.REQ)
            for i in range(100):
                request.send_multipart([b"ping", b"%d" % i])
                assert request.recv_multipart() == [b"ping", b"%d" % i]
            dealer = connect(zmq.DEALER)
            dealer.send_multipart([b"not a request"])
            dealer.send_multipart([b"", b"ping"])
            assert dealer.recv_multipart() == [b"", b"ping"]
            """);
        await peer.EndAsync();
    }

    [LibzmqFact]
    public async Task Fifty_megabytes_go_and_come_back()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        using var peer = LibzmqPeer.Start(router.LocalEndPoint, """
            import os
            dealer = connect(zmq.DEALER)
            big = os.urandom(50_000_000)
            dealer.send_multipart([b"before", big, b"after"])
            assert dealer.recv_multipart() == [b"before", big, b"after"]
            """);
        var message = await SocketTests.ReadAsync(router);
        Assert.True(router.TrySend(message.Identity, TestBytes.Frames(message.Frames)));
        await peer.EndAsync();
    }

    [LibzmqFact]
    public Task Clients_come_back_when_the_sockets_do() => ReusedPort.TryAsync(ReconnectAsyncAsync);

    private static async Task ReconnectAsyncAsync()
    {
        var router = RouterSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        var endPoint = router.LocalEndPoint;
        using var peer = LibzmqPeer.Start(endPoint, """
            dealer = connect(zmq.DEALER, b"me", RECONNECT_IVL=10)
            for i in range(3):
                dealer.send(b"%d" % i)
                assert dealer.recv() == b"%d" % i
                say("served")
                hear()
            """);
        for (var i = 0; i < 3; i++)
        {
            var message = await SocketTests.ReadAsync(router);
            router.TrySend(message.Identity, TestBytes.Frames(message.Frames));
            Assert.Equal("served", await peer.HearAsync());
            await router.DisposeAsync();
            router = RouterSocket.Bind(endPoint, new ZmtpOptions());
            await peer.SayAsync("go on");
        }

        await router.DisposeAsync();
        await peer.EndAsync();
    }

    [LibzmqFact]
    public async Task A_subscriber_that_was_given_up_comes_back()
    {
        await using var publisher = PublisherSocket.Bind(TestBytes.AnyPort, new ZmtpOptions { MaximumQueuedBytes = 1_000_000 });
        var subscriptions = Channel.CreateUnbounded<string>();
        publisher.Subscribed = subscription => subscriptions.Writer.TryWrite(Encoding.UTF8.GetString(subscription.Topic.Span));
        using var peer = LibzmqPeer.Start(publisher.LocalEndPoint, """
            subscriber = connect(zmq.SUB, RCVHWM=1, RCVBUF=100000, RECONNECT_IVL=10)
            subscriber.subscribe(b"")
            hear()
            while subscriber.recv() != b"end": pass
            """);
        await subscriptions.Reader.ReadAsync().AsTask().WaitAsync(ZmtpClient.Patience);
        for (var i = 0; publisher.ConnectionCount > 0; i++)
        {
            Assert.True(i < 10_000, "It was never given up.");
            publisher.Publish(TestBytes.Frames([new byte[100_000]]));
            await Task.Yield();
        }

        // It sees the end of the connection when it reads again.
        await peer.SayAsync("read");
        await subscriptions.Reader.ReadAsync().AsTask().WaitAsync(ZmtpClient.Patience);
        publisher.Publish(TestBytes.Frames("end"));
        await peer.EndAsync();
    }

    [LibzmqFact]
    public async Task Heartbeats_of_the_protocol_keep_a_connection_alive()
    {
        // libzmq gives a connection up when no PONG has come for the timeout; an idle one would not live through it.
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        using var peer = LibzmqPeer.Start(router.LocalEndPoint, """
            from zmq.utils.monitor import recv_monitor_message
            dealer = connect(zmq.DEALER, HEARTBEAT_IVL=100, HEARTBEAT_TIMEOUT=10000, HEARTBEAT_TTL=20000)
            events = dealer.get_monitor_socket(zmq.EVENT_DISCONNECTED)
            dealer.send(b"first")
            assert dealer.recv() == b"first"
            assert events.poll(11000) == 0, recv_monitor_message(events)
            """);
        var message = await SocketTests.ReadAsync(router);
        Assert.True(router.TrySend(message.Identity, TestBytes.Frames(message.Frames)));
        await peer.EndAsync();
    }
}
