namespace CSharpKernel.Tests.Language;

/// <summary>What is proposed where.</summary>
public sealed class CompletionTests(SampleSession sample) : IClassFixture<SampleSession>
{
    // Where the cursor is; what must be proposed; what must not.
    public static TheoryData<string, string, string> Places => new()
    {
        // Members, also of what the same cell declares, and in expressions that are not finished.
        { "items.|", "Add Count Select ToString", "Capacities items class Finalize" },
        { "items?.|", "Add Count Select", "items" },
        { "items[0].|", "CompareTo Halve", "Count" },
        { "point.|", "X Name Tags Computed Deconstruct", "hidden EqualityContract" },
        { "var local = new Point(1, 2);\nlocal.|", "X Name", "items" },
        { "Console.WriteLine(items.|", "Count Add", "Console" },
        { "string.|", "Join IsNullOrEmpty Empty", "Length" },
        { "\"text\".|", "Length Split", "IsNullOrEmpty" },
        { "Math.|", "Max PI", "items" },
        { "Colour.|", "Red Green", "ToString" },
        { "System.Text.|", "StringBuilder RegularExpressions", "items" },
        { "await Task.|", "Delay FromResult", "Result" },
        { "new Old().|", "Modern Ancient", "Secret" },
        { "typeof(int).|", "Name FullName", "MaxValue" },
        { "1.|", "ToString Halve", "MaxValue" },
        { "File.|", "ReadAllText Exists", "items" },

        // Lambdas.
        { "items.Select(item => item.|", "CompareTo Halve", "Count" },
        { "items.Select(item => it|)", "item items", "" },
        { "items.Where(item => item > 1).Select(item => item.|)", "CompareTo", "Count" },
        { "var points = new[] { point }; points.OrderBy(each => each.|", "X Name", "Add" },
        { "Func<Point, int> measure = each => each.|", "X Computed", "" },

        // Names.
        { "it|", "items", "point" },
        { "Tw|", "Twice", "Math" },
        { "Con|", "Console Convert", "Math" },
        { "int local = 1; { lo|", "local long", "" },
        { "int F(int parameter) { return par|", "parameter", "" },
        { "foreach (var each in items) { ea|", "each", "" },
        { "new Po|", "Point", "point items" },
        { "List<Po|", "Point", "point" },
        { "typeof(Co|", "Colour Console", "class" },
        { "using System.|", "Text Collections", "Console" },
        { "using static System.|", "Console Math Text", "" },
        { "Cla|", "@class class", "" },
        { "@cl|", "@class", "" },
        { "[Ma|] class A { }", "Mark", "MarkAttribute Math" },
        { "[Obs|", "Obsolete", "ObsoleteAttribute" },
        { "class A : Po|", "Point", "point" },
        { "try { } catch (Inv|", "InvalidOperationException", "items" },
        { "$\"{it|}\"", "items", "" },
        { "$\"{items.|}\"", "Count", "" },
        { "$@\"{items.Where(x => x.|", "CompareTo", "" },

        // Words of the name.
        { "Console.WL|", "WriteLine", "Write" },
        { "Console.wrl|", "WriteLine", "Write" },
        { "new SB|", "StringBuilder", "String" },

        // Arguments by name.
        { "Twice(|", "number: loudly: items text:", "" },
        { "Twice(nu|", "number: null", "loudly:" },
        { "Twice(1, |", "loudly: items", "number:" },
        { "Twice(number: 1, |", "loudly:", "number:" },
        { "new Point(|", "X: Y:", "Name:" },
        { "Point other = new(|", "X: Y:", "" },
        { "string.Join(separator: \",\", v|", "values: value:", "separator:" },
        { "[Mark(we|", "weight:", "" },
        { "items.Sort(c|", "comparer: comparison:", "" },
        { "string.Join(|", "separator:", "innerKeySelector:" },

        // Initialisers, with and property patterns.
        { "new Point(1, 2) { | }", "Name Tags X", "Computed hidden items if" },
        { "new Point(1, 2) { Name = \"a\", | }", "Tags", "Name items" },
        { "Point other = new(1, 2) { N| };", "Name", "" },
        { "var other = point with { | }", "X Name", "items" },
        { "if (point is { | })", "X Name Computed", "items" },
        { "new List<int> { | }", "items Capacity", "" },
        { "new Point(1, 2) { Tags = { | } }", "items", "" },

        // Values of enums.
        { "if (shade == |", "Colour.Red Colour.Green", "" },
        { "switch (shade) { case |", "Colour.Red", "" },
        { "shade switch { |", "Colour.Red", "" },
        { "shade is Gr|", "Colour.Green", "Colour.Red" },
        { "Colour other = |", "Colour.Red", "" },
        { "shade = Colour.R|", "Red", "Green" },
        { "Math.Round(1.5, mi|", "MidpointRounding.AwayFromZero", "" },
        { "Math.Round(1.5, mode: |", "MidpointRounding.AwayFromZero", "" },
        { "Colour F() { return |", "Colour.Red", "" },

        // Keywords where they fit.
        { "|", "if foreach var class using await", "else case get" },
        { "items.Add(1); fo|", "for foreach", "" },
        { "var x = |", "new typeof await null", "if class foreach" },
        { "var x = new |", "int string", "if null await" },
        { "return |", "new null", "if" },
        { "foreach (var x |", "in", "items" },
        { "foreach (var x in items) { |", "break continue if", "class" },
        { "using |", "static", "if" },
        { "public |", "class static void", "if" },
        { "class A { |", "public int", "if items" },
        { "class A { int P { |", "get set", "if" },
        { "try { } |", "catch finally", "" },
        { "if (true) { } |", "else if", "" },
        { "point is |", "not null", "if" },
        { "items.Count |", "is as switch", "if items" },
        { "from x in items |", "where select orderby", "if" },
        { "class A<T> where T : |", "class struct new()", "if" },
        { "Twice(|", "out ref new", "if" },

        // Nothing where a name is being invented, or in text.
        { "var na|", "", "name" },
        { "int it|", "", "items" },
        { "foreach (var it|", "", "items" },
        { "class Po|", "", "Point" },
        { "// it|", "", "items" },
        { "/* it| */", "", "items" },
        { "/// it|", "", "items" },
        { "\"it|\"", "", "items" },
        { "\"it|", "", "items" },
        { "@\"it|", "", "items" },
        { "\"\"\"it|", "", "items" },
        { "$\"it|\"", "", "items" },
        { "$\"{day:it|}\"", "", "items" },
        { "'i|'", "", "items" },
        { "12|", "", "items" },
        { "0x1F|", "", "F" },
        { "#if false\nit|\n#endif", "", "items" },
        { "undefined.|", "", "items if" },

        // Text ends where it ends.
        { "\"text\" + it|", "items", "" },
        { "/* text */ it|", "items", "" },
        { "// text\nit|", "items", "" },
        { "/// text\nit|", "items", "" },
        { "$\"text {name}\" + it|", "items", "" },

        // A cell of several parts.
        { "var early = items;\n#!html\n<b>\n#!csharp\nearly.|", "Count", "" },
        { "#!html\n<b>it|", "", "items" },
        { "#!csharp\nit|", "items", "" },
        { "#!html\n<b>\n#!csharp\n|", "items if", "" },

        // Directives.
        { "#|", "#r #load #!html #region", "items" },
        { "#lo|", "#load", "#r" },
        { "#!|", "#!html #!csharp #!import", "#r" },
        { "#!ht|", "#!html", "#!import" },
        { "var x = 1;\n#re|", "#region", "" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_place_gets_what_fits_it(string code, string proposed, string absent)
    {
        var texts = await sample.Editor.Texts(code);
        Assert.Equal([], Words(proposed).Except(texts));
        Assert.Equal([], Words(absent).Intersect(texts));
        Assert.Equal(texts.Length, texts.Distinct().Count());
    }

    [Theory]
    [InlineData("new Point(1, 2) { Na| }", "Name")]
    [InlineData("new Point(1, 2) { Na|", "Name")]
    [InlineData("new Point(1, 2) { Name| }", "Name")]
    [InlineData("new Point(1, 2) { Nam|e = \"a\" }", "Name")]
    [InlineData("var other = point with { Na| }", "Name")]
    [InlineData("if (point is { Na| })", "Name")]
    [InlineData("if (point is { Name|: \"a\" })", "Name")]
    [InlineData("Twice(num|", "number:")]
    [InlineData("shade is Gr|", "Colour.Green")]
    [InlineData("items.Cou|", "Count")]
    public async Task A_comment_before_changes_nothing(string code, string proposed)
    {
        foreach (var before in new[] { "", "// a comment\n", "\n\n/* another, which is longer than the code that follows it is, by far */ " })
        {
            Assert.Contains(proposed, await sample.Editor.Texts(before + code));
        }
    }

    [Theory]
    [InlineData("items.|", "Add")] // of the type itself, by name
    [InlineData("it|", "items")] // a variable
    [InlineData("Twice(|", "loudly:")] // what the place asks for
    [InlineData("if (shade == |", "Colour.Green")]
    [InlineData("point.T|", "Tags")] // the type's own before what all objects have
    [InlineData("con|", "const")] // as typed before the same in other case
    [InlineData("Consol|", "Console")]
    [InlineData("Con|", "Console")] // the shortest of those that are as near
    [InlineData("var x = ne|", "new")]
    public async Task The_likeliest_comes_first(string code, string first) => Assert.Equal(first, (await sample.Editor.Texts(code))[0]);

    [Theory]
    [InlineData("items.|", "Count", "ToString")]
    [InlineData("items.|", "Count", "Select")]
    [InlineData("new Old().|", "Modern", "Ancient")]
    [InlineData("new Old().|", "ToString", "Ancient")]
    [InlineData("|", "items", "Console")]
    [InlineData("|", "Point", "Console")]
    [InlineData("|", "Console", "System")]
    public async Task Nearer_proposals_come_before_farther_ones(string code, string nearer, string farther)
    {
        var texts = await sample.Editor.Texts(code);
        Assert.InRange(Array.IndexOf(texts, nearer), 0, Array.IndexOf(texts, farther) - 1);
    }

    [Theory]
    [InlineData("items.Cou|nt + 1", "Cou|nt")] // the word goes on behind the cursor
    [InlineData("items.Cou|", "Cou|")]
    [InlineData("items.|Count", "|")] // the word behind has not been begun
    [InlineData("items.| + 1", "|")]
    [InlineData("@cl| = 2;", "@cl|")]
    [InlineData("\"\U0001F600\"; items.Co|", "Co|")] // two units beyond the BMP
    [InlineData("Twice(nu|mber: 1)", "nu|mber")]
    [InlineData("#!html\n\U0001F600\n#!csharp\nit|ems", "it|ems")]
    [InlineData("#lo|ad \"x\"", "#lo|ad")]
    [InlineData("12|", "|")]
    public async Task Exactly_the_word_is_replaced(string code, string replaced)
    {
        var (text, position) = Editor.Split(code);
        var list = await sample.Editor.Complete(code);
        Assert.Equal(replaced, text[list.Start..position] + "|" + text[position..list.End]);
    }

    [Theory]
    [InlineData("items.|", "Count", "property", "int List<int>.Count { get; }")]
    [InlineData("items.|", "AddRange", "method", "void List<int>.AddRange(IEnumerable<int> collection) (+ 1 overload)")]
    [InlineData("items.|", "Clear", "method", "void List<int>.Clear()")]
    [InlineData("|", "items", "variable", "List<int> items")]
    [InlineData("|", "Twice", "method", "int Twice(int number, bool loudly = true) (+ 1 overload)")]
    [InlineData("|", "Point", "class", "record Point")]
    [InlineData("|", "Colour", "enum", "enum Colour")]
    [InlineData("|", "DateTime", "struct", "readonly struct System.DateTime")]
    [InlineData("|", "IDisposable", "interface", "interface System.IDisposable")]
    [InlineData("|", "System", "namespace", "namespace System")]
    [InlineData("|", "Func", "delegate", "delegate TResult System.Func<TResult>() (+ 16 generic)")]
    [InlineData("|", "String", "class", "class System.String")]
    [InlineData("|", "foreach", "keyword", "")]
    [InlineData("Colour.|", "Green", "enumMember", "Colour.Green = 1")]
    [InlineData("Math.|", "PI", "constant", "double Math.PI = 3.141592653589793")]
    [InlineData("Twice(|", "loudly:", "variable", "bool loudly = true")]
    [InlineData("string.|", "Empty", "field", "string string.Empty")]
    [InlineData("AppDomain.CurrentDomain.|", "ProcessExit", "event", "event EventHandler? AppDomain.ProcessExit")]
    [InlineData("class A<Item> { |", "Item", "typeParameter", "Item")]
    public async Task A_proposal_says_what_it_is(string code, string text, string kind, string signature)
    {
        var item = await sample.Editor.Item(code, text);
        Assert.Equal((kind, signature), (item.Kind, item.Signature));
    }

    [Fact]
    public async Task Documentation_comes_from_cells_too()
    {
        Assert.Equal("A point in 2D.", (await sample.Editor.Item("Poi|", "Point")).Documentation);
        Assert.Equal("What it is called, by String.", (await sample.Editor.Item("point.|", "Name")).Documentation);
    }

    [FrameworkDocumentationFact]
    public async Task Documentation_comes_from_the_frameworks_files()
    {
        Assert.Equal("Gets the number of elements contained in the List<T>.", (await sample.Editor.Item("items.|", "Count")).Documentation);
        Assert.StartsWith("Projects each element", (await sample.Editor.Item("items.|", "Select")).Documentation, StringComparison.Ordinal);
        Assert.NotEmpty((await sample.Editor.Item("int.Parse(prov|", "provider:")).Documentation);
    }

    [Fact]
    public async Task Files_and_folders_are_proposed_for_directives()
    {
        using var editor = new Editor();
        editor.Write("scripts/one.csx", "");
        editor.Write("scripts/two.dll", "");
        editor.Write("scripts/three.txt", "");
        editor.Write("other.ipynb", "");
        Assert.Equal("scripts/", string.Join(' ', await editor.Texts("#load \"|")));
        Assert.Equal("one.csx", string.Join(' ', await editor.Texts("#load \"scripts/|")));
        Assert.Equal("two.dll", string.Join(' ', await editor.Texts("var x = 1;\n#r \"./scripts/|\"")));
        Assert.Equal("other.ipynb scripts/", string.Join(' ', await editor.Texts("#!import |")));
        Assert.Equal("other.ipynb", string.Join(' ', await editor.Texts("var x = 1;\n#!import o|\nx")));
        Assert.Equal("", string.Join(' ', await editor.Texts("#r \"missing/|")));
        Assert.Equal("../", string.Join(' ', await editor.Texts("#r \"..|")));
        var list = await editor.Complete("#load \"scripts/on|e.cs\"");
        Assert.Equal((15, 21), (list.Start, list.End));
    }

    [Fact]
    public async Task An_assembly_that_a_cell_names_is_looked_into_before_it_is_loaded()
    {
        using var editor = new Editor();
        Scripting.Library.Compile(Path.Combine(editor.Folder, "first", "Peeked.dll"), "public static class Peeked { public static int FirstMember; }");
        Scripting.Library.Compile(Path.Combine(editor.Folder, "second", "Peeked.dll"), "public static class Peeked { public static int SecondMember; }");
        Assert.Contains("FirstMember", await editor.Texts("#r \"first/Peeked.dll\"\nPeeked.|"));
        Assert.Contains("SecondMember", await editor.Texts("#r \"second/Peeked.dll\"\nPeeked.|"));

        // Had looking loaded the first, the session would not load the second of that name.
        await editor.Run("#r \"second/Peeked.dll\"\nPeeked.SecondMember");
        Assert.Contains("SecondMember", await editor.Texts("Peeked.|"));
    }

    [Fact]
    public async Task Later_cells_hide_what_earlier_ones_declared()
    {
        using var editor = new Editor();
        await editor.Run("var value = 1;", "var value = \"text\";");
        var texts = await editor.Texts("value.|");
        Assert.Contains("Length", texts);
        Assert.DoesNotContain("CompareToNumber", texts);
        Assert.Equal("string value", (await editor.Item("val|", "value")).Signature);
    }

    [Fact]
    public async Task A_running_cells_own_variables_are_proposed()
    {
        using var editor = new Editor();
        var release = Path.Combine(editor.Folder, "release");
        var running = editor.Run($"var early = \"text\";\nSystem.IO.File.WriteAllText(@\"{release}.started\", \"\");\nwhile (!System.IO.File.Exists(@\"{release}\")) {{ System.Threading.Thread.Sleep(5); }}");
        Assert.True(SpinWait.SpinUntil(() => File.Exists(release + ".started"), TimeSpan.FromMinutes(1)));
        Assert.Contains("Length", await editor.Texts("early.|"));
        Assert.Contains("\"text\"", (await editor.Inspect("ear|ly"))!.PlainText, StringComparison.Ordinal);
        File.WriteAllText(release, "");
        await running;
    }

    [Fact]
    public async Task A_failed_cell_proposes_nothing_and_one_that_threw_what_it_declared()
    {
        using var cells = new Scripting.Cells();
        await cells.Error("int wrong = \"a\";");
        await cells.Error("int thrown = 1; throw new Exception();");
        var list = await cells.Session.Language.CompleteAsync("", 0, CancellationToken.None);
        Assert.DoesNotContain(list.Items, item => item.Text == "wrong");
        Assert.Contains(list.Items, item => item.Text == "thrown");
    }

    [Fact]
    public async Task A_fork_knows_its_own_cells_only()
    {
        using var cells = new Scripting.Cells();
        await cells.Quiet("int shared = 1;");
        using var fork = cells.Fork();
        await fork.Quiet("int forked = 1;");
        await cells.Quiet("int original = 1;");
        Assert.Equal("forked shared", await Variables(fork));
        Assert.Equal("original shared", await Variables(cells));

        static async Task<string> Variables(Scripting.Cells cells)
        {
            var list = await cells.Session.Language.CompleteAsync("", 0, CancellationToken.None);
            return string.Join(' ', list.Items.Where(item => item.Kind == "variable").Select(item => item.Text));
        }
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
