using static TorchSharp.torch;

namespace TorchSharp.Files;

/// <summary>
/// One tensor as TorchSharp writes it into module and optimiser files: element type, number of dimensions and dimensions as LEB128 numbers, then the elements
/// in logical order, little endian.
/// </summary>
internal static unsafe class TensorFile
{
    /// <summary>Writes a tensor.</summary>
    public static void Write(BinaryWriter writer, Tensor tensor)
    {
        writer.Write7BitEncodedInt64((long)tensor.dtype);
        writer.Write7BitEncodedInt64(tensor.Rank);
        foreach (var length in tensor.Shape)
        {
            writer.Write7BitEncodedInt64(length);
        }

        using var dense = tensor.contiguous();
        writer.Write(Bytes(dense));
        GC.KeepAlive(dense);
    }

    /// <summary>Reads a tensor of a known type and shape.</summary>
    /// <exception cref="InvalidDataException">The stream holds another type or shape, or ends too early.</exception>
    public static Tensor Read(BinaryReader reader, ScalarType type, long[] shape)
    {
        var (foundType, foundShape) = ReadHeader(reader);
        return foundType == type && foundShape.AsSpan().SequenceEqual(shape)
            ? ReadElements(reader, type, shape)
            : throw new InvalidDataException($"A tensor of {type} {Shapes.Text(shape)} was expected, but {foundType} {Shapes.Text(foundShape)} found.");
    }

    /// <summary>Reads what stands before the elements.</summary>
    /// <exception cref="InvalidDataException">It is no such header, or the stream ends too early.</exception>
    public static (ScalarType Type, long[] Shape) ReadHeader(BinaryReader reader)
    {
        try
        {
            var type = reader.Read7BitEncodedInt64();
            var rank = reader.Read7BitEncodedInt64();
            if (type is < 0 or > sbyte.MaxValue || !Enum.IsDefined((ScalarType)type) || rank is < 0 or > 64)
            {
                throw new InvalidDataException($"Not a tensor: element type {type} with {rank} dimensions.");
            }

            var shape = new long[rank];
            long count = 1;
            for (var i = 0; i < rank; i++)
            {
                shape[i] = reader.Read7BitEncodedInt64();
                if (shape[i] < 0 || (count = Math.BigMul(count, shape[i], out var low) == 0 && low >= 0 ? low : -1) < 0)
                {
                    throw new InvalidDataException($"Not a tensor: its dimensions begin with {Shapes.Text(shape.AsSpan(0, i + 1))}.");
                }
            }

            return ((ScalarType)type, shape);
        }
        catch (Exception problem) when (problem is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException("The stream ends within a tensor's header.", problem);
        }
    }

    /// <summary>Reads the elements of a tensor whose header was read.</summary>
    /// <exception cref="InvalidDataException">The stream ends too early.</exception>
    public static Tensor ReadElements(BinaryReader reader, ScalarType type, long[] shape)
    {
        // A header that lies about the size must not make room for what cannot follow.
        var bytes = Shapes.Count(shape) * ScalarTypes.Size(type);
        if (reader.BaseStream.CanSeek && reader.BaseStream.Length - reader.BaseStream.Position < bytes)
        {
            throw new InvalidDataException($"A tensor of {type} {Shapes.Text(shape)} takes {bytes} bytes, but only {reader.BaseStream.Length - reader.BaseStream.Position} follow.");
        }

        var result = Tensor.Allocate(type, shape);
        try
        {
            reader.BaseStream.ReadExactly(Bytes(result));
            return result;
        }
        catch (EndOfStreamException problem)
        {
            result.Dispose();
            throw new InvalidDataException($"The stream ends within a tensor of {type} {Shapes.Text(shape)}.", problem);
        }
    }

    private static Span<byte> Bytes(Tensor dense) =>
        new(dense.Storage.Pointer + (dense.Offset * ScalarTypes.Size(dense.dtype)), checked((int)(dense.NumberOfElements * ScalarTypes.Size(dense.dtype))));
}
