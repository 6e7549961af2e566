using System.Net;
using CSharpKernel.Jupyter;

namespace CSharpKernel.Tests.Jupyter;

/// <summary>A kernel in this process, on free ports, whose cells a test has scripted.</summary>
internal sealed class ScriptedKernel : IAsyncDisposable
{
    private ScriptedKernel(ScriptedHost host, KernelServer server, ConnectionFile connection, StringWriter log)
    {
        Host = host;
        Server = server;
        Connection = server.Connection(connection);
        Log = log;
    }

    public ScriptedHost Host { get; }

    public KernelServer Server { get; }

    public ConnectionFile Connection { get; }

    public StringWriter Log { get; }

    public static async Task<ScriptedKernel> StartAsync(string key = "secret", KernelServerOptions? options = null)
    {
        var host = new ScriptedHost();
        var connection = new ConnectionFile(IPAddress.Loopback, 0, 0, 0, 0, 0, key);
        var log = new StringWriter();
        return new ScriptedKernel(host, await KernelServer.StartAsync(connection, host, (options ?? new KernelServerOptions()) with { Log = TextWriter.Synchronized(log) }), connection, log);
    }

    public Task<JupyterClient> ConnectAsync(string? identity = null) => JupyterClient.ConnectAsync(Connection, identity);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Server.DisposeAsync();
    }
}
