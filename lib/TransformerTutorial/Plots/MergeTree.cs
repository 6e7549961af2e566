namespace TransformerTutorial.Plots;

/// <summary>Draws how merges put the symbols of a word together: leaves at the bottom, a node for every merge at the height at which it was made.</summary>
/// <example><c>MergeTree.Draw(["l", "o", "w"], [("l", "o"), ("lo", "w")])</c>: l and o meet at 1, lo and w at 2; "2 merges turn 3 symbols into 1".</example>
public static class MergeTree
{
    /// <summary>The tree of one word.</summary>
    /// <param name="symbols">The symbols to begin with, from the left.</param>
    /// <param name="merges">The merges in the order in which they are tried; those that don't occur in the word are passed over.</param>
    /// <exception cref="ArgumentException">There are no symbols.</exception>
    public static Figure Draw(IEnumerable<string> symbols, IEnumerable<(string Left, string Right)> merges)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        ArgumentNullException.ThrowIfNull(merges);
        var row = symbols.Select((text, i) => new Node(text, i, 0)).ToList();
        if (row.Count == 0)
        {
            throw new ArgumentException("There are no symbols to draw.", nameof(symbols));
        }

        var (leaves, nodes, branches, step) = (row.Count, row.ToList(), new List<Trace>(), 0);
        foreach (var (left, right) in merges)
        {
            for (var (i, height) = (0, step + 1); i + 1 < row.Count; i++)
            {
                if (row[i].Text != left || row[i + 1].Text != right)
                {
                    continue;
                }

                var node = new Node(left + right, (row[i].X + row[i + 1].X) / 2, height);
                branches.Add(Branch(row[i], node));
                branches.Add(Branch(row[i + 1], node));
                nodes.Add(node);
                row[i] = node;
                row.RemoveAt(i + 1);
                step = height;
            }
        }

        var title = $"{step} {(step == 1 ? "merge turns" : "merges turn")} {leaves} symbols into {row.Count}";
        return new Figure
        {
            Title = title,
            AltText = $"A tree: {title}. From the bottom: {string.Join(", then ", nodes.Skip(leaves).Select(node => node.Text))}; at the end {string.Join(" and ", row.Select(node => node.Text))}.",
            XAxis = new Axis { Minimum = -0.7, Maximum = leaves - 0.3, TickValues = [] },
            YAxis = new Axis("merges made") { Minimum = -0.4, Maximum = step + 0.8, TickValues = [.. Enumerable.Range(0, step + 1).Select(at => (double)at)] },
            ShowLegend = false,
            Traces =
            [
                .. branches,
                Plot.Scatter(nodes.Select(node => node.X), nodes.Select(node => node.Y), "symbols", nodes.Select(node => node.Text)) with { Color = Theme.Subwords },
            ],
        };
    }

    private static ScatterTrace Branch(Node child, Node parent) =>
        Plot.Line([child.X, parent.X], [child.Y, parent.Y]) with { Color = Theme.Neutral };

    /// <summary>A symbol and where it is drawn.</summary>
    private sealed record Node(string Text, double X, double Y);
}
