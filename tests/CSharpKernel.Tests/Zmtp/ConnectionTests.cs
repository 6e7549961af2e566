using System.Buffers.Binary;
using System.Text;
using CSharpKernel.Zmtp;
using FsCheck.Fluent;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>A connection over bytes that come in any pieces, right and wrong ones.</summary>
public class ConnectionTests
{
    private const string Conversation = Transcript.Greeting31 + Transcript.ReadyDealer
        + "00 01 61" + "01 00  01 02 6263  00 03 646566" + "04 07 04 50494e47 0000" + "04 0b 09 535542534352494245 78" + "01 01 67" + "04 05 04 504f4e47" + "02 0000000000000002 6869";

    private static readonly ZmtpOptions SmallOptions = new() { MaximumFrameBytes = 1 << 20, MaximumMessageBytes = 1 << 21, MaximumFramesPerMessage = 50, Linger = TimeSpan.Zero };

    private static readonly string[] Expected = ["a", "/bc/def", "SUBSCRIBE x", "g/hi", "end"];

    [Fact]
    public async Task Bytes_mean_the_same_however_they_are_cut()
    {
        var bytes = TestBytes.FromHex(Conversation);
        for (var at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal(Expected, await ReadAllAsync(new ScriptedStream([bytes[..at], bytes[at..]])));
        }

        Assert.Equal(Expected, await ReadAllAsync(new ScriptedStream(bytes.Select(value => new[] { value }))));
    }

    [Fact]
    public async Task Bytes_that_end_too_early_are_no_good_end()
    {
        var bytes = TestBytes.FromHex(Conversation);
        var goodEnds = new List<int>();
        for (var length = 0; length < bytes.Length; length++)
        {
            var items = await ReadAllAsync(new ScriptedStream([bytes[..length]]));
            if (items[^1] == "end")
            {
                goodEnds.Add(length);
            }
            else
            {
                Assert.Equal(nameof(EndOfStreamException), items[^1]);
            }
        }

        // After the handshake, the two messages that stand alone, PING and SUBSCRIBE.
        Assert.Equal(5, goodEnds.Count);
    }

    [Fact]
    public void Any_frames_come_out_as_they_went_in()
    {
        var sizes = Gen.Frequency((6, Gen.Choose(0, 4)), (3, Gen.Choose(253, 258)), (1, Gen.Choose(0, 70_000)));
        var messages = Gen.ListOf(Gen.NonEmptyListOf(sizes)).Resize(12);
        PropertyCheck.ForAll(messages.Zip(Gen.Choose(0, int.MaxValue)), input =>
        {
            var random = new Random(input.Item2);
            var sent = input.Item1.Select(lengths => lengths.Select(length => Fill(random, length)).ToList()).ToList();
            byte[] encoded = [.. sent.SelectMany(frames => ZmtpFrame.EncodeMessage(TestBytes.Frames(frames)))];
            Assert.True(AreEqual(sent, DecodeNaively(encoded)));
            Assert.True(AreEqual(sent, ReadMessages(ScriptedStream.Cut([.. TestBytes.FromHex(Transcript.Greeting30 + Transcript.ReadyDealer), .. encoded], random))));
        });
    }

    [Fact]
    public void Mutated_conversations_end_in_an_orderly_way()
    {
        var bytes = TestBytes.FromHex(Conversation);
        var outcomes = new Dictionary<string, int>();
        TestSeed.ForEachCase(20_000, (_, random) =>
        {
            var mutated = Mutate(bytes, random);
            var reading = ReadAllAsync(ScriptedStream.Cut(mutated, random));
            Assert.True(reading.IsCompleted, "It waits though all bytes are there.");
            var outcome = reading.GetAwaiter().GetResult()[^1];
            Assert.Contains(outcome, new[] { "end", nameof(EndOfStreamException), nameof(ZmtpException) });
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        });
        Assert.Equal(3, outcomes.Count);
    }

    [Theory]
    [InlineData(100, 0)]
    [InlineData(10, 1_000_000)]
    public async Task A_message_without_end_ends_the_connection(int maximumFrames, int frameLength)
    {
        var options = new ZmtpOptions { MaximumFramesPerMessage = maximumFrames, MaximumMessageBytes = 5_000_000 };
        byte[] frame = [ZmtpFrame.MoreFlag | ZmtpFrame.LongFlag, .. LengthOf(frameLength), .. new byte[frameLength]];
        var endless = Enumerable.Repeat(frame, 1000).Prepend(TestBytes.FromHex(Transcript.Greeting30 + Transcript.ReadyDealer));
        Assert.Equal([nameof(ZmtpException)], await ReadAllAsync(new ScriptedStream(endless), options));
    }

    [Fact]
    public async Task A_length_alone_takes_no_memory()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        byte[] promise = [.. TestBytes.FromHex(Transcript.Greeting30 + Transcript.ReadyDealer), ZmtpFrame.LongFlag, .. LengthOf(90_000_000)];
        Assert.Equal([nameof(EndOfStreamException)], await ReadAllAsync(new ScriptedStream([promise]), new ZmtpOptions()));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public async Task Large_messages_of_several_peers_share_a_budget_and_small_ones_need_none()
    {
        var options = new ZmtpOptions { MaximumIncompleteBytes = 2_000_000 };
        var budget = new ReceiveBudget(options.MaximumIncompleteBytes);
        var hello = TestBytes.FromHex(Transcript.Greeting30 + Transcript.ReadyDealer);
        byte[] large = [.. hello, ZmtpFrame.LongFlag, .. LengthOf(2_500_000), .. new byte[2_500_000]];
        byte[] small = [.. hello, ZmtpFrame.LongFlag, .. LengthOf(900_000), .. new byte[900_000]];

        using var first = new ZmtpConnection(new ScriptedStream([large]), options, budget);
        await first.HandshakeAsync(SocketType.Router, default, default);
        Assert.IsType<ZmtpMessage>(await first.ReceiveAsync());
        Assert.InRange(budget.Taken, 1_400_000, 1_500_000);
        Assert.Equal([nameof(ZmtpException)], await ReadAllAsync(new ScriptedStream([large]), options, budget));
        Assert.Equal(2, (await ReadAllAsync(new ScriptedStream([small]), options, budget)).Count);
        Assert.Null(await first.ReceiveAsync());
        Assert.Equal(0, budget.Taken);
        Assert.Equal(2, (await ReadAllAsync(new ScriptedStream([large]), options, budget)).Count);
        Assert.Equal(0, budget.Taken);
    }

