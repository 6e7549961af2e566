using System.Text;

namespace CSharpKernel.Zmtp;

/// <summary>The names and reasons that ZMTP sends as ASCII, to and from text. Whatever isn't printable becomes a question mark.</summary>
internal static class AsciiText
{
    public static string Read(ReadOnlySpan<byte> bytes) => Printable(Encoding.Latin1.GetString(bytes));

    public static byte[] Write(string text) => Encoding.ASCII.GetBytes(Printable(text));

    private static string Printable(string text) => string.Concat(text.Select(character => character is >= ' ' and <= '~' ? character : '?'));
}
