using System.Text;

namespace TransformerTutorial.Tokenization.HuggingFace;

/// <summary><c>ByteLevel</c>: tokens are bytes through GPT-2's table; a token that isn't stands for itself. Bytes that are no UTF-8 become U+FFFD.</summary>
internal sealed class ByteLevelDecoder : TokenDecoder
{
    /// <inheritdoc/>
    public override string Decode(IReadOnlyList<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            var start = bytes.Count;
            foreach (var character in token)
            {
                if (!ByteAlphabet.TryGetByte(character, out var value))
                {
                    bytes.RemoveRange(start, bytes.Count - start);
                    bytes.AddRange(Encoding.UTF8.GetBytes(token));
                    break;
                }

                bytes.Add(value);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
