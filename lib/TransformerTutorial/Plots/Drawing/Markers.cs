using static TransformerTutorial.Plots.Drawing.SvgCanvas;

namespace TransformerTutorial.Plots.Drawing;

/// <summary>The shapes of points.</summary>
internal static class Markers
{
    public static void Draw(SvgCanvas canvas, MarkerSymbol symbol, double x, double y, double size, Color color, string? title)
    {
        // Shapes of about the same area.
        var r = size / 2;
        switch (symbol)
        {
            case MarkerSymbol.Square:
                canvas.Area($"M{Number(x - (r * 0.9))} {Number(y - (r * 0.9))}h{Number(r * 1.8)}v{Number(r * 1.8)}h{Number(-r * 1.8)}z", color, stroke: Theme.Background, title: title);
                break;
            case MarkerSymbol.Diamond:
                canvas.Area($"M{Number(x)} {Number(y - (r * 1.3))}l{Number(r * 1.3)} {Number(r * 1.3)}l{Number(-r * 1.3)} {Number(r * 1.3)}l{Number(-r * 1.3)} {Number(-r * 1.3)}z", color, stroke: Theme.Background, title: title);
                break;
            case MarkerSymbol.TriangleUp:
                canvas.Area($"M{Number(x)} {Number(y - (r * 1.3))}l{Number(r * 1.25)} {Number(r * 2.2)}h{Number(-r * 2.5)}z", color, stroke: Theme.Background, title: title);
                break;
            case MarkerSymbol.Cross:
                canvas.Outline($"M{Number(x - r)} {Number(y - r)}l{Number(2 * r)} {Number(2 * r)}M{Number(x - r)} {Number(y + r)}l{Number(2 * r)} {Number(-2 * r)}", color, Math.Max(1.5, size * 0.28), title: title);
                break;
            default:
                canvas.Circle(x, y, r, color, title);
                break;
        }
    }
}
