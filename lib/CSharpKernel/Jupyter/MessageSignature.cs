using System.Security.Cryptography;
using System.Text;

namespace CSharpKernel.Jupyter;

/// <summary>Signs messages with the connection's key, and tells whether one that came in was signed with it and comes for the first time.</summary>
/// <remarks>The signature is the HMAC-SHA256 (RFC 2104) of header, parent header, metadata and content, in lower-case hexadecimal digits. An empty key means that nothing is signed or checked.</remarks>
/// <param name="key">The key, as it stands in the connection file.</param>
internal sealed class MessageSignature(string key)
{
    /// <summary>How many signatures are remembered; older messages could be sent again unnoticed.</summary>
    public const int MaximumRemembered = 65_536;

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);
    private readonly Lock _lock = new();
    private readonly HashSet<(UInt128, UInt128)> _seen = [];
    private readonly Queue<(UInt128, UInt128)> _inOrder = new();

    /// <summary>The signature of a message's four JSON frames; empty without a key.</summary>
    public byte[] Sign(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> parentHeader, ReadOnlyMemory<byte> metadata, ReadOnlyMemory<byte> content) =>
        _key.Length == 0 ? [] : Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Hash(header, parentHeader, metadata, content)));

    /// <summary>What is wrong with a message's signature, or null where nothing is. A signature is good once.</summary>
    public string? FindProblem(
        ReadOnlySpan<byte> signature, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> parentHeader, ReadOnlyMemory<byte> metadata, ReadOnlyMemory<byte> content)
    {
        if (_key.Length == 0)
        {
            return null;
        }

        if (signature.IsEmpty)
        {
            return "it is not signed";
        }

        var hash = Hash(header, parentHeader, metadata, content);
        if (!CryptographicOperations.FixedTimeEquals(signature, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash))))
        {
            return "its signature is wrong";
        }

        return Remember((BitConverter.ToUInt128(hash, 0), BitConverter.ToUInt128(hash, 16))) ? null : "it has been sent before";
    }

    private byte[] Hash(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> parentHeader, ReadOnlyMemory<byte> metadata, ReadOnlyMemory<byte> content)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(header.Span);
        hash.AppendData(parentHeader.Span);
        hash.AppendData(metadata.Span);
        hash.AppendData(content.Span);
        return hash.GetHashAndReset();
    }

    private bool Remember((UInt128, UInt128) signature)
    {
        lock (_lock)
        {
            if (!_seen.Add(signature))
            {
                return false;
            }

            _inOrder.Enqueue(signature);
            if (_inOrder.Count > MaximumRemembered)
            {
                _seen.Remove(_inOrder.Dequeue());
            }

            return true;
        }
    }
}
