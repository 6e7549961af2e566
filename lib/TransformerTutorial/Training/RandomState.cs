using System.Buffers.Binary;
using static TorchSharp.torch;

namespace TransformerTutorial.Training;

/// <summary>
/// Whether bytes are a generator's state, looked at before a generator is given them: TorchSharp 0.106's own <c>set_state</c> ends the process where they are not. It sets nothing.
/// </summary>
/// <remarks>PyTorch's layout for processors, little endian: the seed (8 bytes), how many numbers are left (4), whether it is seeded (4), the place of the next number (8), 624 words of 8 bytes, and the normal numbers kept for later.</remarks>
internal static class RandomState
{
    private const int Size = 5056;
    private const int Words = 624;
    private const int LeftAt = 8;
    private const int SeededAt = 12;
    private const int NextAt = 16;

    /// <summary>Refuses what is no state.</summary>
    /// <exception cref="ArgumentException">It is none; the message says why.</exception>
    public static void Require(Tensor state)
    {
        if (state.dtype != ScalarType.Byte || state.ndim != 1 || state.shape[0] != Size)
        {
            throw new ArgumentException($"a generator's state has {Size} bytes, these are {state.dtype} ({string.Join(", ", state.shape)})");
        }

        var bytes = state.data<byte>().ToArray();
        var left = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(LeftAt));
        var next = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(NextAt));
        var isFresh = left == 1 && next == 0;
        if (BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(SeededAt)) != 1 || left is < 1 or > Words || !(isFresh || left + next == Words + 1))
        {
            throw new ArgumentException($"these are not the bytes of a generator's state ({left} numbers left, at place {next} of {Words})");
        }
    }
}
