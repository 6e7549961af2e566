namespace TransformerTutorial.Plots.Drawing;

/// <summary>Draws a picture as SVG: the title, the legend, and the panels in rows and columns with their plots aligned.</summary>
internal static class PictureDrawing
{
    private const double Edge = 14;
    private const double Gap = 18;
    private const double TitleLine = Theme.TitleSize * 1.35;

    public static string Draw(PicturePlan plan)
    {
        var picture = plan.Picture;
        var inner = picture.Width - (2 * Edge);
        var title = TextMeasure.Wrap(PlotText.OneLine(picture.Title), Theme.TitleSize, inner, 3, bold: true);
        var legend = new LegendDrawing(plan.Legend, inner);
        var top = Edge + (title.Count * TitleLine) + legend.Height + 6;

        var grid = GridLayout.Of(plan, new Box(Edge, top, picture.Width - Edge, picture.Height - Edge ?? double.NaN), Gap);
        var height = picture.Height ?? Math.Ceiling(grid.Bottom + Edge);

        using var canvas = new SvgCanvas(picture.Width, height, PlotText.OneLine(picture.Title), PlotText.OneLine(picture.AltText));
        canvas.Rectangle(new Box(0, 0, picture.Width, height), Theme.Background, radius: 6);
        for (var i = 0; i < title.Count; i++)
        {
            canvas.Text(Edge, Edge + (i * TitleLine) + Theme.TitleSize, title[i], Theme.TitleSize, Theme.Text, bold: true, full: i == title.Count - 1 && title[i].EndsWith('…') ? PlotText.OneLine(picture.Title) : null);
        }

        legend.Draw(canvas, Edge, Edge + (title.Count * TitleLine) + 4);
        for (var i = 0; i < plan.Panels.Count; i++)
        {
            new PanelDrawing(canvas, plan.Panels[i], grid.Plots[i], grid.Cells[i]).Draw();
        }

        return canvas.Finish();
    }
}
