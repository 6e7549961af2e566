using System.Text;
using System.Text.Json.Nodes;
using CSharpKernel.Scripting;

namespace CSharpKernel.Running;

/// <summary>Writes messages to the pipe between a worker and its starter, in the order in which they are put in, on a thread of its own.</summary>
/// <remarks>
/// Whoever sends goes on at once: a cell that is interrupted while it writes leaves no half of a message behind. Only where the other end reads more slowly than a cell
/// writes does the cell wait. What can't be sent because the other end has gone is dropped; whoever reads the pipe finds that out.
/// </remarks>
internal sealed class WorkerOutbox
{
    private const int MostWaiting = 10_000;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Queue<object> _waiting = new();
    private bool _isClosed;

    public WorkerOutbox(Stream pipe)
    {
        new Thread(() => WriteAll(pipe)) { IsBackground = true, Name = "Outbox" }.UnsafeStart();
    }

    /// <summary>Sends a message.</summary>
    public void Send(JsonObject message) => Add(message);

    /// <summary>Sends what a cell put out.</summary>
    public void Send(CellOutput output) => Add(output);

    /// <summary>Sends nothing more.</summary>
    public void Close()
    {
        lock (_waiting)
        {
            _isClosed = true;
            _waiting.Clear();
            Monitor.PulseAll(_waiting);
        }
    }

    private void Add(object message)
    {
        lock (_waiting)
        {
            while (_waiting.Count >= MostWaiting && !_isClosed)
            {
                Monitor.Wait(_waiting);
            }

            if (!_isClosed)
            {
                _waiting.Enqueue(message);
                Monitor.PulseAll(_waiting);
            }
        }
    }

    private void WriteAll(Stream pipe)
    {
        try
        {
            using var writer = new StreamWriter(pipe, Utf8, 32 * 1024, leaveOpen: true) { NewLine = "\n" };
            while (Take() is { } message)
            {
                writer.WriteLine(WorkerMessage.ToLine(message as JsonObject ?? WorkerMessage.FromOutput((CellOutput)message)));
                if (IsEmpty())
                {
                    writer.Flush();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            Close();
        }
    }

    private object? Take()
    {
        lock (_waiting)
        {
            while (_waiting.Count == 0 && !_isClosed)
            {
                Monitor.Wait(_waiting);
            }

            if (_isClosed)
            {
                return null;
            }

            Monitor.PulseAll(_waiting);
            return _waiting.Dequeue();
        }
    }

    private bool IsEmpty()
    {
        lock (_waiting)
        {
            return _waiting.Count == 0;
        }
    }
}
