using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Training;

/// <summary>Some pairs side by side, filled up with padding: what a model reads in one step of training, and what it is to say.</summary>
/// <remarks>
/// With the words a b c and their translation x y, the encoder reads <c>a b c end</c>, the decoder reads <c>begin x y</c> and is to write <c>x y end</c>: at every place it sees the right words before it, not its own
/// (teacher forcing; R. J. Williams and D. Zipser, 1989, section 3).
/// </remarks>
/// <param name="Source">What the encoder reads: Int64 ids (B, S).</param>
/// <param name="Target">What the decoder reads: Int64 ids (B, T).</param>
/// <param name="Expected">What it is to write: Int64 ids (B, T), padding where nothing is expected.</param>
/// <param name="TargetTokens">How many of <paramref name="Expected"/> are not padding: what a loss is divided by.</param>
public sealed record TranslationBatch(Tensor Source, Tensor Target, Tensor Expected, long TargetTokens) : IDisposable
{
    /// <summary>How many ids each source sentence has, its end included, for models that want lengths in place of padding.</summary>
    public required IReadOnlyList<int> SourceLengths { get; init; }

    /// <summary>Makes a batch.</summary>
    /// <param name="pairs">The pairs, at least one, none of them empty on either side.</param>
    /// <param name="special">The ids for padding, begin and end; null for the usual ones.</param>
    /// <exception cref="ArgumentException">There is no pair, or one is empty, holds a negative id or one of the special ones; the message says which.</exception>
    public static TranslationBatch Of(IReadOnlyList<EncodedPair> pairs, SpecialIds? special = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        special ??= new();
        special.Validate();
        PairChecks.Require(pairs, special, nameof(pairs));
        return Make(pairs, special);
    }

    /// <summary>Disposes the three tensors.</summary>
    public void Dispose()
    {
        Source.Dispose();
        Target.Dispose();
        Expected.Dispose();
    }

    /// <summary>The same for pairs that were looked at before.</summary>
    internal static TranslationBatch Make(IReadOnlyList<EncodedPair> pairs, SpecialIds special)
    {
        var (rows, sources, targets) = (pairs.Count, pairs.Max(pair => pair.Source.Count) + 1, pairs.Max(pair => pair.Target.Count) + 1);
        var (source, target, expected) = (new long[rows * sources], new long[rows * targets], new long[rows * targets]);
        Array.Fill(source, special.Padding);
        Array.Fill(target, special.Padding);
        Array.Fill(expected, special.Padding);
        for (var row = 0; row < rows; row++)
        {
            var (reads, writes) = (pairs[row].Source, pairs[row].Target);
            for (var place = 0; place < reads.Count; place++)
            {
                source[(row * sources) + place] = reads[place];
            }

            source[(row * sources) + reads.Count] = special.End;
            target[row * targets] = special.Begin;
            for (var place = 0; place < writes.Count; place++)
            {
                target[(row * targets) + place + 1] = writes[place];
                expected[(row * targets) + place] = writes[place];
            }

            expected[(row * targets) + writes.Count] = special.End;
        }

        return new(tensor(source, rows, sources), tensor(target, rows, targets), tensor(expected, rows, targets), pairs.Sum(pair => pair.Target.Count + 1L))
        {
            SourceLengths = [.. pairs.Select(pair => pair.Source.Count + 1)],
        };
    }
}
