using System.Xml.Linq;
using CSharpKernel.CommandLine;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Tests.Running;

/// <summary>The program as a person starts it.</summary>
public sealed class RunCommandTests
{
    [Fact]
    public async Task Plain_run_prints_a_table_and_leaves_executed_copies()
    {
        using var folder = new TemporaryFolder();
        var good = TestNotebook.Write(folder, "notebooks/01-good.ipynb", ("a", "Console.WriteLine(Environment.GetEnvironmentVariable(\"TUTORIAL_CORPUS_ENGLISH\"));"));
        TestNotebook.Write(folder, "notebooks/02-bad.ipynb", ("b", "var x = 1;\nthrow new Exception(\"wrong\");"), ("c", "1"));
        File.WriteAllText(folder.File("own.txt"), "text");
        var before = File.ReadAllText(good);
        var (exitCode, output, error) = await TestProcess.RunAsync(folder.Path, "run", "notebooks", "--corpus", "english=own.txt", "--report", "reports/r.xml");

        Assert.Equal((1, ""), (exitCode, error));
        Assert.Matches("""(?m)^notebooks/02-bad\.ipynb: cell b, line 2(, column \d+)?: System\.Exception: wrong$""", output);
        Assert.Matches("""(?m)^\s*01-good\s+1\s+0\s+\d+\.\d\s+passed\s*$""", output);
        Assert.Matches("""(?m)^\s*02-bad\s+1 of 2\s+0\s+\d+\.\d\s+failed\s*$""", output);
        Assert.Contains("1 of 2 notebooks passed; executed copies are in output.", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        Assert.Equal(before, File.ReadAllText(good));
        Assert.EndsWith("own.txt\n", Notebook.Read(folder.File("output/01-good.ipynb")).Cells[0].Outputs.Single().Text, StringComparison.Ordinal);
        Assert.Equal("wrong", Notebook.Read(folder.File("output/02-bad.ipynb")).Cells[0].Outputs.Single().ErrorMessage);

        var report = XDocument.Load(folder.File("reports/r.xml")).Root!;
        Assert.Equal(("2", "1"), (report.Attribute("tests")!.Value, report.Attribute("failures")!.Value));
        Assert.Equal("b", report.Descendants("failure").Single().Parent!.Attribute("name")!.Value);
    }

    [Fact]
    public async Task Update_writes_outputs_check_compares_them_and_a_failing_notebook_stays_as_it_was()
    {
        using var folder = new TemporaryFolder();
        var good = TestNotebook.Write(folder, "good.ipynb", ("a", "Console.WriteLine(1);\n\"x\""), ("t timing", "Console.WriteLine(DateTime.Now.Ticks);"));
        var bad = TestNotebook.Write(folder, "bad.ipynb", ("b", "Console.WriteLine(1);"), ("c", "throw new Exception(\"no\");"));
        var (original, originalBad) = (File.ReadAllText(good), File.ReadAllText(bad));

        Assert.Equal(1, (await TestProcess.RunAsync(folder.Path, "run", "good.ipynb", "bad.ipynb", "--update")).ExitCode);
        Assert.Equal(originalBad, File.ReadAllText(bad));
        var updated = File.ReadAllText(good);
        Assert.Equal(original, WithoutOutputs(updated));
        Assert.Equal("1\n", Notebook.Read(good).Cells[0].Outputs[0].Text);

        var check = await TestProcess.RunAsync(folder.Path, "run", "good.ipynb", "--check");
        Assert.True(check.ExitCode == 0, check.Output);
        Assert.Equal(updated, File.ReadAllText(good));

        var changed = updated.Replace("\"1\\n\"", "\"2\\n\"", StringComparison.Ordinal);
        File.WriteAllText(good, changed);
        check = await TestProcess.RunAsync(folder.Path, "run", "good.ipynb", "--check", "--report", "r.trx");
        Assert.Equal(1, check.ExitCode);
        Assert.Contains("good.ipynb: cell a, output 1, stream stdout, line 1:\n    expected: 2\n    actual:   1\n", check.Output, StringComparison.Ordinal);
        Assert.Contains("outputs differ", check.Output, StringComparison.Ordinal);
        Assert.Equal(changed, File.ReadAllText(good));
        var results = XDocument.Load(folder.File("r.trx")).Descendants().Where(element => element.Name.LocalName == "UnitTestResult").ToList();
        Assert.Equal(["Passed", "Passed", "Failed"], results.Select(result => result.Attribute("outcome")!.Value));
    }

    [Fact]
    public async Task A_notebook_changed_while_it_ran_is_not_overwritten()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n.ipynb", ("a", "var text = System.IO.File.ReadAllText(\"n.ipynb\");\nSystem.IO.File.WriteAllText(\"n.ipynb\", text.Replace(\"kept\", \"changed\"));"));
        var (exitCode, output, _) = await TestProcess.RunAsync(folder.Path, "run", "n.ipynb", "--update");
        Assert.Equal(1, exitCode);
        Assert.Contains("was changed by somebody else while it was executed; nothing has been written.", output, StringComparison.Ordinal);
        Assert.Contains("\"changed\"", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Empty(Notebook.Read(path).Cells[0].Outputs);
    }

