using System.Globalization;
using System.Text.Json.Nodes;
using CSharpKernel.Notebooks;
using CSharpKernel.Running;

namespace CSharpKernel.Tests.Running;

/// <summary>Notebooks that run to their end, or stop at a cell for a reason that the cell gave.</summary>
public sealed class NotebookRunnerTests
{
    [Fact]
    public async Task Outputs_are_stored_as_Jupyter_stores_them()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(
            folder,
            "n.ipynb",
            ("streams", "Console.Write(\"a\"); Console.WriteLine(\"b\"); Console.Error.WriteLine(\"e\"); Console.Write(\"1/2\\r\"); Console.Write(\"2/2\\n\");"),
            ("empty", "  \n"),
            ("result", "var shown = display(\"before\");\n1 + 1"),
            ("update", "shown.Update(\"after\"); Console.Write(\"half \\ud83d of a pair\");"),
            ("json", "new Microsoft.DotNet.Interactive.Formatting.FormattedValue(\"application/vnd.transformer-tutorial.claim+json\", \"{\\\"id\\\": 1}\")"));
        var before = File.ReadAllText(path);
        var progress = new List<string>();
        var result = await NotebookRunner.RunAsync(
            path, new() { Progress = step => progress.Add(string.Create(CultureInfo.InvariantCulture, $"{step.CellNumber}/{step.CellCount} {step.CellId}")) });

