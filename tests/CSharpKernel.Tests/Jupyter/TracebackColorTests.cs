using CSharpKernel.Jupyter;
using CSharpKernel.Scripting;

namespace CSharpKernel.Tests.Jupyter;

public sealed class TracebackColorTests
{
    [Fact]
    public void Names_places_and_carets_are_coloured_and_source_is_not()
    {
        string[] compilation = ["cell ch01, line 2, column 9: error CS0103: The name 'z' does not exist, line 5", "Print(\"x, line 3: \", z);", "        ^", "... and 2 more"];
        Assert.Equal(
            ["{c}cell ch01, line 2, column 9{-}: {r}error CS0103{-}: The name 'z' does not exist, line 5", "Print(\"x, line 3: \", z);", "        {b}^{-}", "... and 2 more"],
            Colours("CompilationError", compilation));

        string[] exception =
        [
            "System.AggregateException: One or more errors: at cell 1, line 2", "   in System.Threading.Tasks.Task.Wait", "   at cell 3, line 4, in Run",
            " ---> System.FormatException: bad", "   at helpers.csx, line 12",
        ];
        Assert.Equal(
            [
                "{r}System.AggregateException{-}: One or more errors: at cell 1, line 2", "   in System.Threading.Tasks.Task.Wait", "   at {c}cell 3, line 4{-}, in Run",
                " ---> {r}System.FormatException{-}: bad", "   at {c}helpers.csx, line 12{-}",
            ],
            Colours("System.AggregateException", exception));
        Assert.Equal(["{c}cell 1, line 1{-}: There is no file 'x'"], Colours("DirectiveError", ["cell 1, line 1: There is no file 'x'"]));
    }

    [Fact]
    public void Plain_is_plain_and_an_error_without_lines_has_one()
    {
        var error = new ErrorOutput("E", "m", ["E: m", "   at cell 1, line 2"], 2, 1);
        Assert.Equal(error.Traceback, TracebackColors.LinesOf(error, isPlain: true));
        Assert.Equal(["E: m"], TracebackColors.LinesOf(error with { Traceback = [] }, isPlain: true));
        Assert.Equal(["{r}E{-}: m"], Colours("E", []));
    }

    private static List<string> Colours(string name, string[] lines) =>
    [
        .. TracebackColors.LinesOf(new ErrorOutput(name, "m", lines, 0, 0), isPlain: false).Select(line => line
            .Replace("\u001b[1;31m", "{r}", StringComparison.Ordinal).Replace("\u001b[36m", "{c}", StringComparison.Ordinal)
            .Replace("\u001b[1m", "{b}", StringComparison.Ordinal).Replace("\u001b[0m", "{-}", StringComparison.Ordinal)),
    ];
}
