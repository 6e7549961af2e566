using CSharpKernel.Notebooks;
using CSharpKernel.Running;

namespace CSharpKernel.Tests.Running;

public sealed class NotebookComparisonTests
{
    private const string Plotly = "application/vnd.plotly.v1+json";

    [Fact]
    public void Equal_outputs_do_not_differ() =>
        Assert.Null(Compare([NotebookOutput.Stream("stdout", "a\n"), Shown("text/plain", "x")], [NotebookOutput.Stream("stdout", "a\n"), Shown("text/plain", "x")]));

    [Fact]
    public void Text_is_compared_exactly_and_the_first_line_that_differs_is_named()
    {
        var difference = Compare([NotebookOutput.Stream("stdout", "same\n1.0\nrest\n")], [NotebookOutput.Stream("stdout", "same\n1.00\nrest\n")]);
        Assert.Equal(new NotebookDifference("cell", 1, "stream stdout", 2, "1.0", "1.00"), difference);
    }

    [Fact]
    public void A_missing_or_additional_output_is_a_difference()
    {
        var one = NotebookOutput.Stream("stdout", "a");
        Assert.Equal(new NotebookDifference("cell", 2, "kind of output", 1, "error", null), Compare([one, NotebookOutput.Error("E", "m", [])], [one]));
        Assert.Equal(new NotebookDifference("cell", 1, "kind of output", 1, null, "stream stdout"), Compare([], [one]));
        Assert.NotNull(Compare([one], [NotebookOutput.Stream("stderr", "a")]));
        Assert.NotNull(Compare([Shown("text/plain", "a")], [NotebookOutput.Result([new("text/plain", "a")], 1)]));
        Assert.NotNull(Compare([Shown("text/plain", "a")], [Shown("text/plain", "a", "text/html", "a")]));
    }

    [Fact]
    public void Charts_are_compared_by_content()
    {
        const string Chart = """{"data": [{"y": [1, 2.5], "x": ["a"]}], "layout": {}}""";
        Assert.Null(Compare([Shown(Plotly, Chart)], [Shown(Plotly, """{ "layout": {}, "data": [{"x": ["a"], "y": [1.0, 25e-1]}] }""")]));
        var difference = Compare([Shown(Plotly, Chart)], [Shown(Plotly, Chart.Replace("2.5", "2.5000001", StringComparison.Ordinal))]);
        Assert.Equal($"display_data {Plotly}", difference!.What);
        Assert.Equal("2.5", difference.Expected!.Trim());
        Assert.Equal("2.5000001", difference.Actual!.Trim());
        Assert.NotNull(Compare([Shown(Plotly, Chart)], [Shown(Plotly, Chart.Replace("\"a\"", "\"b\"", StringComparison.Ordinal))]));
    }

    [Fact]
    public void Pictures_and_errors_are_compared_exactly()
    {
        Assert.NotNull(Compare([Shown("image/svg+xml", "<svg/>")], [Shown("image/svg+xml", "<svg />")]));
        Assert.NotNull(Compare([NotebookOutput.Error("E", "m", ["a"])], [NotebookOutput.Error("E", "m", ["b"])]));
        Assert.Null(Compare([NotebookOutput.Error("E", "m", ["a"])], [NotebookOutput.Error("E", "m", ["a"])]));
    }

    [Fact]
    public void Of_a_timing_cell_only_the_kinds_of_outputs_count()
    {
        Assert.Null(Compare([NotebookOutput.Stream("stdout", "1 s"), Shown("text/plain", "a")], [NotebookOutput.Stream("stdout", "2 s"), Shown("text/plain", "b")], "cell timing"));
        Assert.NotNull(Compare([Shown("text/plain", "a")], [Shown("text/html", "a")], "cell timing"));
        Assert.NotNull(Compare([Shown("text/plain", "a")], [], "cell timing"));
    }

    private static NotebookOutput Shown(params string[] typesAndTexts) =>
        NotebookOutput.Display(typesAndTexts.Chunk(2).Select(pair => KeyValuePair.Create(pair[0], pair[1])));

    private static NotebookDifference? Compare(NotebookOutput[] expected, NotebookOutput[] actual, string cell = "cell")
    {
        var notebooks = new[] { expected, actual }.Select(outputs =>
        {
            var notebook = TestNotebook.Parse((cell, "x"));
            notebook.Cells[0].SetOutputs(outputs);
            return Notebook.Parse(notebook.ToText(), "n");
        }).ToList();
        return NotebookComparison.Compare(notebooks[0], notebooks[1]).SingleOrDefault();
    }
}
