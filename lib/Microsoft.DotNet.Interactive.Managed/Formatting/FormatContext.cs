namespace Microsoft.DotNet.Interactive.Formatting;

/// <summary>Where a formatter writes, and how deep in the displayed value it is.</summary>
/// <param name="writer">Receives the text.</param>
public class FormatContext(TextWriter writer)
{
    private const int MostNestedValues = 1_000;
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);

    private Budget _budget = new();

    /// <summary>Receives the text.</summary>
    public TextWriter Writer { get; } = writer;

    /// <summary>How many values enclose the one that is being written; 0 for the displayed value itself.</summary>
    public int Depth { get; private set; }

    /// <summary>Writes a part of <paramref name="value"/> one level deeper; false where it is already being written further up, lies too deep, or is one too many.</summary>
    internal bool TryNest(object value, Action write)
    {
        if (Depth >= Formatter.RecursionLimit || _budget.Nested >= MostNestedValues || !_open.Add(value))
        {
            return false;
        }

        Depth++;
        _budget.Nested++;
        try
        {
            write();
        }
        finally
        {
            Depth--;
            _open.Remove(value);
        }

        return true;
    }

    /// <summary>A context for a piece of text that is to be measured or encoded before it reaches <see cref="Writer"/>.</summary>
    internal string Capture(Action<FormatContext> write)
    {
        using var text = new StringWriter(System.Globalization.CultureInfo.InvariantCulture) { NewLine = "\n" };
        var inner = new FormatContext(text) { Depth = Depth, _budget = _budget };
        inner._open.UnionWith(_open);
        write(inner);
        return text.ToString();
    }

    /// <summary>What all parts of one displayed value share: a wide and deep one would otherwise take forever.</summary>
    private sealed class Budget
    {
        public int Nested { get; set; }
    }
}
