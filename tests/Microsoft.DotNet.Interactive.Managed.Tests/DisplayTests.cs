using Microsoft.DotNet.Interactive.Formatting;
using static Microsoft.DotNet.Interactive.Kernel;

namespace Microsoft.DotNet.Interactive.Managed.Tests;

public sealed class DisplayTests : FormatterTestBase
{
    private readonly List<(bool IsUpdated, string Forms)> _shown = [];

    public DisplayTests() => Formatter.Page = displayed =>
    {
        _shown.Add((displayed.IsUpdated, string.Join(" | ", displayed.FormattedValues)));
        return true;
    };

    [Fact]
    public void Display_shows_a_value_in_its_forms()
    {
        display(1);
        "two".Display();
        ((string?)null).Display();
        Assert.Equal([(false, "text/plain: 1"), (false, "text/plain: two"), (false, "text/plain: <null>")], _shown);
    }

    [Fact]
    public void MIME_types_asked_for_come_with_plain_text()
    {
        display(1, "text/html");
        Assert.Equal([(false, "text/html: <pre>1</pre> | text/plain: 1")], _shown);
        Assert.Throws<ArgumentException>(() => display(1, "image/png"));
    }

    [Fact]
    public void DisplayAs_takes_the_string_for_what_it_is_said_to_be()
    {
        "<b>x</b>".DisplayAs("text/html");
        "<svg/>".DisplayAs("image/svg+xml");
        "x".DisplayAs("text/plain");
        Assert.Equal(
            ["text/html: <b>x</b> | text/plain: <b>x</b>", "image/svg+xml: <svg/> | text/plain: (image/svg+xml)", "text/plain: x"],
            _shown.Select(shown => shown.Forms));
    }

    [Fact]
    public void An_update_keeps_the_id_and_the_forms()
    {
        var displayed = display(HTML("<b>1</b>"));
        var id = displayed.DisplayId;
        displayed.Update(HTML("<b>2</b>"));
        Assert.Equal(id, displayed.DisplayId);
        Assert.True(displayed.IsUpdated);
        Assert.Equal([(false, "text/html: <b>1</b> | text/plain: <b>1</b>"), (true, "text/html: <b>2</b> | text/plain: <b>2</b>")], _shown);
    }

    [Fact]
    public void Style_sheets_and_scripts_are_displayed_html()
    {
        CSS("p { margin: 0 }");
        Javascript("let x = 1;");
        Assert.StartsWith("text/html: <style>p { margin: 0 }</style>", _shown[0].Forms, StringComparison.Ordinal);
        Assert.StartsWith("text/html: <script type=\"text/javascript\">let x = 1;</script>", _shown[1].Forms, StringComparison.Ordinal);
    }
}
