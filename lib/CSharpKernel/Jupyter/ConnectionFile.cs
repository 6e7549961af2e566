using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CSharpKernel.CommandLine;
using CSharpKernel.Notebooks;

namespace CSharpKernel.Jupyter;

/// <summary>Where a client expects the kernel's sockets, and the key that both sign with. Read only: the file is the client's.</summary>
/// <param name="Address">The network address.</param>
/// <param name="ShellPort">Port for requests that run or look at code.</param>
/// <param name="ControlPort">Port for requests that must not wait.</param>
/// <param name="StdinPort">Port for the kernel's questions.</param>
/// <param name="IopubPort">Port on which outputs and statuses are published.</param>
/// <param name="HeartbeatPort">Port that sends back what it gets.</param>
/// <param name="Key">The key; empty where messages are not signed.</param>
internal sealed record ConnectionFile(IPAddress Address, int ShellPort, int ControlPort, int StdinPort, int IopubPort, int HeartbeatPort, string Key)
{
    private const string SignatureScheme = "hmac-sha256";

    /// <summary>Reads the file.</summary>
    /// <exception cref="UsageException">There is no such file, or it is not one that this kernel can serve; the message says what is wrong.</exception>
    public static ConnectionFile Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The connection file can't be read: {exception.Message}");
        }
        catch (JsonTextException exception)
        {
            throw new UsageException($"The connection file '{path}' is not JSON: line {exception.Position.Line}, column {exception.Position.Column}: {exception.Message}.");
        }
        catch (FormatException exception)
        {
            throw new UsageException($"The connection file '{path}' can't be used: {exception.Message}");
        }
    }

    /// <exception cref="JsonTextException">It is not JSON.</exception>
    /// <exception cref="FormatException">A field is missing or wrong.</exception>
    private static ConnectionFile Parse(string text)
    {
        if (JsonText.Parse(text) is not JsonObject fields)
        {
            throw new FormatException("it does not hold a JSON object.");
        }

        if (JupyterJson.Text(fields, "transport") is var transport && transport is not (null or "tcp"))
        {
            throw new FormatException($"its transport is '{transport}'; this kernel knows tcp.");
        }

        var key = RequiredText(fields, "key");
        if (key.Length > 0 && JupyterJson.Text(fields, "signature_scheme") is var scheme && scheme is not (null or SignatureScheme))
        {
            throw new FormatException($"its signature_scheme is '{scheme}'; this kernel knows {SignatureScheme}.");
        }

        var ip = RequiredText(fields, "ip");
        if (!IPAddress.TryParse(ip == "localhost" ? "127.0.0.1" : ip, out var address))
        {
            throw new FormatException($"its ip '{ip}' is not an address.");
        }

        return new ConnectionFile(
            address, Port(fields, "shell_port"), Port(fields, "control_port"), Port(fields, "stdin_port"), Port(fields, "iopub_port"), Port(fields, "hb_port"), key);
    }

    private static string RequiredText(JsonObject fields, string name) =>
        JupyterJson.Text(fields, name) ?? throw new FormatException(fields.ContainsKey(name) ? $"its {name} is not a string." : $"it has no {name}.");

    private static int Port(JsonObject fields, string name) => fields[name] switch
    {
        null => throw new FormatException($"it has no {name}."),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue(out int port) && port is > 0 and <= IPEndPoint.MaxPort => port,
        var value => throw new FormatException($"its {name} is {value.ToJsonString()}; it must be a number from 1 to {IPEndPoint.MaxPort}."),
    };
}
