using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Pre-tokenizers one after another: every piece of one is cut again by the next. <c>new PreTokenizerSequence(PreTokenizers.Whitespace, PreTokenizers.Chinese)</c>.
/// (The package's <see cref="CompositePreTokenizer"/> does something else: there a later one sees only what the earlier ones left over.)
/// </summary>
public sealed class PreTokenizerSequence : PreTokenizer
{
    /// <summary>Puts pre-tokenizers in a row.</summary>
    /// <param name="preTokenizers">The pre-tokenizers in order; with none, the whole text is one piece.</param>
    /// <exception cref="ArgumentNullException">The list is null.</exception>
    /// <exception cref="ArgumentException">One of them is null.</exception>
    public PreTokenizerSequence(params IReadOnlyList<PreTokenizer> preTokenizers)
    {
        ArgumentNullException.ThrowIfNull(preTokenizers);
        for (var i = 0; i < preTokenizers.Count; i++)
        {
            if (preTokenizers[i] is null)
            {
                throw new ArgumentException($"Pre-tokenizer {i} is null.", nameof(preTokenizers));
            }
        }

        PreTokenizers = [.. preTokenizers];
    }

    /// <summary>The pre-tokenizers in order.</summary>
    public IReadOnlyList<PreTokenizer> PreTokenizers { get; }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 0 ? [] : Pieces(text, 0, text.Length, level: 0);
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    private IEnumerable<(int Offset, int Length)> Pieces(string text, int start, int length, int level)
    {
        if (level == PreTokenizers.Count)
        {
            yield return (start, length);
            yield break;
        }

        foreach (var (offset, pieceLength) in PreTokenizers[level].PreTokenize(text.AsSpan(start, length)))
        {
            foreach (var piece in Pieces(text, start + offset, pieceLength, level + 1))
            {
                yield return piece;
            }
        }
    }
}
