using System.Buffers;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace CSharpKernel.Language;

/// <summary>Finds members in the XML documentation files that compilers write beside assemblies, without keeping the files in memory.</summary>
/// <remarks>The first question scans the files for the members' ids and remembers a hash and a place for each: 16 bytes a member. A file that can't be read has no members.</remarks>
/// <param name="files">The files; where two describe one member, either may answer.</param>
internal sealed class DocumentationIndex(IReadOnlyList<string> files)
{
    private const int BufferSize = 1 << 18;
    private const int LongestMember = 1 << 20;
    private const int OffsetBits = 40;

    private readonly Lazy<(ulong[] Hashes, long[] Places)> _index = new(() => Scan(files));

    private static ReadOnlySpan<byte> MemberStart => "<member name=\""u8;

    private static ReadOnlySpan<byte> MemberEnd => "</member>"u8;

    /// <summary>The member's element, or null.</summary>
    /// <param name="id">Its id, as in <c>M:System.Console.WriteLine(System.String)</c>.</param>
    public XElement? Find(string id)
    {
        var (hashes, places) = _index.Value;
        var position = Array.BinarySearch(hashes, Hash(Encoding.UTF8.GetBytes(id)));
        if (position < 0)
        {
            return null;
        }

        var place = places[position];
        var element = Read(files[(int)(place >> OffsetBits)], place & ((1L << OffsetBits) - 1));
        return (string?)element?.Attribute("name") == id ? element : null;
    }

    private static (ulong[] Hashes, long[] Places) Scan(IReadOnlyList<string> files)
    {
        var hashes = new List<ulong>();
        var places = new List<long>();
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        for (var file = 0; file < files.Count; file++)
        {
            try
            {
                using var stream = Open(files[file]);
                Scan(stream, buffer, (hash, offset) =>
                {
                    hashes.Add(hash);
                    places.Add(((long)file << OffsetBits) | offset);
                });
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // No documentation then.
            }
        }

        ArrayPool<byte>.Shared.Return(buffer);
        var (hashArray, placeArray) = (hashes.ToArray(), places.ToArray());
        Array.Sort(hashArray, placeArray);
        return (hashArray, placeArray);
    }

    private static void Scan(FileStream stream, byte[] buffer, Action<ulong, long> add)
    {
        var (start, length) = (0L, 0);
        while (stream.Read(buffer, length, buffer.Length - length) is > 0 and var read)
        {
            length += read;
            var position = 0;
            while (true)
            {
                var rest = buffer.AsSpan(position, length - position);
                var found = rest.IndexOf(MemberStart);
                var end = found < 0 ? -1 : rest[(found + MemberStart.Length)..].IndexOf((byte)'"');
                if (end < 0)
                {
                    // What may be the beginning of a member is looked at again with what follows.
                    position += found >= 0 ? found : Math.Max(0, rest.Length - MemberStart.Length);
                    break;
                }

                add(Hash(rest.Slice(found + MemberStart.Length, end)), start + position + found);
                position += found + MemberStart.Length + end;
            }

            if (position == 0 && length == buffer.Length)
            {
                return;
            }

            buffer.AsSpan(position, length - position).CopyTo(buffer);
            start += position;
            length -= position;
        }
    }

    private static XElement? Read(string file, long offset)
    {
        try
        {
            using var stream = Open(file);
            for (var size = 4096; size <= LongestMember; size *= 4)
            {
                var bytes = new byte[size];
                stream.Position = offset;
                var read = stream.ReadAtLeast(bytes, size, throwOnEndOfStream: false);
                var end = bytes.AsSpan(0, read).IndexOf(MemberEnd);
                if (end >= 0)
                {
                    return XElement.Parse(Encoding.UTF8.GetString(bytes, 0, end + MemberEnd.Length), LoadOptions.PreserveWhitespace);
                }

                if (read < size)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or XmlException)
        {
            // As if it weren't there.
        }

        return null;
    }

    private static FileStream Open(string file) => new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    // FNV-1a (Fowler, Noll and Vo), 64 bits.
    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var value in text)
        {
            hash = (hash ^ value) * 1099511628211UL;
        }

        return hash;
    }
}
