using System.Text;
using TorchSharp.Autograd;

namespace TorchSharp.Files;

/// <summary>
/// TorchSharp's own format for state dicts: a count, then for each entry its name, element type, rank, lengths and raw little-endian elements.
/// Numbers are LEB128 (seven bits a byte, lowest first, the top bit says "more"); names are UTF-8 behind their length in bytes.
/// </summary>
/// <remarks>It has no header and no check sum: what can be told is whether every entry is whole and is what the module expects.</remarks>
internal static unsafe class StateFiles
{
    private const int ChunkBytes = 1 << 20;

    /// <summary>Writes a file whole or not at all: into a temporary file beside it, flushed to the disk, which then takes its name.</summary>
    public static void WriteAtomically(string path, Action<BinaryWriter> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var target = Path.GetFullPath(path);
        var temporary = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
                {
                    write(writer);
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes entries.</summary>
    public static void Write(BinaryWriter writer, IReadOnlyCollection<KeyValuePair<string, Tensor>> entries)
    {
        WriteNumber(writer, entries.Count);
        foreach (var (key, tensor) in entries)
        {
            var bytes = Encoding.UTF8.GetBytes(key);
            WriteNumber(writer, bytes.Length);
            writer.Write(bytes);
            WriteTensor(writer, tensor);
        }
    }

    /// <summary>Writes element type, rank, lengths and elements.</summary>
    public static void WriteTensor(BinaryWriter writer, Tensor tensor)
    {
        WriteNumber(writer, (long)tensor.dtype);
        WriteNumber(writer, tensor.Rank);
        foreach (var length in tensor.Shape)
        {
            WriteNumber(writer, length);
        }

        using var dense = tensor.detach().contiguous();
        var size = ScalarTypes.Size(dense.dtype);
        var start = dense.Storage.Pointer + (dense.Offset * size);
        var bytes = dense.NumberOfElements * size;
        for (long done = 0; done < bytes; done += ChunkBytes)
        {
            writer.Write(new ReadOnlySpan<byte>(start + done, (int)Math.Min(ChunkBytes, bytes - done)));
        }

        GC.KeepAlive(dense);
    }

    /// <summary>Writes a number of at least 0.</summary>
    public static void WriteNumber(BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        for (; value >= 0x80; value >>= 7)
        {
            writer.Write((byte)(value | 0x80));
        }

        writer.Write((byte)value);
    }

    /// <summary>Reads entries and, when all are read and right, copies them into their targets.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="path">The file's name for messages; null where it is not a file. A file must end behind the last entry.</param>
    /// <param name="targets">The tensors to fill, by name.</param>
    /// <param name="strict">Whether the names must be exactly the targets'.</param>
    /// <param name="skip">Names to leave alone.</param>
    /// <param name="found">Gets every name, with whether it is a target's.</param>
    /// <exception cref="InvalidDataException">It ends too early or is not of this format.</exception>
    /// <exception cref="ArgumentException">Number, names, shapes or types are not the targets'.</exception>
    public static void Load(BinaryReader reader, string? path, Dictionary<string, Tensor> targets, bool strict, IList<string>? skip, Dictionary<string, bool>? found)
    {
        var source = new StateReader(reader, path);
        var count = source.ReadNumber("the number of entries");
        if (strict && count != targets.Count)
        {
            throw new ArgumentException($"Mismatched state_dict sizes: expected {targets.Count}, but found {count} entries.");
        }

        var names = new Dictionary<string, bool>();
        var values = new List<(Tensor Target, Tensor Value)>();
        try
        {
            for (long i = 0; i < count; i++)
            {
                var key = source.ReadName(i);
                var known = targets.TryGetValue(key, out var target);
                if (!known && strict)
                {
                    throw new ArgumentException($"Mismatched module state names: the target modules does not have a submodule or buffer named '{key}'.");
                }

                if (!names.TryAdd(key, known))
                {
                    throw source.Malformed("the name stands there twice");
                }

                var (type, shape) = source.ReadHeader();
                if (!known || skip?.Contains(key) == true)
                {
                    source.Skip(type, shape);
                    continue;
                }

                if (target!.dtype != type)
                {
                    throw new ArgumentException($"Mismatched tensor data types while loading '{key}': expected {target.dtype}, but found {type}.");
                }

                if (!target.Shape.AsSpan().SequenceEqual(shape))
                {
                    throw new ArgumentException($"Mismatched tensor shape while loading '{key}': expected {Shapes.Text(target.Shape)}, but found {Shapes.Text(shape)}.");
                }

                values.Add((target, source.ReadElements(type, shape)));
            }

            if (path is not null)
            {
                source.RequireEnd();
            }

            using var recording = GradMode.Set(false);
            foreach (var (target, value) in values)
            {
                target.copy_(value);
            }
        }
        finally
        {
            values.ForEach(item => item.Value.Dispose());
        }

        foreach (var (key, known) in names)
        {
            found?.Add(key, known);
        }
    }

    /// <summary>Reads what <see cref="WriteTensor"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="path">The file's name for messages.</param>
    /// <param name="entry">What the tensor is, for messages.</param>
    public static Tensor ReadTensor(BinaryReader reader, string? path, string entry)
    {
        var source = new StateReader(reader, path) { Entry = entry };
        var (type, shape) = source.ReadHeader();
        return source.ReadElements(type, shape);
    }

    /// <summary>Reads the parts of the format and knows, for messages, in which entry and at which byte it is.</summary>
    private sealed class StateReader(BinaryReader reader, string? path)
    {
        private const int LongestName = 1 << 16;
        private const int HighestRank = 64;

        private long _position;

        public string? Entry { get; set; }

        public InvalidDataException Malformed(string what) =>
            new($"{(path is null ? "The stream" : $"'{path}'")} is not a whole state file: {what} ({(Entry is null ? "" : $"entry '{Entry}', ")}byte {_position}).");

        public long ReadNumber(string what)
        {
            long result = 0;
            for (var shift = 0; shift < 63; shift += 7)
            {
                byte next = 0;
                Fill(new Span<byte>(ref next), what);
                result |= (long)(next & 0x7F) << shift;
                if ((next & 0x80) == 0)
                {
                    return result;
                }
            }

            throw Malformed($"{what} is too large a number");
        }

        public string ReadName(long index)
        {
            Entry = $"#{index}";
            var length = ReadNumber("the length of a name");
            if (length > LongestName)
            {
                throw Malformed($"a name of {length} bytes");
            }

            var bytes = new byte[length];
            Fill(bytes, "a name");
            try
            {
                return Entry = new UTF8Encoding(false, true).GetString(bytes);
            }
            catch (DecoderFallbackException)
            {
                throw Malformed("a name that is not UTF-8");
            }
        }

        public (torch.ScalarType Type, long[] Shape) ReadHeader()
        {
            var number = ReadNumber("the element type");
            var type = (torch.ScalarType)number;
            if (number > sbyte.MaxValue || !Enum.IsDefined(type))
            {
                throw Malformed($"there is no element type {number}");
            }

            var rank = ReadNumber("the number of dimensions");
            if (rank > HighestRank)
            {
                throw Malformed($"{rank} dimensions");
            }

            var shape = new long[rank];
            for (var i = 0; i < shape.Length; i++)
            {
                shape[i] = ReadNumber("the length of a dimension");
            }

            return (type, shape);
        }

        public Tensor ReadElements(torch.ScalarType type, long[] shape)
        {
            var bytes = ByteLength(type, shape);
            var result = Tensor.Allocate(type, shape);
            try
            {
                for (long done = 0; done < bytes; done += ChunkBytes)
                {
                    var chunk = new Span<byte>(result.Storage.Pointer + done, (int)Math.Min(ChunkBytes, bytes - done));
                    Fill(chunk, "the elements");
                    if (type == torch.ScalarType.Bool && chunk.ContainsAnyExceptInRange((byte)0, (byte)1))
                    {
                        throw Malformed("a truth value that is neither 0 nor 1");
                    }
                }

                return result;
            }
            catch
            {
                result.Dispose();
                throw;
            }
        }

        public void Skip(torch.ScalarType type, long[] shape)
        {
            var bytes = ByteLength(type, shape);
            var chunk = new byte[Math.Min(ChunkBytes, bytes)];
            for (long done = 0; done < bytes; done += ChunkBytes)
            {
                Fill(chunk.AsSpan(0, (int)Math.Min(ChunkBytes, bytes - done)), "the elements");
            }
        }

        public void RequireEnd()
        {
            Entry = null;
            if (reader.BaseStream.ReadByte() >= 0)
            {
                throw Malformed("there is more behind the last entry");
            }
        }

        /// <summary>How many bytes the elements take; checked against what is left before anything is allocated.</summary>
        private long ByteLength(torch.ScalarType type, long[] shape)
        {
            long bytes;
            try
            {
                bytes = checked(Shapes.Count(shape) * Size(type));
            }
            catch (OverflowException)
            {
                throw Malformed($"a tensor of shape {Shapes.Text(shape)}");
            }

            return !reader.BaseStream.CanSeek || bytes <= reader.BaseStream.Length - reader.BaseStream.Position ? bytes
                : throw Malformed($"a tensor of shape {Shapes.Text(shape)} needs {bytes} bytes, {reader.BaseStream.Length - reader.BaseStream.Position} are left");
        }

        /// <summary>Bytes an element takes, of the types that the engine lacks too: they can be skipped.</summary>
        private static long Size(torch.ScalarType type) => type switch
        {
            torch.ScalarType.Int8 => 1,
            torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
            torch.ScalarType.ComplexFloat32 => 8,
            torch.ScalarType.ComplexFloat64 => 16,
            _ => ScalarTypes.Size(type),
        };

        private void Fill(Span<byte> target, string what)
        {
            while (target.Length > 0)
            {
                var read = reader.Read(target);
                if (read == 0)
                {
                    throw Malformed($"it ends in {what}");
                }

                _position += read;
                target = target[read..];
            }
        }
    }
}
