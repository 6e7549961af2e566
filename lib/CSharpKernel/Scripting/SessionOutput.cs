using System.Globalization;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;

namespace CSharpKernel.Scripting;

/// <summary>Takes what a session's code writes and displays, from whatever thread, and passes it on in that order.</summary>
/// <remarks>
/// Written text is passed on in pieces, a moment after it was written: two adjacent <see cref="StreamOutput"/> of the same name are one text.
/// What background work writes or displays between two cells comes first in the next.
/// </remarks>
/// <param name="maximumCharacters">How much one cell may put out.</param>
internal sealed class SessionOutput(long maximumCharacters) : IDisposable
{
    private const int DelayMilliseconds = 50;
    private const int MostReportedCharacters = 100_000;
    private const int MostKept = 1000;
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly List<CellOutput> _kept = [];
    private readonly Dictionary<string, long> _shownCharacters = new(StringComparer.Ordinal);
    private string _streamName = "stdout";
    private Action<CellOutput>? _emit;
    private Timer? _timer;
    private bool _isTimerSet;
    private long _characters;
    private long _reportedCharacters;
    private int _displayCount;
    private AskPerson? _ask;
    private CancellationToken _interrupt;

    /// <summary>True once the running cell has put out more than it may.</summary>
    public bool IsOverLimit { get; private set; }

    /// <summary>Leads to the cell's receiver from here on.</summary>
    public void BeginCell(SessionCell cell, CancellationToken interrupt)
    {
        lock (_lock)
        {
            _ask = cell.Ask;
            _interrupt = interrupt;
            _emit = cell.Emit;
            _characters = 0;
            _reportedCharacters = 0;
            IsOverLimit = false;
            foreach (var output in _kept)
            {
                Pass(output);
            }

            _kept.Clear();
        }
    }

    public void EndCell()
    {
        lock (_lock)
        {
            Flush();
            _emit = null;
            _ask = null;
        }
    }

    /// <exception cref="OutputLimitException">The cell has put out more than it may.</exception>
    public void Write(string streamName, ReadOnlySpan<char> text)
    {
        CellRun.ThrowIfInterrupted();
        using var shield = CellThread.EnterShield();
        lock (_lock)
        {
            Count(text.Length);
            Append(streamName, text);
        }
    }

    /// <summary>Writes on standard error what the session itself has to say. It doesn't count as the cell's, and an interrupt doesn't keep it back.</summary>
    public void Report(string text)
    {
        using var shield = CellThread.EnterShield();
        lock (_lock)
        {
            // Work that fails again and again is told often enough.
            if (_reportedCharacters < MostReportedCharacters)
            {
                _reportedCharacters += text.Length;
                Append("stderr", text);
            }
        }
    }

    /// <exception cref="OutputLimitException">The cell has put out more than it may.</exception>
    public void Show(DisplayedValue displayed)
    {
        CellRun.ThrowIfInterrupted();
        using var shield = CellThread.EnterShield();
        lock (_lock)
        {
            if (!displayed.IsUpdated)
            {
                displayed.DisplayId = string.Create(CultureInfo.InvariantCulture, $"display-{++_displayCount}");
            }

            // What an update replaces is no longer put out: progress may be shown for as long as it takes.
            var characters = CharactersOf(displayed.FormattedValues);
            Count(characters - _shownCharacters.GetValueOrDefault(displayed.DisplayId));
            _shownCharacters[displayed.DisplayId] = characters;
            var data = DataOf(displayed.FormattedValues);
            Emit(displayed.IsUpdated ? new UpdateOutput(data, displayed.DisplayId) : new DisplayOutput(data, displayed.DisplayId, IsResult: false));
        }
    }

    /// <exception cref="OutputLimitException">The cell has put out more than it may.</exception>
    public void ShowResult(IReadOnlyList<FormattedValue> forms)
    {
        lock (_lock)
        {
            Count(CharactersOf(forms));
            Emit(new DisplayOutput(DataOf(forms), DisplayId: null, IsResult: true));
        }
    }

