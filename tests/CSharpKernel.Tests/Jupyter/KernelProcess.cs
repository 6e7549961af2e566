using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using CSharpKernel.CommandLine;
using CSharpKernel.Jupyter;
using CSharpKernel.Tests.Running;

namespace CSharpKernel.Tests.Jupyter;

/// <summary>A kernel as a client starts it: the program in a process of its own, told by a connection file where to listen.</summary>
internal sealed class KernelProcess : IAsyncDisposable
{
    private KernelProcess(Process process, ConnectionFile connection)
    {
        Process = process;
        Connection = connection;
    }

    public Process Process { get; }

    public ConnectionFile Connection { get; }

    /// <summary>Starts it, and connects once it listens.</summary>
    public static async Task<(KernelProcess Kernel, JupyterClient Client)> StartAsync(TemporaryFolder folder, Action<ProcessStartInfo>? configure = null)
    {
        for (var attempt = 0; ; attempt++)
        {
            var connection = WriteConnectionFile(folder);
            var command = Command(folder);
            configure?.Invoke(command);
            var kernel = new KernelProcess(InheritedInterrupt.Start(command), connection);
            if (await kernel.TryConnectAsync() is { } client)
            {
                return (kernel, client);
            }

            // Somebody else took a port in the meantime.
            Assert.Equal(ExitCodes.InternalError, kernel.Process.ExitCode);
            Assert.InRange(attempt, 0, 5);
        }
    }

    public static ProcessStartInfo Command(TemporaryFolder folder, params string[] more)
    {
        var command = TestProcess.Command(folder.Path, ["kernel", "--connection-file", folder.File("connection.json"), .. more]);
        command.Environment[HistoryFile.Variable] = folder.File("history.jsonl");
        command.Environment.Remove(ParentProcess.Variable);
        return command;
    }

    /// <summary>Writes a connection file with ports that are free now.</summary>
    public static ConnectionFile WriteConnectionFile(TemporaryFolder folder, string ip = "127.0.0.1", string key = "secret")
    {
        var listeners = Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Dispose());
        File.WriteAllText(folder.File("connection.json"), new JsonObject
        {
            ["ip"] = ip,
            ["transport"] = "tcp",
            ["shell_port"] = ports[0],
            ["control_port"] = ports[1],
            ["stdin_port"] = ports[2],
            ["iopub_port"] = ports[3],
            ["hb_port"] = ports[4],
            ["key"] = key,
            ["signature_scheme"] = "hmac-sha256",
        }.ToJsonString());
        return new ConnectionFile(IPAddress.Loopback, ports[0], ports[1], ports[2], ports[3], ports[4], key);
    }

    /// <summary>Waits until the process has ended, and returns its exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return Process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Process.Kill(entireProcessTree: true);
        await Process.WaitForExitAsync();
        Process.Dispose();
    }

    private async Task<JupyterClient?> TryConnectAsync()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await JupyterClient.ConnectAsync(Connection);
            }
            catch (SocketException) when (clock.Elapsed < TimeSpan.FromSeconds(30))
            {
                if (Process.HasExited)
                {
                    return null;
                }

                await Task.Delay(20);
            }
        }
    }
}
