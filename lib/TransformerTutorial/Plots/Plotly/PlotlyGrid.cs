namespace TransformerTutorial.Plots.Plotly;

/// <summary>Where each panel lies in Plotly's picture, as shares of it from the left and from the bottom.</summary>
internal static class PlotlyGrid
{
    private const double GapBeside = 0.1;
    private const double GapBeneath = 0.16;

    public static int Rows(PicturePlan plan) => (plan.Panels.Count + plan.Columns - 1) / plan.Columns;

    public static (double Low, double High) Across(PicturePlan plan, int panel)
    {
        // A colour bar stands in the gap to the right of its panel.
        var isMap = plan.Panels.Any(other => other.HeatMap is not null);
        return Share(panel % plan.Columns, plan.Columns, isMap ? GapBeside + 0.1 : GapBeside);
    }

    public static (double Low, double High) Up(PicturePlan plan, int panel) => Share(Rows(plan) - 1 - (panel / plan.Columns), Rows(plan), GapBeneath);

    private static (double Low, double High) Share(int place, int count, double gap)
    {
        var size = (1 - (gap * (count - 1))) / count;
        return (place * (size + gap), Math.Min(1, (place * (size + gap)) + size));
    }
}
