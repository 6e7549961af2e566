using TransformerTutorial.Display;
using TransformerTutorial.Plots;

namespace TransformerTutorial.Checks;

/// <summary>What a <see cref="LeakDetector"/> found: every leak, the largest first, and how much of what may change did.</summary>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plain])]
public sealed class LeakReport : RichOutput
{
    private const int MostShown = 6;

    private readonly LeakSizes _sizes;
    private readonly bool[,,] _allowed;

    internal LeakReport(LeakSizes sizes, bool[,,] allowed, int changes)
    {
        (_sizes, _allowed, ChangesOfEachInput) = (sizes, allowed, changes);
        var leaks = new List<Leak>();
        foreach (var (sequence, output, changedSequence, input) in Pairs())
        {
            var mayChange = sequence == changedSequence && allowed[sequence, output, input];
            var size = sizes[sequence, output, changedSequence, input];
            if (mayChange)
            {
                AllowedPairs++;
                AllowedPairsThatChanged += size is null ? 0 : 1;
            }
            else
            {
                ForbiddenPairs++;
                if (size is { } by)
                {
                    leaks.Add(new Leak(sequence, output, changedSequence, input, by));
                }
            }
        }

        Leaks = [.. leaks.OrderByDescending(leak => leak.Size)];
    }

    /// <summary>Every output that changed and must not have, the largest change first; among equals in the order of sequence, output, changed sequence, input.</summary>
    public IReadOnlyList<Leak> Leaks { get; }

    /// <summary>Whether there are none.</summary>
    public bool IsClean => Leaks.Count == 0;

    /// <summary>How many pairs of an output and an input must not depend on each other, those of different sequences of the batch included.</summary>
    public int ForbiddenPairs { get; }

    /// <summary>How many pairs of an output and an input may depend on each other.</summary>
    public int AllowedPairs { get; }

    /// <summary>In how many of them the output did change: near 0, the model ignores its input, and that nothing leaks says little.</summary>
    public int AllowedPairsThatChanged { get; }

    /// <summary>How many other values each input got at most.</summary>
    public int ChangesOfEachInput { get; }

    /// <summary>Which outputs of a sequence changed with which of its inputs, [output, input].</summary>
    /// <param name="sequence">Which sequence of the batch.</param>
    public bool[,] Changed(int sequence = 0)
    {
        RequireSequence(sequence);
        var changed = new bool[_sizes.Targets, _sizes.Sources];
        foreach (var (output, input) in Cells())
        {
            changed[output, input] = _sizes[sequence, output, sequence, input] is not null;
        }

        return changed;
    }

    /// <summary>Draws which outputs changed with which inputs, and by how much: outputs downwards, inputs from left to right, empty where no bit changed, what must not change outlined.</summary>
    /// <param name="title">The finding; null for a plain statement of it.</param>
    /// <param name="labels">A label for each input, and for each output where there are as many; null for numbers from 0.</param>
    /// <param name="sequence">Which sequence of the batch.</param>
    /// <param name="altText">What a person who cannot see the picture should know; null for a description of what is drawn.</param>
    public Figure Draw(string? title = null, IEnumerable<string>? labels = null, int sequence = 0, string? altText = null)
    {
        RequireSequence(sequence);
        var found = Leaks.Count(leak => leak.Sequence == sequence && !leak.IsAcrossSequences);
        return LeakMap.FigureOf(
            ToPanel(title ?? (found == 0 ? "No output changed that must not" : $"{Count(found, "output")} changed that must not"), labels, sequence),
            altText ?? $"Map of {_sizes.Targets} outputs against {_sizes.Sources} inputs, coloured where the output changed. Outlined is what must not change; {(found == 0 ? "nothing in it did" : $"{found} of its cells did")}.");
    }

    /// <summary>The map as a panel of a <see cref="FigureGrid"/>.</summary>
    /// <param name="title">What is written above it.</param>
    /// <param name="labels">A label for each input, and for each output where there are as many; null for numbers from 0.</param>
    /// <param name="sequence">Which sequence of the batch.</param>
    public Panel ToPanel(string title, IEnumerable<string>? labels = null, int sequence = 0)
    {
        RequireSequence(sequence);
        var sizes = Table((output, input) => _sizes[sequence, output, sequence, input] is { } size && double.IsFinite(size) && size > 0 ? Math.Log10(size) : double.NaN);
        var isEmpty = !sizes.Any(row => row.Any(double.IsFinite));
        return LeakMap.PanelOf(
            title, isEmpty ? Table((_, _) => 0.0) : sizes, Table((output, input) => !_allowed[sequence, output, input]), labels, isEmpty ? "changes: none" : "log₁₀ of the change");
    }

    /// <inheritdoc/>
    public override string? Write(string mimeType) => mimeType switch
    {
        MimeTypes.Plain => string.Join('\n', new[] { (IsClean ? "✓ " : "✗ ") + Heading }.Concat(Lines.Select(line => "  " + line))),
        MimeTypes.Html => Card.Write(IsClean ? Card.Good : Card.Bad, (IsClean ? "✓ " : "✗ ") + Heading, null, string.Concat(Lines.Select(line => $"<div>{Card.Text(line)}</div>"))),
        _ => null,
    };

    private string Heading => IsClean
        ? $"no leak: of {Count(ForbiddenPairs, "pair")} of output and input that must not depend on each other, none does"
        : $"{Count(Leaks.Count, "leak")} in {Count(ForbiddenPairs, "pair")} of output and input that must not depend on each other";

    private IEnumerable<string> Lines =>
    [
        .. Leaks.Take(MostShown).Select(leak => leak.ToString()),
        .. Leaks.Count > MostShown ? [$"and {Leaks.Count - MostShown} smaller"] : Array.Empty<string>(),
        $"of {Count(AllowedPairs, "pair")} that may, {AllowedPairsThatChanged} {(AllowedPairsThatChanged == 1 ? "does" : "do")} ({Count(ChangesOfEachInput, "change")} of each input; positions count from 0)",
    ];

    private static string Count(int count, string one) => $"{count} {one}{(count == 1 ? "" : "s")}";

    private void RequireSequence(int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, _sizes.Batch);
    }

    private T[][] Table<T>(Func<int, int, T> cell) =>
        [.. Enumerable.Range(0, _sizes.Targets).Select(output => Enumerable.Range(0, _sizes.Sources).Select(input => cell(output, input)).ToArray())];

    private IEnumerable<(int Output, int Input)> Cells() =>
        from output in Enumerable.Range(0, _sizes.Targets)
        from input in Enumerable.Range(0, _sizes.Sources)
        select (output, input);

    private IEnumerable<(int Sequence, int Output, int ChangedSequence, int Input)> Pairs() =>
        from sequence in Enumerable.Range(0, _sizes.Batch)
        from output in Enumerable.Range(0, _sizes.Targets)
        from changedSequence in Enumerable.Range(0, _sizes.Batch)
        from input in Enumerable.Range(0, _sizes.Sources)
        select (sequence, output, changedSequence, input);
}
