using System.Numerics;

namespace TransformerTutorial.Tokenization;

/// <summary>From two neighbouring ids to the rank of their merge and the id that they become: an open-addressing table.</summary>
internal sealed class MergeTable
{
    /// <summary>The rank of a pair that doesn't merge: behind all others.</summary>
    public const int NoMerge = int.MaxValue;

    private readonly Slot[] _slots;
    private readonly int _shift;

    private MergeTable(int capacity)
    {
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, capacity + capacity / 2));
        _slots = new Slot[size];
        Array.Fill(_slots, new Slot { Left = -1 });
        _shift = 64 - BitOperations.Log2((uint)size);
    }

    /// <summary>Builds a model's table. Merges that would make a special token are left out: plain text never produces one.</summary>
    /// <exception cref="ArgumentException">A merge names a token that the vocabulary lacks, or comes twice.</exception>
    public static MergeTable Create(BytePairModel model)
    {
        if (model.MergesFollowIds)
        {
            var splits = Splits(model).ToList();
            var implied = new MergeTable(splits.Count);
            foreach (var (left, right, merged) in splits)
            {
                implied.TryAdd(left, right, merged, merged);
            }

            return implied;
        }

        var table = new MergeTable(model.Merges.Count);
        foreach (var merge in model.Merges)
        {
            var (left, right, merged) = (IdOf(merge.Left), IdOf(merge.Right), IdOf(merge.Merged));
            if (model.SpecialTokens.ContainsKey(merge.Merged))
            {
                continue;
            }

            if (!table.TryAdd(left, right, merge.Rank, merged))
            {
                throw new ArgumentException($"Two merges join '{merge.Left}' and '{merge.Right}'; the second has rank {merge.Rank}.");
            }

            int IdOf(string token) => model.Vocabulary.TryGetValue(token, out var id)
                ? id
                : throw new ArgumentException($"The merge of rank {merge.Rank}, '{merge.Left}' and '{merge.Right}' to '{merge.Merged}', needs the token '{token}', which is not in the vocabulary.");
        }

        return table;
    }

    /// <summary>The merges of a model whose merges follow the ids, by id and then by the length of the left token.</summary>
    public static IReadOnlyList<BytePairMerge> ImpliedMerges(BytePairModel model) =>
        [.. Splits(model).Select(split => new BytePairMerge(split.Merged, model.TokenAt(split.Left), model.TokenAt(split.Right), 0))];

    /// <summary>The rank of the merge of two ids, <see cref="NoMerge"/> for none.</summary>
    public int RankOf(int left, int right, out int merged)
    {
        var slots = _slots;
        for (var index = IndexOf(left, right); ; index++)
        {
            ref readonly var slot = ref slots[index & (slots.Length - 1)];
            if (slot.Left == left && slot.Right == right)
            {
                merged = slot.Merged;
                return slot.Rank;
            }

            if (slot.Left < 0)
            {
                merged = -1;
                return NoMerge;
            }
        }
    }

    private bool TryAdd(int left, int right, int rank, int merged)
    {
        for (var index = IndexOf(left, right); ; index++)
        {
            ref var slot = ref _slots[index & (_slots.Length - 1)];
            if (slot.Left == left && slot.Right == right)
            {
                return false;
            }

            if (slot.Left < 0)
            {
                slot = new Slot { Left = left, Right = right, Rank = rank, Merged = merged };
                return true;
            }
        }
    }

    private int IndexOf(int left, int right) => (int)((((ulong)(uint)left << 32 | (uint)right) * 0x9E37_79B9_7F4A_7C15) >> _shift);

    /// <summary>Every way to cut an ordinary token into two ordinary tokens.</summary>
    private static IEnumerable<(int Left, int Right, int Merged)> Splits(BytePairModel model)
    {
        var vocabulary = model.Vocabulary.Where(pair => !model.SpecialTokens.ContainsKey(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var parts = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var merged = 0; merged < model.IdCount; merged++)
        {
            if (model.TryGetToken(merged) is not { } token || model.SpecialTokens.ContainsKey(token))
            {
                continue;
            }

            for (var cut = 1; cut < token.Length; cut++)
            {
                if (parts.TryGetValue(token.AsSpan(0, cut), out var left) && parts.TryGetValue(token.AsSpan(cut), out var right))
                {
                    yield return (left, right, merged);
                }
            }
        }
    }

    private struct Slot
    {
        public int Left;
        public int Right;
        public int Rank;
        public int Merged;
    }
}
