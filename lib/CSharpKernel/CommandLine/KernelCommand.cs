using System.Net;
using System.Runtime.InteropServices;
using CSharpKernel.Installation;
using CSharpKernel.Jupyter;
using CSharpKernel.Running;

namespace CSharpKernel.CommandLine;

/// <summary>A <c>kernel</c> command, understood.</summary>
/// <param name="ConnectionFile">The file that says where to listen.</param>
internal sealed record KernelSettings(string ConnectionFile)
{
    /// <summary>True where errors are to be without colours.</summary>
    public bool PlainErrors { get; init; }

    /// <summary>True where no history is kept for later sessions.</summary>
    public bool NoHistoryFile { get; init; }

    /// <summary>True where the kernel may listen on an address that other machines can reach.</summary>
    public bool AllowOtherInterfaces { get; init; }
}

/// <summary>Runs this program as a Jupyter kernel, until a client, a signal or the end of the process that started it ends it.</summary>
/// <remarks>The process that this is holds the sockets; cells run in another one. Nothing here loads the compiler or the command line's library: a client waits for the first answer.</remarks>
internal static class KernelCommand
{
    /// <summary>The command's name.</summary>
    public const string CommandName = "kernel";

    public const string ConnectionFileOption = "--connection-file";
    public const string ConnectionFileShortOption = "-f";
    public const string PlainErrorsOption = "--plain-errors";
    public const string NoHistoryFileOption = "--no-history-file";
    public const string AllowOtherInterfacesOption = "--allow-other-interfaces";

    /// <summary>Understands the plain form of the command, as kernelspecs have it; null for anything else, which the whole command line's parser explains.</summary>
    public static KernelSettings? TryParse(string[] arguments)
    {
        if (arguments is not [CommandName, ..])
        {
            return null;
        }

        var settings = new KernelSettings("");
        for (var i = 1; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case ConnectionFileOption or ConnectionFileShortOption when i + 1 < arguments.Length && settings.ConnectionFile.Length == 0:
                    settings = settings with { ConnectionFile = arguments[++i] };
                    break;
                case var argument when argument.StartsWith(ConnectionFileOption + "=", StringComparison.Ordinal) && settings.ConnectionFile.Length == 0:
                    settings = settings with { ConnectionFile = argument[(ConnectionFileOption.Length + 1)..] };
                    break;
                case PlainErrorsOption:
                    settings = settings with { PlainErrors = true };
                    break;
                case NoHistoryFileOption:
                    settings = settings with { NoHistoryFile = true };
                    break;
                case AllowOtherInterfacesOption:
                    settings = settings with { AllowOtherInterfaces = true };
                    break;
                default:
                    return null;
            }
        }

        return settings.ConnectionFile.Length == 0 ? null : settings;
    }

    /// <summary>Runs the kernel to its end, with cells in a process of their own.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="error">Where complaints go.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(KernelSettings settings, TextWriter error)
    {
        PublishedKernel.HoldOwn();
        return RunAsync(settings, () => CellHost.Start(new CellHostOptions()), error);
    }

    /// <summary>Runs the kernel to its end.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="startHost">Starts what runs the cells; returns at once.</param>
    /// <param name="error">Where complaints go.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(KernelSettings settings, Func<ICellHost> startHost, TextWriter error)
    {
        ConnectionFile connection;
        try
        {
            connection = ConnectionFile.Read(settings.ConnectionFile);
            if (!settings.AllowOtherInterfaces && !IPAddress.IsLoopback(connection.Address))
            {
                throw new UsageException(
                    $"The connection file '{settings.ConnectionFile}' says to listen on {connection.Address}, which other machines can reach; "
                    + $"what is sent there is signed, but all on the way can read it. Use 127.0.0.1, or {AllowOtherInterfacesOption} if that is what you want.");
            }
        }
        catch (UsageException exception)
        {
            await error.WriteLineAsync(exception.Message).ConfigureAwait(false);
            return ExitCodes.Usage;
        }

        // First, so that its process starts while the sockets are bound.
        var host = startHost();
        KernelServer? server = null;
        try
        {
            server = await KernelServer.StartAsync(connection, host, ServerOptions(settings, error)).ConfigureAwait(false);
            await WaitForEndAsync(server, host).ConfigureAwait(false);
            return 0;
        }
        catch (IOException exception) when (server is null)
        {
            await error.WriteLineAsync($"The kernel can't listen as the connection file '{settings.ConnectionFile}' says: {exception.Message}").ConfigureAwait(false);
            return ExitCodes.InternalError;
        }
        catch (Exception exception)
        {
            await error.WriteLineAsync($"The kernel failed: {exception}").ConfigureAwait(false);
            return ExitCodes.InternalError;
        }
        finally
        {
            await Task.WhenAll(host.DisposeAsync().AsTask(), server?.DisposeAsync().AsTask() ?? Task.CompletedTask).ConfigureAwait(false);
        }
    }

    private static KernelServerOptions ServerOptions(KernelSettings settings, TextWriter error) => new()
    {
        // https://no-color.org: set and not empty.
        PlainErrors = settings.PlainErrors || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 },
        AllowOtherInterfaces = settings.AllowOtherInterfaces,
        HistoryFile = settings.NoHistoryFile ? null : HistoryFile.StandardPath(),
        Log = error,
    };

    private static async Task WaitForEndAsync(KernelServer server, ICellHost host)
    {
        var terminated = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Terminate(PosixSignalContext context)
        {
            context.Cancel = true;
            terminated.TrySetResult();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            _ = host.InterruptAsync();
        });
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminate);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Terminate);
        using var watching = new CancellationTokenSource();
        var ended = await Task.WhenAny(server.ShutdownRequested, terminated.Task, ParentProcess.WaitForEndAsync(watching.Token)).ConfigureAwait(false);
        await watching.CancelAsync().ConfigureAwait(false);
        await ended.ConfigureAwait(false);
    }
}
