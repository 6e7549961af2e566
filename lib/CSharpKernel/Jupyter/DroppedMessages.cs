using System.Diagnostics;

namespace CSharpKernel.Jupyter;

/// <summary>Counts messages that are not served, and says so now and then.</summary>
/// <param name="log">Where the lines go.</param>
internal sealed class DroppedMessages(TextWriter log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private long? _lastLine;

    /// <summary>How many so far.</summary>
    public long Count { get; private set; }

    /// <summary>Counts one. One line in five seconds, however many there are.</summary>
    public void Add(string channel, string problem)
    {
        lock (_lock)
        {
            Count++;
            if (_lastLine is { } last && Stopwatch.GetElapsedTime(last) < Interval)
            {
                return;
            }

            _lastLine = Stopwatch.GetTimestamp();
            log.WriteLine($"A message to the {channel} port was dropped: {problem}. Dropped so far: {Count}.");
        }
    }
}