    /// <summary>Removes what the cell has put out so far.</summary>
    /// <param name="wait">True to remove it only when the next output arrives.</param>
    public void Clear(bool wait)
    {
        CellRun.ThrowIfInterrupted();
        using var shield = CellThread.EnterShield();
        lock (_lock)
        {
            // What is removed is no longer put out: progress may be drawn anew for as long as it takes.
            _characters = 0;
            _shownCharacters.Clear();
            Emit(new ClearOutput(wait));
        }
    }

    /// <summary>Asks the person at the keyboard for a line. What has been written so far is shown first.</summary>
    /// <exception cref="InvalidOperationException">There is nobody.</exception>
    public async Task<string> AskAsync(string prompt, bool isPassword)
    {
        const string Nobody = "A notebook's cell can't read from the console: there is no keyboard behind it.";
        AskPerson? ask;
        CancellationToken interrupt;
        CellRun.ThrowIfInterrupted();
        using (CellThread.EnterShield())
        {
            lock (_lock)
            {
                Flush();
                (ask, interrupt) = (_ask, _interrupt);
            }
        }

        if (ask is null)
        {
            throw new InvalidOperationException(Nobody);
        }

        return await ask(prompt, isPassword, interrupt).ConfigureAwait(false) ?? throw new InvalidOperationException(Nobody);
    }

    public void Fail(ErrorOutput error)
    {
        lock (_lock)
        {
            Emit(error);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private static long CharactersOf(IReadOnlyList<FormattedValue> forms) => forms.Sum(form => (long)form.Value.Length);

    public static KeyValuePair<string, string>[] DataOf(IReadOnlyList<FormattedValue> forms) => [.. forms.Select(form => KeyValuePair.Create(form.MimeType, form.Value))];

    private Timer CreateTimer()
    {
        // What the timer does is no part of the cell that happens to write first.
        using (ExecutionContext.SuppressFlow())
        {
            return new Timer(_ => FlushFromTimer());
        }
    }

    private void Append(string streamName, ReadOnlySpan<char> text)
    {
        if (streamName != _streamName)
        {
            Flush();
            _streamName = streamName;
        }

        _text.Append(text);
        if (!_isTimerSet)
        {
            _isTimerSet = true;
            _timer ??= CreateTimer();
            _timer.Change(DelayMilliseconds, Timeout.Infinite);
        }
    }

    private void Emit(CellOutput output)
    {
        Flush();
        Pass(output);
    }

    private void Flush()
    {
        _isTimerSet = false;
        if (_text.Length > 0)
        {
            var text = _text.ToString();
            _text.Clear();
            Pass(new StreamOutput(_streamName, text));
        }
    }

    private void FlushFromTimer()
    {
        lock (_lock)
        {
            Flush();
        }
    }

    private void Pass(CellOutput output)
    {
        if (_emit is not null)
        {
            SessionConsole.CallOutside(_emit, output);
        }
        else
        {
            Keep(output);
        }
    }

    /// <summary>Keeps what comes between two cells for the next: of each display only what it showed last.</summary>
    private void Keep(CellOutput output)
    {
        switch (output)
        {
            case ClearOutput:
                _kept.Clear();
                return;
            case UpdateOutput update:
                var shown = _kept.FindIndex(kept => (kept as DisplayOutput)?.DisplayId == update.DisplayId || (kept as UpdateOutput)?.DisplayId == update.DisplayId);
                if (shown >= 0)
                {
                    _kept[shown] = _kept[shown] is DisplayOutput display ? display with { Data = update.Data } : update;
                    return;
                }

                break;
            case StreamOutput text when _kept.LastOrDefault() is StreamOutput last && last.Name == text.Name && last.Text.Length < MostReportedCharacters:
                _kept[^1] = last with { Text = last.Text + text.Text };
                return;
        }

        if (output is StreamOutput || _kept.Count < MostKept)
        {
            _kept.Add(output);
        }
    }

    private void Count(long characters)
    {
        _characters += characters;
        if (_characters > maximumCharacters)
        {
            IsOverLimit = true;
            throw new OutputLimitException(maximumCharacters);
        }
    }
}

/// <summary>A cell has put out more than it may.</summary>
/// <param name="maximum">How many characters that is.</param>
public sealed class OutputLimitException(long maximum)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"The cell put out more than {maximum:N0} characters and was stopped."));
