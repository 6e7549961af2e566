#if TUTORIAL_STACK_NUGET
using System.Text.Json;
using Plotly.NET;
using Plotly.NET.LayoutObjects;
using TransformerTutorial.Plots;

namespace TransformerTutorial.Tests.Plots;

public sealed class PlotlyNetTests
{
    public static TheoryData<string> Names => ExampleFigures.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_converted_picture_holds_what_the_picture_holds(string name)
    {
        var picture = ExampleFigures.All[name]();
        using var expected = JsonDocument.Parse(picture.ToPlotly());
        using var actual = JsonDocument.Parse(GenericChart.toFigureJson(picture.ToPlotlyNet()));

        foreach (var part in new[] { "data", "layout" })
        {
            Assert.True(
                JsonElement.DeepEquals(expected.RootElement.GetProperty(part), actual.RootElement.GetProperty(part)),
                $"{part} is {actual.RootElement.GetProperty(part)}, not {expected.RootElement.GetProperty(part)}.");
        }
    }

    [Fact]
    public void Plotly_NET_finds_the_axes_and_traces_of_a_converted_picture_by_type()
    {
        var chart = new Figure { Title = "loss", AltText = "loss falls", Traces = [Plot.Line([1, 2, 3], [3, 2, 1], "a"), Plot.Line([1, 2, 3], [2, 1, 0], "b")], XAxis = new Axis("step") }.ToPlotlyNet();

        Assert.Equal(2, GenericChart.countTrace(chart));
        Assert.Equal(typeof(LinearAxis), GenericChart.getLayout(chart).TryGetTypedValue<LinearAxis>("xaxis").Value.GetType());
        Assert.Contains("\"step\"", GenericChart.toChartHTML(chart), StringComparison.Ordinal);
    }
}
#endif
