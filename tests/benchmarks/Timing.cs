using System.Diagnostics;

namespace TransformerTutorial.Benchmarks;

/// <summary>Seconds that one repetition takes.</summary>
/// <param name="Best">The fastest one, which other programs disturbed least.</param>
/// <param name="Median">The one in the middle.</param>
internal readonly record struct Timing(double Best, double Median)
{
    /// <summary>The load of the machine in the last minute, as the kernel counts it.</summary>
    public static string Load => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <summary>Repeats a piece of work for so long, three times at least.</summary>
    public static Timing Of(Func<double> work, double seconds)
    {
        var times = new List<double>();
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < seconds || times.Count < 3;)
        {
            var start = Stopwatch.GetTimestamp();
            work();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Of(times);
    }

    /// <summary>From the times of the repetitions.</summary>
    public static Timing Of(List<double> times)
    {
        times.Sort();
        return new(times[0], times[times.Count / 2]);
    }

    /// <summary>Of several turns: the best of the best, the median of the medians.</summary>
    public static Timing Over(IReadOnlyList<Timing> turns) => new(turns.Min(turn => turn.Best), turns.Select(turn => turn.Median).Order().ElementAt(turns.Count / 2));
}
