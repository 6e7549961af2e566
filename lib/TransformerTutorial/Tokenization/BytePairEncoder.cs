using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// Encodes one word: symbols first, then merges by rank, the leftmost first where ranks are equal. This is the encoder's inner loop; texts, offsets into them,
/// normalizers and special tokens are <see cref="BytePairTokenizer"/>'s business. Safe for any number of threads.
/// </summary>
internal sealed class BytePairEncoder
{
    private const int ShortWord = 64; // up to here the best merge is looked for by going through the word, beyond by a heap

    private readonly MergeTable _merges;
    private readonly WordCache _cache = new();
    private readonly bool _byteLevel;
    private readonly bool _hasSuffix;
    private readonly bool _hasPrefix;
    private readonly bool _fuseUnknown;
    private readonly int _unknownId = -1;
    private readonly int _endOfWordId = -1; // where it is a symbol of its own
    private readonly Dictionary<int, int> _symbolIds = [];
    private readonly int[] _byteIds = [];
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>>? _wholeWords;

    public BytePairEncoder(BytePairModel model)
    {
        _byteLevel = model.ByteLevel;
        _hasSuffix = model.EndOfWordSuffix is { Length: > 0 } && model.EndOfWordStyle == EndOfWordStyle.SuffixOfLastCharacter;
        _hasPrefix = model.ContinuingSubwordPrefix is { Length: > 0 };
        _fuseUnknown = model.FuseUnknownTokens;
        if (model.UnknownToken is { } unknown && !model.Vocabulary.TryGetValue(unknown, out _unknownId))
        {
            throw new ArgumentException($"The unknown token '{unknown}' is not in the vocabulary.");
        }

        if (model is { EndOfWordStyle: EndOfWordStyle.SeparateSymbol, EndOfWordSuffix: { Length: > 0 } mark } && !model.Vocabulary.TryGetValue(mark, out _endOfWordId))
        {
            throw new ArgumentException($"The end-of-word symbol '{mark}' is not in the vocabulary.");
        }

        _merges = MergeTable.Create(model);
        var ordinary = model.Vocabulary.Where(pair => !model.SpecialTokens.ContainsKey(pair.Key));
        foreach (var (token, id) in ordinary)
        {
            AddSymbol(token, id, model.EndOfWordSuffix ?? "", model.ContinuingSubwordPrefix ?? "");
        }

        if (_byteLevel)
        {
            _byteIds = new int[4 * 256];
            for (var index = 0; index < _byteIds.Length; index++)
            {
                _byteIds[index] = _symbolIds.GetValueOrDefault(KeyOf(ByteAlphabet.ToCharacter((byte)index), (index & 256) != 0, (index & 512) != 0), -1);
            }
        }

        if (model.IgnoreMerges)
        {
            _wholeWords = ordinary.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        }
    }

    /// <summary>Encodes a word.</summary>
    /// <exception cref="ArgumentException">A symbol is not in the vocabulary, and there is no unknown token.</exception>
    public EncodedWord Encode(ReadOnlySpan<char> word)
    {
        if (word.Length > WordCache.LongestWord)
        {
            return EncodeAnew(word, "");
        }

        var hash = SpanHash.Of(word);
        if (_cache.Find(word, hash) is { } known)
        {
            return known;
        }

        var encoded = EncodeAnew(word, word.ToString());
        _cache.Add(encoded, hash);
        return encoded;
    }

    private EncodedWord EncodeAnew(ReadOnlySpan<char> word, string text)
    {
        var capacity = (_byteLevel ? checked(3 * word.Length) : word.Length) + 1;
        if (capacity <= 3 * ShortWord + 1)
        {
            return Encode(word, text, stackalloc int[capacity], stackalloc int[capacity]);
        }

        var ids = ArrayPool<int>.Shared.Rent(capacity);
        var ends = ArrayPool<int>.Shared.Rent(capacity);
        var encoded = Encode(word, text, ids, ends);
        ArrayPool<int>.Shared.Return(ids);
        ArrayPool<int>.Shared.Return(ends);
        return encoded;
    }

