using System.Xml.Linq;
using CSharpKernel.Language;

namespace CSharpKernel.Tests.Language;

/// <summary>Documentation files, found by a scan and written as text.</summary>
public sealed class DocumentationTests
{
    [FrameworkDocumentationFact]
    public void The_scan_finds_what_an_XML_reader_finds()
    {
        var files = new[] { "System.Linq.xml", "System.Console.xml" }.Select(name => Path.Combine(FrameworkDocumentationFactAttribute.FolderOf("Microsoft.NETCore.App.Ref")!, name)).ToArray();
        var index = new DocumentationIndex(files);
        var members = files.SelectMany(file => XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member")).ToArray();
        Assert.True(members.Length > 300);
        foreach (var member in members.Where((_, number) => number % 5 == 0))
        {
            Assert.Equal(member.Value, index.Find((string)member.Attribute("name")!)?.Value.ReplaceLineEndings("\n"));
        }

        Assert.Null(index.Find("M:System.Console.Missing"));
    }

    [Fact]
    public void Members_on_the_border_of_what_is_read_at_once_are_found()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("Long.xml");
        var members = Enumerable.Range(0, 3000).Select(number => $"<member name=\"F:Member{number}\"><summary>{new string('x', number % 997)}{number}</summary></member>");
        File.WriteAllText(file, $"<doc><members>\n{string.Join('\n', members)}\n</members></doc>");
        var index = new DocumentationIndex([file, folder.File("missing.xml")]);
        for (var number = 0; number < 3000; number++)
        {
            Assert.EndsWith($"{number}", index.Find($"F:Member{number}")?.Element("summary")?.Value, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a\n   b", "a b", "a b")]
    [InlineData("<see cref=\"T:System.String\"/>", "String", "`String`")]
    [InlineData("<see cref=\"M:System.Collections.Generic.List`1.Add(`0)\"/>", "List<T>.Add", "`List<T>.Add`")]
    [InlineData("<see cref=\"M:System.Linq.Enumerable.Select``2(System.Int32)\"/>", "Enumerable.Select", "`Enumerable.Select`")]
    [InlineData("<see cref=\"T:System.Collections.Generic.Dictionary`2\"/>", "Dictionary<T1, T2>", "`Dictionary<T1, T2>`")]
    [InlineData("<see langword=\"null\"/>", "null", "`null`")]
    [InlineData("<see href=\"https://x.y\">z</see>", "z (https://x.y)", "[z](https://x.y)")]
    [InlineData("<paramref name=\"a\"/> and <c>b</c>", "a and b", "`a` and `b`")]
    [InlineData("a<para>b</para>c", "a\n\nb\n\nc", "a\n\nb\n\nc")]
    [InlineData("<list type=\"bullet\"><item>a</item><item><term>b</term><description>c</description></item></list>", "- a\n- b: c", "- a\n- b: c")]
    [InlineData("<list type=\"number\"><item>a</item><item>b</item></list>", "1. a\n2. b", "1. a\n2. b")]
    [InlineData("<code>\n  if (x)\n    y();\n</code>", "if (x)\n  y();", "```csharp\nif (x)\n  y();\n```")]
    [InlineData("a_b * &lt;c&gt;", "a_b * <c>", "a\\_b \\* \\<c>")]
    [InlineData("<b>a</b>", "a", "**a**")]
    [InlineData("", "", "")]
    public void An_element_is_written_as_text_and_as_Markdown(string content, string plain, string markdown)
    {
        var element = XElement.Parse($"<summary>{content}</summary>", LoadOptions.PreserveWhitespace);
        Assert.Equal(plain, DocumentationText.Write(element, isMarkdown: false));
        Assert.Equal(markdown, DocumentationText.Write(element, isMarkdown: true));
    }
}
