using AngleSharp.Html.Parser;
using Microsoft.DotNet.Interactive.Formatting;
using static Microsoft.DotNet.Interactive.Kernel;

namespace Microsoft.DotNet.Interactive.Managed.Tests;

public sealed class ObjectTests : FormatterTestBase
{
    [Fact]
    public void An_object_is_a_table_of_its_members_those_of_the_base_first()
    {
        var value = new Derived { Name = "n", Count = 3 };
        Assert.Equal(["text/html", "text/plain"], MimeTypesOf(value));
        Assert.Equal(Lines("Derived", "Name   n", "Count  3", "Field  1.5"), Plain(value));
        Assert.Equal(
            "<table><caption style=\"text-align:left\">Derived</caption><tbody><tr><th style=\"text-align:left\">Name</th><td style=\"text-align:left\">n</td></tr>"
            + "<tr><th style=\"text-align:left\">Count</th><td style=\"text-align:left\">3</td></tr>"
            + "<tr><th style=\"text-align:left\">Field</th><td style=\"text-align:left\">1.5</td></tr></tbody></table>",
            Html(value));
    }

    [Fact]
    public void An_exception_in_a_getter_stands_in_the_values_place()
    {
        Assert.Equal(Lines("Failing", "Good  1", "Bad   (InvalidOperationException: no value)"), Plain(new Failing()));
    }

    [Fact]
    public void Objects_within_objects_are_told_in_a_line()
    {
        var value = new { Name = "n", Inner = new Derived { Name = "i" }, Map = new Dictionary<string, int> { ["a"] = 1 }, Pair = (1, new[] { 2, 3 }), Nothing = (string?)null };
        Assert.Equal(
            Lines("(anonymous)", "Name     n", "Inner    Derived { Name = i, Count = 0, Field = 1.5 }", "Map      { a: 1 }", "Pair     ( 1, [ 2, 3 ] )", "Nothing  <null>"),
            Plain(value));
    }

    [Fact]
    public void A_cycle_ends()
    {
        var node = new Node();
        node.Next = new Node { Next = node };
        Assert.Equal(Lines("Node", "Next  Node { Next = Node { … } }"), Plain(node));
    }

    [Fact]
    public void Depth_ends_at_the_recursion_limit()
    {
        Formatter.RecursionLimit = 3;
        var node = new Node { Next = new Node { Next = new Node { Next = new Node() } } };
        Assert.Equal(Lines("Node", "Next  Node { Next = Node { Next = Node { … } } }"), Plain(node));
    }

    [Fact]
    public void A_wide_and_deep_object_does_not_take_forever()
    {
        Formatter.RecursionLimit = 1_000;
        Assert.InRange(Plain(new Wide(1_000)).Length, 1, 1_000_000);
    }

    [Fact]
    public void Html_in_a_value_is_escaped_and_HTML_itself_is_not()
    {
        var page = new HtmlParser().ParseDocument(Html(new { Text = "<b>&\"x\"</b>", Made = HTML("<b>bold</b>") }));
        var cells = page.QuerySelectorAll("td");
        Assert.Equal("<b>&\"x\"</b>", cells[0].TextContent);
        Assert.Equal("bold", cells[1].QuerySelector("b")!.TextContent);
    }

    [Fact]
    public void HTML_is_shown_as_such_with_its_source_as_plain_text()
    {
        Assert.Equal(["text/html", "text/plain"], MimeTypesOf(HTML("<p>x</p>")));
        Assert.Equal("<p>x</p>", Html(HTML("<p>x</p>")));
    }

    [Fact]
    public void Json_is_there_on_request()
    {
        Assert.Equal("{\"A\":[1,2]}", new { A = new[] { 1, 2 } }.ToDisplayString("application/json"));
    }

    [Fact]
    public void A_MIME_type_that_nothing_writes_is_named()
    {
        Assert.Equal("No formatter is registered for MIME type image/png.", Assert.Throws<ArgumentException>(() => 1.ToDisplayString("image/png")).Message);
    }

    [Fact]
    public void Html_sets_no_colours()
    {
        Assert.DoesNotContain("color", Html(new[] { new Derived() }), StringComparison.OrdinalIgnoreCase);
    }

    private class Base
    {
        public string Name { get; init; } = string.Empty;

        public static int NotShown => 1;

        protected int Hidden { get; } = 2;
    }

    private sealed class Derived : Base
    {
        public readonly double Field = 1.5;

        public int Count { get; init; }

        public int this[int index] => index;
    }

    private sealed class Failing
    {
        private readonly string _value = "no value";

        public int Good { get; } = 1;

        public int Bad => throw new InvalidOperationException(_value);
    }

    private sealed class Node
    {
        public Node? Next { get; set; }
    }

    private sealed class Wide(int depth)
    {
        public Wide A => new(depth - 1);

        public Wide B => new(depth - 1);
    }
}