    private EncodedWord Encode(ReadOnlySpan<char> word, string text, Span<int> ids, Span<int> ends)
    {
        if (TryEncodeWhole(word, out var id, out var end))
        {
            return new EncodedWord(text, [id], [end]);
        }

        var count = _byteLevel ? BytesOf(word, ids, ends) : CharactersOf(word, ids, ends);
        if (_endOfWordId >= 0)
        {
            (ids[count], ends[count]) = (_endOfWordId, ends[count - 1]);
            count++;
        }

        ids = ids[..count];
        ends = ends[..count];
        count = count <= ShortWord ? MergeByScanning(ids, ends) : MergeByHeap(ids, ends);
        return new EncodedWord(text, ids[..count].ToArray(), ends[..count].ToArray());
    }

    private bool TryEncodeWhole(ReadOnlySpan<char> word, out int id, out int end)
    {
        (id, end) = (-1, word.Length);
        if (_wholeWords is not { } wholeWords)
        {
            return false;
        }

        if (!_byteLevel)
        {
            return wholeWords.TryGetValue(word, out id);
        }

        // No token is as long as that.
        if (word.Length > 1024)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[3 * word.Length];
        end = Encoding.UTF8.GetBytes(word, bytes);
        Span<char> characters = stackalloc char[end];
        for (var i = 0; i < end; i++)
        {
            characters[i] = ByteAlphabet.ToCharacter(bytes[i]);
        }

        return wholeWords.TryGetValue(characters, out id);
    }

    /// <summary>A word's bytes as ids.</summary>
    private int BytesOf(ReadOnlySpan<char> word, Span<int> ids, Span<int> ends)
    {
        var buffer = ids.Length <= 3 * ShortWord + 1 ? null : ArrayPool<byte>.Shared.Rent(ids.Length);
        var bytes = buffer is null ? stackalloc byte[ids.Length] : buffer;
        var length = Encoding.UTF8.GetBytes(word, bytes);
        var count = 0;
        for (var i = 0; i < length; i++)
        {
            var form = (_hasPrefix && i > 0 ? 256 : 0) + (_hasSuffix && i == length - 1 ? 512 : 0);
            var id = _byteIds[form + bytes[i]];
            count = Append(ids, ends, count, id < 0 ? Unknown($"the byte {bytes[i]:X2} of '{Shorten(word)}'") : id, i + 1);
        }

        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return count;
    }

    /// <summary>A word's characters as ids; a lone surrogate counts as U+FFFD.</summary>
    private int CharactersOf(ReadOnlySpan<char> word, Span<int> ids, Span<int> ends)
    {
        var count = 0;
        for (var i = 0; i < word.Length;)
        {
            Rune.DecodeFromUtf16(word[i..], out var character, out var length);
            var key = KeyOf(character.Value, _hasPrefix && i > 0, _hasSuffix && i + length == word.Length);
            i += length;
            count = Append(ids, ends, count, _symbolIds.TryGetValue(key, out var id) ? id : Unknown($"'{character}' (U+{character.Value:X4})"), i);
        }

        return count;
    }

    private int Append(Span<int> ids, Span<int> ends, int count, int id, int end)
    {
        if (id == _unknownId && _fuseUnknown && count > 0 && ids[count - 1] == id)
        {
            ends[count - 1] = end;
            return count;
        }

        ids[count] = id;
        ends[count] = end;
        return count + 1;
    }

    private int Unknown(string what) => _unknownId >= 0
        ? _unknownId
        : throw new ArgumentException($"The text has a symbol that is not in the vocabulary, and the tokenizer has no unknown token: {what}.");

    private static string Shorten(ReadOnlySpan<char> word) => word.Length <= 40 ? word.ToString() : $"{word[..40]}…";

    /// <summary>Merges in place; for short words.</summary>
    /// <returns>The number of tokens.</returns>
    private int MergeByScanning(Span<int> ids, Span<int> ends)
    {
        Span<int> ranks = stackalloc int[ShortWord];
        Span<int> results = stackalloc int[ShortWord];
        var count = ids.Length;
        for (var i = 0; i + 1 < count; i++)
        {
            ranks[i] = _merges.RankOf(ids[i], ids[i + 1], out results[i]);
        }

        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i + 1 < count; i++)
            {
                if (ranks[i] < ranks[best])
                {
                    best = i;
                }
            }

            if (ranks[best] == MergeTable.NoMerge)
            {
                break;
            }

