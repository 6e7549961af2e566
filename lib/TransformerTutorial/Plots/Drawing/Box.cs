namespace TransformerTutorial.Plots.Drawing;

/// <summary>A rectangle in pixels.</summary>
internal readonly record struct Box(double Left, double Top, double Right, double Bottom)
{
    public double Width => Right - Left;

    public double Height => Bottom - Top;

    public double MiddleX => (Left + Right) / 2;

    public double MiddleY => (Top + Bottom) / 2;

    public bool Overlaps(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

    public bool Contains(Box other) => Left <= other.Left && other.Right <= Right && Top <= other.Top && other.Bottom <= Bottom;

    /// <summary>Whether a line between two points touches the box (Liang and Barsky, 1984).</summary>
    public bool Meets(Segment segment)
    {
        double enter = 0, leave = 1;
        return Clip(segment.X1, segment.X2 - segment.X1, Left, Right, ref enter, ref leave) && Clip(segment.Y1, segment.Y2 - segment.Y1, Top, Bottom, ref enter, ref leave);
    }

    private static bool Clip(double start, double move, double low, double high, ref double enter, ref double leave)
    {
        if (move == 0)
        {
            return start > low && start < high;
        }

        var (first, second) = ((low - start) / move, (high - start) / move);
        enter = Math.Max(enter, Math.Min(first, second));
        leave = Math.Min(leave, Math.Max(first, second));
        return enter < leave;
    }
}

/// <summary>A straight line between two points in pixels.</summary>
internal readonly record struct Segment(double X1, double Y1, double X2, double Y2);
