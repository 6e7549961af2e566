using System.Reflection;
using CSharpKernel.Notebooks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using TransformerTutorial.Testing;

namespace CSharpKernel.Tests.Language;

/// <summary>Proposals against what else knows: the compiler, reflection, the parser.</summary>
public sealed class CompletionOracleTests(SampleSession sample) : IClassFixture<SampleSession>
{
    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, kind: SourceCodeKind.Script);

    // What the compiler says of a name that isn't there, can't be reached, or belongs to the type and not to its objects or the other way round.
    private static readonly HashSet<string> Unknown = ["CS0103", "CS0117", "CS0122", "CS0120", "CS0176", "CS0234", "CS0246", "CS0426", "CS0571", "CS1061", "CS1503"];

    [Theory]
    [InlineData("items")]
    [InlineData("point")]
    [InlineData("name")]
    [InlineData("day")]
    [InlineData("items.Select(x => x * 2)")]
    [InlineData("new Old()")]
    [InlineData("string")]
    [InlineData("Math")]
    [InlineData("Colour")]
    [InlineData("System.Threading.Tasks.Task")]
    [InlineData("(1, \"two\")")]
    [InlineData("new int[3]")]
    [InlineData("typeof(int)")]
    [InlineData("1.5")]
    public async Task The_compiler_knows_every_member_that_is_proposed(string expression)
    {
        var members = (await sample.Editor.Complete(expression + ".|")).Items;
        Assert.NotEmpty(members);

        // Kernel adds an extension method to everything, which a plain script hasn't.
        var lines = members.Where(member => member.Text != "Display").Select(member => $"{expression}.{member.Text};").ToArray();
        var options = ScriptOptions.Default.WithImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq")
            .WithReferences(CSharpKernel.Scripting.HostAssemblies.References);
        var script = SampleSession.Cells.Aggregate(CSharpScript.Create("", options), (earlier, cell) => (Script<object>)earlier.ContinueWith(cell)).ContinueWith(string.Join('\n', lines));
        var errors = script.GetCompilation().GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && Unknown.Contains(diagnostic.Id));
        Assert.Equal([], errors.Select(error => $"{lines[error.Location.GetLineSpan().StartLinePosition.Line]} {error.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}"));
    }

    [Theory]
    [InlineData("items", typeof(List<int>), false)]
    [InlineData("name", typeof(string), false)]
    [InlineData("day", typeof(DayOfWeek), false)]
    [InlineData("DateTime.Now", typeof(DateTime), false)]
    [InlineData("new StringBuilder()", typeof(System.Text.StringBuilder), false)]
    [InlineData("string", typeof(string), true)]
    [InlineData("Math", typeof(Math), true)]
    [InlineData("Console", typeof(Console), true)]
    public async Task Every_public_member_is_proposed(string expression, Type type, bool isStatic)
    {
        var texts = await sample.Editor.Texts(expression + ".|");
        var names = type.GetMembers(BindingFlags.Public | (isStatic ? BindingFlags.Static : BindingFlags.Instance))
            .Where(member => member is not ConstructorInfo and not Type and not FieldInfo { IsSpecialName: true } and not MethodInfo { IsSpecialName: true } and not PropertyInfo { Name: "Item" or "Chars" })
            .Where(member => !member.Name.Contains('.', StringComparison.Ordinal) && member.GetCustomAttribute<System.ComponentModel.EditorBrowsableAttribute>() is not { State: System.ComponentModel.EditorBrowsableState.Never })
            .Select(member => member.Name)
            .Distinct();
        Assert.Equal([], names.Except(texts));
    }

    [Fact]
    public async Task A_chapters_identifiers_are_proposed_where_they_stand()
    {
        // Each name is cut after its first letter, in a session that has run nothing but the chapter's usings: what the cell itself and the framework declare must be found.
        var cells = Notebook.Read(Repository.PathOf("notebooks", "01-tokenizer.ipynb")).CodeCells.ToArray();
        using var editor = new Editor(Repository.PathOf("notebooks"));
        await editor.Run(cells[0].Source);
        var (found, all) = (0, 0);
        var missed = new List<string>();
        foreach (var cell in cells.Skip(1).Where((_, index) => index % 4 == 0))
        {
            var model = CSharpSyntaxTree.ParseText(cell.Source, ParseOptions).GetRoot();
            var names = model.DescendantNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.MemberAccessExpressionSyntax>().Select(access => access.Name.Identifier).ToArray();
            foreach (var name in names.Where((_, index) => index % 3 == 0))
            {
                // The members of what earlier cells declared are not known without them.
                var list = await editor.Session.Language.CompleteAsync(cell.Source, name.SpanStart + 1, CancellationToken.None);
                Assert.Equal((name.SpanStart, name.Span.End), (list.Start, list.End));
                if (list.Items.Count > 0)
                {
                    all++;
                    if (list.Items.Any(item => item.Text == name.ValueText))
                    {
                        found++;
                    }
                    else
                    {
                        missed.Add(name.Parent!.ToString());
                    }
                }
            }
        }

        Assert.True(all >= 20, $"Only {all} names.");
        Assert.Empty(missed);
    }

    [Fact]
    public async Task The_parser_accepts_every_keyword_where_it_is_proposed()
    {
        // In the place of a word that a chapter's cell holds, with what a keyword is followed by not there: the parser must still take it for a keyword, not skip it.
        var refused = new List<string>();
        var tried = 0;
        foreach (var place in CompletionTests.Places.Select(row => (string)row[0]))
        {
            var (code, position) = Editor.Split(place);
            var list = await sample.Editor.Complete(place);
            foreach (var keyword in list.Items.Where(item => item.Kind == "keyword" && item.Text[0] != '#').Select(item => item.Text))
            {
                tried++;
                var replaced = $"{code[..list.Start]}{keyword} {code[position..]}";
                var token = CSharpSyntaxTree.ParseText(replaced, ParseOptions).GetRoot().FindToken(list.Start);
                if (token.SpanStart != list.Start)
                {
                    refused.Add($"{place}: {keyword}");
                }
            }
        }

        Assert.True(tried > 500, $"Only {tried} keywords.");
        Assert.True(refused.Count < tried / 20, $"{refused.Count} of {tried}: {string.Join("; ", refused)}");
    }
}
