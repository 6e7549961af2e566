using System.Net;
using CSharpKernel.CommandLine;
using CSharpKernel.Jupyter;

namespace CSharpKernel.Tests.Jupyter;

public sealed class ConnectionFileTests
{
    private const string Good = """
        {
          "shell_port": 1001, "iopub_port": 1002, "stdin_port": 1003, "control_port": 1004, "hb_port": 1005,
          "ip": "127.0.0.1", "key": "secret", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": "x", "unknown": [null]
        }
        """;

    [Fact]
    public void A_file_as_clients_write_it_is_read()
    {
        Assert.Equal(new ConnectionFile(IPAddress.Loopback, 1001, 1004, 1003, 1002, 1005, "secret"), Read(Good));
        Assert.Equal(IPAddress.IPv6Loopback, Read(Good.Replace("127.0.0.1", "::1", StringComparison.Ordinal)).Address);
        Assert.Equal(IPAddress.Loopback, Read(Good.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)).Address);
        Assert.Equal("", Read(Good.Replace("secret", "", StringComparison.Ordinal)).Key);
    }

    [Theory]
    [InlineData("\"transport\": \"tcp\"", "\"transport\": \"ipc\"", "transport is 'ipc'")]
    [InlineData("hmac-sha256", "hmac-md5", "signature_scheme is 'hmac-md5'")]
    [InlineData("127.0.0.1", "nowhere", "ip 'nowhere'")]
    [InlineData("\"ip\": \"127.0.0.1\",", "", "no ip")]
    [InlineData("\"key\": \"secret\",", "", "no key")]
    [InlineData("\"secret\"", "5", "key is not a string")]
    [InlineData("\"shell_port\": 1001,", "", "no shell_port")]
    [InlineData("1002", "0", "iopub_port is 0")]
    [InlineData("1003", "65536", "stdin_port is 65536")]
    [InlineData("1004", "\"1004\"", "control_port is \"1004\"")]
    [InlineData("1005", "10.5", "hb_port is 10.5")]
    [InlineData("1005", "{}", "hb_port is {}")]
    [InlineData("\"hb_port\": 1005,", "\"hb_port\": 1005", "line 3, column 3")]
    public void What_is_wrong_is_said_with_its_name(string good, string bad, string complaint)
    {
        var changed = Good.Replace(good, bad, StringComparison.Ordinal);
        Assert.NotEqual(Good, changed);
        var exception = Assert.Throws<UsageException>(() => Read(changed));
        Assert.Contains(complaint, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    public void Something_else_is_refused(string text) => Assert.Throws<UsageException>(() => Read(text));

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var exception = Assert.Throws<UsageException>(() => ConnectionFile.Read("/nowhere/kernel.json"));
        Assert.Contains("kernel.json", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kernel --connection-file F", true)]
    [InlineData("kernel -f F --plain-errors --no-history-file --allow-other-interfaces", true)]
    [InlineData("kernel --connection-file=F", true)]
    [InlineData("kernel --connection-file=", false)]
    [InlineData("kernel", false)]
    [InlineData("kernel -f", false)]
    [InlineData("kernel -f F -f F", false)]
    [InlineData("kernel -f F --unknown", false)]
    [InlineData("kernel --help", false)]
    [InlineData("run F", false)]
    public void The_command_as_kernelspecs_have_it_is_understood_at_once(string arguments, bool isUnderstood)
    {
        var settings = KernelCommand.TryParse(arguments.Split(' '));
        Assert.Equal(isUnderstood, settings is not null);
        Assert.Equal(isUnderstood ? "F" : null, settings?.ConnectionFile);
        Assert.Equal(isUnderstood && arguments.Contains("plain", StringComparison.Ordinal), settings is { PlainErrors: true, NoHistoryFile: true, AllowOtherInterfaces: true });
    }

    private static ConnectionFile Read(string text)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("kernel.json"), text);
        return ConnectionFile.Read(folder.File("kernel.json"));
    }
}
