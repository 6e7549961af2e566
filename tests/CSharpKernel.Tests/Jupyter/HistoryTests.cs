using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CSharpKernel.Jupyter;
using FsCheck.Fluent;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Jupyter;

public sealed class HistoryTests
{
    [Fact]
    public void The_tail_is_the_last_cells_oldest_first()
    {
        var history = Filled("a", "b", "c");
        Assert.Equal("1/2/b 1/3/c", Text(history.Tail(2)));
        Assert.Equal("1/1/a 1/2/b 1/3/c", Text(history.Tail(10)));
        Assert.Equal("", Text(history.Tail(0)));
        Assert.Equal("", Text(history.Tail(-1)));
    }

    [Fact]
    public void Blank_and_endless_cells_are_left_out_and_endless_values_cut()
    {
        var history = Filled("a", " \n", new string('x', 1_000_000), "b");
        history.Add(5, "c", new string('y', 1_000_000));
        Assert.Equal("1/1/a 1/4/b 1/5/c", Text(history.Tail(10)));
        Assert.InRange(history.Tail(1)[0].Output!.Length, 1000, 200_000);
    }

    [Fact]
    public void A_range_has_its_start_and_not_its_end()
    {
        var history = Filled("a", "b", "c");
        Assert.Equal("1/2/b", Text(history.Range(0, 2, 3)));
        Assert.Equal("1/2/b 1/3/c", Text(history.Range(1, 2, null)));
        Assert.Equal("", Text(history.Range(-1, 1, null)));
        Assert.Equal("", Text(history.Range(7, 1, null)));
    }

    [Fact]
    public void A_search_finds_the_last_matches_and_equal_cells_once_if_asked()
    {
        var history = Filled("var x = 1;", "x", "y", "x", "x + 1");
        Assert.Equal("1/1/var x = 1; 1/2/x 1/4/x 1/5/x + 1", Text(history.Search("*x*", 10, false)));
        Assert.Equal("1/4/x 1/5/x + 1", Text(history.Search("*x*", 2, false)));
        Assert.Equal("1/1/var x = 1; 1/4/x 1/5/x + 1", Text(history.Search("*x*", 10, true)));
        Assert.Equal("1/2/x 1/3/y 1/4/x", Text(history.Search("?", 10, false)));
    }

    [Fact]
    public void The_reply_has_triples_with_or_without_values()
    {
        var history = new History(null);
        history.Add(1, "1+1", "2");
        history.Add(2, "var x = 1;", null);
        Assert.Equal("""{"status":"ok","history":[[1,1,"1\u002B1"],[1,2,"var x = 1;"]]}""", history.Answer(Request("tail")).ToJsonString());
        var withOutput = Request("tail");
        withOutput["output"] = true;
        Assert.Equal("""{"status":"ok","history":[[1,1,["1\u002B1","2"]],[1,2,["var x = 1;",null]]]}""", history.Answer(withOutput).ToJsonString());
        Assert.Contains("'other'", Assert.Throws<FormatException>(() => history.Answer(Request("other"))).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => history.Answer([]));
    }

    [Fact]
    public async Task Earlier_sessions_count_from_one_and_this_is_the_last()
    {
        using var folder = new TemporaryFolder();
        await RunSessionAsync(folder, "a", "b");
        await RunSessionAsync(folder, "c");
        await using var file = Open(folder);
        var history = new History(file);
        history.Add(1, "d", null);
        Assert.Equal("1/1/a 1/2/b 2/1/c 3/1/d", Text(history.Tail(10)));
        Assert.Equal("2/1/c", Text(history.Range(-1, 1, null)));
        Assert.Equal("1/2/b", Text(history.Range(1, 2, null)));
        Assert.Equal("3/1/d", Text(history.Range(0, 1, null)));
    }

    [Fact]
    public async Task Sessions_that_ran_at_the_same_time_stand_one_after_another()
    {
        using var folder = new TemporaryFolder();
        await using (var file = Open(folder))
        {
            foreach (var (session, line) in new[] { ("s", 1), ("t", 1), ("s", 2), ("t", 2) })
            {
                file.Add(new StoredCell(session, line, $"{session}{line}", null));
            }
        }

        await using var read = Open(folder);
        Assert.Equal("1/1/s1 1/2/s2 2/1/t1 2/2/t2", Text(new History(read).Tail(10)));
    }

