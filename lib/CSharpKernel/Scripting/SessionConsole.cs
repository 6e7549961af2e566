using System.Text;
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

    /// <summary>Makes <paramref name="output"/> the target of everything that the calling method does from here on.</summary>
    public static void Enter(SessionOutput output)
    {
        lock (Installing)
        {
            if (_out is null || _error is null)
            {
                _out = TextWriter.Synchronized(new RoutedWriter("stdout", Console.Out));
                _error = TextWriter.Synchronized(new RoutedWriter("stderr", Console.Error));
                Console.SetIn(new RoutedReader(Console.In));
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

    private sealed class RoutedReader(TextReader outside) : TextReader
    {
        public override int Peek() => Outside.Peek();

        public override int Read() => Outside.Read();

        public override string? ReadLine() => Outside.ReadLine();

        private TextReader Outside => Running.Value is null ? outside : throw new InvalidOperationException("A notebook's cell can't read from the console: there is no keyboard behind it.");
    }
}
