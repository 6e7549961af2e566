using System.Buffers.Binary;
using CSharpKernel.Zmtp;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>What the whole process takes, measured while no other test runs.</summary>
[Collection(nameof(MemoryTests))]
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public class MemoryTests
{
    private const long Megabyte = 1024 * 1024;

    [Fact]
    public async Task A_subscriber_that_never_reads_a_gigabyte()
    {
        var options = new ZmtpOptions();
        await using var publisher = PublisherSocket.Bind(TestBytes.AnyPort, options);
        var subscribed = new SemaphoreSlim(0);
        publisher.Subscribed = _ => subscribed.Release();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var deaf = await RawPeer.ConnectAsync(publisher.LocalEndPoint, Transcript.ReadySubscriber);
        await deaf.SendAsync("00 01 01");
        await using var honest = await ZmtpClient.ConnectSubscriberAsync(publisher.LocalEndPoint, "");
        await subscribed.WaitAsync(ZmtpClient.Patience);
        await subscribed.WaitAsync(ZmtpClient.Patience);
        var body = new byte[Megabyte];
        var (mostQueued, mostMemory) = (0L, 0L);
        for (var i = 0; i < 1024; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(body, i);
            publisher.Publish(TestBytes.Frames([body]));
            mostQueued = Math.Max(mostQueued, publisher.QueuedBytes);
            var received = Assert.Single(await honest.ReceiveAsync());
            Assert.Equal(i, BinaryPrimitives.ReadInt32BigEndian(received));
            if (i % 32 == 0)
            {
                mostMemory = Math.Max(mostMemory, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.InRange(mostQueued, 50 * Megabyte, options.MaximumQueuedBytes);
        Assert.InRange(mostMemory, 0, options.MaximumQueuedBytes + (48 * Megabyte));
        await HostileTests.WaitUntilAsync(() => publisher.ConnectionCount == 1);
        await HostileTests.AssertServesAsync(publisher);
    }
}
