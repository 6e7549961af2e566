using CSharpKernel.Language;
using CSharpKernel.Notebooks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Language;

/// <summary>Whether a cell could run as it stands, and how its next line is indented.</summary>
public sealed class CompletenessTests
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("1 + 1")]
    [InlineData("var x = 1;")]
    [InlineData("if (x) y();")]
    [InlineData("if (x) y();\n\n")]
    [InlineData("if (x) y();\nelse z();")]
    [InlineData("void F() { }")]
    [InlineData("// comment")]
    [InlineData("/* comment */")]
    [InlineData("using System.IO;")]
    [InlineData("#r \"x.dll\"")]
    [InlineData("#load \"x.csx\"\nvar y = 2;")]
    [InlineData("var s = @\"a\nb\";")]
    [InlineData("#if FOO\n}\n#endif")]
    [InlineData("#!html\n<b>(")]
    [InlineData("var x = 1;\n#!html\n</b>")]
    [InlineData("#!import \"x.ipynb\"")]
    [InlineData("await Task.Delay(1);")]
    [InlineData("\"\U0001F600\"")]
    public void Complete(string code) => Assert.Equal(new Completeness(CompletenessStatus.Complete, ""), CompletenessCheck.Check(code));

    [Theory]
    [InlineData("if (x)", 4)]
    [InlineData("if (x) {", 4)]
    [InlineData("if (x) {\n    y();", 4)]
    [InlineData("if (x)\n{\n    y(a,", 8)]
    [InlineData("    for (var i = 0; i < 3; i++)", 8)]
    [InlineData("foreach (var x in", 4)]
    [InlineData("if (a) b(); else", 4)]
    [InlineData("else_(x => {", 4)]
    [InlineData("class A { void F() {", 8)]
    [InlineData("class A\n{\n    void F()\n    {\n", 8)]
    [InlineData("var x = 1 +", 4)]
    [InlineData("var x = 1 +\n    2 +", 4)]
    [InlineData("var x =", 4)]
    [InlineData("var x = 1", 0)]
    [InlineData("items.", 4)]
    [InlineData("var y = items\n    .Select(x => x)\n    .", 4)]
    [InlineData("int F(int x) =>", 4)]
    [InlineData("var a = new[]\n{\n    1,\n    2,", 4)]
    [InlineData("try { x(); }", 0)]
    [InlineData("do { x(); }", 0)]
    [InlineData("class A", 0)]
    [InlineData("/* comment", 0)]
    [InlineData("  /* comment", 2)]
    [InlineData("var s = @\"text", 0)]
    [InlineData("  var s = @\"text", 0)]
    [InlineData("var s = \"\"\"\n    text", 4)]
    [InlineData("#if FOO", 0)]
    [InlineData("[Obsolete]", 0)]
    [InlineData("using System", 0)]
    [InlineData("#!html\n<b>\n#!csharp\nif (x) {", 4)]
    [InlineData("switch (x)\n{\n    case 1:\n        y();", 8)]
    [InlineData("var x = $\"{a", 0)]
    public void More_lines_are_to_come(string code, int indent) => Assert.Equal(new Completeness(CompletenessStatus.Incomplete, new string(' ', indent)), CompletenessCheck.Check(code));

    [Theory]
    [InlineData("}")]
    [InlineData("if (x) { } }")]
    [InlineData("f(]")]
    [InlineData("f(1 }")]
    [InlineData("var s = \"text")]
    [InlineData("var s = \"text\nvar y = 2;")]
    [InlineData("var s = $\"text {x}")]
    [InlineData("f(\"text")]
    [InlineData("var c = 'a")]
    [InlineData("var n = 0x;")]
    [InlineData("var s = \"\\q\";")]
    [InlineData("foo bar baz;")]
    [InlineData("f(\n#!html\n<b>")]
    public void No_line_makes_it_right(string code) => Assert.Equal(CompletenessStatus.Invalid, CompletenessCheck.Check(code).Status);

    [Fact]
    public void The_cells_of_a_chapter_are_complete()
    {
        foreach (var cell in Notebook.Read(Repository.PathOf("notebooks", "01-tokenizer.ipynb")).CodeCells)
        {
            Assert.True(CompletenessCheck.Check(cell.Source).Status == CompletenessStatus.Complete, cell.Id);
        }
    }

    [Fact]
    public void A_cell_that_is_cut_inside_brackets_is_incomplete()
    {
        var cuts = 0;
        foreach (var cell in Notebook.Read(Repository.PathOf("notebooks", "01-tokenizer.ipynb")).CodeCells)
        {
            var depth = 0;
            foreach (var token in CSharpSyntaxTree.ParseText(cell.Source, ParseOptions).GetRoot().DescendantTokens())
            {
                depth += token.Kind() switch
                {
                    SyntaxKind.OpenBraceToken or SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken => 1,
                    SyntaxKind.CloseBraceToken or SyntaxKind.CloseParenToken or SyntaxKind.CloseBracketToken => -1,
                    _ => 0,
                };

                // A one-line interpolated string that is cut outside its holes can't be mended, and every seventh place shows as much as all.
                var isInString = token.Parent!.AncestorsAndSelf().Any(node => node.IsKind(SyntaxKind.InterpolatedStringExpression) && node.Span.End > token.Span.End);
                if (depth > 0 && !isInString && cuts++ % 7 == 0)
                {
                    var prefix = cell.Source[..token.Span.End];
                    Assert.True(CompletenessCheck.Check(prefix).Status == CompletenessStatus.Incomplete, prefix);
                }
            }
        }

        Assert.True(cuts > 3000, $"Only {cuts} places.");
    }

    [Fact]
    public void The_indentation_of_a_formatted_cell_is_foretold_inside_its_blocks()
    {
        // Where the next line of a formatted program doesn't begin with a bracket, its indentation is the one given, but for the lines that continue an expression.
        var (right, all) = (0, 0);
        foreach (var cell in Notebook.Read(Repository.PathOf("notebooks", "01-tokenizer.ipynb")).CodeCells)
        {
            var lines = cell.Source.Split('\n');
            for (var count = 1; count < lines.Length; count++)
            {
                var next = lines[count];
                var check = CompletenessCheck.Check(string.Join('\n', lines.Take(count)));
                if (check.Status == CompletenessStatus.Incomplete && next.Trim().Length > 0 && next.TrimStart()[0] is not ('{' or '}' or ']' or ')') && !lines[count - 1].TrimStart().StartsWith('.'))
                {
                    all++;
                    right += next.Length - next.TrimStart().Length == check.Indent.Length ? 1 : 0;
                }
            }
        }

        Assert.True(right > 0.9 * all && all > 100, $"{right} of {all} lines are indented as foretold.");
    }
}
