using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// GPT-2's and RoBERTa's way to cut English (Radford et al. 2019, section 2.2): contractions, words, numbers and the rest,
/// each with the one space before it; every character is in exactly one piece.
/// </summary>
public sealed partial class RobertaPreTokenizer : PreTokenizer
{
    private static readonly RegexPreTokenizer Pieces = new(PiecePattern(), null);

    /// <summary>Creates one; <see cref="Instance"/> does as well.</summary>
    public RobertaPreTokenizer()
    {
    }

    /// <summary>The shared instance.</summary>
    public static RobertaPreTokenizer Instance { get; } = new();

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => Pieces.PreTokenize(text);

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => Pieces.PreTokenize(text);

    [GeneratedRegex(@"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+", RegexOptions.None, MatchTimeoutMilliseconds)]
    private static partial Regex PiecePattern();
}
