using CSharpKernel.Running;
using CSharpKernel.Scripting;
using CSharpKernel.Tests.Scripting;

namespace CSharpKernel.Tests.Running;

/// <summary>A <see cref="CellHost"/> with a folder of its own, and a front end that notes what it is told and answers what it is asked.</summary>
internal sealed class HostedCells : IAsyncDisposable, ICellFrontEnd
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<CellOutput> _outputs = [];
    private readonly List<(Func<CellOutput, bool> Condition, TaskCompletionSource Seen)> _watches = [];
    private int _count;

    public HostedCells(bool warmsUp = false, long maximumOutput = 10_000_000)
    {
        Host = CellHost.Start(new CellHostOptions { WorkingDirectory = _folder.Path, WarmsUp = warmsUp, MaximumOutput = maximumOutput });
    }

    public CellHost Host { get; }

    /// <summary>What it answers; null for nobody at the keyboard.</summary>
    public Func<string, bool, CancellationToken, Task<string?>> Answer { get; set; } = (_, _, _) => Task.FromResult<string?>(null);

    /// <summary>What the last cell put out, adjacent pieces of one stream joined.</summary>
    public IReadOnlyList<CellOutput> Outputs
    {
        get
        {
            lock (_outputs)
            {
                return Cells.Join(_outputs);
            }
        }
    }

    public IReadOnlyList<string> Texts => [.. Outputs.Select(Cells.Plain)];

    public ErrorOutput Error => Assert.Single(Outputs.OfType<ErrorOutput>());

    /// <summary>Runs a cell called c1, c2, ...</summary>
    public Task<CellConclusion> Run(string code, IReadOnlyDictionary<string, string>? expressions = null)
    {
        lock (_outputs)
        {
            _outputs.Clear();
        }

        return Host.ExecuteAsync(new CellRequest($"c{++_count}", code, expressions ?? new Dictionary<string, string>()), this);
    }

    /// <summary>Runs a cell that must end so, and says what it put out.</summary>
    public async Task<IReadOnlyList<string>> TextsOf(string code, CellStatus expected = CellStatus.Succeeded)
    {
        var conclusion = await Run(code);
        Assert.True(expected == conclusion.Status, $"{conclusion.Status}: {string.Join('\n', Texts)}");
        return Texts;
    }

    /// <summary>Ends when the running cell has put out such a thing.</summary>
    public Task Seen(Func<CellOutput, bool> condition)
    {
        lock (_outputs)
        {
            if (_outputs.Any(condition))
            {
                return Task.CompletedTask;
            }

            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _watches.Add((condition, seen));
            return seen.Task.WaitAsync(TimeSpan.FromSeconds(60));
        }
    }

    /// <summary>Writes a file into the cells' folder.</summary>
    public void Write(string name, string text) => File.WriteAllText(_folder.File(name), text);

    void ICellFrontEnd.Emit(CellOutput output)
    {
        lock (_outputs)
        {
            _outputs.Add(output);
            foreach (var (_, seen) in _watches.Where(watch => watch.Condition(output)))
            {
                seen.TrySetResult();
            }
        }
    }

    Task<string?> ICellFrontEnd.AskAsync(string prompt, bool isPassword, CancellationToken cancellationToken) => Answer(prompt, isPassword, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _folder.Dispose();
    }
}
