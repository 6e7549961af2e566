namespace TransformerTutorial.Plots;

/// <summary>A picture as one line of text.</summary>
internal static class PlainText
{
    /// <summary>For instance <c>Scores spread as √d [line "measured" (5)]: The standard deviation rises …</c></summary>
    public static string Write(PicturePlan plan)
    {
        var panels = plan.Panels.Select(panel =>
            (panel.Panel.Title.Length > 0 ? PlotText.OneLine(panel.Panel.Title) + ": " : "") + string.Join(", ", panel.Traces.Select(Describe)));
        return $"{PlotText.OneLine(plan.Picture.Title)} [{string.Join("; ", panels)}]: {PlotText.OneLine(plan.Picture.AltText)}";
    }

    private static string Describe(StyledTrace styled)
    {
        var name = styled.Trace.Name is { } given ? $" \"{PlotText.OneLine(given)}\"" : "";
        var size = styled.Trace is HeatMapTrace map ? $"{map.Z.Count} × {map.Z[0].Count}" : NumberFormat.Plain.Write(styled.Trace.X.Count);
        return $"{styled.Trace.Kind}{name} ({size})";
    }
}
