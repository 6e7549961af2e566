using System.Diagnostics;
using TorchSharp.Kernels;

namespace TorchSharp.Tests.Kernels;

[Collection(nameof(Workers))]
public sealed class WorkersTests : IDisposable
{
    private readonly int _count = Workers.Count;

    public void Dispose() => Workers.Count = _count;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Ranges_cover_everything_once_are_no_more_than_threads_and_no_smaller_than_the_grain(int threads)
    {
        Workers.Count = threads;
        foreach (var count in new long[] { 0, 1, 2, 3, 7, 8, 100, 1001 })
        {
            foreach (var grain in new long[] { 0, 1, 3, 50, 2000 })
            {
                var visits = new int[count];
                var ranges = 0;
                var smallest = long.MaxValue;
                Workers.For(count, grain, (from, to) =>
                {
                    lock (visits)
                    {
                        ranges++;
                        smallest = Math.Min(smallest, to - from);
                    }

                    for (var i = from; i < to; i++)
                    {
                        Interlocked.Increment(ref visits[i]);
                    }
                });
                Assert.All(visits, visit => Assert.Equal(1, visit));
                Assert.InRange(ranges, count == 0 ? 0 : 1, threads);
                Assert.True(ranges <= 1 || smallest >= grain, $"{count} by {grain}: a range of {smallest}");
            }
        }
    }

    [Fact]
    public void Two_ranges_run_on_two_threads_at_once()
    {
        Workers.Count = 2;
        using var both = new Barrier(2);
        var met = 0;
        Workers.For(2, 1, (_, _) =>
        {
            if (both.SignalAndWait(TimeSpan.FromSeconds(20)))
            {
                Interlocked.Increment(ref met);
            }
        });
        Assert.Equal(2, met);
    }

    [Fact]
    public void A_body_that_divides_its_work_again_does_so_on_its_own_thread()
    {
        Workers.Count = 4;
        var sum = 0L;
        Workers.For(8, 1, (from, to) =>
        {
            var thread = Environment.CurrentManagedThreadId;
            Workers.For(1000, 1, (innerFrom, innerTo) =>
            {
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                Assert.Equal((0, 1000), (innerFrom, innerTo));
                Interlocked.Add(ref sum, to - from);
            });
        });
        Assert.Equal(8, sum);
    }

    [Fact]
    public void An_exception_of_a_body_reaches_the_caller_with_its_stack_and_the_next_loop_works()
    {
        Workers.Count = 4;
        for (var failing = 0; failing < 4; failing++)
        {
            var thrown = Assert.Throws<InvalidOperationException>(() => Workers.For(4, 1, (from, _) => FailAt(failing, from)));
            Assert.Equal($"range {failing}", thrown.Message);
            Assert.Contains(nameof(FailAt), thrown.StackTrace);
            var done = 0;
            Workers.For(4, 1, (from, to) => Interlocked.Add(ref done, (int)(to - from)));
            Assert.Equal(4, done);
        }
    }

    [Fact]
    public void A_loop_does_not_return_before_its_other_ranges_have_ended_even_when_one_fails()
    {
        Workers.Count = 2;
        var ended = false;
        using var begun = new ManualResetEventSlim();
        Assert.Throws<InvalidOperationException>(() => Workers.For(2, 1, (from, _) =>
        {
            if (from == 0)
            {
                begun.Wait(TimeSpan.FromSeconds(20));
                throw new InvalidOperationException();
            }

            begun.Set();
            Thread.Sleep(50);
            Volatile.Write(ref ended, true);
        }));
        Assert.True(Volatile.Read(ref ended));
    }

    [Fact]
    public void An_interrupted_caller_waits_for_the_other_ranges_and_leaves_the_pool_usable()
    {
        Workers.Count = 2;
        Exception? thrown = null;
        var (ended, caller) = (false, default(Thread));
        using var begun = new ManualResetEventSlim();
        caller = new Thread(() => thrown = Record.Exception(() => Workers.For(2, 1, (_, _) =>
        {
            if (Thread.CurrentThread == caller)
            {
                // The caller's own range ends once the other one runs, so that the interrupt meets it waiting.
                begun.Wait(TimeSpan.FromSeconds(20));
                return;
            }

            begun.Set();
            Thread.Sleep(100);
            caller!.Interrupt();
            Thread.Sleep(100);
            Volatile.Write(ref ended, true);
        })));
        caller.Start();
        Assert.True(caller.Join(TimeSpan.FromSeconds(20)));
        Assert.IsType<ThreadInterruptedException>(thrown);
        Assert.True(Volatile.Read(ref ended));
        Two_ranges_run_on_two_threads_at_once();
    }

    [Fact]
    public async Task Several_threads_may_call_at_once()
    {
        Workers.Count = 3;
        var callers = Enumerable.Range(0, 6).Select(caller => Task.Factory.StartNew(
            () =>
            {
                for (var repeat = 0; repeat < 300; repeat++)
                {
                    var sum = 0L;
                    Workers.For(100, 1, (from, to) =>
                    {
                        for (var i = from; i < to; i++)
                        {
                            Interlocked.Add(ref sum, i);
                        }
                    });
                    Assert.Equal(4950, sum);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default));
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void A_state_reaches_a_static_body()
    {
        Workers.Count = 2;
        var squares = new long[10];
        Workers.For(10, 1, squares, static (squares, from, to) =>
        {
            for (var i = from; i < to; i++)
            {
                squares[i] = i * i;
            }
        });
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i * i), squares);
    }

    [Fact]
    public void A_count_below_one_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Workers.Count = 0);
        Workers.Count = 1;
        var threads = new HashSet<int>();
        Workers.For(100, 1, (_, _) => threads.Add(Environment.CurrentManagedThreadId));
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    }

    [DebuggerNonUserCode]
    private static void FailAt(int failing, long from)
    {
        if (from == failing)
        {
            throw new InvalidOperationException($"range {from}");
        }
    }
}

/// <summary>Tests that set <see cref="Workers.Count"/>, one after the other.</summary>
[CollectionDefinition(nameof(Workers), DisableParallelization = true)]
#pragma warning disable CA1711 // xunit's own word for it.
public sealed class WorkersCollection;
#pragma warning restore CA1711
