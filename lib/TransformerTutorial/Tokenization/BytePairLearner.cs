using System.Runtime.InteropServices;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// The trainer's inner loop: all different words as one chain of symbols, the pairs' counts kept up to date merge by merge.
/// </summary>
/// <remarks>
/// <para>Layout: the words' symbols lie one behind the other in flat arrays, a border before, between and behind them, linked to their living neighbours. A merge writes the
/// new symbol over the left one and unlinks the right one.</para>
/// <para>Every pair knows the places where it has appeared, in text order. Places are appended as pairs come into being and never looked for; whether one is still good is
/// checked when it is used. A place that went bad stays bad, because symbols only ever grow.</para>
/// <para>The heap holds a pair at least once with a priority at least as high as its true one. What comes out is compared with the truth and put back where it was too high.</para>
/// </remarks>
internal sealed class BytePairLearner
{
    private const int Border = -1;
    private const int Gone = -2;
    private const int None = -1;

    private readonly PairTieRule _tieRule;
    private readonly long _minimumCount;
    private readonly int _specialTokenCount;
    private readonly List<string> _tokens = [];
    private readonly Dictionary<string, int> _vocabulary = new(StringComparer.Ordinal);
    private readonly List<BytePairMerge> _merges = [];

    // One element per place in the chain.
    private int[] _symbol = new int[1024];
    private int[] _next = [];
    private int[] _previous = [];
    private int[] _word = new int[1024];
    private int _placeCount;

    private readonly List<long> _wordCounts = [];

    // The pairs: a table from (left, right) to an index into _pairs.
    private int[] _slots = new int[1 << 14]; // index of a pair + 1; 0 is free
    private Pair[] _pairs = new Pair[1 << 12];
    private int _pairCount;

    // The pairs' places, as linked lists through one array.
    private Link[] _links = new Link[1 << 14];
    private int _linkCount;

    private HeapEntry[] _heap = new HeapEntry[1 << 12];
    private int _heapCount;

    private readonly List<int> _grown = [];
    private int[] _places = new int[1024];

    public BytePairLearner(PairTieRule tieRule, long minimumCount, IReadOnlyCollection<string> specialTokens)
    {
        _tieRule = tieRule;
        _minimumCount = minimumCount;
        _specialTokenCount = specialTokens.Count;
        foreach (var token in specialTokens)
        {
            AddToken(token);
        }

        AddPlace(Border);
    }

    public int TokenCount => _tokens.Count;

    public Dictionary<string, int> Vocabulary => _vocabulary;

    public List<BytePairMerge> Merges => _merges;

    /// <summary>Adds a symbol of the alphabet.</summary>
    /// <returns>Its id.</returns>
    public int AddSymbol(string symbol) => _vocabulary.ContainsKey(symbol)
        ? throw new ArgumentException($"The special token '{symbol}' is also a symbol of the text's alphabet; plain text could not be told from it.")
        : AddToken(symbol);

    /// <summary>Adds a word, behind the ones before.</summary>
    /// <exception cref="ArgumentException">The counts overflow.</exception>
    public void AddWord(ReadOnlySpan<int> symbols, long count)
    {
        _wordCounts.Add(count);
        foreach (var symbol in symbols)
        {
            AddPlace(symbol);
        }

        AddPlace(Border);
    }

    /// <summary>Counts the pairs. To be called once, when all words are in.</summary>
    public void Start()
    {
        CheckSum();
        _next = new int[_placeCount];
        _previous = new int[_placeCount];
        for (var place = 0; place < _placeCount; place++)
        {
            _next[place] = place + 1;
            _previous[place] = place - 1;
        }

        for (var place = 0; place + 1 < _placeCount; place++)
        {
            if (_symbol[place] >= 0 && _symbol[place + 1] >= 0)
            {
                AddOccurrence(_symbol[place], _symbol[place + 1], place, _wordCounts[_word[place]]);
            }
        }

        PushGrown();
    }

    /// <summary>Merges the best pair.</summary>
    /// <returns>False where no pair is frequent enough.</returns>
    public bool TryLearnMerge()
    {
        while (TryPopBest(out var pair))
        {
            var left = _pairs[pair].Left;
            var right = _pairs[pair].Right;
            var merged = _tokens[left] + _tokens[right];
            if (!_vocabulary.TryGetValue(merged, out var id))
            {
                id = AddToken(merged);
            }
            else if (id < _specialTokenCount)
            {
                continue;
            }

            _merges.Add(new BytePairMerge(_merges.Count, _tokens[left], _tokens[right], _pairs[pair].Count) { Merged = merged });
            Merge(pair, left, right, id);
            PushGrown();
            return true;
        }

        return false;
    }

