using System.Security.Cryptography;

namespace TransformerTutorial.Tests.Positions;

/// <summary>A short text that changes when any bit of many numbers does.</summary>
internal static class Fingerprint
{
    public static string Of(IEnumerable<ulong> bits)
    {
        byte[] bytes = [.. bits.SelectMany(value => Enumerable.Range(0, 8).Select(i => (byte)(value >> (8 * i))))];
        return Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
    }
}
