using System.Text;
using CSharpKernel.Notebooks;
using CSharpKernel.Scripting;

namespace CSharpKernel.Running;

/// <summary>Turns what cells report into the outputs that a notebook stores.</summary>
/// <remarks>
/// Text on the same stream is put together, <see cref="ClearOutput"/> removes, <see cref="UpdateOutput"/> replaces what was displayed under its id
/// in this cell and in earlier ones, progress drawn with carriage returns is reduced to its last state. Not thread-safe.
/// </remarks>
internal sealed class OutputCollector
{
    private readonly Dictionary<string, List<Entry>> _displays = new(StringComparer.Ordinal);
    private readonly List<List<Entry>> _cells = [];
    private int _executionCount;
    private bool _clearAtNextOutput;

    /// <summary>Begins the outputs of another cell.</summary>
    public void BeginCell(int executionCount)
    {
        _cells.Add([]);
        _executionCount = executionCount;
        _clearAtNextOutput = false;
    }

    /// <summary>Takes up what the running cell reported.</summary>
    /// <exception cref="FormatException">A value was displayed as JSON and is none.</exception>
    public void Add(CellOutput output)
    {
        var cell = _cells[^1];
        if (output is ClearOutput clear)
        {
            _clearAtNextOutput = clear.Wait;
            if (!clear.Wait)
            {
                cell.Clear();
            }

            return;
        }

        if (output is UpdateOutput update)
        {
            foreach (var entry in _displays.GetValueOrDefault(update.DisplayId, []))
            {
                entry.Output!.ReplaceData(update.Data);
            }

            return;
        }

        if (_clearAtNextOutput)
        {
            cell.Clear();
            _clearAtNextOutput = false;
        }

        switch (output)
        {
            case StreamOutput stream when cell.Count > 0 && cell[^1].StreamName == stream.Name:
                cell[^1].Text.Append(stream.Text);
                break;
            case StreamOutput stream:
                var text = new Entry(null, stream.Name);
                text.Text.Append(stream.Text);
                cell.Add(text);
                break;
            case DisplayOutput display:
                var shown = new Entry(display.IsResult ? NotebookOutput.Result(display.Data, _executionCount) : NotebookOutput.Display(display.Data), null);
                cell.Add(shown);
                if (display.DisplayId is { } id)
                {
                    if (!_displays.TryGetValue(id, out var sameId))
                    {
                        _displays[id] = sameId = [];
                    }

                    sameId.Add(shown);
                }

                break;
            case ErrorOutput error:
                cell.Add(new Entry(NotebookOutput.Error(error.Name, error.Message, error.Traceback), null));
                break;
        }
    }

    /// <summary>The outputs of the cell that was begun as number <paramref name="index"/>, from 0, as they stand now.</summary>
    public IReadOnlyList<NotebookOutput> OutputsOf(int index)
    {
        var outputs = new List<NotebookOutput>();
        foreach (var entry in _cells[index])
        {
            if (entry.Output is { } output)
            {
                outputs.Add(output);
            }
            else if (CarriageReturns.Reduce(entry.Text.ToString()) is { Length: > 0 } text)
            {
                outputs.Add(NotebookOutput.Stream(entry.StreamName!, text));
            }
        }

        return outputs;
    }

    private sealed record Entry(NotebookOutput? Output, string? StreamName)
    {
        public StringBuilder Text { get; } = new();
    }
}
