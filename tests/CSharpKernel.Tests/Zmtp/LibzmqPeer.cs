using System.Diagnostics;
using System.Net;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>A Python program that uses libzmq. It is killed with the test, and a failed assertion in it fails the test.</summary>
/// <remarks>The program finds <c>zmq</c>, <c>sys</c> and <c>time</c> imported, <c>connect(type, identity, option=value, …)</c>, which gives a connected socket with bounded waits, <c>say(text)</c> and <c>hear()</c>, which talk to the test.</remarks>
internal sealed class LibzmqPeer : IDisposable
{
    private const string Prologue = """
        import sys, time, zmq
        context = zmq.Context()
        def connect(type, identity=None, **options):
            socket = context.socket(type)
            socket.linger = 5000
            socket.rcvtimeo = socket.sndtimeo = 30000
            if identity is not None: socket.routing_id = identity
            for name, value in options.items(): socket.setsockopt(getattr(zmq, name), value)
            socket.connect(sys.argv[1])
            return socket
        def say(text): print(text, flush=True)
        def hear(): return sys.stdin.readline().rstrip()

        """;

    private readonly Process _process;
    private readonly Task<string> _error;

    private LibzmqPeer(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts a program.</summary>
    public static LibzmqPeer Start(IPEndPoint endPoint, string program) => new(Process.Start(
        new ProcessStartInfo(LibzmqFactAttribute.Python!, ["-c", Prologue + program, $"tcp://{endPoint}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    /// <summary>The next line that the program says.</summary>
    public async Task<string> HearAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(ZmtpClient.Patience) ?? throw new InvalidOperationException($"The program has ended: {await _error}");

    /// <summary>Sends the program a line.</summary>
    public async Task SayAsync(string text)
    {
        await _process.StandardInput.WriteLineAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the program to end as it should.</summary>
    public async Task EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(ZmtpClient.Patience);
        Assert.True(_process.ExitCode == 0, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
