using System.Text;
using System.Text.Json.Nodes;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Tests.Notebooks;

public sealed class NotebookTests
{
    private const string Minimal = """{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}""";

    [Theory]
    [MemberData(nameof(Vectors.All), MemberType = typeof(Vectors))]
    public void What_is_written_is_what_Jupyter_writes(string name, string input, string canonical)
    {
        Assert.Equal(canonical, Notebook.Parse(input, name).ToText());
        Assert.Equal(canonical, Notebook.Parse(canonical, name).ToText());
    }

    [Fact]
    public void Unknown_keys_survive_a_round_trip_where_they_were()
    {
        var text = """
            {"nbformat": 4, "nbformat_minor": 5, "future": {"z": [1, {"y": null}]}, "metadata": {"own": {"deep": [true]}},
             "cells": [
              {"id": "a", "cell_type": "code", "metadata": {"mine": 1.50}, "source": ["x\n", "y"], "execution_count": null, "unknown": "k",
               "outputs": [{"output_type": "display_data", "data": {"application/vnd.x+json": {"b": 1}}, "metadata": {"m": {}}, "odd": 7}]}]}
            """;
        var written = JsonNode.Parse(Notebook.Parse(text, "n").ToText())!;
        var expected = JsonNode.Parse(text)!;
        Assert.True(JsonNode.DeepEquals(expected, written), written.ToJsonString());
    }

    [Fact]
    public void Half_a_surrogate_pair_survives()
    {
        var text = Minimal.Replace("[]", """[{"id": "a", "cell_type": "markdown", "metadata": {}, "source": "x\ud83d \ude42 \ud83d\ude42"}]""", StringComparison.Ordinal);
        var notebook = Notebook.Parse(text, "n");
        Assert.Equal("x\ud83d \ude42 🙂", notebook.Cells[0].Source);
        Assert.Contains("\"x\\ud83d \\ude42 🙂\"", notebook.ToText(), StringComparison.Ordinal);
        Assert.Equal(notebook.Cells[0].Source, Notebook.Parse(notebook.Clone().ToText(), "n").Cells[0].Source);
    }

    [Fact]
    public void A_cell_without_an_id_gets_the_same_one_every_time()
    {
        var text = """
            {"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [
              {"cell_type": "markdown", "metadata": {}, "source": "twice"},
              {"cell_type": "code", "metadata": {}, "source": "1", "execution_count": 1, "outputs": []},
              {"cell_type": "markdown", "metadata": {}, "source": ["tw", "ice"]}]}
            """;
        var first = Notebook.Parse(text, "n");
        var second = Notebook.Parse(text, "n");
        Assert.Equal(first.Cells.Select(cell => cell.Id), second.Cells.Select(cell => cell.Id));
        Assert.Equal(3, first.Cells.Select(cell => cell.Id).Distinct().Count());
        Assert.All(first.Cells, cell => Assert.Matches("^cell-[0-9a-f]{8}(-2)?$", cell.Id));
        Assert.Contains("\"nbformat_minor\": 5", first.ToText(), StringComparison.Ordinal);

        // The id follows the cell when another is put before it.
        var moved = text.Replace("\"cells\": [", """ "cells": [{"cell_type": "raw", "metadata": {}, "source": "new"},""", StringComparison.Ordinal);
        Assert.Equal(first.Cells[1].Id, Notebook.Parse(moved, "n").Cells[2].Id);
    }

