namespace TransformerTutorial.Plots.Drawing;

/// <summary>Where the panels lie: each has a cell, and in it the plot with room around for labels. Plots in one column are as wide, in one row as high.</summary>
/// <param name="Cells">Each panel with all its labels.</param>
/// <param name="Plots">The part of each cell where the data is.</param>
/// <param name="Bottom">Where the last row ends.</param>
internal sealed record GridLayout(IReadOnlyList<Box> Cells, IReadOnlyList<Box> Plots, double Bottom)
{
    /// <summary>A plot that would be narrower or lower than this, in pixels, is an error.</summary>
    public const double SmallestPlot = 30;

    /// <param name="plan">The picture.</param>
    /// <param name="area">The room for all panels; its bottom is NaN where the height follows from the content.</param>
    /// <param name="gap">The room between panels.</param>
    public static GridLayout Of(PicturePlan plan, Box area, double gap)
    {
        var columns = plan.Columns;
        var rows = (plan.Panels.Count + columns - 1) / columns;
        var cellWidth = (area.Width - ((columns - 1) * gap)) / columns;
        var margins = plan.Panels.Select(_ => new PanelMargins(0, 0, 0, 0)).ToArray();
        var heights = new double[rows];

        // Labels decide the margins, margins the plot's size, and that which labels fit. Margins only ever grow, so a few rounds settle it.
        for (var round = 0; round < 4; round++)
        {
            for (var row = 0; row < rows; row++)
            {
                var inRow = Enumerable.Range(row * columns, Math.Min(columns, plan.Panels.Count - (row * columns))).ToList();
                heights[row] = double.IsNaN(area.Bottom)
                    ? inRow.Max(i => PanelMargins.PreferredPlotHeight(plan.Panels[i], cellWidth - margins[i].Left - margins[i].Right, plan.Panels.Count > 1))
                    : ((area.Height - ((rows - 1) * gap)) / rows) - margins[inRow[0]].Top - margins[inRow[0]].Bottom;
            }

            for (var i = 0; i < margins.Length; i++)
            {
                var width = cellWidth - margins[i].Left - margins[i].Right;
                var height = Math.Max(heights[i / columns], SmallestPlot);
                margins[i] = margins[i].Grown(PanelMargins.Of(plan.Panels[i], Math.Max(PanelMargins.PlotWidth(plan.Panels[i], width, height), SmallestPlot), height));
            }

            for (var i = 0; i < margins.Length; i++)
            {
                var column = margins.Where((_, other) => other % columns == i % columns).ToList();
                var inRow = margins.Where((_, other) => other / columns == i / columns).ToList();
                margins[i] = new PanelMargins(column.Max(m => m.Left), inRow.Max(m => m.Top), column.Max(m => m.Right), inRow.Max(m => m.Bottom));
            }
        }

        var (cells, plots) = (new List<Box>(), new List<Box>());
        var top = area.Top;
        for (var i = 0; i < plan.Panels.Count; i++)
        {
            var (row, column) = (i / columns, i % columns);
            if (column == 0 && row > 0)
            {
                top = cells[^1].Bottom + gap;
            }

            var left = area.Left + (column * (cellWidth + gap));
            var width = PanelMargins.PlotWidth(plan.Panels[i], cellWidth - margins[i].Left - margins[i].Right, heights[row]);
            var plot = new Box(left + margins[i].Left, top + margins[i].Top, left + margins[i].Left + width, top + margins[i].Top + heights[row]);
            if (width < SmallestPlot || heights[row] < SmallestPlot)
            {
                throw new InvalidOperationException($"The figure \"{plan.Picture.Title}\" has no room for panel {i}: its plot would be {width:F0} by {heights[row]:F0} pixels. Make the figure larger or use fewer columns.");
            }

            plots.Add(plot);
            cells.Add(new Box(left, top, left + cellWidth, plot.Bottom + margins[i].Bottom));
        }

        return new GridLayout(cells, plots, cells[^1].Bottom);
    }
}
