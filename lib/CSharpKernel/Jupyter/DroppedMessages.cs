namespace CSharpKernel.Jupyter;

/// <summary>Counts messages that are not served, and says so now and then.</summary>
/// <param name="log">Where the lines go.</param>
/// <param name="clock">Tells when the next may be written.</param>
internal sealed class DroppedMessages(TextWriter log, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Nobody may be reading them, and a pipe that is full would hold up the messages that are served.
    private const int MaximumLines = 100;

    private readonly Lock _lock = new();
    private long? _lastLine;
    private int _lines;

    /// <summary>How many so far.</summary>
    public long Count { get; private set; }

    /// <summary>Counts one. There is at most one line in five seconds, however many are dropped, and a hundred in all.</summary>
    public void Add(string channel, string problem)
    {
        lock (_lock)
        {
            Count++;
            if (_lines == MaximumLines || (_lastLine is { } last && clock.GetElapsedTime(last) < Interval))
            {
                return;
            }

            _lines++;
            _lastLine = clock.GetTimestamp();
            log.WriteLine($"A message to the {channel} port was dropped: {problem}. Dropped so far: {Count}.");
        }
    }
}
