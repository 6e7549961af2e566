using System.Text;
using TorchSharp.Autograd;

namespace TorchSharp.Files;

/// <summary>
/// TorchSharp's own format for state dicts: a count, then for each entry its name and its tensor as <see cref="TensorFile"/> writes it.
/// Numbers are LEB128 (seven bits a byte, lowest first, the top bit says "more"); names are UTF-8 behind their length in bytes.
/// </summary>
/// <remarks>It has no header and no check sum: what can be told is whether every entry is whole and is what the module expects.</remarks>
internal static unsafe class StateFiles
{
    /// <summary>Writes entries.</summary>
    public static void Write(BinaryWriter writer, IReadOnlyCollection<KeyValuePair<string, Tensor>> entries)
    {
        writer.Write7BitEncodedInt64(entries.Count);
        foreach (var (key, tensor) in entries)
        {
            var bytes = Encoding.UTF8.GetBytes(key);
            writer.Write7BitEncodedInt64(bytes.Length);
            writer.Write(bytes);
            using var values = tensor.detach();
            TensorFile.Write(writer, values);
        }
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

    /// <summary>Reads the parts of the format and says, where something is wrong, in which entry and at which byte.</summary>
    private sealed class StateReader(BinaryReader reader, string? path)
    {
        private const int LongestName = 1 << 16;
        private const int ChunkBytes = 1 << 20;

        private readonly Stream _stream = reader.BaseStream;
        private readonly long _start = reader.BaseStream.CanSeek ? reader.BaseStream.Position : 0;
        private string? _entry;

        public InvalidDataException Malformed(string what, Exception? inner = null)
        {
            string?[] place = [_entry is null ? null : $"entry '{_entry}'", _stream.CanSeek ? $"byte {_stream.Position - _start}" : null];
            return new InvalidDataException($"{(path is null ? "The stream" : $"'{path}'")} is not a whole state file: {what} ({string.Join(", ", place.Where(part => part is not null))}).", inner);
        }

        public long ReadNumber(string what) => Guarded(what, () => reader.Read7BitEncodedInt64() is var number and >= 0 ? number : throw new FormatException());

        public string ReadName(long index)
        {
            _entry = $"#{index}";
            var length = ReadNumber("the length of a name");
            if (length > LongestName)
            {
                throw Malformed($"a name of {length} bytes");
            }

            return _entry = Guarded("a name", () =>
            {
                var bytes = new byte[length];
                _stream.ReadExactly(bytes);
                return new UTF8Encoding(false, true).GetString(bytes);
            });
        }

        public (torch.ScalarType Type, long[] Shape) ReadHeader() => Guarded("a tensor", () => TensorFile.ReadHeader(reader));

        public Tensor ReadElements(torch.ScalarType type, long[] shape)
        {
            var result = Guarded("a tensor", () => TensorFile.ReadElements(reader, type, shape));
            if (type == torch.ScalarType.Bool && new Span<byte>(result.Storage.Pointer, (int)result.NumberOfElements).ContainsAnyExceptInRange((byte)0, (byte)1))
            {
                result.Dispose();
                throw Malformed("a truth value that is neither 0 nor 1");
            }

            return result;
        }

        public void Skip(torch.ScalarType type, long[] shape)
        {
            var left = Guarded("a tensor", () => checked(Shapes.Count(shape) * Size(type)));
            if (_stream.CanSeek && left > _stream.Length - _stream.Position)
            {
                throw Malformed($"a tensor of shape {Shapes.Text(shape)} needs {left} bytes, {_stream.Length - _stream.Position} are left");
            }

            var chunk = new byte[Math.Min(ChunkBytes, left)];
            for (; left > 0; left -= chunk.Length)
            {
                var part = (int)Math.Min(chunk.Length, left);
                _ = Guarded("a tensor", () =>
                {
                    _stream.ReadExactly(chunk, 0, part);
                    return part;
                });
            }
        }

        public void RequireEnd()
        {
            _entry = null;
            if (_stream.ReadByte() >= 0)
            {
                throw Malformed("there is more behind the last entry");
            }
        }

        private T Guarded<T>(string what, Func<T> read)
        {
            try
            {
                return read();
            }
            catch (EndOfStreamException problem)
            {
                throw Malformed($"it ends in {what}", problem);
            }
            catch (Exception problem) when (problem is FormatException or OverflowException or DecoderFallbackException)
            {
                throw Malformed($"{what} is malformed", problem);
            }
            catch (InvalidDataException problem)
            {
                throw Malformed(problem.Message, problem);
            }
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
    }
}
