using System.Net;
using System.Text;

namespace CSharpKernel.Tests.Zmtp;

/// <summary>Short ways to write bytes in tests.</summary>
internal static class TestBytes
{
    /// <summary>Any free port on this machine.</summary>
    public static IPEndPoint AnyPort { get; } = new(IPAddress.Loopback, 0);

    public static byte[] Of(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>Bytes from hexadecimal digits; blanks don't count: <c>"ff 00"</c>.</summary>
    public static byte[] FromHex(string hex) => Convert.FromHexString(string.Concat(hex.Where(character => !char.IsWhiteSpace(character))));

    public static IReadOnlyList<ReadOnlyMemory<byte>> Frames(params IEnumerable<byte[]> frames) => [.. frames.Select(frame => (ReadOnlyMemory<byte>)frame)];

    public static IReadOnlyList<ReadOnlyMemory<byte>> Frames(params string[] frames) => Frames(frames.Select(Of));

    public static string[] Texts(IEnumerable<byte[]> frames) => [.. frames.Select(Encoding.UTF8.GetString)];
}