    [Fact]
    public async Task Torn_and_foreign_lines_are_skipped_and_the_next_line_is_whole()
    {
        using var folder = new TemporaryFolder();
        await RunSessionAsync(folder, "a");
        File.AppendAllText(folder.File("history"), "[1]\n{}\n\n{\"session\":\"x\",\"line\":\"1\",\"input\":\"b\"}\n{\"session\":\"torn\",\"li");
        await RunSessionAsync(folder, "c\nd\ud83d");
        await using var file = Open(folder);
        Assert.Equal(["a", "c\nd\ufffd"], file.Read()!.Select(cell => cell.Input));
    }

    [Fact]
    public async Task Kernels_that_write_at_the_same_time_lose_nothing()
    {
        using var folder = new TemporaryFolder();
        var files = Enumerable.Range(0, 4).Select(_ => Open(folder)).ToArray();
        await Task.WhenAll(files.Select((file, number) => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                file.Add(new StoredCell($"{number}", i, $"cell {i}", null));
                await Task.Yield();
            }

            await file.DisposeAsync();
        })));
        await using var read = Open(folder);
        var cells = read.Read()!;
        Assert.Equal(400, cells.Count);
        foreach (var session in cells.GroupBy(cell => cell.Session))
        {
            Assert.Equal(Enumerable.Range(0, 100), session.Select(cell => cell.Line));
        }
    }

    [Fact]
    public async Task The_file_stays_small_and_keeps_the_newest()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 50; i++)
        {
            await using var file = Open(folder, maximumBytes: 2000);
            file.Add(new StoredCell("s", i, new string('x', 100), null));
        }

        await using var read = Open(folder);
        var lines = read.Read()!.Select(cell => cell.Line).ToList();
        Assert.Equal(Enumerable.Range(lines[0], lines.Count), lines);
        Assert.Equal(49, lines[^1]);
        Assert.InRange(new FileInfo(folder.File("history")).Length, 500, 2000);
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_no_failure()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        await using var file = new HistoryFile(Path.Combine(folder.File("file"), "history"));
        var history = new History(file);
        history.Add(1, "a", null);
        Assert.Equal("1/1/a", Text(history.Tail(10)));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_now_is_read_the_next_time()
    {
        using var folder = new TemporaryFolder();
        await RunSessionAsync(folder, "a");
        await using var file = Open(folder);
        var history = new History(file);
        using (new FileStream(folder.File("history"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal("", Text(history.Tail(10)));
        }

        using (new FileStream(folder.File("history"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            Assert.Equal("1/1/a", Text(history.Tail(10)));
        }
    }

    [Fact]
    public void A_glob_matches_as_its_regular_expression_does() => PropertyCheck.ForAll(
        Gen.Zip(
            Gen.Elements('a', 'b', '*', '?', '\n').ListOf().Select(characters => string.Concat(characters)),
            Gen.Elements('a', 'b', '\n').ListOf().Select(characters => string.Concat(characters))),
        ((string Pattern, string Text) pair) =>
        {
            var expression = Regex.Escape(pair.Pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal);
            Assert.Equal(Regex.IsMatch(pair.Text, $"\\A(?:{expression})\\z", RegexOptions.Singleline), Glob.IsMatch(pair.Pattern, pair.Text));
        },
        cases: 1000);

    /// <summary>Patient enough to write all, however slow the machine is.</summary>
    private static HistoryFile Open(TemporaryFolder folder, long maximumBytes = 1_000_000) => new(folder.File("history"), maximumBytes) { Patience = TimeSpan.FromSeconds(60) };

    private static async Task RunSessionAsync(TemporaryFolder folder, params string[] cells)
    {
        await using var file = Open(folder);
        var history = new History(file);
        for (var i = 0; i < cells.Length; i++)
        {
            history.Add(i + 1, cells[i], null);
        }
    }

    private static History Filled(params string[] cells)
    {
        var history = new History(null);
        for (var i = 0; i < cells.Length; i++)
        {
            history.Add(i + 1, cells[i], null);
        }

        return history;
    }

    private static JsonObject Request(string type) => new() { ["hist_access_type"] = type, ["n"] = 10 };

    private static string Text(IEnumerable<HistoryEntry> entries) => string.Join(' ', entries.Select(entry => $"{entry.Session}/{entry.Line}/{entry.Input}"));
}
