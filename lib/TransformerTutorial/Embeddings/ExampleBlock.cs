using System.Runtime.CompilerServices;

namespace TransformerTutorial.Embeddings;

/// <summary>The predictions that are to be learnt from one <see cref="SentenceBlock"/>, chosen and not yet worked on, in the order of the text. It is filled by one thread and then read by another.</summary>
internal sealed unsafe class ExampleBlock
{
    // An example is its target, the bits of its rate, the number of its inputs and of its output rows, then the inputs and the rows.
    private const int Head = 4;

    private int[] _numbers = GC.AllocateUninitializedArray<int>(1 << 14, pinned: true);
    private int _length;

    /// <summary>Which block of the pass it was made from.</summary>
    public long Number { get; private set; }

    /// <summary>How many words of the text that block has.</summary>
    public int Words { get; private set; }

    /// <summary>How many examples it holds.</summary>
    public long Count { get; private set; }

    /// <summary>Whether any sentence has two words of the vocabulary, so that one could be predicted from the other.</summary>
    public bool HasPair { get; set; }

    /// <summary>The first example. Nothing is added while it is read.</summary>
    public Example First => new((int*)Unsafe.AsPointer(ref _numbers[0]));

    /// <summary>Empties it for the examples of another block.</summary>
    public void Clear(SentenceBlock source) => (Number, Words, Count, HasPair, _length) = (source.Number, source.Words, 0, false, 0);

    /// <summary>Adds an example with room for so many inputs and output rows, which the caller writes at once.</summary>
    public Example Add(int target, float rate, int inputs, int mostRows)
    {
        var needed = _length + Head + inputs + mostRows;
        if (needed > _numbers.Length)
        {
            var larger = GC.AllocateUninitializedArray<int>(Math.Max(needed, 2 * _numbers.Length), pinned: true);
            _numbers.AsSpan(0, _length).CopyTo(larger);
            _numbers = larger;
        }

        var start = (int*)Unsafe.AsPointer(ref _numbers[_length]);
        (start[0], start[1], start[2], start[3]) = (target, BitConverter.SingleToInt32Bits(rate), inputs, mostRows);
        _length = needed;
        Count++;
        return new Example(start);
    }

    /// <summary>Takes back the room of the last example that it didn't need.</summary>
    public void EndRows(Example last, int rows)
    {
        _length -= last.RowCount - rows;
        last.SetRowCount(rows);
    }

    /// <summary>One prediction: from which words, which word, at which rate, and with which output rows.</summary>
    public readonly struct Example(int* start)
    {
        public int Target => start[0];

        public float Rate => BitConverter.Int32BitsToSingle(start[1]);

        public int InputCount => start[2];

        public int RowCount => start[3];

        public int* Inputs => start + Head;

        public int* Rows => start + Head + InputCount;

        public Example Next => new(start + Head + InputCount + RowCount);

        public void SetRowCount(int rows) => start[3] = rows;
    }
}
