using System.Buffers.Binary;
using System.Security.Cryptography;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Training;

/// <summary>
/// Cuts a corpus into batches of about equally long sentences, so that little of a batch is padding, in another order in every pass. It holds no place of its own: the batches of any pass are known from the seed and the
/// pass's number, so that training can go on in the middle of one.
/// </summary>
/// <remarks>
/// In each pass the pairs are shuffled and then sorted by their length, both sides together; pairs of one length stay shuffled. They are cut, in this order, into batches of as many pairs as fit; then the batches are
/// shuffled. (A. Vaswani et al., 2017, section 5.1: "sentence pairs were batched together by approximate sequence length".)
/// </remarks>
/// <example>
/// <code>
/// var batches = new TranslationBatches(pairs, tokensPerBatch: 4_000, seed: 1);
/// foreach (var batch in batches.Epoch(0)) { … }
/// </code>
/// </example>
public sealed class TranslationBatches
{
    private readonly IReadOnlyList<EncodedPair> _pairs;

    // Words of both sides.
    private readonly int[] _lengths;

    private string? _fingerprint;

    /// <summary>Batches of a corpus.</summary>
    /// <param name="pairs">The pairs, at least one, none of them empty on either side.</param>
    /// <param name="tokensPerBatch">How many ids a batch may have, both languages, begin, end and padding included. A pair that is longer by itself gets a batch of its own.</param>
    /// <param name="seed">Where the order begins.</param>
    /// <param name="special">The ids for padding, begin and end; null for the usual ones.</param>
    /// <exception cref="ArgumentException">There is no pair, or one is empty, holds a negative id or one of the special ones; the message says which.</exception>
    public TranslationBatches(IReadOnlyList<EncodedPair> pairs, int tokensPerBatch, int seed = 0, SpecialIds? special = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tokensPerBatch);
        special ??= new();
        special.Validate();
        PairChecks.Require(pairs, special, nameof(pairs));
        (_pairs, TokensPerBatch, Seed, Special) = ([.. pairs], tokensPerBatch, seed, special);
        _lengths = [.. pairs.Select(pair => pair.Source.Count + pair.Target.Count)];
    }

    /// <summary>How many pairs there are.</summary>
    public int Count => _pairs.Count;

    /// <summary>How many ids a batch may have, both languages, padding included.</summary>
    public int TokensPerBatch { get; }

    /// <summary>Where the order begins.</summary>
    public int Seed { get; }

    /// <summary>The ids for padding, begin and end.</summary>
    public SpecialIds Special { get; }

    /// <summary>How many ids are to be written in a pass, the ends included.</summary>
    public long TargetTokens => _pairs.Sum(pair => pair.Target.Count + 1L);

    /// <summary>Which pairs stand together in each batch of a pass, by their place in the corpus.</summary>
    /// <param name="epoch">The pass, from 0.</param>
    public IReadOnlyList<IReadOnlyList<int>> Plan(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        using var scope = NewDisposeScope();

        // The generator takes 32 bits of a seed.
        using var generator = new Generator(unchecked((uint)((Seed * 1_000_003) + epoch)));
        var order = randperm(Count, generator: generator).data<long>().ToArray();
        var sorted = order.OrderBy(number => _lengths[number]).Select(number => (int)number).ToArray();      // stable: equal lengths stay shuffled
        var batches = new List<int[]>();
        var (first, longestSource, longestTarget) = (0, 0, 0);
        for (var place = 0; place < sorted.Length; place++)
        {
            var pair = _pairs[sorted[place]];
            var (source, target) = (Math.Max(longestSource, pair.Source.Count + 1), Math.Max(longestTarget, pair.Target.Count + 1));
            if (place > first && (place - first + 1L) * (source + target) > TokensPerBatch)
            {
                batches.Add(sorted[first..place]);
                (first, source, target) = (place, pair.Source.Count + 1, pair.Target.Count + 1);
            }

            (longestSource, longestTarget) = (source, target);
        }

        batches.Add(sorted[first..]);
        return [.. randperm(batches.Count, generator: generator).data<long>().ToArray().Select(number => batches[(int)number])];
    }

    /// <summary>The batches of a pass, made one by one as they are asked for; who asks disposes them.</summary>
    /// <param name="epoch">The pass, from 0.</param>
    public IEnumerable<TranslationBatch> Epoch(int epoch) => Plan(epoch).Select(MakeBatch);

    /// <summary>The batch of the pairs at these places of the corpus.</summary>
    public TranslationBatch MakeBatch(IReadOnlyList<int> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return TranslationBatch.Make([.. places.Select(place => _pairs[place])], Special);
    }

    /// <summary>The share of all ids of a pass that are padding, 0 to 1.</summary>
    /// <param name="epoch">The pass, from 0.</param>
    public double PaddingShare(int epoch = 0)
    {
        var (words, room) = (0L, 0L);
        foreach (var batch in Plan(epoch))
        {
            words += batch.Sum(number => _lengths[number] + 2L);
            room += (long)batch.Count * (batch.Max(number => _pairs[number].Source.Count) + batch.Max(number => _pairs[number].Target.Count) + 2);
        }

        return 1 - ((double)words / room);
    }

    /// <summary>Refuses pairs that a model cannot read.</summary>
    /// <param name="sourceVocabulary">How many ids it reads.</param>
    /// <param name="targetVocabulary">How many ids it writes.</param>
    /// <param name="maximumLength">How long a sentence may be, begin or end included.</param>
    /// <exception cref="ArgumentException">An id has no row, or a sentence is too long; the message names the pair and the place.</exception>
    public void RequireFits(long sourceVocabulary, long targetVocabulary, long maximumLength = long.MaxValue) =>
        PairChecks.RequireFits(_pairs, sourceVocabulary, targetVocabulary, maximumLength, "batches");

    /// <summary>A short text that is the same for the same pairs in the same order, batch size and seed only: SHA-256, in base 64.</summary>
    internal string Fingerprint() => _fingerprint ??= ComputeFingerprint();

    private string ComputeFingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[4];
        void Add(int value, Span<byte> buffer)
        {
            BinaryPrimitives.WriteInt32LittleEndian(buffer, value);
            hash.AppendData(buffer);
        }

        foreach (var value in (ReadOnlySpan<int>)[TokensPerBatch, Seed, Special.Padding, Special.Begin, Special.End])
        {
            Add(value, bytes);
        }

        foreach (var sentence in _pairs.SelectMany(pair => new[] { pair.Source, pair.Target }))
        {
            Add(sentence.Count, bytes);
            foreach (var id in sentence)
            {
                Add(id, bytes);
            }
        }

        return Convert.ToBase64String(hash.GetHashAndReset());
    }
}
