namespace CSharpKernel.Tests.Language;

/// <summary>What is said of the symbol at the cursor.</summary>
public sealed class InspectionTests(SampleSession sample) : IClassFixture<SampleSession>
{
    [Theory]
    [InlineData("it|ems", "List<int> items", "Value: 2 items")]
    [InlineData("items|", "List<int> items", "Value: 2 items")]
    [InlineData("|items", "List<int> items", "")]
    [InlineData("na|me", "string name", "Value: \"n\"")]
    [InlineData("da|y", "DayOfWeek day", "Value: Friday")]
    [InlineData("@cla|ss", "int @class", "Value: 3")]
    [InlineData("poi|nt", "Point point", "A point in 2D.")]
    [InlineData("point.Na|me", "string Point.Name { get; set; }", "What it is called, by String.")]
    [InlineData("Twice|(1)", "int Twice(int number, bool loudly = true)", "int Twice(string text)")]
    [InlineData("Twice(|1)", "int Twice(int number, bool loudly = true)", "")]
    [InlineData("Twice(1, |)", "int Twice(int number, bool loudly = true)", "")]
    [InlineData("Twice(\"a\"|)", "int Twice(string text)", "int Twice(int number, bool loudly = true)")]
    [InlineData("Math.Max(1.5, 2|)", "double Math.Max(double val1, double val2)", "int Math.Max(int val1, int val2)")]
    [InlineData("new Poi|nt(1, 2)", "Point.Point(int X, int Y)", "")]
    [InlineData("Poi|nt p;", "record Point", "A point in 2D.")]
    [InlineData("var other = ite|ms;", "List<int> items", "")]
    [InlineData("va|r other = items;", "class System.Collections.Generic.List<int>", "")]
    [InlineData("in|t number = 1;", "readonly struct System.Int32", "")]
    [InlineData("items.Select(each => ea|ch)", "int each", "")]
    [InlineData("int lo|cal = 1;", "int local", "")]
    [InlineData("Colour.Re|d", "Colour.Red = 0", "")]
    [InlineData("System.Te|xt.StringBuilder b;", "namespace System.Text", "")]
    [InlineData("whi|le (true) { }", "while (keyword)", "Repeats")]
    [InlineData("$\"{ite|ms}\"", "List<int> items", "")]
    [InlineData("#!html\n<b>\n#!csharp\nite|ms", "List<int> items", "")]
    [InlineData("var early = 1;\n#!html\n<b>\n#!csharp\near|ly", "int early", "")]
    public async Task A_symbol_has_its_signature_first(string code, string first, string more)
    {
        var inspection = await sample.Editor.Inspect(code);
        Assert.NotNull(inspection);
        Assert.Equal(first, inspection.PlainText.Split('\n')[0].TrimEnd());
        Assert.Contains(more, inspection.PlainText, StringComparison.Ordinal);
        Assert.Contains(first.Replace(" (keyword)", "", StringComparison.Ordinal), inspection.Markdown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("|")]
    [InlineData("undefined|")]
    [InlineData("// ite|ms")]
    [InlineData("\"ite|ms\"")]
    [InlineData("12|")]
    [InlineData("items + | 2")]
    [InlineData("#!html\nite|ms")]
    public async Task Where_nothing_is_known_there_is_none(string code) => Assert.Null(await sample.Editor.Inspect(code));

    [Theory]
    [InlineData("int x = 5;", "5")]
    [InlineData("double x = 0.5;", "0.5")]
    [InlineData("bool x = true;", "true")]
    [InlineData("char x = '\\n';", "'\\n'")]
    [InlineData("string x = \"a\\\"b\\n\";", "\"a\\\"b\\n\"")]
    [InlineData("string x = null;", "null")]
    [InlineData("var x = new string('a', 1000);", "... (1000 characters)")]
    [InlineData("var x = new int[7];", "7 items")]
    [InlineData("var x = new int[2, 3];", "2 x 3 items")]
    [InlineData("var x = new Dictionary<string, int> { [\"a\"] = 1 };", "1 item")]
    [InlineData("var x = new HashSet<int>();", "0 items")]
    [InlineData("var x = new DateTime(2020, 1, 2);", "01/02/2020")]
    [InlineData("decimal x = 1.50m;", "1.50")]
    public async Task A_variables_value_is_shown_in_short(string cell, string shown)
    {
        using var editor = new Editor();
        await editor.Run(cell);
        Assert.Contains(shown, (await editor.Inspect("x|"))!.PlainText.Split("Value: ")[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_code_of_a_cell_runs_for_it()
    {
        using var editor = new Editor();
        await editor.Run("""
            static int runs;
            class Loud : System.Collections.Generic.List<int>, IFormattable { public new int Count => ++runs; public override string ToString() => $"{++runs}"; public string ToString(string f, IFormatProvider p) => $"{++runs}"; }
            var loud = new Loud(); object boxed = loud; int Property => ++runs;
            """);
        Assert.DoesNotContain("Value", (await editor.Inspect("lou|d"))!.PlainText, StringComparison.Ordinal);
        Assert.DoesNotContain("Value", (await editor.Inspect("box|ed"))!.PlainText, StringComparison.Ordinal);
        Assert.DoesNotContain("Value", (await editor.Inspect("Prop|erty"))!.PlainText, StringComparison.Ordinal);
        await editor.Run("if (runs != 0) throw new Exception();");
    }

    [Fact]
    public async Task A_variable_of_this_cell_has_no_value_yet_even_where_an_earlier_one_has_its_name()
    {
        using var editor = new Editor();
        await editor.Run("int x = 5;");
        Assert.DoesNotContain("Value", (await editor.Inspect("string x = \"\"; x|"))!.PlainText, StringComparison.Ordinal);
    }

    [FrameworkDocumentationFact]
    public async Task Details_are_given_when_asked_for()
    {
        var brief = (await sample.Editor.Inspect("int.Par|se(\"1\")"))!;
        var full = (await sample.Editor.Inspect("int.Par|se(\"1\")", isDetailed: true))!;
        Assert.Contains("Converts the string representation of a number", brief.PlainText, StringComparison.Ordinal);
        Assert.DoesNotContain("Exceptions", brief.PlainText, StringComparison.Ordinal);
        Assert.Contains("Parameters:\n    s: A string containing a number to convert.", full.PlainText, StringComparison.Ordinal);
        Assert.Contains("Returns: A 32-bit signed integer", full.PlainText, StringComparison.Ordinal);
        Assert.Contains("    FormatException: s is not", full.PlainText, StringComparison.Ordinal);
        Assert.Contains("- `FormatException`: `s` is not", full.Markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("Assembly", full.PlainText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_referenced_assembly_documentation_and_name_are_shown()
    {
        using var editor = new Editor();
        Scripting.Library.Compile(Path.Combine(editor.Folder, "Documented.dll"), """
            public interface IShape { double Area(int digits); }
            public class Shape : IShape { public virtual double Area(int digits) => 0; }
            public class Square : Shape { public override double Area(int digits) => 0; }
            public class Plain : Shape { public override double Area(int digits) => 0; }
            """);
        editor.Write("Documented.xml", """
            <doc><members>
              <member name="M:IShape.Area(System.Int32)"><summary>The <i>area</i>.</summary><param name="digits">How many.</param><returns>A number.</returns></member>
              <member name="M:Shape.Area(System.Int32)"><inheritdoc/></member>
              <member name="M:Square.Area(System.Int32)"><inheritdoc cref="M:Shape.Area(System.Int32)"/><summary>Side by side.</summary></member>
            </members></doc>
            """);
        await editor.Run("#r \"Documented.dll\"");
        Assert.Contains("The area.", (await editor.Inspect("new Shape().Are|a(1)"))!.PlainText, StringComparison.Ordinal);
        Assert.Contains("The area.", (await editor.Inspect("new Plain().Are|a(1)"))!.PlainText, StringComparison.Ordinal);
        var square = (await editor.Inspect("new Square().Are|a(1)", isDetailed: true))!.PlainText;
        Assert.Contains("Side by side.", square, StringComparison.Ordinal);
        Assert.DoesNotContain("The area.", square, StringComparison.Ordinal);
        Assert.Contains("digits: How many.", square, StringComparison.Ordinal);
        Assert.Contains("Returns: A number.", square, StringComparison.Ordinal);
        Assert.Contains("Assembly: Documented 0.0.0.0", square, StringComparison.Ordinal);
    }
}
