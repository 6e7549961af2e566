using System.Text;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Formatting;

namespace CSharpKernel.Scripting;

/// <summary>Leads the process's console, and displayed values, to the session whose code is running; what runs outside of any session is let through.</summary>
/// <remarks>The session is known by execution context, which threads, tasks and timers inherit from the code that starts them.</remarks>
internal static class SessionConsole
{
    private static readonly AsyncLocal<SessionOutput?> Running = new();
    private static readonly Lock Installing = new();
    private static TextWriter? _out;
    private static TextWriter? _error;
    private static TextReader? _in;

    /// <summary>Makes <paramref name="output"/> the target of everything that the calling method does from here on.</summary>
    public static void Enter(SessionOutput output)
    {
        lock (Installing)
        {
            if (_out is null || _error is null || _in is null)
            {
                _out = TextWriter.Synchronized(new RoutedWriter("stdout", Console.Out));
                _error = TextWriter.Synchronized(new RoutedWriter("stderr", Console.Error));
                Console.SetIn(new RoutedReader(Console.In));
                _in = Console.In;
                Kernel.Page = new KernelPage();
                Formatter.Page = displayed =>
                {
                    Running.Value?.Show(displayed);
                    return Running.Value is not null;
                };
            }

            // An earlier cell may have put writers of its own in their place.
            if (!ReferenceEquals(Console.Out, _out))
            {
                Console.SetOut(_out);
            }

            if (!ReferenceEquals(Console.Error, _error))
            {
                Console.SetError(_error);
            }

            if (!ReferenceEquals(Console.In, _in))
            {
                Console.SetIn(_in);
            }
        }

        Running.Value = output;
    }

    /// <summary>Calls the session's owner: what that writes to the console is not the cell's.</summary>
    public static void CallOutside(Action<CellOutput> receiver, CellOutput output)
    {
        var running = Running.Value;
        Running.Value = null;
        try
        {
            receiver(output);
        }
        finally
        {
            Running.Value = running;
        }
    }

    private sealed class RoutedWriter(string streamName, TextWriter outside) : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        [System.Diagnostics.CodeAnalysis.AllowNull]
        public override string NewLine
        {
            get => Running.Value is null ? outside.NewLine : "\n";
            set => outside.NewLine = value;
        }

        public override void Write(char value) => Write([value]);

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer)
        {
            if (Running.Value is { } output)
            {
                output.Write(streamName, buffer);
            }
            else
            {
                outside.Write(buffer);
            }
        }

        public override void WriteLine() => Write(NewLine);

        public override void WriteLine(string? value) => Write(value + NewLine);

        public override void WriteLine(ReadOnlySpan<char> buffer) => Write(string.Concat(buffer, NewLine));

        public override void Flush()
        {
            if (Running.Value is null)
            {
                outside.Flush();
            }
        }
    }

    /// <summary>Asks for a line when there is nothing left of the last one. The end of the input never comes: <see cref="TextReader.ReadToEnd"/> returns one line.</summary>
    private sealed class RoutedReader(TextReader outside) : TextReader
    {
        // The console lets one thread in at a time.
        private string _line = string.Empty;
        private int _position;

        public override int Peek() => Running.Value is null ? outside.Peek() : Current(move: 0);

        public override int Read() => Running.Value is null ? outside.Read() : Current(move: 1);

        public override string? ReadLine()
        {
            if (Running.Value is null)
            {
                return outside.ReadLine();
            }

            FillLine();
            var line = _line[_position..].TrimEnd('\n');
            _position = _line.Length;
            return line;
        }

        public override string ReadToEnd() => Running.Value is null ? outside.ReadToEnd() : ReadLine()!;

        private char Current(int move)
        {
            FillLine();
            var character = _line[_position];
            _position += move;
            return character;
        }

        private void FillLine()
        {
            if (_position == _line.Length)
            {
                _line = Running.Value!.AskAsync(string.Empty, isPassword: false).GetAwaiter().GetResult() + "\n";
                _position = 0;
            }
        }
    }

    /// <summary>What cells ask of the kernel besides showing values.</summary>
    private sealed class KernelPage : IKernelPage
    {
        public Task<string> AskAsync(string prompt, bool isPassword) =>
            Running.Value?.AskAsync(prompt, isPassword) ?? throw new InvalidOperationException("No cell is running.");

        public void Clear(bool wait) => Running.Value?.Clear(wait);
    }
}
