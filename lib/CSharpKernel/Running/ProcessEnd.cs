using System.Globalization;
using CSharpKernel.Scripting;

namespace CSharpKernel.Running;

/// <summary>Says how the process that runs cells ended, as the error of a cell.</summary>
internal static class ProcessEnd
{
    private const string Name = "ProcessEnded";
    private const int MostLastWords = 20;
    private const string Consequence = "All variables are lost; a new process has been started: run the cells again from the top.";
    private static readonly string[] PlumbingFrames = ["at Microsoft.CodeAnalysis.", "at System.Runtime.CompilerServices.", "at System.Threading.", "at CSharpKernel."];

    /// <summary>What is to be told.</summary>
    /// <param name="exitCode">How the process ended.</param>
    /// <param name="lastWords">What it last wrote to its standard error.</param>
    /// <param name="isBetweenCells">True where no cell was running, so that the cell that is told hasn't run.</param>
    public static ErrorOutput Describe(int exitCode, string lastWords, bool isBetweenCells)
    {
        var words = LinesOf(lastWords);
        var cause = words.Find(IsCause)?.Trim().TrimEnd('.') ?? CauseOf(exitCode);
        var what = isBetweenCells
            ? $"The process that runs the cells has ended since the last cell ({cause}). This cell was not run."
            : $"The cell ended the process that runs the cells ({cause}).";

        // Front ends don't break a traceback's lines.
        return new ErrorOutput(Name, $"{what} {Consequence}", [$"{Name}: {what}", $"   {Consequence}", .. words.Select(line => "   " + line.Trim())], 0, 0);
    }

    /// <summary>The runtime's report of a crash without the frames that are the same for every cell.</summary>
    public static List<string> LinesOf(string report) =>
        [.. report.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !PlumbingFrames.Any(line.StartsWith)).Take(MostLastWords)];

    private static bool IsCause(string line) =>
        line.StartsWith("Stack overflow", StringComparison.Ordinal) || line.StartsWith("Unhandled exception.", StringComparison.Ordinal)
        || line.StartsWith("Process terminated.", StringComparison.Ordinal) || line.StartsWith("Fatal error.", StringComparison.Ordinal)
        || line.StartsWith("Out of memory", StringComparison.Ordinal);

    private static string CauseOf(int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            return unchecked((uint)exitCode) switch
            {
                0xC0000005 => "access violation",
                0xC00000FD => "stack overflow",
                0xC000013A => "closed from outside",
                0xE0434352 => "unhandled exception",
                _ => string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}"),
            };
        }

        // A process that a signal ends has 128 and the signal's number for an exit code.
        return exitCode switch
        {
            128 + 4 => "illegal instruction, SIGILL",
            128 + 6 => "aborted, SIGABRT",
            128 + 9 => "killed from outside, SIGKILL, perhaps because memory ran out",
            128 + 11 => "access violation, SIGSEGV",
            128 + 15 => "ended from outside, SIGTERM",
            _ => string.Create(CultureInfo.InvariantCulture, $"exit code {exitCode}"),
        };
    }
}