    [Fact]
    public async Task An_output_folder_in_which_a_copy_would_fall_on_its_notebook_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "output/n.ipynb", ("a", "1"));
        var before = File.ReadAllText(path);
        var (exitCode, _, error) = await TestProcess.RunAsync(folder.Path, "run", "output/n.ipynb", "--check");
        Assert.Equal(101, exitCode);
        Assert.StartsWith("The executed copy would overwrite the notebook 'output/n.ipynb' itself: choose another folder with --output, or use --update.\n", error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(path));
    }

    [Fact]
    public async Task A_compile_error_is_shown_with_its_source_line_even_where_that_is_a_word_of_the_message()
    {
        using var folder = new TemporaryFolder();
        TestNotebook.Write(folder, "n.ipynb", ("a", "foo"));
        var (_, output, _) = await TestProcess.RunAsync(folder.Path, "run", "n.ipynb");
        Assert.Contains(
            "n.ipynb: cell a, line 1, column 1: CompilationError: error CS0103: The name 'foo' does not exist in the current context\n    foo\n    ^\n\n", output, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_folder_for_temporary_files_with_a_long_path_does_no_harm()
    {
        using var folder = new TemporaryFolder();
        TestNotebook.Write(folder, "n.ipynb", ("a", "1"));
        var command = TestProcess.Command(folder.Path, "run", "n.ipynb");
        command.Environment["TMPDIR"] = Directory.CreateDirectory(folder.File(new string('t', 100))).FullName;
        var (exitCode, output, error) = await TestProcess.RunAsync(command);
        Assert.True(exitCode == 0, output + error);
    }

    [Fact]
    public async Task Jobs_run_side_by_side()
    {
        using var folder = new TemporaryFolder();
        foreach (var (own, other) in new[] { ("a", "b"), ("b", "a") })
        {
            TestNotebook.Write(
                folder, own + ".ipynb", ("wait", $"System.IO.File.WriteAllText(\"{own}\", \"\");\nwhile (!System.IO.File.Exists(\"{other}\")) {{ await System.Threading.Tasks.Task.Delay(10); }}"));
        }

        var (exitCode, output, _) = await TestProcess.RunAsync(folder.Path, "run", ".", "--jobs", "2", "--cell-timeout", "20");
        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [InlineData("", "Required command was not provided.")]
    [InlineData("run", "Required argument missing for command: 'run'.")]
    [InlineData("run none.ipynb", "There is no notebook or folder 'none.ipynb'.")]
    [InlineData("run none*.ipynb", "No notebook matches 'none*.ipynb'.")]
    [InlineData("run .", "The folder '.' holds no notebook.")]
    [InlineData("run . --check --update", "--check and --update exclude each other.")]
    [InlineData("run . --timeout 0", "--timeout must be a number above 0, not 0.")]
    [InlineData("run . --jobs -1", "--jobs must be a number above 0, not -1.")]
    [InlineData("run . --jobs two", "Cannot parse argument 'two' for option '--jobs' as expected type 'System.Int32'.")]
    [InlineData("run . --report r.txt", "The report 'r.txt' must be an .xml file (JUnit) or a .trx file (Visual Studio).")]
    [InlineData("run . --corpus english", "--corpus english: it should read NAME=FILE, for example english=my-text.txt.")]
    [InlineData("run . --corpus english=none.txt", "--corpus english=none.txt: there is no file 'none.txt'.")]
    public async Task A_wrong_command_line_gets_one_sentence_and_an_exit_code_of_its_own(string arguments, string expected)
    {
        using var error = new StringWriter { NewLine = "\n" };
        Assert.Equal(101, await KernelCommandLine.InvokeAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), error));
        var help = arguments.Length == 0 ? "--help" : "run --help";
        Assert.Equal($"{expected}\n`{help}` says how the command is used.\n", error.ToString());
    }

    [Fact]
    public async Task Version_and_help_are_clean()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal((0, "1.0.0\n", ""), await TestProcess.RunAsync(folder.Path, "--version"));
        var (exitCode, output, error) = await TestProcess.RunAsync(folder.Path, "run", "--help");
        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("--cell-timeout <S>", output, StringComparison.Ordinal);
        Assert.DoesNotContain("worker", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_and_patterns_find_notebooks_by_name_but_no_checkpoints_and_no_executed_copies()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "n/b.ipynb", "n/a.ipynb", "n/deep/c.ipynb", "n/.ipynb_checkpoints/a.ipynb", "n/output/a.ipynb", "n/notes.txt", "n/ab.ipynb" })
        {
            TestNotebook.Write(folder, name, ("x", "1"));
        }

        string[] Find(params string[] arguments) =>
            [.. NotebookSelection.Find(arguments.Select(folder.File), folder.File("n/output")).Select(path => Path.GetRelativePath(folder.File("n"), path).Replace('\\', '/'))];

        Assert.Equal(["a.ipynb", "ab.ipynb", "b.ipynb", "deep/c.ipynb"], Find("n"));
        Assert.Equal(["a.ipynb", "ab.ipynb", "b.ipynb"], Find("n/*.ipynb"));
        Assert.Equal(["a.ipynb", "b.ipynb"], Find("n/?.ipynb"));
        Assert.Equal(["a.ipynb", "ab.ipynb", "b.ipynb", "deep/c.ipynb"], Find("n/**/*.ipynb"));
        Assert.Equal(["deep/c.ipynb"], Find("*/d*/c.ipynb"));
        Assert.Equal(["b.ipynb", "a.ipynb", "ab.ipynb", "deep/c.ipynb"], Find("n/b.ipynb", "n"));
    }

    [UnixFact]
    public void A_folder_that_links_to_itself_is_walked_once()
    {
        using var folder = new TemporaryFolder();
        var path = TestNotebook.Write(folder, "n/a.ipynb", ("x", "1"));
        Directory.CreateSymbolicLink(folder.File("n/self"), folder.File("n"));
        Assert.Equal([path], NotebookSelection.Find([folder.File("n")], folder.File("output")));
    }

    private static string WithoutOutputs(string text)
    {
        var notebook = Notebook.Parse(text, "n");
        foreach (var cell in notebook.CodeCells)
        {
            cell.SetOutputs([]);
            cell.ExecutionCount = null;
        }

        return notebook.ToText();
    }
}
