namespace CSharpKernel.Zmtp;

/// <summary>The 64 bytes with which both ends of a connection begin: signature, version, security mechanism.</summary>
/// <remarks>Nothing here depends on whether the peer speaks 3.0, 3.1 or a later version, which must speak ours with us.</remarks>
internal static class Greeting
{
    /// <summary>The only mechanism that is spoken here.</summary>
    public const string NullMechanism = "NULL";

    private const int SignatureLength = 10;
    private const int VersionLength = 2;
    private const int MechanismLength = 20;
    private const int Length = 64;
    private const byte MajorVersion = 3;
    private const byte SignatureStart = 0xFF;
    private const byte SignatureEnd = 0x7F;

    /// <summary>Our own greeting: ZMTP 3.1, NULL.</summary>
    public static byte[] Bytes { get; } =
        [SignatureStart, .. new byte[SignatureLength - 2], SignatureEnd, MajorVersion, 1, .. "NULL"u8, .. new byte[Length - SignatureLength - VersionLength - 4]];

    /// <summary>Reads the peer's greeting, and returns the security mechanism that it asks for. A greeting that isn't ZMTP 3 is found out from the first byte that differs: its sender may never send 64.</summary>
    /// <exception cref="ZmtpException">It isn't ZMTP 3.</exception>
    public static async ValueTask<string> ReadAsync(FrameReader reader, CancellationToken cancellation)
    {
        var signature = await reader.ReadBytesAsync(1, cancellation).ConfigureAwait(false);
        if (signature[0] != SignatureStart)
        {
            throw new ZmtpException($"it does not speak ZMTP: its first byte is 0x{signature[0]:X2}, not 0xFF");
        }

        // The eight bytes between may hold anything: older versions have a length there.
        signature = await reader.ReadBytesAsync(SignatureLength - 1, cancellation).ConfigureAwait(false);
        if (signature[^1] != SignatureEnd)
        {
            throw new ZmtpException($"it does not speak ZMTP 2 or later: its tenth byte is 0x{signature[^1]:X2}, not 0x7F");
        }

        var major = (await reader.ReadBytesAsync(1, cancellation).ConfigureAwait(false))[0];
        if (major < MajorVersion)
        {
            throw new ZmtpException($"it speaks an older version of ZMTP than 3 (its version byte is {major})");
        }

        // What is left: minor version, mechanism, whether it acts as a server (which NULL doesn't know), filler.
        var rest = await reader.ReadBytesAsync(Length - SignatureLength - 1, cancellation).ConfigureAwait(false);
        var mechanism = rest.AsSpan(1, MechanismLength);
        return AsciiText.Read(mechanism.TrimEnd((byte)0));
    }
}
