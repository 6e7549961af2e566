using CSharpKernel.Zmtp;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>The queues between peers and the kernel: in order, bounded, never lost.</summary>
public class QueueTests
{
    [Fact]
    public async Task What_piles_up_is_sent_together_and_in_order()
    {
        var stream = new GatedStream();
        var queue = new SendQueue(stream, 1_000_000);
        var sent = new List<byte>();
        for (var i = 0; i < 1000; i++)
        {
            byte[] bytes = [.. Enumerable.Repeat((byte)i, i % 300)];
            Assert.True(queue.TryAdd(bytes));
            sent.AddRange(bytes);
        }

        Assert.Equal(sent.Count, queue.Bytes);
        var ended = queue.CompleteAsync();
        Assert.False(ended.IsCompleted);
        Assert.False(queue.TryAdd([1]));
        stream.Open();
        await ended.WaitAsync(ZmtpClient.Patience);
        Assert.Equal(sent, stream.Written);
        Assert.InRange(stream.Writes, 2, 5);
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public void What_a_peer_does_not_read_is_bounded()
    {
        var stream = new GatedStream();
        var queue = new SendQueue(stream, 100);
        Assert.True(queue.TryAdd(new byte[60]));
        Assert.True(queue.TryAdd(new byte[40]));
        Assert.False(stream.IsDisposed);
        Assert.False(queue.TryAdd([1]));
        Assert.True(stream.IsDisposed);
        Assert.Equal(0, queue.Bytes);
        Assert.False(queue.TryAdd([1]));
    }

    [Fact]
    public void One_message_may_be_larger_than_the_queue()
    {
        var stream = new GatedStream();
        var queue = new SendQueue(stream, 100);
        Assert.True(queue.TryAdd(new byte[1000]));
        Assert.False(queue.TryAdd([1]));
    }

    [Fact]
    public async Task Nothing_to_send_means_nothing_to_wait_for()
    {
        Assert.True(new SendQueue(new GatedStream(), 100).CompleteAsync().IsCompleted);
        var stream = new GatedStream();
        var queue = new SendQueue(stream, 100);
        queue.TryAdd([1]);
        stream.Open();
        await queue.CompleteAsync().WaitAsync(ZmtpClient.Patience);
    }

    [Fact]
    public async Task A_broken_stream_ends_the_queue()
    {
        var stream = new GatedStream();
        var queue = new SendQueue(stream, 100);
        queue.TryAdd([1]);
        queue.TryAdd([2]);
        var ended = queue.CompleteAsync();
        stream.Break();
        await ended.WaitAsync(ZmtpClient.Patience);
        Assert.True(stream.IsDisposed);
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public async Task Messages_wait_for_room()
    {
        var queue = new MessageQueue<RoutedMessage>(100);
        Assert.True(await queue.AddAsync(Message(1), 60));
        Assert.True(await queue.AddAsync(Message(2), 40));
        var third = queue.AddAsync(Message(3), 70).AsTask();
        var fourth = queue.AddAsync(Message(4), 500).AsTask();
        Assert.False(third.IsCompleted);
        Assert.Equal(100, queue.Bytes);
        Assert.Equal(1, Number(await queue.ReadAsync()));
        Assert.Equal(2, Number(await queue.ReadAsync()));

        // Larger than all the room: let in when nothing else is there.
        var numbers = new[] { Number(await queue.ReadAsync()), Number(await queue.ReadAsync()) };
        Assert.Equal([3, 4], numbers.Order());
        Assert.True(await third && await fourth);
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public async Task The_end_of_a_queue_lets_everybody_go_and_loses_nothing()
    {
        var queue = new MessageQueue<RoutedMessage>(100);
        await queue.AddAsync(Message(1), 100);
        var waiting = queue.AddAsync(Message(2), 1).AsTask();
        queue.Complete();
        Assert.False(await waiting.WaitAsync(ZmtpClient.Patience));
        var read = new List<int>();
        await foreach (var message in queue.ReadAllAsync())
        {
            read.Add(Number(message));
        }

        Assert.Equal([1], read);
        Assert.False(await queue.AddAsync(Message(3), 1));
    }

    [Fact]
    public async Task Many_writers_and_a_reader_keep_each_writers_order_and_the_bound()
    {
        var queue = new MessageQueue<RoutedMessage>(1000);
        var writers = Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 2000; i++)
            {
                Assert.True(await queue.AddAsync(new RoutedMessage([(byte)writer], [BitConverter.GetBytes(i)]), 1 + (i % 200)));
            }
        })).ToArray();
        var next = new int[8];
        for (var i = 0; i < 16_000; i++)
        {
            Assert.InRange(queue.Bytes, 0, 1000);
            var message = await queue.ReadAsync().AsTask().WaitAsync(ZmtpClient.Patience);
            Assert.Equal(next[message.Identity[0]]++, Number(message));
        }

        await Task.WhenAll(writers);
        Assert.Equal(0, queue.Bytes);
    }

    [Fact]
    public void Messages_are_held_by_count_bytes_and_age()
    {
        var time = new ManualTime();
        var options = new ZmtpOptions { MaximumHeldMessages = 3, MaximumHeldBytes = 100, HeldMessageAge = TimeSpan.FromSeconds(10) };
        var held = new HeldMessages(options, time);
        foreach (var number in new byte[] { 1, 2, 3, 4 })
        {
            held.Add("ab"u8, [number]);
        }

        Assert.Equal([2, 3, 4], Numbers(held, "a"));
        Assert.Empty(Numbers(held, "b"));
        held.Add("b"u8, [5, .. new byte[98]]);
        Assert.Equal([4, 5], Numbers(held, ""));
        Assert.Equal([5], Numbers(held, "b"));
        time.Advance(TimeSpan.FromSeconds(6));
        held.Add("c"u8, [6]);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([6], Numbers(held, ""));
        held.Add("d"u8, new byte[101]);
        Assert.Empty(Numbers(held, ""));
    }

    private static IEnumerable<byte> Numbers(HeldMessages held, string topic) => held.For(TestBytes.Of(topic)).Select(message => message[0]);

    private static RoutedMessage Message(int number) => new([], [BitConverter.GetBytes(number)]);

    private static int Number(RoutedMessage message) => BitConverter.ToInt32(message.Frames[0]);

    private sealed class ManualTime : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }

    /// <summary>A peer that reads nothing until the test lets it.</summary>
    private sealed class GatedStream : MemoryStream
    {
        private readonly TaskCompletionSource _gate = new();

        public List<byte> Written { get; } = [];

        public int Writes { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Open() => _gate.SetResult();

        public void Break() => _gate.SetException(new IOException("Broken."));

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _gate.Task;
            Written.AddRange(buffer.Span);
            Writes++;
        }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
