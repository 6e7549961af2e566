using System.Globalization;
using CSharpKernel.Running;
using Spectre.Console;

namespace CSharpKernel.CommandLine;

/// <summary>Prints what went wrong, then the table: chapter, cells, claims checked, seconds, result.</summary>
internal static class RunSummary
{
    private const int MostDetails = 30;
    private const int MostDifferences = 20;
    private const int LongestLine = 300;

    public static void Write(IAnsiConsole console, IReadOnlyList<NotebookOutcome> outcomes, RunSettings settings)
    {
        foreach (var outcome in outcomes.Where(outcome => !outcome.Succeeded))
        {
            WriteProblems(console, outcome);
        }

        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("chapter")
            .AddColumn(new TableColumn("cells").RightAligned())
            .AddColumn(new TableColumn("claims checked").RightAligned())
            .AddColumn(new TableColumn("seconds").RightAligned())
            .AddColumn("result");
        foreach (var outcome in outcomes)
        {
            var result = outcome.Result;
            table.AddRow(
                new Text(Path.GetFileNameWithoutExtension(result.Path)),
                new Text(result.Succeeded ? Number(result.CellCount) : $"{Number(result.Cells.Count)} of {Number(result.CellCount)}"),
                new Text(Number(result.ClaimsChecked)),
                new Text(Seconds(result.Duration)),
                new Text(outcome.Verdict, new Style(outcome.Succeeded ? Color.Green : Color.Red)));
        }

        console.Write(table);
        var passed = outcomes.Count(outcome => outcome.Succeeded);
        var whereabouts = settings.Mode == OutputMode.Update ? "" : $"; executed copies are in {Name(settings.OutputFolder)}";
        console.WriteLine($"{Number(passed)} of {Number(outcomes.Count)} notebooks passed{whereabouts}.");
    }

    /// <summary>A path as a person in the current directory would write it.</summary>
    public static string Name(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path).Replace('\\', '/');

    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>Two lines: what the notebook holds and what came.</summary>
    public static string Describe(NotebookDifference difference) =>
        $"expected: {Shown(difference.Expected)}\nactual:   {Shown(difference.Actual)}";

    private static void WriteProblems(IAnsiConsole console, NotebookOutcome outcome)
    {
        var name = Name(outcome.Result.Path);
        if (outcome.Result.Failure is { } failure)
        {
            var headline = $"{name}: {failure}";
            WriteHeadline(console, headline);

            // The first detail often is the headline once more.
            var repeats = failure.Details is [var first, ..] && (first.EndsWith(failure.Message, StringComparison.Ordinal) || headline.EndsWith(first.Trim(), StringComparison.Ordinal)) ? 1 : 0;
            var details = failure.Details.Skip(repeats).SelectMany(detail => detail.Split('\n'));
            foreach (var line in details.Take(MostDetails))
            {
                console.WriteLine("    " + line.TrimEnd('\r'));
            }
        }

        foreach (var difference in outcome.Differences.Take(MostDifferences))
        {
            WriteHeadline(console, $"{name}: cell {difference.CellId}, output {Number(difference.OutputNumber)}, {difference.What}, line {Number(difference.Line)}:");
            console.WriteLine("    " + Describe(difference).Replace("\n", "\n    ", StringComparison.Ordinal));
        }

        if (outcome.Differences.Count > MostDifferences)
        {
            console.WriteLine($"    … and {Number(outcome.Differences.Count - MostDifferences)} more differences.");
        }

        if (outcome.WriteProblem is { } problem)
        {
            WriteHeadline(console, $"{name}: {problem}");
        }

        console.WriteLine();
    }

    private static void WriteHeadline(IAnsiConsole console, string text) => console.WriteLine(text, new Style(Color.Red));

    private static string Shown(string? line) => line switch
    {
        null => "(nothing)",
        { Length: > LongestLine } => Visible(line[..LongestLine]) + "…",
        _ => Visible(line),
    };

    /// <summary>A carriage return or a space at the end would not be seen.</summary>
    private static string Visible(string line) =>
        line.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\u001b", "\\e", StringComparison.Ordinal) is var text && text.EndsWith(' ') ? $"{text}⏎" : text;

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