    [Theory]
    [InlineData("", "n(1,1): not a notebook: the file is empty.")]
    [InlineData("hello", "n(1,1): not a notebook: unexpected 'h', a JSON value should begin here.")]
    [InlineData("# Title\n", "n(1,1): not a notebook: unexpected '#', a JSON value should begin here.")]
    [InlineData("[1, 2]", "n(1,1): not a notebook: the file holds a list, not an object.")]
    [InlineData("null", "n(1,1): not a notebook: the file holds null, not an object.")]
    [InlineData("{\"a\": 1}", "n(1,1): not a notebook: neither 'nbformat' nor 'cells' is there.")]
    [InlineData("{\"cells\": []}", "n(1,1): the notebook: 'nbformat' is missing.")]
    [InlineData("{\"nbformat\": 3, \"worksheets\": []}", "n(1,1): this is a notebook of nbformat 3; *4.0 to 4.5. Open and save it once in Jupyter to convert it.")]
    [InlineData("{\"nbformat\": 5}", "n(1,1): this is a notebook of nbformat 5, newer than *")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": 6}", "n(1,1): this is a notebook of nbformat 4.6; *")]
    [InlineData("{\"nbformat\": \"4\"}", "n(1,1): the notebook: 'nbformat' is a string, not an integer.")]
    [InlineData("{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": []}", "n(1,1): the notebook: 'metadata' is a list, not an object.")]
    [InlineData("{\n \"nbformat\": 4,\n \"nbformat\": 4}", "n(3,2): not a notebook: the key \"nbformat\" stands twice in the same object.")]
    [InlineData("{\"nbformat\": 4,\n \"x\": tru", "n(2,10): not a notebook: the text ends here, in the middle of a value: the file is truncated.")]
    [InlineData("{\"nbformat\": 4,\n \"x\": \"ab", "n(2,10): not a notebook: the text ends here, *truncated.")]
    [InlineData("{} {}", "n(1,4): not a notebook: text follows the end of the JSON value.")]
    [InlineData("{\"a\": 01}", "n(1,8): not a notebook: unexpected '1', ',' should stand here.")]
    [InlineData("{\"a\": \"\\x\"}", "n(1,8): not a notebook: the escape \\x does not exist in JSON.")]
    [InlineData("{\"a\": \"\t\"}", "n(1,8): not a notebook: unexpected control character U+0009 inside a string; it must be written as an escape.")]
    [InlineData("{\"a\": NaN}", "n(1,7): not a notebook: unexpected 'N', a JSON value should begin here.")]
    [InlineData("{\"a\" 1}", "n(1,6): not a notebook: unexpected '1', ':' should stand here.")]
    public void A_file_that_is_no_notebook_gets_one_clear_error(string text, string expected) => AssertError(text, expected);

    [Theory]
    [InlineData("7", "cell 1 is the number 7, not an object.")]
    [InlineData("{}", "cell 1: 'cell_type' is missing.")]
    [InlineData("""{"id": "a", "cell_type": "heading"}""", "cell 1 (a) has the type \"heading\"; there are code, markdown and raw cells.")]
    [InlineData("""{"id": "a", "cell_type": "raw", "metadata": {}, "source": 1}""", "cell 1 (a): 'source' is the number 1, not a string or a list of strings.")]
    [InlineData("""{"id": "a", "cell_type": "raw", "metadata": {}, "source": ["x", null]}""", "cell 1 (a): 'source' is a list, not a string or a list of strings.")]
    [InlineData("""{"id": "a", "cell_type": "raw", "metadata": {}}""", "cell 1 (a): 'source' is missing.")]
    [InlineData("""{"id": "a", "cell_type": "raw", "metadata": {"tags": "x"}, "source": ""}""", "cell 1 (a): 'metadata.tags' is not a list of strings.")]
    [InlineData("""{"id": "a", "cell_type": "code", "metadata": {}, "source": ""}""", "cell 1 (a): 'outputs' is missing.")]
    [InlineData("""{"id": "a", "cell_type": "code", "metadata": {}, "source": "", "outputs": [], "execution_count": "1"}""", "cell 1 (a): 'execution_count' is a string, not an integer or null.")]
    [InlineData("""{"id": "a", "cell_type": "code", "metadata": {}, "source": "", "outputs": [{"output_type": "pyout"}]}""", "cell 1 (a), output 1 has the type \"pyout\"; *")]
    [InlineData("""{"id": "a", "cell_type": "code", "metadata": {}, "source": "", "outputs": [{"output_type": "stream", "name": "stdout"}]}""", "cell 1 (a), output 1: 'text' is missing.")]
    [InlineData("""{"id": "a", "cell_type": "code", "metadata": {}, "source": "", "outputs": [{"output_type": "error", "ename": "", "evalue": "", "traceback": [1]}]}""", "cell 1 (a), output 1: 'traceback' is not a list of strings.")]
    [InlineData("""{"id": "a b", "cell_type": "raw", "metadata": {}, "source": ""}""", "cell 1: the id \"a b\" is not legal; *")]
    [InlineData("""{"id": "", "cell_type": "raw", "metadata": {}, "source": ""}""", "cell 1: the id \"\" is not legal; *")]
    [InlineData("""{"id": 5, "cell_type": "raw", "metadata": {}, "source": ""}""", "cell 1: 'id' is the number 5, not a string.")]
    [InlineData("""{"id": "a", "cell_type": "raw", "metadata": {}, "source": ""}, {"id": "a", "cell_type": "raw", "metadata": {}, "source": ""}""", "cell 2: the id \"a\" is already that of cell 1.")]
    public void A_wrong_cell_gets_one_clear_error(string cells, string expected) =>
        AssertError("{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [" + cells + "]}", "n(1,*): " + expected);

    [Fact]
    public void An_error_in_a_cell_has_its_line()
    {
        var text = "{\"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {}, \"cells\": [\n  {\"id\": \"x\", \"cell_type\": \"raw\", \"metadata\": {}, \"source\": false}]}";
        AssertError(text, "n(2,3): cell 1 (x): 'source' is false, not a string or a list of strings.");
    }

    [Fact]
    public void Nesting_that_would_exhaust_the_stack_is_an_error() =>
        AssertError(new string('[', 100_000), "n(1,201): not a notebook: objects and arrays are nested more than 200 deep.");

    [Fact]
    public void Every_truncation_of_a_notebook_is_an_error_that_names_the_file()
    {
        foreach (var row in Vectors.All())
        {
            var canonical = (string)row[2];
            for (var length = 0; length < canonical.Length - 1; length += 7)
            {
                var error = Assert.Throws<NotebookFormatException>(() => Notebook.Parse(canonical[..length], "book.ipynb"));
                Assert.StartsWith("book.ipynb(", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over_and_bytes_that_are_not_text_are_named()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "n.ipynb");
        File.WriteAllText(path, Minimal, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Empty(Notebook.Read(path).Cells);

        File.WriteAllBytes(path, [(byte)'{', 0xff, 0xfe]);
        var error = Assert.Throws<NotebookFormatException>(() => Notebook.Read(path));
        Assert.Equal($"{path}: not a notebook: the file is not UTF-8 text (byte 1).", error.Message);
    }

    [Fact]
    public void Writing_leaves_no_other_file_and_no_byte_order_mark()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "n.ipynb");
        File.WriteAllText(path, "old");
        Notebook.Parse(Minimal, "n").Write(path);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        Assert.Equal((byte)'{', File.ReadAllBytes(path)[0]);
        Assert.Equal("{\n \"cells\": [],\n \"metadata\": {},\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}\n", File.ReadAllText(path));
    }

    [Fact]
    public void Outputs_can_be_replaced_and_json_types_hold_json()
    {
        var notebook = Notebook.Parse(Minimal.Replace("[]", """[{"id": "a", "cell_type": "code", "metadata": {}, "source": "x", "outputs": [], "execution_count": null}]""", StringComparison.Ordinal), "n");
        var cell = notebook.Cells[0];
        cell.ExecutionCount = 2;
        cell.SetOutputs([
            NotebookOutput.Stream("stdout", "a\nb"),
            NotebookOutput.Result([new("text/plain", "p"), new("application/vnd.plotly.v1+json", """{"data": [1.0]}""")], 2)]);

        var again = Notebook.Parse(notebook.ToText(), "n").Cells[0];
        Assert.Equal(2, again.ExecutionCount);
        Assert.Equal("a\nb", again.Outputs[0].Text);
        Assert.Equal(1.0, again.Outputs[1].Data["application/vnd.plotly.v1+json"]!["data"]![0]!.GetValue<double>());
        var error = Assert.Throws<FormatException>(() => NotebookOutput.Display([new("application/json", "{\n x}")]));
        Assert.Equal("The value displayed as application/json is not JSON: line 2, column 2: unexpected 'x', a key in quotation marks should begin here.", error.Message);
    }

    private static void AssertError(string text, string pattern)
    {
        var message = Assert.Throws<NotebookFormatException>(() => Notebook.Parse(text, "n")).Message;
        var regex = "^" + System.Text.RegularExpressions.Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal) + "$";
        Assert.Matches(regex, message);
    }
}
