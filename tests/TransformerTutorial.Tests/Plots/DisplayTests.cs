using System.Reflection;
using TransformerTutorial.Plots;

namespace TransformerTutorial.Tests.Plots;

/// <summary>Shows figures as a kernel does: by the names of the convention, through reflection.</summary>
public sealed class DisplayTests
{
    public static TheoryData<string> Names => ExampleFigures.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_figure_gives_plotly_svg_and_one_line_of_text(string name)
    {
        var picture = ExampleFigures.All[name]();
        var attribute = picture.GetType().GetCustomAttributes().Single(found => found.GetType().Name == "TypeFormatterSourceAttribute");
        object Property(object owner, string property) => owner.GetType().GetProperty(property)!.GetValue(owner)!;
        var source = Activator.CreateInstance((Type)Property(attribute, "FormatterSourceType"))!;
        var formatters = ((IEnumerable<object>)source.GetType().GetMethod("CreateTypeFormatters")!.Invoke(source, null)!).ToDictionary(formatter => (string)Property(formatter, "MimeType"));

        var shown = ((string[])Property(attribute, "PreferredMimeTypes")).Select(type =>
        {
            using var writer = new StringWriter();
            Assert.Equal(true, formatters[type].GetType().GetMethod("Format")!.Invoke(formatters[type], [picture, writer]));
            return (Type: type, Text: writer.ToString());
        }).ToList();

        Assert.Equal(["application/vnd.plotly.v1+json", "image/svg+xml", "text/plain"], shown.Select(form => form.Type));
        Assert.StartsWith("{\"data\":[", shown[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("<svg ", shown[1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', shown[2].Text);
        Assert.Equal(picture.ToString(), shown[2].Text);
        Assert.Null(picture.Write("text/html"));
    }

    [Fact]
    public void The_line_of_text_says_what_the_picture_shows()
    {
        var figure = new Figure { Title = "Loss falls", AltText = "From 8\nto 2.", Traces = [Plot.Line([8, 2], "training"), Plot.Scatter([1], [3])] };

        Assert.Equal("Loss falls [line \"training\" (2), scatter (1)]: From 8 to 2.", figure.ToString());
    }
}