    private int AddToken(string token)
    {
        _vocabulary.Add(token, _tokens.Count);
        _tokens.Add(token);
        return _tokens.Count - 1;
    }

    private void AddPlace(int symbol)
    {
        if (_placeCount == _symbol.Length)
        {
            Array.Resize(ref _symbol, checked(_placeCount * 2));
            Array.Resize(ref _word, _symbol.Length);
        }

        _symbol[_placeCount] = symbol;
        _word[_placeCount++] = _wordCounts.Count - 1;
    }

    /// <summary>All counts are sums of some of these, so this is the only place where an overflow can be.</summary>
    private void CheckSum()
    {
        try
        {
            var sum = 0L;
            for (var place = 0; place < _placeCount; place++)
            {
                if (_symbol[place] >= 0)
                {
                    sum = checked(sum + _wordCounts[_word[place]]);
                }
            }
        }
        catch (OverflowException error)
        {
            throw new ArgumentException($"The words' counts times their lengths add up to more than {long.MaxValue:N0}.", error);
        }
    }

    private void Merge(int pair, int left, int right, int id)
    {
        foreach (var place in PlacesOf(pair))
        {
            var second = _next[place];
            if (_symbol[place] != left || _symbol[second] != right)
            {
                continue;
            }

            var before = _previous[place];
            var behind = _next[second];
            var count = _wordCounts[_word[place]];
            var symbolBefore = _symbol[before];
            var symbolBehind = _symbol[behind];

            _pairs[pair].Count -= count;
            if (symbolBefore >= 0)
            {
                _pairs[IndexOf(symbolBefore, left)].Count -= count;
                AddOccurrence(symbolBefore, id, before, count);
            }

            if (symbolBehind >= 0)
            {
                _pairs[IndexOf(right, symbolBehind)].Count -= count;
                AddOccurrence(id, symbolBehind, place, count);
            }

            _symbol[place] = id;
            _symbol[second] = Gone;
            _next[place] = behind;
            _previous[behind] = place;
        }
    }

    private void AddOccurrence(int left, int right, int place, long count)
    {
        var index = IndexOf(left, right);
        if (_linkCount == _links.Length)
        {
            Array.Resize(ref _links, checked(_linkCount * 2));
        }

        _links[_linkCount] = new Link { Place = place, Next = None };
        ref var pair = ref _pairs[index];
        pair.Count += count;
        if (pair.FirstLink == None)
        {
            pair.FirstLink = _linkCount;
        }
        else
        {
            // Only where two different merges make the same token can a place come out of order.
            pair.Unsorted |= _links[pair.LastLink].Place > place;
            _links[pair.LastLink].Next = _linkCount;
        }

        pair.LastLink = _linkCount++;
        if (!pair.HasGrown)
        {
            pair.HasGrown = true;
            _grown.Add(index);
        }
    }

    /// <summary>Where a pair has appeared, in text order. The span is good until the next call.</summary>
    private Span<int> PlacesOf(int pair)
    {
        var count = 0;
        for (var link = _pairs[pair].FirstLink; link != None; link = _links[link].Next)
        {
            if (count == _places.Length)
            {
                Array.Resize(ref _places, count * 2);
            }

            _places[count++] = _links[link].Place;
        }

        var places = _places.AsSpan(0, count);
        if (_pairs[pair].Unsorted)
        {
            places.Sort();
        }

        return places;
    }

    /// <summary>The first place where a pair still stands; places that went bad are dropped on the way.</summary>
    private int FirstPlaceOf(int index)
    {
        ref var pair = ref _pairs[index];
        if (pair.Unsorted)
        {
            var link = pair.FirstLink;
            foreach (var place in PlacesOf(index))
            {
                _links[link].Place = place;
                link = _links[link].Next;
            }

            pair.Unsorted = false;
        }

        while (pair.FirstLink != None)
        {
            var place = _links[pair.FirstLink].Place;
            if (_symbol[place] == pair.Left && _symbol[_next[place]] == pair.Right)
            {
                return place;
            }

            pair.FirstLink = _links[pair.FirstLink].Next;
        }

        return int.MaxValue;
    }

