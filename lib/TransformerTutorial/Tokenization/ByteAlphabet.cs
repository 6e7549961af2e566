using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// GPT-2's table between the 256 bytes and 256 printable characters, which lets byte-level tokens be written as readable text.
/// Printable bytes stand for themselves, the other 68 for the characters from U+0100 on, in order.
/// </summary>
/// <remarks>
/// <c>" é" -> "ĠÃ©"</c>: the space (20) is written <c>Ġ</c>, the two bytes of é (C3 A9) are written <c>Ã©</c>.
/// Source: Radford et al., 2019, "Language Models are Unsupervised Multitask Learners", section 2.2, and the table of the code published with it.
/// </remarks>
public static class ByteAlphabet
{
    private static readonly char[] Characters = CreateCharacters();
    private static readonly short[] Bytes = CreateBytes();

    /// <summary>The character that stands for a byte.</summary>
    /// <param name="value">The byte.</param>
    public static char ToCharacter(byte value) => Characters[value];

    /// <summary>The byte that a character stands for.</summary>
    /// <param name="character">A character.</param>
    /// <param name="value">The byte.</param>
    /// <returns>False where the character is none of the 256.</returns>
    public static bool TryGetByte(char character, out byte value)
    {
        var found = character < Bytes.Length ? Bytes[character] : (short)-1;
        value = (byte)found;
        return found >= 0;
    }

    /// <summary>Writes bytes as characters.</summary>
    /// <param name="bytes">Any bytes.</param>
    /// <returns>One character per byte.</returns>
    public static string Encode(ReadOnlySpan<byte> bytes) =>
        string.Create(bytes.Length, bytes, static (characters, source) =>
        {
            for (var i = 0; i < source.Length; i++)
            {
                characters[i] = Characters[source[i]];
            }
        });

    /// <summary>Writes a text's UTF-8 bytes as characters. Lone surrogates count as U+FFFD.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>One character per byte.</returns>
    public static string Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Encode(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Reads the bytes back.</summary>
    /// <param name="characters">Characters of the table.</param>
    /// <exception cref="FormatException">A character is none of the 256.</exception>
    public static byte[] Decode(string characters)
    {
        ArgumentNullException.ThrowIfNull(characters);
        return TryDecode(characters, out var bytes, out var wrong)
            ? bytes
            : throw new FormatException($"'{characters}' is not written in the byte alphabet: {Describe(characters[wrong])} at index {wrong} stands for no byte.");
    }

    internal static bool TryDecode(string characters, [NotNullWhen(true)] out byte[]? bytes, out int wrong)
    {
        bytes = new byte[characters.Length];
        for (wrong = 0; wrong < characters.Length; wrong++)
        {
            if (!TryGetByte(characters[wrong], out bytes[wrong]))
            {
                bytes = null;
                return false;
            }
        }

        return true;
    }

    private static string Describe(char character) => $"'{character}' (U+{(int)character:X4})";

    private static char[] CreateCharacters()
    {
        var characters = new char[256];
        var next = (char)256;
        for (var i = 0; i < 256; i++)
        {
            var printable = i is (>= '!' and <= '~') or (>= '¡' and <= '¬') or (>= '®' and <= 'ÿ');
            characters[i] = printable ? (char)i : next++;
        }

        return characters;
    }

    private static short[] CreateBytes()
    {
        var bytes = new short[256 + 68];
        Array.Fill(bytes, (short)-1);
        for (var i = 0; i < 256; i++)
        {
            bytes[Characters[i]] = (short)i;
        }

        return bytes;
    }
}
