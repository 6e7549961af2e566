namespace TransformerTutorial.Plots;

/// <summary>A picture that has been checked, with everything decided that both forms, Plotly's and the SVG, must agree on.</summary>
/// <param name="Picture">What is drawn.</param>
/// <param name="Panels">Its panels, row by row.</param>
/// <param name="Columns">How many of them stand side by side.</param>
/// <param name="Legend">What the legend lists, nothing where there is none.</param>
internal sealed record PicturePlan(Picture Picture, IReadOnlyList<PanelPlan> Panels, int Columns, IReadOnlyList<StyledTrace> Legend)
{
    /// <exception cref="InvalidOperationException">Something is missing in the picture.</exception>
    /// <exception cref="ArgumentException">The data cannot be drawn.</exception>
    public static PicturePlan Of(Picture picture)
    {
        Require(!string.IsNullOrWhiteSpace(picture.Title), "A figure needs a Title that says what it shows.");
        Require(!string.IsNullOrWhiteSpace(picture.AltText), $"The figure \"{picture.Title}\" needs an AltText that says in words what one sees.");
        Require(picture.AllPanels.Count > 0, $"The figure \"{picture.Title}\" has no panels.");
        Require(picture.ColumnCount > 0, $"The figure \"{picture.Title}\" needs at least one column.");

        var colors = new Dictionary<string, Color>(StringComparer.Ordinal);
        var plans = new List<PanelPlan>();
        for (var i = 0; i < picture.AllPanels.Count; i++)
        {
            var panel = picture.AllPanels[i];
            var place = picture.AllPanels.Count == 1 ? "" : panel.Title.Length > 0 ? $" of panel \"{panel.Title}\"" : $" of panel {i}";
            Require(panel.Traces.Count > 0, $"There is nothing to draw: the figure \"{picture.Title}\" has no traces{place}.");
            plans.Add(PanelPlan.Of(panel, Style(panel, colors), place));
        }

        var (sharedX, sharedY) = picture.SharedAxes;
        var panels = PanelPlan.Share(plans, sharedX, sharedY);
        Require(panels.Select(panel => panel.PlotlyBarMode).OfType<string>().Distinct().Count() < 2, "Panels of one figure must place their bars in the same way (grouped, stacked, or histograms).");
        return new PicturePlan(picture, panels, picture.ColumnCount, LegendOf(picture, panels));
    }

    /// <summary>Traces of the same name have the same colour throughout the picture; the others take the next free one.</summary>
    private static List<StyledTrace> Style(Panel panel, Dictionary<string, Color> colors)
    {
        var styled = new List<StyledTrace>();
        var scatters = 0;
        foreach (var (index, trace) in panel.Traces.Index())
        {
            Color color;
            if (trace.Color is { } chosen)
            {
                color = chosen;
            }
            else if (trace.Name is null || !colors.TryGetValue(trace.Name, out color))
            {
                var taken = styled.Select(other => other.Color).Concat(panel.Traces.Select(other => other.Color).OfType<Color>()).Concat(trace.Name is null ? [] : colors.Values).ToHashSet();
                color = Theme.ColorSequence.Cast<Color?>().FirstOrDefault(candidate => !taken.Contains(candidate!.Value)) ?? Theme.ColorSequence[index % Theme.ColorSequence.Count];
            }

            if (trace.Name is not null)
            {
                colors.TryAdd(trace.Name, color);
            }

            var symbol = MarkerSymbol.Circle;
            if (trace is ScatterTrace { ShowMarkers: true } scatter)
            {
                symbol = scatter.Symbol ?? (MarkerSymbol)(scatters++ % Enum.GetValues<MarkerSymbol>().Length);
            }

            styled.Add(new StyledTrace(trace, index, color, symbol));
        }

        return styled;
    }

    private static List<StyledTrace> LegendOf(Picture picture, IReadOnlyList<PanelPlan> panels)
    {
        static bool Listed(StyledTrace styled) => styled.Trace is { Name: not null } and not HeatMapTrace;
        return picture.ShowLegend ?? panels.Any(panel => panel.Traces.Count(Listed) > 1)
            ? [.. panels.SelectMany(panel => panel.Traces).Where(Listed).DistinctBy(styled => (styled.Trace.Name, styled.Color))]
            : [];
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
