using System.Net;
using System.Text;
using CSharpKernel.Zmtp;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>The sockets as their users see them, with our own client at the other end.</summary>
public class SocketTests
{
    [Fact]
    public async Task A_router_names_the_sender_and_answers_it_alone()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        await using var first = await ZmtpClient.ConnectDealerAsync(router.LocalEndPoint, "first");
        await using var second = await ZmtpClient.ConnectDealerAsync(router.LocalEndPoint, "second");
        second.Send("", "b");
        var message = await ReadAsync(router);
        Assert.Equal("second", Encoding.UTF8.GetString(message.Identity));
        Assert.Equal(["", "b"], TestBytes.Texts(message.Frames));
        first.Send("a");
        Assert.Equal("first", Encoding.UTF8.GetString((await ReadAsync(router)).Identity));

        Assert.True(router.TrySend(TestBytes.Of("first"), TestBytes.Frames("to", "", "first")));
        Assert.True(router.TrySend(message.Identity, TestBytes.Frames("to second")));
        Assert.Equal(["to", "", "first"], await first.ReceiveTextAsync());
        Assert.Equal(["to second"], await second.ReceiveTextAsync());
        Assert.False(router.TrySend(TestBytes.Of("third"), TestBytes.Frames("x")));
    }

    [Fact]
    public async Task Peers_without_an_identity_get_one_each()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        await using var first = await ZmtpClient.ConnectDealerAsync(router.LocalEndPoint);
        await using var second = await ZmtpClient.ConnectRequestAsync(router.LocalEndPoint);
        first.Send("a");
        var identity = (await ReadAsync(router)).Identity;
        second.Send("b");
        Assert.NotEqual(identity, (await ReadAsync(router)).Identity);
        Assert.True(router.TrySend(identity, TestBytes.Frames("to first")));
        Assert.Equal(["to first"], await first.ReceiveTextAsync());
    }

    [Fact]
    public async Task A_publisher_sends_to_subscribers_of_a_prefix()
    {
        await using var publisher = PublisherSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        publisher.Subscribed = subscription => subscription.Send(TestBytes.Frames("welcome", Encoding.UTF8.GetString(subscription.Topic.Span)));
        await using var all = await ZmtpClient.ConnectSubscriberAsync(publisher.LocalEndPoint, "");
        await using var some = await ZmtpClient.ConnectSubscriberAsync(publisher.LocalEndPoint, "ab");
        Assert.Equal(["welcome", ""], await all.ReceiveTextAsync());
        Assert.Equal(["welcome", "ab"], await some.ReceiveTextAsync());
        foreach (var topic in new[] { "a", "b", "ab", "abc", "" })
        {
            publisher.Publish(TestBytes.Frames(topic, "x"));
        }

        foreach (var topic in new[] { "a", "b", "ab", "abc", "" })
        {
            Assert.Equal([topic, "x"], await all.ReceiveTextAsync());
        }

        Assert.Equal(["ab", "x"], await some.ReceiveTextAsync());
        Assert.Equal(["abc", "x"], await some.ReceiveTextAsync());
    }

    [Fact]
    public async Task What_was_published_before_anybody_subscribed_goes_to_the_first_who_does()
    {
        await using var publisher = PublisherSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        publisher.Subscribed = subscription => subscription.Send(TestBytes.Frames("welcome"));
        publisher.Publish(TestBytes.Frames("one"));
        publisher.Publish(TestBytes.Frames("two", "2"));
        await using var first = await ZmtpClient.ConnectSubscriberAsync(publisher.LocalEndPoint, "");
        Assert.Equal(["welcome"], await first.ReceiveTextAsync());
        Assert.Equal(["one"], await first.ReceiveTextAsync());
        Assert.Equal(["two", "2"], await first.ReceiveTextAsync());
        await using var second = await ZmtpClient.ConnectSubscriberAsync(publisher.LocalEndPoint, "");
        Assert.Equal(["welcome"], await second.ReceiveTextAsync());
        publisher.Publish(TestBytes.Frames("three"));
        Assert.Equal(["three"], await first.ReceiveTextAsync());
        Assert.Equal(["three"], await second.ReceiveTextAsync());
    }

    [Fact]
    public async Task An_echo_returns_requests_with_their_envelope()
    {
        await using var echo = EchoSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        await using var request = await ZmtpClient.ConnectRequestAsync(echo.LocalEndPoint);
        request.Send("", "ping");
        Assert.Equal(["", "ping"], await request.ReceiveTextAsync());
        await using var dealer = await ZmtpClient.ConnectDealerAsync(echo.LocalEndPoint);
        dealer.Send("no envelope");
        dealer.Send("1", "2", "", "body", "");
        Assert.Equal(["1", "2", "", "body", ""], await dealer.ReceiveTextAsync());
    }

    [Fact]
    public async Task Only_loopback_addresses_are_listened_on_unless_others_are_allowed()
    {
        var endPoint = new IPEndPoint(IPAddress.Any, 0);
        var error = Assert.Throws<ArgumentException>(() => RouterSocket.Bind(endPoint, new ZmtpOptions()));
        Assert.Contains("0.0.0.0", error.Message, StringComparison.Ordinal);
        await using var router = RouterSocket.Bind(endPoint, new ZmtpOptions { AllowOtherInterfaces = true });
        Assert.NotEqual(0, router.LocalEndPoint.Port);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var echo = EchoSocket.Bind(TestBytes.AnyPort, new ZmtpOptions());
        var error = Assert.Throws<IOException>(() => EchoSocket.Bind(echo.LocalEndPoint, new ZmtpOptions()));
        Assert.Contains(echo.LocalEndPoint.ToString(), error.Message, StringComparison.Ordinal);
    }

    internal static async Task<RoutedMessage> ReadAsync(RouterSocket router) => await router.Messages.ReadAsync().AsTask().WaitAsync(ZmtpClient.Patience);
}
