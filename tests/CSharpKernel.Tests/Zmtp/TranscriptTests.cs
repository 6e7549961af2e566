using System.Text;
using CSharpKernel.Zmtp;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>The sockets byte for byte, against transcripts that follow the specifications' grammar.</summary>
public class TranscriptTests
{
    /// <summary>PING that never wants to be given up, with the context "hi".</summary>
    private const string Ping = "04 09 04 50494e47 0000 6869";

    /// <summary>What comes back.</summary>
    private const string Pong = "04 07 04 504f4e47 6869";

    private static readonly ZmtpOptions Options = new();

    [Theory]
    [InlineData(Transcript.Greeting30)]
    [InlineData(Transcript.Greeting31)]
    // A version to come has to speak ours with us.
    [InlineData("ff0000000000000000 7f 0400" + Transcript.MechanismNull + Transcript.Rest)]
    // libzmq puts a length for ZMTP 1 into the signature.
    [InlineData("ff0000000000000001 7f 0301" + Transcript.MechanismNull + Transcript.Rest)]
    public async Task A_dealer_talks_to_a_router(string greeting)
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint);
        await peer.SendAsync(greeting);
        await peer.ExpectAsync(Transcript.Greeting31);
        await peer.SendAsync(Transcript.ReadyDealer);
        await peer.ExpectAsync(Transcript.ReadyRouter);

        // Frames "a", "" and, the last, "bc".
        await peer.SendAsync("01 01 61  01 00  00 02 6263");
        var message = await SocketTests.ReadAsync(router);
        Assert.Equal("me", Encoding.ASCII.GetString(message.Identity));
        Assert.Equal(["a", "", "bc"], TestBytes.Texts(message.Frames));
        router.TrySend(message.Identity, TestBytes.Frames("x", ""));
        await peer.ExpectAsync("01 01 78  00 00");
    }

    [Fact]
    public async Task Lengths_over_255_take_eight_bytes()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
        var (shorter, longer) = (new string('7', 2 * 255), new string('7', 2 * 256));

        // A short body may have a long length, too.
        await peer.SendAsync("01 ff" + shorter + "03 0000000000000100" + longer + "02 0000000000000001 61");
        var message = await SocketTests.ReadAsync(router);
        Assert.Equal([new string('w', 255), new string('w', 256), "a"], TestBytes.Texts(message.Frames));
        router.TrySend(message.Identity, TestBytes.Frames(message.Frames));
        await peer.ExpectAsync("01 ff" + shorter + "03 0000000000000100" + longer + "00 01 61");
    }

    [Fact]
    public async Task A_greeting_may_come_byte_by_byte()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint);
        foreach (var value in TestBytes.FromHex(Transcript.Greeting30 + Transcript.ReadyDealer + "00 01 61"))
        {
            await peer.SendAsync([value]);
        }

        Assert.Equal(["a"], TestBytes.Texts((await SocketTests.ReadAsync(router)).Frames));
    }

    [Theory]
    [InlineData("00 02 0161", "00 02 0061", Transcript.Greeting30)]
    [InlineData("04 0b 09 535542534352494245 61", "04 08 06 43414e43454c 61", Transcript.Greeting31)]
    public async Task Subscriptions_come_as_messages_and_as_commands(string subscribe, string cancel, string greeting)
    {
        await using var publisher = PublisherSocket.Bind(TestBytes.AnyPort, Options);
        publisher.Subscribed = subscription => subscription.Send(TestBytes.Frames("ok"));
        using var peer = await RawPeer.ConnectAsync(publisher.LocalEndPoint);
        await peer.SendAsync(greeting + Transcript.ReadySubscriber);
        await peer.ExpectAsync(Transcript.Greeting31 + Transcript.ReadyPublisher);
        await peer.SendAsync(subscribe);
        await peer.ExpectAsync("00 02 6f6b");
        publisher.Publish(TestBytes.Frames("b"));
        publisher.Publish(TestBytes.Frames("ab", "1"));
        await peer.ExpectAsync("01 02 6162  00 01 31");

        // Twice subscribed, once cancelled: still there. Cancelled again: gone. The PONG says that it has been read.
        await peer.SendAsync(subscribe + cancel + Ping);
        await peer.ExpectAsync("00 02 6f6b" + Pong);
        publisher.Publish(TestBytes.Frames("a", "2"));
        await peer.ExpectAsync("01 01 61  00 01 32");
        await peer.SendAsync(cancel + Ping);
        await peer.ExpectAsync(Pong);
        publisher.Publish(TestBytes.Frames("a", "3"));
        await peer.SendAsync(Ping);
        await peer.ExpectAsync(Pong);
    }

    [Fact]
    public async Task A_reply_socket_keeps_the_envelope()
    {
        await using var echo = EchoSocket.Bind(TestBytes.AnyPort, Options);
        using var peer = await RawPeer.ConnectAsync(echo.LocalEndPoint);
        await peer.SendAsync(Transcript.Greeting30 + Transcript.ReadyRequest);
        await peer.ExpectAsync(Transcript.Greeting31 + Transcript.ReadyReply);
        await peer.SendAsync("01 00  00 04 70696e67");
        await peer.ExpectAsync("01 00  00 04 70696e67");
    }

    [Fact]
    public async Task A_ping_is_answered_with_its_context_also_within_a_message()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
        await peer.SendAsync("01 01 61" + Ping);
        await peer.ExpectAsync(Pong);
        await peer.SendAsync("00 01 62" + "04 07 04 50494e47 0000");
        await peer.ExpectAsync("04 05 04 504f4e47");
        Assert.Equal(["a", "b"], TestBytes.Texts((await SocketTests.ReadAsync(router)).Frames));
    }

    [Fact]
    public async Task Unknown_commands_are_passed_over()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
        await peer.SendAsync("04 06 05 48454c4c4f" + "04 02 01 58" + "06 0000000000000006 04 504f4e47 00" + "00 01 61");
        Assert.Equal(["a"], TestBytes.Texts((await SocketTests.ReadAsync(router)).Frames));
    }

    [Fact]
    public async Task A_peer_that_wants_to_be_given_up_after_silence_is()
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);

        // A time to live of two tenths of a second.
        await peer.SendAsync("04 07 04 50494e47 0002");
        await peer.ExpectAsync("04 05 04 504f4e47");
        Assert.Empty(await peer.ReceiveToEndAsync());
        Assert.False(router.TrySend("me"u8.ToArray(), TestBytes.Frames("x")));
    }

    [Theory]
    [InlineData("4745 54202f20485454502f312e310d0a", "first byte is 0x47")]
    // ZMTP 1.0: an empty identity, then its first message.
    [InlineData("0100 0500 6869", "first byte is 0x01")]
    [InlineData("ff0000000000000009 01", "tenth byte is 0x01")]
    // ZMTP 2.0: signature, revision 1, DEALER, an empty identity.
    [InlineData("ff0000000000000001 7f 01 05 0000", "older version")]
    public async Task What_is_not_ZMTP_3_ends_at_the_first_wrong_byte(string bytes, string reason)
    {
        var refused = new TaskCompletionSource<string>();
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options with { PeerRefused = refused.SetResult });
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint);
        await peer.SendAsync(bytes);
        Assert.Equal(TestBytes.FromHex(Transcript.Greeting31), await peer.ReceiveToEndAsync());
        var sentence = await refused.Task.WaitAsync(ZmtpClient.Patience);
        Assert.Contains(reason, sentence, StringComparison.Ordinal);
        Assert.Contains(router.LocalEndPoint.ToString(), sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ff0000000000000000 7f 0300" + Transcript.MechanismPlain + Transcript.Rest, false, "security mechanism 'PLAIN'")]
    // A SUB socket.
    [InlineData(Transcript.Greeting30 + Transcript.ReadySubscriber, true, "'SUB', which does not go with ROUTER")]
    // READY without properties, with half a name, with half a length, with half a value.
    [InlineData(Transcript.Greeting30 + "04 06 05 5245414459", true, "''")]
    [InlineData(Transcript.Greeting30 + "04 08 05 5245414459 0b 53", true, "ends within")]
    [InlineData(Transcript.Greeting30 + "04 14 05 5245414459" + Transcript.SocketTypeProperty + "0000", true, "ends within")]
    [InlineData(Transcript.Greeting30 + "04 17 05 5245414459" + Transcript.SocketTypeProperty + "ffffffff 44", true, "ends within")]
    // An identity that begins with a zero.
    [InlineData(Transcript.Greeting30 + "04 2b 05 5245414459" + Transcript.SocketTypeProperty + "00000006 4445414c4552" + Transcript.IdentityProperty + "00000002 0065", true, "begins with a zero")]
    // A message, a command without a name, one with half a name, another command, ERROR.
    [InlineData(Transcript.Greeting30 + "00 01 61", true, "before the end of the handshake")]
    [InlineData(Transcript.Greeting30 + "04 00", true, "without a whole name")]
    [InlineData(Transcript.Greeting30 + "04 02 05 52", true, "without a whole name")]
    [InlineData(Transcript.Greeting30 + "04 07 04 50494e47 0000", true, "PING instead of READY")]
    [InlineData(Transcript.Greeting30 + "04 09 05 4552524f52 02 6e6f", true, "it refuses: no")]
    public async Task A_handshake_that_fails_says_why(string bytes, bool getsReady, string reason)
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint);
        await peer.SendAsync(bytes);
        await peer.ExpectAsync(Transcript.Greeting31 + (getsReady ? Transcript.ReadyRouter : ""));
        var error = await peer.ReceiveToEndAsync();

        // A command, its length, "ERROR", the reason and its length.
        Assert.Equal("04", Convert.ToHexStringLower(error[..1]));
        Assert.Equal(error.Length - 2, error[1]);
        Assert.Equal("054552524f52", Convert.ToHexStringLower(error[2..8]));
        Assert.Equal(error.Length - 9, error[8]);
        Assert.Contains(reason, Encoding.ASCII.GetString(error[9..]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public async Task An_identity_has_up_to_255_bytes(int length, bool isAccepted)
    {
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options);
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint);
        var identity = string.Concat(Enumerable.Repeat("69", length));

        // READY with DEALER and the identity: 41 bytes and the identity.
        await peer.SendAsync(Transcript.Greeting30 + $"06 {41 + length:x16} 05 5245414459" + Transcript.SocketTypeProperty + "00000006 4445414c4552" + Transcript.IdentityProperty + $"{length:x8}" + identity + "00 00");
        await peer.ExpectAsync(Transcript.Greeting31 + Transcript.ReadyRouter);
        if (isAccepted)
        {
            Assert.Equal(TestBytes.FromHex(identity), (await SocketTests.ReadAsync(router)).Identity);
        }
        else
        {
            Assert.Contains("identity of 256 bytes", Encoding.ASCII.GetString(await peer.ReceiveToEndAsync()), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("08 01 61", "reserved flags: 0x08")]
    [InlineData("80 01 61", "reserved flags: 0x80")]
    [InlineData("05 06 05 48454c4c4f", "a command of more than one frame")]
    [InlineData("02 7fffffffffffffff", "a frame of 9223372036854775807 bytes")]
    [InlineData("02 ffffffffffffffff", "a frame of 18446744073709551615 bytes")]
    [InlineData("06 0000000000010001", "a command of 65537 bytes")]
    [InlineData("02 0000000010000001", "a frame of 268435457 bytes")]
    [InlineData("04 06 04 50494e47 00", "PING without a time to live")]
    [InlineData("04 00", "without a whole name")]
    public async Task A_frame_that_is_wrong_ends_the_connection(string bytes, string reason)
    {
        var refused = new TaskCompletionSource<string>();
        await using var router = RouterSocket.Bind(TestBytes.AnyPort, Options with { PeerRefused = refused.SetResult });
        using var peer = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
        await peer.SendAsync(bytes);
        Assert.Empty(await peer.ReceiveToEndAsync());
        Assert.Contains(reason, await refused.Task.WaitAsync(ZmtpClient.Patience), StringComparison.Ordinal);
        using var next = await RawPeer.ConnectAsync(router.LocalEndPoint, Transcript.ReadyDealer);
        await next.SendAsync("00 01 61");
        Assert.Equal(["a"], TestBytes.Texts((await SocketTests.ReadAsync(router)).Frames));
    }
}
