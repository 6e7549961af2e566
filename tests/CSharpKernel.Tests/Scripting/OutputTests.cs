using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Scripting;

public sealed class OutputTests
{
    [Fact]
    public async Task Written_text_and_displayed_values_come_in_the_order_in_which_they_were_made()
    {
        using var cells = new Cells();
        var outputs = await cells.Run("""
            Console.Write("a");
            Console.WriteLine("b");
            display(1);
            Console.Error.WriteLine("c");
            Console.WriteLine("d");
            "e".Display();
            2
            """);
        Assert.Equal(["ab\n", "1", "c\n", "d\n", "e", "2"], outputs.Select(Cells.Plain));
        Assert.Equal(["stdout", "stderr", "stdout"], outputs.OfType<StreamOutput>().Select(stream => stream.Name));
    }

    [Fact]
    public async Task A_displayed_value_can_be_updated_under_its_id()
    {
        using var cells = new Cells();
        var outputs = await cells.Run("var shown = display(\"first\"); shown.Update(\"second\");");
        var display = Assert.IsType<DisplayOutput>(outputs[0]);
        var update = Assert.IsType<UpdateOutput>(outputs[1]);
        Assert.Equal("display-1", display.DisplayId);
        Assert.Equal(display.DisplayId, update.DisplayId);
        Assert.Equal("second", Cells.Plain(update));
    }

    [Fact]
    public async Task Threads_and_tasks_write_to_the_cell_that_runs()
    {
        using var cells = new Cells();
        var outputs = await cells.Run("""
            var thread = new System.Threading.Thread(() => Console.Write("t"));
            thread.Start();
            thread.Join();
            await Task.Run(() => Console.Write("u"));
            System.Threading.Tasks.Parallel.For(0, 100, i => Console.Write("p"));
            """);
        Assert.Equal("tu" + new string('p', 100), Cells.Plain(Assert.Single(outputs)));
    }

    [Fact]
    public async Task Two_sessions_at_once_do_not_mix_their_output()
    {
        async Task<string> Count(char letter)
        {
            using var cells = new Cells();
            var outputs = await cells.Run($"for (var i = 0; i < 200; i++) {{ Console.Write('{letter}'); await Task.Yield(); }}");
            return Cells.Plain(Assert.Single(outputs));
        }

        var texts = await Task.WhenAll(Count('a'), Count('b'));
        Assert.Equal([new string('a', 200), new string('b', 200)], texts);
    }
}
