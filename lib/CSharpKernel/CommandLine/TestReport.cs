using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace CSharpKernel.CommandLine;

/// <summary>Writes outcomes for build servers: JUnit's XML, or Visual Studio's .trx. A notebook is a suite, an executed cell a test.</summary>
/// <remarks>A failure that belongs to no cell, a difference in an output, and a file that could not be written are tests of their own, so that none goes unseen.</remarks>
internal static class TestReport
{
    /// <summary>True for the file names that <see cref="Write"/> knows.</summary>
    public static bool IsKnown(string file) => Path.GetExtension(file).ToUpperInvariant() is ".XML" or ".TRX";

    /// <summary>Writes <paramref name="file"/>: .trx as Visual Studio's, anything else as JUnit's.</summary>
    public static void Write(string file, IReadOnlyList<NotebookOutcome> outcomes)
    {
        var document = Path.GetExtension(file).Equals(".trx", StringComparison.OrdinalIgnoreCase) ? Trx(outcomes) : JUnit(outcomes);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        using var writer = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        document.Save(writer);
    }

    private static XDocument JUnit(IReadOnlyList<NotebookOutcome> outcomes)
    {
        var suites = outcomes.Select(outcome =>
        {
            var tests = Tests(outcome);
            return new XElement(
                "testsuite",
                new XAttribute("name", Name(outcome)),
                new XAttribute("tests", tests.Count),
                new XAttribute("failures", tests.Count(test => test.Failure is not null)),
                new XAttribute("errors", 0),
                new XAttribute("time", Seconds(outcome.Result.Duration)),
                tests.Select(test => new XElement(
                    "testcase",
                    new XAttribute("classname", Name(outcome)),
                    new XAttribute("name", test.Name),
                    new XAttribute("time", Seconds(test.Duration)),
                    test.Failure is null ? null : new XElement("failure", new XAttribute("message", Clean(test.Failure)), Clean(test.Details)))));
        }).ToList();
        return new XDocument(new XElement(
            "testsuites",
            new XAttribute("tests", suites.Sum(suite => (int)suite.Attribute("tests")!)),
            new XAttribute("failures", suites.Sum(suite => (int)suite.Attribute("failures")!)),
            suites));
    }

    private static XDocument Trx(IReadOnlyList<NotebookOutcome> outcomes)
    {
        XNamespace xml = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        const string UnitTest = "13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b";
        const string ResultList = "8c84fa94-04c1-424b-9868-57a2d4851a1d";
        var tests = outcomes
            .SelectMany(outcome => Tests(outcome).Select(test => (Class: Name(outcome), Test: test, Id: Guid.NewGuid(), Execution: Guid.NewGuid())))
            .ToList();
        var failed = tests.Count(entry => entry.Test.Failure is not null);
        return new XDocument(new XElement(
            xml + "TestRun",
            new XAttribute("id", Guid.NewGuid()),
            new XAttribute("name", "notebooks"),
            new XElement(xml + "Results", tests.Select(entry => new XElement(
                xml + "UnitTestResult",
                new XAttribute("executionId", entry.Execution),
                new XAttribute("testId", entry.Id),
                new XAttribute("testName", $"{entry.Class}: {entry.Test.Name}"),
                new XAttribute("computerName", Environment.MachineName),
                new XAttribute("duration", entry.Test.Duration.ToString("c", CultureInfo.InvariantCulture)),
                new XAttribute("testType", UnitTest),
                new XAttribute("testListId", ResultList),
                new XAttribute("outcome", entry.Test.Failure is null ? "Passed" : "Failed"),
                entry.Test.Failure is null ? null : new XElement(xml + "Output", new XElement(
                    xml + "ErrorInfo", new XElement(xml + "Message", Clean(entry.Test.Failure)), new XElement(xml + "StackTrace", Clean(entry.Test.Details))))))),
            new XElement(xml + "TestDefinitions", tests.Select(entry => new XElement(
                xml + "UnitTest",
                new XAttribute("name", $"{entry.Class}: {entry.Test.Name}"),
                new XAttribute("id", entry.Id),
                new XAttribute("storage", entry.Class),
                new XElement(xml + "Execution", new XAttribute("id", entry.Execution)),
                new XElement(
                    xml + "TestMethod",
                    new XAttribute("codeBase", entry.Class),
                    new XAttribute("adapterTypeName", "CSharpKernel"),
                    new XAttribute("className", entry.Class),
                    new XAttribute("name", entry.Test.Name))))),
            new XElement(xml + "TestEntries", tests.Select(entry => new XElement(
                xml + "TestEntry",
                new XAttribute("testId", entry.Id),
                new XAttribute("executionId", entry.Execution),
                new XAttribute("testListId", ResultList)))),
            new XElement(xml + "TestLists", new XElement(
                xml + "TestList", new XAttribute("name", "Results Not in a List"), new XAttribute("id", ResultList))),
            new XElement(
                xml + "ResultSummary",
                new XAttribute("outcome", failed == 0 ? "Completed" : "Failed"),
                new XElement(
                    xml + "Counters",
                    new XAttribute("total", tests.Count),
                    new XAttribute("executed", tests.Count),
                    new XAttribute("passed", tests.Count - failed),
                    new XAttribute("failed", failed)))));
    }

    private static List<Test> Tests(NotebookOutcome outcome)
    {
        var result = outcome.Result;
        var tests = result.Cells
            .Select(cell => new Test(cell.Id, cell.Duration, cell.Failure?.ToString(), string.Join('\n', cell.Failure?.Details ?? [])))
            .ToList();
        if (result.Failure is { } failure && result.Cells.All(cell => cell.Failure is null))
        {
            tests.Add(new Test("(notebook)", TimeSpan.Zero, failure.ToString(), string.Join('\n', failure.Details)));
        }

        tests.AddRange(outcome.Differences.Select(difference => new Test(
            $"{difference.CellId} (output {difference.OutputNumber})", TimeSpan.Zero, $"{difference.What} differs at line {difference.Line}", RunSummary.Describe(difference))));
        if (outcome.WriteProblem is { } problem)
        {
            tests.Add(new Test("(file)", TimeSpan.Zero, problem, ""));
        }

        return tests;
    }

    private static string Name(NotebookOutcome outcome) => RunSummary.Name(outcome.Result.Path);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>XML has no form for control characters and halves of surrogate pairs.</summary>
    private static string Clean(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => rune.Value is < ' ' and not ('\n' or '\t') or 0xfffe or 0xffff ? "\ufffd" : rune.ToString()));

    private sealed record Test(string Name, TimeSpan Duration, string? Failure, string Details);
}