        Assert.True(result.Succeeded, result.Failure?.ToString());
        Assert.Equal(before, File.ReadAllText(path));
        Assert.Equal(["1/4 streams", "2/4 result", "3/4 update", "4/4 json"], progress);
        Assert.Equal(["streams", "result", "update", "json"], result.Cells.Select(cell => cell.Id));
        var cells = result.Executed!.Cells;
        Assert.Equal([1, null, 2, 3, 4], cells.Select(cell => cell.ExecutionCount));
        Assert.Equal([("stdout", "ab\n"), ("stderr", "e\n"), ("stdout", "2/2\n")], cells[0].Outputs.Select(output => (output.StreamName!, output.Text!)));
        Assert.Empty(cells[1].Outputs);
        Assert.Equal("after", cells[2].Outputs[0].Data["text/plain"]!.GetValue<string>());
        Assert.Equal((OutputType.ExecuteResult, "2"), (cells[2].Outputs[1].OutputType, cells[2].Outputs[1].Data["text/plain"]!.GetValue<string>()));
        Assert.Equal("half \ud83d of a pair", cells[3].Outputs.Single().Text);
        Assert.Equal(1, cells[4].Outputs[0].Data[NotebookRunner.ClaimMimeType]!["id"]!.GetValue<int>());
        Assert.Equal(1, result.ClaimsChecked);
    }

    [Fact]
    public async Task Cells_run_in_the_notebooks_folder_with_the_invariant_culture_in_UTC()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(
            folder,
            "deep/er/n.ipynb",
            ("place", "Console.WriteLine(System.IO.Directory.GetCurrentDirectory());"),
            ("culture", "Console.WriteLine($\"{1.5} {System.Globalization.CultureInfo.CurrentCulture.Name}|{TimeZoneInfo.Local.BaseUtcOffset}\");"),
            ("threads", "await System.Threading.Tasks.Task.Run(() => Console.WriteLine($\"[{System.Globalization.CultureInfo.CurrentCulture.Name}]\"));"),
            ("variable", "Console.WriteLine(Environment.GetEnvironmentVariable(\"OF_THE_TEST\"));"));
        var options = new NotebookRunOptions { EnvironmentVariables = new Dictionary<string, string> { ["OF_THE_TEST"] = "set", ["LANG"] = "de_DE.UTF-8", ["LC_ALL"] = "de_DE.UTF-8" } };
        var texts = (await RunAsync(path, options)).Executed!.Cells.Select(cell => cell.Outputs.Single().Text!.TrimEnd()).ToList();
        Assert.EndsWith(Path.Combine("deep", "er"), texts[0], StringComparison.Ordinal);
        Assert.Equal(["1.5 |00:00:00", "[]", "set"], texts[1..]);
    }

    [Fact]
    public async Task What_reaches_the_real_standard_output_is_an_output_of_the_cell()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(
            folder,
            "n.ipynb",
            ("raw", "var stream = Console.OpenStandardOutput();\nstream.Write(\"{\\\"type\\\": \\\"done\\\"}\\n\"u8);"),
            ("child", "var child = System.Diagnostics.Process.Start(Environment.ProcessPath, \"--version\");\nchild.WaitForExit();"),
            ("quiet", "1"));
        var result = await RunAsync(path);
        Assert.Equal("{\"type\": \"done\"}\n", result.Executed!.Cells[0].Outputs.Single().Text);
        Assert.Matches("^[0-9]+\\.", result.Executed.Cells[1].Outputs.Single().Text);
        Assert.Equal("1", result.Executed.Cells[2].Outputs.Single().Data["text/plain"]!.GetValue<string>());
    }

    [Fact]
    public async Task Execution_stops_at_the_first_cell_that_fails_and_says_where()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(
            folder, "n.ipynb", ("good", "Console.WriteLine(1);"), ("bad", "var x = 1;\nthrow new InvalidOperationException(\"no\");"), ("after", "Console.WriteLine(2);"));
        var result = await NotebookRunner.RunAsync(path);
        var failure = result.Failure!;
        Assert.Equal(("bad", 2, "no"), (failure.CellId, failure.Line, failure.Message));
        Assert.Contains("InvalidOperationException", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, result.Cells.Count);
        Assert.Equal(3, result.CellCount);
        Assert.Equal(OutputType.Error, result.Executed!.Cells[1].Outputs.Single().OutputType);
        Assert.Empty(result.Executed.Cells[2].Outputs);
        Assert.Null(result.Executed.Cells[2].ExecutionCount);
    }

    [Fact]
    public async Task A_compile_error_has_line_and_column()
    {
        using var folder = new TemporaryFolder();
        var failure = (await NotebookRunner.RunAsync(TestNotebook.Write(folder, "n.ipynb", ("bad", "var x = 1;\nint y = \"text\";")))).Failure!;
        Assert.Equal(("bad", 2, 9), (failure.CellId, failure.Line, failure.Column));
        Assert.Contains("CS0029", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cell_tagged_raises_exception_must_throw()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(
            folder, "n.ipynb", ("throws raises-exception", "throw new Exception(\"wanted\");"), ("compiles raises-exception", "int x = \"\";"), ("not raises-exception", "1 + 1"));
        var result = await NotebookRunner.RunAsync(path);
        Assert.Equal(("not", "NoException"), (result.Failure!.CellId, result.Failure.Name));
        Assert.Equal("wanted", result.Executed!.Cells[0].Outputs.Single().ErrorMessage);
        Assert.Contains("CS0029", result.Executed.Cells[1].Outputs.Single().ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!fsharp\nlet x = 1", "#!fsharp")]
    [InlineData("var x = 1;\n#!python\nprint(x)", "#!python")]
    [InlineData("#r \"missing/library.dll\"\n1", "library.dll")]
    [InlineData("#load \"missing.csx\"", "missing.csx")]
    public async Task What_a_cell_asks_for_in_vain_is_named(string source, string name)
    {
        using var folder = new TemporaryFolder();
        var result = await NotebookRunner.RunAsync(TestNotebook.Write(folder, "n.ipynb", ("asks", source)));
        Assert.Equal("asks", result.Failure!.CellId);
        Assert.Contains(name, result.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(OutputType.Error, result.Executed!.Cells[0].Outputs.Single().OutputType);
    }

    [Fact]
    public async Task Notebooks_and_cells_that_their_metadata_gives_to_another_language_are_named()
    {
        using var folder = new TemporaryFolder();
        var python = TestNotebook.Parse(("a", "1"));
        python.Metadata["kernelspec"] = JsonNode.Parse("""{"name": "python3", "language": "python"}""");
        python.Write(folder.File("python.ipynb"));
        var failure = (await NotebookRunner.RunAsync(folder.File("python.ipynb"))).Failure!;
        Assert.Equal("UnknownLanguage: The notebook is written in python (kernelspec 'python3'); this program executes C#.", failure.ToString());

        var mixed = TestNotebook.Parse(("a", "1"), ("b", "let x = 1"));
        mixed.Metadata["kernelspec"] = JsonNode.Parse("""{"name": ".net-csharp", "language": "C#"}""");
        mixed.Cells[1].Metadata["polyglot_notebook"] = JsonNode.Parse("""{"kernelName": "fsharp"}""");
        mixed.Write(folder.File("mixed.ipynb"));
        failure = (await NotebookRunner.RunAsync(folder.File("mixed.ipynb"))).Failure!;
        Assert.Equal("cell b: UnknownLanguage: The cell's metadata says that it is written in fsharp; this program executes C#.", failure.ToString());
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_a_failure_with_its_name()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n.ipynb", ("a", "1"));
        File.WriteAllText(path, File.ReadAllText(path)[..^20]);
        var result = await NotebookRunner.RunAsync(path);
        Assert.StartsWith($"NotALegalNotebook: {path}(", result.Failure!.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("the file is truncated.", result.Failure.Message, StringComparison.Ordinal);
        Assert.Null(result.Executed);
        Assert.Equal("NotReadable", (await NotebookRunner.RunAsync(folder.File("none.ipynb"))).Failure!.Name);
    }

    [Fact]
    public async Task A_value_displayed_as_json_that_is_none_fails_its_cell()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n.ipynb", ("bad", "new Microsoft.DotNet.Interactive.Formatting.FormattedValue(\"application/json\", \"{oops\")"));
        Assert.Equal(
            "cell bad: InvalidOutput: The value displayed as application/json is not JSON: line 1, column 2: unexpected 'o', a key in quotation marks should begin here.",
            (await NotebookRunner.RunAsync(path)).Failure!.ToString());
    }

    private static async Task<NotebookResult> RunAsync(string path, NotebookRunOptions? options = null)
    {
        var result = await NotebookRunner.RunAsync(path, options);
        Assert.True(result.Succeeded, result.Failure?.ToString());
        return result;
    }
}
