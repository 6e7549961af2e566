using System.Text.Json.Nodes;

namespace CSharpKernel.Jupyter;

/// <summary>A cell that ran.</summary>
/// <param name="Session">The number of its session: earlier ones from 1, in the order of their first cells, the present one last.</param>
/// <param name="Line">Its execution count.</param>
/// <param name="Input">Its code.</param>
/// <param name="Output">Its value as text, or null where it has none.</param>
internal sealed record HistoryEntry(int Session, int Line, string Input, string? Output);

/// <summary>The cells that ran in this session and, where a file keeps them, in earlier ones; answers <c>history_request</c>.</summary>
/// <remarks>The file is read when history is first asked for; what other kernels add later is not seen.</remarks>
/// <param name="file">Keeps the cells; null for none.</param>
internal sealed class History(HistoryFile? file)
{
    private const int MaximumEntries = 10_000;
    private const int StandardCount = 1000;
    private const int MaximumCharacters = 100_000;
    private readonly Lock _lock = new();
    private readonly string _session = Guid.NewGuid().ToString("N");
    private readonly List<(int Line, string Input, string? Output)> _present = [];
    private List<HistoryEntry>? _earlier;

    /// <summary>Adds a cell of this session. One that is blank or very long is left out, a very long value is cut.</summary>
    public void Add(int line, string input, string? output)
    {
        if (string.IsNullOrWhiteSpace(input) || input.Length > MaximumCharacters)
        {
            return;
        }

        output = output?.Length > MaximumCharacters ? output[..MaximumCharacters] : output;
        lock (_lock)
        {
            _present.Add((line, input, output));
            if (_present.Count > MaximumEntries)
            {
                _present.RemoveRange(0, MaximumEntries / 10);
            }
        }

        file?.Add(new StoredCell(_session, line, input, output));
    }

    /// <summary>The content of the reply to a <c>history_request</c>.</summary>
    public JsonObject Answer(JsonObject content)
    {
        var withOutput = JupyterJson.Flag(content, "output", false);
        var entries = JupyterJson.Text(content, "hist_access_type") switch
        {
            "range" => Range(JupyterJson.Number(content, "session") ?? 0, JupyterJson.Number(content, "start") ?? 1, JupyterJson.Number(content, "stop")),
            "search" => Search(
                JupyterJson.Text(content, "pattern") ?? "*", JupyterJson.Number(content, "n") ?? StandardCount, JupyterJson.Flag(content, "unique", false)),
            "tail" => Tail(JupyterJson.Number(content, "n") ?? StandardCount),
            var type => null as IEnumerable<HistoryEntry> ?? throw new FormatException($"hist_access_type is '{type}'; it must be tail, range or search."),
        };
        return new JsonObject
        {
            ["status"] = "ok",
            ["history"] = new JsonArray([.. entries.Select(entry => new JsonArray(
                entry.Session, entry.Line, withOutput ? new JsonArray(entry.Input, entry.Output) : JsonValue.Create(entry.Input)))]),
        };
    }

    /// <summary>The last cells, oldest first.</summary>
    public IReadOnlyList<HistoryEntry> Tail(int count) => [.. All().TakeLast(count)];

    /// <summary>Cells of one session with <paramref name="start"/> &lt;= line &lt; <paramref name="stop"/>.</summary>
    /// <param name="session">The session's number; 0 is the present one, -1 the one before.</param>
    /// <param name="start">The first line.</param>
    /// <param name="stop">The line after the last; null for no end.</param>
    public IReadOnlyList<HistoryEntry> Range(int session, int start, int? stop)
    {
        var all = All();
        var number = session > 0 ? session : PresentNumber(Earlier()) + session;
        return [.. all.Where(entry => entry.Session == number && entry.Line >= start && (stop is null || entry.Line < stop))];
    }

    /// <summary>The last cells whose whole text matches a pattern, oldest first.</summary>
    /// <param name="pattern">A <see cref="Glob"/>.</param>
    /// <param name="count">At most so many.</param>
    /// <param name="isUnique">True to have of equal cells only the last.</param>
    public IReadOnlyList<HistoryEntry> Search(string pattern, int count, bool isUnique)
    {
        var matches = All().Where(entry => Glob.IsMatch(pattern, entry.Input)).Reverse();
        return [.. (isUnique ? matches.DistinctBy(entry => entry.Input, StringComparer.Ordinal) : matches).Take(count).Reverse()];
    }

    private static int PresentNumber(List<HistoryEntry> earlier) => earlier.Count == 0 ? 1 : earlier.Max(entry => entry.Session) + 1;

    private List<HistoryEntry> All()
    {
        var earlier = Earlier();
        var number = PresentNumber(earlier);
        lock (_lock)
        {
            return [.. earlier, .. _present.Select(cell => new HistoryEntry(number, cell.Line, cell.Input, cell.Output))];
        }
    }

    private List<HistoryEntry> Earlier()
    {
        lock (_lock)
        {
            if (_earlier is null)
            {
                if ((file is null ? [] : file.Read()) is not { } stored)
                {
                    // Perhaps the next time.
                    return [];
                }

                var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
                var cells = stored.Where(cell => cell.Session != _session).ToList();
                foreach (var cell in cells)
                {
                    numbers.TryAdd(cell.Session, numbers.Count + 1);
                }

                // Sessions one after another, also where two ran at a time.
                _earlier = [.. cells.Select(cell => new HistoryEntry(numbers[cell.Session], cell.Line, cell.Input, cell.Output)).OrderBy(entry => entry.Session)];
            }

            return _earlier;
        }
    }
}