    private int IndexOf(int left, int right)
    {
        var mask = _slots.Length - 1;
        for (var slot = HashOf(left, right) & mask; ; slot = (slot + 1) & mask)
        {
            var index = _slots[slot] - 1;
            if (index < 0)
            {
                _slots[slot] = _pairCount + 1;
                return AddPair(left, right);
            }

            if (_pairs[index].Left == left && _pairs[index].Right == right)
            {
                return index;
            }
        }
    }

    private int AddPair(int left, int right)
    {
        if (_pairCount == _pairs.Length)
        {
            Array.Resize(ref _pairs, _pairCount * 2);
        }

        _pairs[_pairCount++] = new Pair { Left = left, Right = right, FirstLink = None };
        if (_pairCount * 2 > _slots.Length)
        {
            _slots = new int[_slots.Length * 2];
            var mask = _slots.Length - 1;
            for (var index = 0; index < _pairCount; index++)
            {
                var slot = HashOf(_pairs[index].Left, _pairs[index].Right) & mask;
                while (_slots[slot] != 0)
                {
                    slot = (slot + 1) & mask;
                }

                _slots[slot] = index + 1;
            }
        }

        return _pairCount - 1;
    }

    private static int HashOf(int left, int right) => (int)((((ulong)(uint)left << 32 | (uint)right) * 0x9E37_79B9_7F4A_7C15) >> 33);

    private void PushGrown()
    {
        foreach (var pair in _grown)
        {
            _pairs[pair].HasGrown = false;
            if (_pairs[pair].Count >= _minimumCount)
            {
                Push(EntryOf(pair));
            }
        }

        _grown.Clear();
    }

    private bool TryPopBest(out int pair)
    {
        while (_heapCount > 0)
        {
            var top = Pop();
            pair = top.Pair;
            if (_pairs[pair].Count < _minimumCount)
            {
                continue;
            }

            var truth = EntryOf(pair);
            if (truth.Count == top.Count && truth.Tie == top.Tie)
            {
                return true;
            }

            Push(truth);
        }

        pair = None;
        return false;
    }

    private HeapEntry EntryOf(int pair) => new()
    {
        Count = _pairs[pair].Count,
        Pair = pair,
        Tie = _tieRule switch
        {
            PairTieRule.FirstInTokenOrder => (long)_pairs[pair].Left << 32 | (uint)_pairs[pair].Right,
            PairTieRule.FirstSeen => FirstPlaceOf(pair),
            _ => 0,
        },
    };

    private bool Precedes(in HeapEntry one, in HeapEntry other)
    {
        if (one.Count != other.Count)
        {
            return one.Count > other.Count;
        }

        return _tieRule == PairTieRule.LastInAlphabet ? ComesLater(one.Pair, other.Pair) : one.Tie < other.Tie;
    }

    private bool ComesLater(int one, int other)
    {
        var order = CodePointOrder.Compare(_tokens[_pairs[one].Left], _tokens[_pairs[other].Left]);
        return (order != 0 ? order : CodePointOrder.Compare(_tokens[_pairs[one].Right], _tokens[_pairs[other].Right])) > 0;
    }

    private void Push(in HeapEntry entry)
    {
        if (_heapCount == _heap.Length)
        {
            Array.Resize(ref _heap, _heapCount * 2);
        }

        var index = _heapCount++;
        while (index > 0)
        {
            var parent = (index - 1) / 2;
            if (!Precedes(entry, _heap[parent]))
            {
                break;
            }

            _heap[index] = _heap[parent];
            index = parent;
        }

        _heap[index] = entry;
    }

    private HeapEntry Pop()
    {
        var top = _heap[0];
        var last = _heap[--_heapCount];
        var index = 0;
        for (var child = 1; child < _heapCount; child = 2 * index + 1)
        {
            if (child + 1 < _heapCount && Precedes(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!Precedes(_heap[child], last))
            {
                break;
            }

            _heap[index] = _heap[child];
            index = child;
        }

        _heap[index] = last;
        return top;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Pair
    {
        public int Left;
        public int Right;
        public int FirstLink;
        public int LastLink;
        public long Count;
        public bool HasGrown;
        public bool Unsorted;
    }

    private struct Link
    {
        public int Place;
        public int Next;
    }

    [StructLayout(LayoutKind.Auto)]
    private struct HeapEntry
    {
        public long Count;
        public long Tie;
        public int Pair;
    }
}
