using System.Text.Json.Nodes;
using System.Threading.Channels;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Jupyter;

/// <summary>A cell as the history file keeps it.</summary>
/// <param name="Session">Names the session in which it ran.</param>
/// <param name="Line">Its execution count.</param>
/// <param name="Input">Its code.</param>
/// <param name="Output">Its value as text, or null.</param>
internal sealed record StoredCell(string Session, int Line, string Input, string? Output);

/// <summary>Keeps the cells that ran in a file of one JSON object a line, for the sessions to come.</summary>
/// <remarks>
/// Several kernels may write to one file: each adds whole lines while it holds a lock file beside it. A line that is torn or foreign is skipped. The file stays below a certain size:
/// past it, the older half goes. History is no reason to fail: what cannot be written is left out.
/// </remarks>
internal sealed class HistoryFile : IAsyncDisposable
{
    /// <summary>The environment variable that names another file, or none if it is <c>off</c> or empty.</summary>
    public const string Variable = "CSHARP_KERNEL_HISTORY";

    private const long StandardMaximumBytes = 4 * 1024 * 1024;

    /// <summary>On Windows, who reads would otherwise stop those who write, and they him.</summary>
    private const FileShare Sharing = FileShare.ReadWrite | FileShare.Delete;

    private readonly string _path;
    private readonly long _maximumBytes;
    private readonly Channel<StoredCell> _waiting = Channel.CreateBounded<StoredCell>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Task _writing;

    /// <summary>A history in a file, which need not exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumBytes">Its largest size.</param>
    public HistoryFile(string path, long maximumBytes = StandardMaximumBytes)
    {
        _path = Path.GetFullPath(path);
        _maximumBytes = maximumBytes;
        _writing = Task.Run(WriteWaitingAsync);
    }

    /// <summary>How long another kernel that writes is waited for, and at the end what is still to be written.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where the user's history lies, or null where there is to be none.</summary>
    public static string? StandardPath()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { } setting)
        {
            return setting.Length == 0 || setting.Equals("off", StringComparison.OrdinalIgnoreCase) ? null : setting;
        }

        var folder = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return folder.Length == 0 ? null : Path.Combine(folder, "csharp-kernel", "history.jsonl");
    }

    /// <summary>Adds a cell, soon.</summary>
    public void Add(StoredCell cell) => _waiting.Writer.TryWrite(cell);

    /// <summary>All cells in the file, oldest first; null where it cannot be read now.</summary>
    public IReadOnlyList<StoredCell>? Read()
    {
        try
        {
            return File.Exists(_path) ? [.. ReadLines().Select(FromLine).OfType<StoredCell>()] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes what still waits, unless that takes long.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await Task.WhenAny(_writing, Task.Delay(Patience)).ConfigureAwait(false);
    }

    private static StoredCell? FromLine(string line)
    {
        try
        {
            return JsonText.Parse(line) is JsonObject cell
                && JupyterJson.Text(cell, "session") is { } session
                && JupyterJson.Number(cell, "line") is { } number
                && JupyterJson.Text(cell, "input") is { } input
                ? new StoredCell(session, number, input, JupyterJson.Text(cell, "output"))
                : null;
        }
        catch (JsonTextException)
        {
            return null;
        }
    }

    private static byte[] ToLine(StoredCell cell) =>
    [
        .. JupyterJson.Write(new JsonObject
        {
            ["session"] = cell.Session,
            ["line"] = cell.Line,
            ["input"] = cell.Input,
            ["output"] = cell.Output,
        }),
        (byte)'\n',
    ];

    private IEnumerable<string> ReadLines()
    {
        using var reader = new StreamReader(new FileStream(_path, FileMode.Open, FileAccess.Read, Sharing));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private async Task WriteWaitingAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            var lines = new MemoryStream();
            while (_waiting.Reader.TryRead(out var cell))
            {
                lines.Write(ToLine(cell));
            }

            try
            {
                await AppendAsync(lines.ToArray()).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The disk is full or the folder read-only: then there is no history.
            }
        }
    }

    private async Task AppendAsync(byte[] lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        await using var held = await LockAsync().ConfigureAwait(false);
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = Sharing };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var file = new FileStream(_path, options))
        {
            if (file.Length > 0)
            {
                // A writer that was killed may have left half a line.
                file.Seek(-1, SeekOrigin.End);
                if (file.ReadByte() != '\n')
                {
                    file.WriteByte((byte)'\n');
                }
            }

            await file.WriteAsync(lines).ConfigureAwait(false);
            if (file.Length <= _maximumBytes)
            {
                return;
            }
        }

        DropOlderHalf();
    }

    private void DropOlderHalf()
    {
        var text = string.Join('\n', ReadLines().Append(""));
        var middle = text.IndexOf('\n', text.Length / 2);
        AtomicFile.WriteAllText(_path, middle < 0 ? "" : text[(middle + 1)..]);
    }

    private async Task<FileStream> LockAsync()
    {
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(10))
        {
            try
            {
                return new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (Exception exception) when (waited < Patience && exception is IOException or UnauthorizedAccessException)
            {
                await Task.Delay(10).ConfigureAwait(false);
            }
        }
    }
}
