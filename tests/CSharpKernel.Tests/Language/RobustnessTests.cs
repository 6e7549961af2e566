using CSharpKernel.Language;
using CSharpKernel.Notebooks;
using FsCheck.Fluent;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Language;

/// <summary>Any code and any position get an answer.</summary>
public sealed class RobustnessTests(SampleSession sample) : IClassFixture<SampleSession>
{
    private static readonly string[] Scraps =
    [
        "items", "point", ".", "(", ")", "{", "}", "[", "]", "<", ">", ";", ",", ":", "=>", "=", "==", "?", "??", "!", "\"", "$\"", "@\"", "\"\"\"", "'", "//", "/*", "*/", "///", "#", "#!", "#!html\n", "#!csharp\n",
        "#r \"", "#load \"x", "#if", "#endif\n", "new ", "class ", "record ", "if ", "switch ", "case ", "is ", "with ", "from x in ", "select ", "where ", "async ", "await ", "=> ", "int ", "var x ", "var x = ", "@", "@class",
        "\n", "\r\n", "\r", "\t", " ", "1", "1.", "0x", "é", "\U0001F600", "\uD83D", "\uDE00", "\0", "\u2028", "\uFEFF", "[Obsolete", "Colour.", "using System", "enum E { A", "unsafe", "stackalloc ", "\\u0041", "goto ", "..", "^",
    ];

    [Fact]
    public void Scraps_of_code_in_any_order_with_the_cursor_anywhere()
    {
        var cases = from count in Gen.Choose(0, 12)
                    from scraps in Gen.ListOf(Gen.Elements(Scraps), count)
                    let code = string.Concat(scraps)
                    from position in Gen.Choose(-1, code.Length + 1)
                    select (code, position);
        PropertyCheck.ForAll(cases, entry => AnswerAll(entry.code, entry.position), 200);
    }

    [Fact]
    public void A_chapters_cells_cut_anywhere()
    {
        var cells = Notebook.Read(Repository.PathOf("notebooks", "01-tokenizer.ipynb")).CodeCells.Select(cell => cell.Source).ToArray();
        var cases = from cell in Gen.Elements(cells)
                    from length in Gen.Choose(0, cell.Length)
                    from position in Gen.Frequency((3, Gen.Constant(length)), (1, Gen.Choose(0, length)))
                    select (cell[..length], position);
        PropertyCheck.ForAll(cases, entry => AnswerAll(entry.Item1, entry.position), 150);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("x.")]
    [InlineData("1+")]
    [InlineData("{")]
    [InlineData("a b ")]
    [InlineData("#!html\n")]
    [InlineData("$\"{")]
    [InlineData("if (x) ")]
    [InlineData("\U0001F600")]
    public void Very_much_of_it(string scrap)
    {
        foreach (var length in (int[])[10_000, 1_000_000])
        {
            var code = string.Concat(Enumerable.Repeat(scrap, length / scrap.Length));
            AnswerAll(code, code.Length);
            AnswerAll(code, code.Length / 2);
        }
    }

    [Fact]
    public async Task A_request_that_is_given_up_ends()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sample.Editor.Session.Language.CompleteAsync("items.", 6, source.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sample.Editor.Session.Language.InspectAsync("items", 2, true, source.Token));
        Assert.Contains("Count", await sample.Editor.Texts("items.|"));
    }

    [Fact]
    public async Task Many_ask_at_once_while_cells_run()
    {
        using var editor = new Editor();
        await editor.Run("var items = new List<int>();");
        var answers = Enumerable.Range(0, 20).Select(number => Task.Run(() => editor.Texts(number % 2 == 0 ? "items.|" : "new List<string>().|"))).ToArray();
        for (var number = 0; number < 5; number++)
        {
            await editor.Run($"int v{number} = {number};");
        }

        Assert.All(await Task.WhenAll(answers), texts => Assert.Contains("Count", texts));
        Assert.Equal(["v0", "v1", "v2", "v3", "v4"], (await editor.Texts("v|")).Where(text => text.Length == 2));
    }

    private void AnswerAll(string code, int position)
    {
        var service = sample.Editor.Session.Language;
        var list = service.CompleteAsync(code, position, CancellationToken.None).GetAwaiter().GetResult();
        var clamped = Math.Clamp(position, 0, code.Length);
        Assert.InRange(list.Start, 0, clamped);
        Assert.InRange(list.End, clamped, code.Length);
        Assert.All(list.Items, item => Assert.NotEqual("", item.Text));
        service.InspectAsync(code, position, isDetailed: true, CancellationToken.None).GetAwaiter().GetResult();
        var completeness = service.CheckCompleteness(code);
        Assert.True(completeness.Status == CompletenessStatus.Incomplete || completeness.Indent.Length == 0);
    }
}
