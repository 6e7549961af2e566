using System.Diagnostics;
using System.Globalization;

namespace TransformerTutorial.Benchmarks;

/// <summary>PyTorch in a process of its own that stays and answers line by line, in its best set-up: OpenBLAS chooses its own kernels, a fixed number of threads.</summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts a script that lies beside the benchmarks.</summary>
    public PythonPeer(string script, int threads)
    {
        Threads = threads;
        var number = threads.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, script), number]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        start.Environment["OMP_NUM_THREADS"] = number;
        _process = Process.Start(start)!;
    }

    /// <summary>How many threads PyTorch uses.</summary>
    public int Threads { get; }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Sends a line and returns the answer.</summary>
    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PyTorch's process ended; is python3-torch installed?");
    }

    /// <summary>An answer that is a number.</summary>
    public double Number(string line) => double.Parse(Ask(line), CultureInfo.InvariantCulture);

    /// <summary>Times a case.</summary>
    public Timing Time(string arguments)
    {
        var words = Ask($"time {arguments}").Split(' ');
        return new(double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }
}
