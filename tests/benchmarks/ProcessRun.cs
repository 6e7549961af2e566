using System.Diagnostics;
using System.Globalization;

namespace TransformerTutorial.Benchmarks;

/// <summary>One run of a program from start to exit.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="ProcessorSeconds">Processor time of the program and its children, in steps of 0.01 s; what other programs do meanwhile hardly matters to it.</param>
/// <param name="OthersShare">How much of one core other programs took meanwhile, on average.</param>
/// <param name="Output">What it wrote to its standard output.</param>
internal sealed record ProcessRun(double Seconds, double ProcessorSeconds, double OthersShare, string Output)
{
    public static ProcessRun Of(string program, params string[] arguments)
    {
        var before = ProcessorSecondsOfChildren();
        var busyBefore = BusySecondsOfAllCores();
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var seconds = watch.Elapsed.TotalSeconds;
        var processor = ProcessorSecondsOfChildren() - before;
        var others = (BusySecondsOfAllCores() - busyBefore - processor) / seconds;
        return process.ExitCode == 0
            ? new ProcessRun(seconds, processor, others, output)
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {errors.Result}");
    }

    /// <summary>The value behind <c>name=</c> in the output.</summary>
    public double Value(string name) => double.Parse(
        Output.Split('\n', ' ').Last(word => word.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..], CultureInfo.InvariantCulture);

    /// <summary>The half of some runs that other programs disturbed least.</summary>
    public static List<ProcessRun> Quietest(List<ProcessRun> runs) => [.. runs.OrderBy(run => run.OthersShare).Take((runs.Count + 1) / 2)];

    /// <summary>A value's median over that half.</summary>
    public static double Median(List<ProcessRun> runs, Func<ProcessRun, double> value)
    {
        double[] values = [.. Quietest(runs).Select(value).Order()];
        return values.Length % 2 == 1 ? values[values.Length / 2] : (values[(values.Length / 2) - 1] + values[values.Length / 2]) / 2;
    }

    /// <summary>How much of one core other programs took during those halves.</summary>
    public static double MeanOfOthers(params List<ProcessRun>[] runs) => runs.SelectMany(Quietest).Average(run => run.OthersShare);

    /// <summary>From the process's own entry in /proc: the fields cutime and cstime, in hundredths of a second.</summary>
    private static double ProcessorSecondsOfChildren()
    {
        var stat = File.ReadAllText("/proc/self/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[13], CultureInfo.InvariantCulture) + long.Parse(fields[14], CultureInfo.InvariantCulture)) / 100.0;
    }

    /// <summary>From /proc/stat: all that is neither idle nor waiting, in hundredths of a second.</summary>
    private static double BusySecondsOfAllCores()
    {
        var fields = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Index().Skip(1).Where(field => field.Index is not (4 or 5 or 9 or 10)).Sum(field => long.Parse(field.Item, CultureInfo.InvariantCulture)) / 100.0;
    }
}