    [Fact]
    public async Task A_message_instead_of_a_handshake_is_refused_by_its_header_and_one_that_stops_halfway_gives_back_what_it_took()
    {
        var options = new ZmtpOptions();
        var budget = new ReceiveBudget(options.MaximumIncompleteBytes);
        byte[] large = [ZmtpFrame.LongFlag, .. LengthOf(90_000_000), .. new byte[5_000_000]];
        var early = new ScriptedStream([TestBytes.FromHex(Transcript.Greeting30), .. Enumerable.Repeat(large, 2)]);
        Assert.Equal([nameof(ZmtpException)], await ReadAllAsync(early, options, budget));
        Assert.Equal(0, budget.Taken);

        var reader = new FrameReader(new ScriptedStream([large]), options, budget);
        await Assert.ThrowsAsync<EndOfStreamException>(() => reader.ReadFrameAsync(isHandshake: false, default).AsTask());
        Assert.NotEqual(0, budget.Taken);
        reader.Dispose();
        Assert.Equal(0, budget.Taken);
    }

    private static bool AreEqual(List<List<byte[]>> left, List<List<byte[]>> right) =>
        left.Count == right.Count && left.Zip(right).All(pair => pair.First.Count == pair.Second.Count && pair.First.Zip(pair.Second).All(frames => frames.First.AsSpan().SequenceEqual(frames.Second)));

    private static byte[] LengthOf(long length)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, length);
        return bytes;
    }

    private static byte[] Fill(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Changes, removes, inserts, repeats and cuts off bytes, one to four times.</summary>
    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var mutated = bytes.ToList();
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(6))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    mutated.RemoveRange(at, random.Next(Math.Min(10, mutated.Count - at)));
                    break;
                case 3:
                    mutated.InsertRange(at, Fill(random, random.Next(10)));
                    break;
                case 4:
                    mutated.InsertRange(at, mutated.GetRange(at, random.Next(mutated.Count - at)));
                    break;
                default:
                    mutated.RemoveRange(at + 1, mutated.Count - at - 1);
                    break;
            }
        }

        return [.. mutated];
    }

    /// <summary>Short and long frames, no commands, all of them whole.</summary>
    private static List<List<byte[]>> DecodeNaively(byte[] bytes)
    {
        var messages = new List<List<byte[]>>();
        var isNew = true;
        for (var at = 0; at < bytes.Length;)
        {
            var flags = bytes[at++];
            Assert.True(flags < 4);
            var lengthBytes = flags >= 2 ? 8 : 1;
            var length = bytes[at..(at + lengthBytes)].Aggregate(0, (sum, digit) => (sum * 256) + digit);
            Assert.Equal(length > 255, flags >= 2);
            at += lengthBytes;
            if (isNew)
            {
                messages.Add([]);
            }

            messages[^1].Add(bytes[at..(at + length)]);
            at += length;
            isNew = flags % 2 == 0;
        }

        return messages;
    }

    private static List<List<byte[]>> ReadMessages(ScriptedStream stream)
    {
        var options = new ZmtpOptions();
        using var connection = new ZmtpConnection(stream, options, new ReceiveBudget(options.MaximumIncompleteBytes));
        connection.HandshakeAsync(SocketType.Router, default, default).GetAwaiter().GetResult();
        var messages = new List<List<byte[]>>();
        while (connection.ReceiveAsync().AsTask().GetAwaiter().GetResult() is ZmtpMessage message)
        {
            messages.Add([.. message.Frames]);
        }

        return messages;
    }

    /// <summary>What a connection receives after the handshake, as text; the last is "end" or the name of the error.</summary>
    private static async Task<List<string>> ReadAllAsync(ScriptedStream stream, ZmtpOptions? options = null, ReceiveBudget? budget = null)
    {
        options ??= SmallOptions;
        var isOwnBudget = budget is null;
        budget ??= new ReceiveBudget(options.MaximumIncompleteBytes);
        var items = new List<string>();
        using var connection = new ZmtpConnection(stream, options, budget);
        try
        {
            await connection.HandshakeAsync(SocketType.Router, default, default);
            while (await connection.ReceiveAsync() is { } item)
            {
                items.Add(item switch
                {
                    ZmtpMessage message => string.Join('/', TestBytes.Texts(message.Frames)),
                    ZmtpCommand command => $"{command.Name} {Encoding.Latin1.GetString(command.Data.Span)}",
                    _ => throw new InvalidOperationException(),
                });
            }

            items.Add("end");
        }
        catch (Exception exception) when (exception is ZmtpException or EndOfStreamException)
        {
            items.Add(exception.GetType().Name);
        }

        Assert.True(!isOwnBudget || budget.Taken == 0);
        return items;
    }
}
