using Microsoft.DotNet.Interactive.Formatting;
using TransformerTutorial.Display;

namespace Microsoft.DotNet.Interactive.Managed.Tests;

public sealed class ConventionTests : FormatterTestBase
{
    [Fact]
    public void A_rich_output_of_the_library_shows_all_the_forms_that_it_has()
    {
        var forms = FormattedValue.CreateManyFromObject(new Card("hello"));
        Assert.Equal(["application/vnd.plotly.v1+json", "text/html", "text/plain"], forms.Select(form => form.MimeType));
        Assert.Equal(["{\"text\":\"hello\"}", "<b>hello</b>", "hello"], forms.Select(form => form.Value));
    }

    [Fact]
    public void A_derived_type_inherits_the_convention()
    {
        Assert.Equal("<b>x</b>", Html(new LoudCard("x")));
    }

    [Fact]
    public void A_registered_formatter_beats_the_convention()
    {
        Formatter.Register<Card>(_ => "mine");
        Assert.Equal("mine", Plain(new Card("hello")));
        Assert.Equal("<b>hello</b>", Html(new Card("hello")));
        Formatter.SetPreferredMimeTypesFor(typeof(Card), "text/plain");
        Assert.Equal(["text/plain"], MimeTypesOf(new Card("hello")));
    }

    [Fact]
    public void A_rich_output_within_a_table_is_shown_as_itself()
    {
        Assert.Contains("<td style=\"text-align:left\"><b>x</b></td>", Html(new[] { new Card("x") }), StringComparison.Ordinal);
        Assert.Equal(Lines("key  value", "---  -----", "  1  x"), Plain(new Dictionary<int, Card> { [1] = new("x") }));
    }

    [Fact]
    public void The_attribute_of_this_assembly_works_with_its_own_interfaces()
    {
        Assert.Equal(["text/x-known", "text/plain"], MimeTypesOf(new Known()));
        Assert.Equal("known", new Known().ToDisplayString("text/x-known"));
    }

    [Theory]
    [InlineData(typeof(WithoutMethod), "The TypeFormatterSourceAttribute of WithoutMethod names Object, which has no method CreateTypeFormatters() that returns formatters.")]
    [InlineData(typeof(WithoutFormat), "The TypeFormatterSourceAttribute of WithoutFormat names a source whose Object has no MimeType.")]
    public void A_source_that_breaks_the_convention_is_named(Type type, string message)
    {
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => Plain(Activator.CreateInstance(type))).Message);
    }

    [TransformerTutorial.Display.TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Plotly, MimeTypes.Svg, MimeTypes.Html])]
    private class Card(string text) : RichOutput
    {
        public override string? Write(string mimeType) => mimeType switch
        {
            MimeTypes.Plain => text,
            MimeTypes.Html => $"<b>{text}</b>",
            MimeTypes.Plotly => $"{{\"text\":\"{text}\"}}",
            _ => null,
        };
    }

    private sealed class LoudCard(string text) : Card(text);

    [Formatting.TypeFormatterSource(typeof(KnownSource), PreferredMimeTypes = ["text/x-known"])]
    private sealed class Known;

    private sealed class KnownSource : ITypeFormatterSource
    {
        public IEnumerable<ITypeFormatter> CreateTypeFormatters() => [new KnownFormatter()];
    }

    private sealed class KnownFormatter : ITypeFormatter
    {
        public string MimeType => "text/x-known";

        public Type Type => typeof(Known);

        public bool Format(object? instance, FormatContext context)
        {
            context.Writer.Write("known");
            return true;
        }
    }

    [Formatting.TypeFormatterSource(typeof(object))]
    private sealed class WithoutMethod;

    [Formatting.TypeFormatterSource(typeof(BareSource))]
    private sealed class WithoutFormat;

    private sealed class BareSource
    {
        private readonly object[] _formatters = [new object()];

        public object[] CreateTypeFormatters() => _formatters;
    }
}