            ids[best] = results[best];
            count--;
            ends[best] = ends[best + 1];
            for (var i = best + 1; i < count; i++)
            {
                ids[i] = ids[i + 1];
                ends[i] = ends[i + 1];
                ranks[i] = ranks[i + 1];
                results[i] = results[i + 1];
            }

            if (best > 0)
            {
                ranks[best - 1] = _merges.RankOf(ids[best - 1], ids[best], out results[best - 1]);
            }

            if (best + 1 < count)
            {
                ranks[best] = _merges.RankOf(ids[best], ids[best + 1], out results[best]);
            }
        }

        return count;
    }

    /// <summary>
    /// The same for long words, in n log n: neighbours linked to each other, possible merges in a heap by rank and then place. An entry is good if its place still has its rank;
    /// then its merge is the one to do, even if it was another pair's when the entry was made.
    /// </summary>
    private int MergeByHeap(Span<int> ids, Span<int> ends)
    {
        var count = ids.Length;
        var next = ArrayPool<int>.Shared.Rent(count + 1);
        var previous = ArrayPool<int>.Shared.Rent(count + 1);
        var ranks = ArrayPool<int>.Shared.Rent(count);
        var heap = new PriorityQueue<int, ulong>(count); // place, by rank and place
        var initial = new List<(int, ulong)>(count);
        for (var i = 0; i < count; i++)
        {
            (next[i], previous[i]) = (i + 1, i - 1);
            ranks[i] = i + 1 < count ? _merges.RankOf(ids[i], ids[i + 1], out _) : MergeTable.NoMerge;
            if (ranks[i] != MergeTable.NoMerge)
            {
                initial.Add((i, PriorityOf(ranks[i], i)));
            }
        }

        heap.EnqueueRange(initial);
        while (heap.TryDequeue(out var place, out var priority))
        {
            if (ranks[place] != (int)(priority >> 32))
            {
                continue;
            }

            var second = next[place];
            _merges.RankOf(ids[place], ids[second], out ids[place]);
            ends[place] = ends[second];
            ranks[second] = MergeTable.NoMerge;
            next[place] = next[second];
            if (next[place] < count)
            {
                previous[next[place]] = place;
            }

            Update(place, ids);
            if (previous[place] >= 0)
            {
                Update(previous[place], ids);
            }
        }

        var kept = 0;
        for (var place = 0; place < count; place = next[place])
        {
            (ids[kept], ends[kept]) = (ids[place], ends[place]);
            kept++;
        }

        ArrayPool<int>.Shared.Return(next);
        ArrayPool<int>.Shared.Return(previous);
        ArrayPool<int>.Shared.Return(ranks);
        return kept;

        void Update(int place, Span<int> ids)
        {
            var rank = next[place] < count ? _merges.RankOf(ids[place], ids[next[place]], out _) : MergeTable.NoMerge;
            if (rank != ranks[place])
            {
                ranks[place] = rank;
                if (rank != MergeTable.NoMerge)
                {
                    heap.Enqueue(place, PriorityOf(rank, place));
                }
            }
        }
    }

    private static ulong PriorityOf(int rank, int place) => (ulong)rank << 32 | (uint)place;

    /// <summary>Notes a token that is a single symbol in any of the forms that words are spelled with.</summary>
    private void AddSymbol(string token, int id, string suffix, string prefix)
    {
        for (var form = 0; form < 4; form++)
        {
            var (continues, ends) = ((form & 1) != 0, (form & 2) != 0);
            if ((continues && !_hasPrefix) || (ends && !_hasSuffix))
            {
                continue;
            }

            var rest = token.AsSpan();
            if ((continues && !rest.StartsWith(prefix, StringComparison.Ordinal)) || (ends && !rest.EndsWith(suffix, StringComparison.Ordinal)))
            {
                continue;
            }

            rest = rest[(continues ? prefix.Length : 0)..];
            if (ends)
            {
                rest = rest.Length >= suffix.Length ? rest[..^suffix.Length] : [];
            }

            if (Rune.DecodeFromUtf16(rest, out var character, out var length) == OperationStatus.Done && length == rest.Length)
            {
                _symbolIds[KeyOf(character.Value, continues, ends)] = id;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int KeyOf(int character, bool continues, bool ends) => character | (continues ? 1 << 21 : 0) | (ends ? 1 << 22 : 0);
}
