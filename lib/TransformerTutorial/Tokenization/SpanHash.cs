using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TransformerTutorial.Tokenization;

/// <summary>A fast hash of a word's characters, for tables whose size is bounded or whose content is trusted. Not stable across versions.</summary>
internal static class SpanHash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15; // 2^64 / golden ratio: spreads consecutive values (Knuth, 1973, section 6.4)

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(ReadOnlySpan<char> word)
    {
        ref var first = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(word));
        var length = word.Length;
        var hash = (ulong)length * Multiplier;
        var index = 0;
        for (; length - index >= 4; index += 4)
        {
            hash = Mix(hash ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, 2 * index)));
        }

        if (length - index >= 2)
        {
            hash = Mix(hash ^ Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref first, 2 * index)));
            index += 2;
        }

        if (index < length)
        {
            hash = Mix(hash ^ word[index]);
        }

        return (uint)(hash ^ (hash >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value)
    {
        value *= Multiplier;
        return value ^ (value >> 29);
    }
}
