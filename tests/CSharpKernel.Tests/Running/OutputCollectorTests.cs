using CSharpKernel.Notebooks;
using CSharpKernel.Running;
using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Running;

public sealed class OutputCollectorTests
{
    [Fact]
    public void Neighbouring_texts_of_one_stream_are_one_output()
    {
        var outputs = Collect(Out("a"), Out("b\n"), Err("c"), Out("d"), Show("x"), Out("e"));
        Assert.Equal(["stdout:ab\n", "stderr:c", "stdout:d", "x", "stdout:e"], outputs);
    }

    [Fact]
    public void Clearing_removes_at_once_or_when_something_comes()
    {
        Assert.Equal(["stdout:b"], Collect(Out("a"), new ClearOutput(false), Out("b")));
        Assert.Equal(["stdout:b"], Collect(Out("a"), Show("x"), new ClearOutput(true), Out("b")));
        Assert.Equal(["stdout:a"], Collect(Out("a"), new ClearOutput(true)));
        Assert.Equal([], Collect(Out("a"), new ClearOutput(false)));
    }

    [Fact]
    public void An_update_replaces_what_was_displayed_under_its_id_in_earlier_cells_too()
    {
        var collector = new OutputCollector();
        collector.BeginCell(1);
        collector.Add(Show("old", "id"));
        collector.Add(Show("other", "id2"));
        collector.BeginCell(2);
        collector.Add(Show("old again", "id"));
        collector.Add(new UpdateOutput([new("text/plain", "new")], "id"));
        collector.Add(new UpdateOutput([new("text/plain", "nowhere")], "unknown"));
        Assert.Equal(["new", "other"], collector.OutputsOf(0).Select(Describe));
        Assert.Equal(["new"], collector.OutputsOf(1).Select(Describe));
    }

    [Fact]
    public void A_result_has_the_count_of_its_cell_and_an_error_all_that_was_said()
    {
        var collector = new OutputCollector();
        collector.BeginCell(7);
        collector.Add(new DisplayOutput([new("text/plain", "4")], null, IsResult: true));
        collector.Add(new ErrorOutput("E", "m", ["t1", "t2"], 1, 2));
        var outputs = collector.OutputsOf(0);
        Assert.Equal(OutputType.ExecuteResult, outputs[0].OutputType);
        Assert.Equal(7, outputs[0].Json["execution_count"]!.GetValue<int>());
        Assert.Equal(("E", "m"), (outputs[1].ErrorName, outputs[1].ErrorMessage));
        Assert.Equal(["t1", "t2"], outputs[1].Traceback);
    }

    [Fact]
    public void Progress_that_wiped_itself_out_leaves_nothing() => Assert.Equal([], Collect(Out("50 %\r"), Out("    \r")));

    [Fact]
    public void Messages_carry_every_output_unchanged()
    {
        CellOutput[] outputs =
        [
            Out("a\n\"\u0000\ud83d x 我🙂"), Err(""), new DisplayOutput([new("text/html", "<b>"), new("text/plain", "\r\n")], null, true), Show("x", "id"),
            new UpdateOutput([new("application/json", "{}")], "id"), new ClearOutput(true), new ErrorOutput("n", "m", ["a", ""], 3, 4),
        ];
        foreach (var output in outputs)
        {
            var line = WorkerMessage.ToLine(WorkerMessage.FromOutput(output));
            Assert.DoesNotContain('\n', line);
            Assert.Equivalent(output, WorkerMessage.ToOutput(WorkerMessage.FromLine(line)), strict: true);
        }
    }

    private static List<string> Collect(params CellOutput[] outputs)
    {
        var collector = new OutputCollector();
        collector.BeginCell(1);
        foreach (var output in outputs)
        {
            collector.Add(output);
        }

        return [.. collector.OutputsOf(0).Select(Describe)];
    }

    private static string Describe(NotebookOutput output) =>
        output.OutputType == OutputType.Stream ? $"{output.StreamName}:{output.Text}" : output.Data["text/plain"]!.GetValue<string>();

    private static StreamOutput Out(string text) => new("stdout", text);

    private static StreamOutput Err(string text) => new("stderr", text);

    private static DisplayOutput Show(string text, string? id = null) => new([new("text/plain", text)], id, IsResult: false);
}
