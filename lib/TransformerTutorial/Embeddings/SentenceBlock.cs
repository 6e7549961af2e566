namespace TransformerTutorial.Embeddings;

/// <summary>A few thousand words of text as ids, in whole sentences: what a thread reads at a time.</summary>
internal sealed class SentenceBlock
{
    /// <summary>A block is closed at the end of the sentence that reaches this many words.</summary>
    public const int Size = 2_000;

    private int[] _ids = new int[2 * Size];
    private (int End, int WordsBefore)[] _sentences = new (int, int)[256];
    private int _idCount;
    private int _start;

    /// <summary>Its place among the blocks of a pass, from 0.</summary>
    public long Number { get; private set; }

    /// <summary>How many sentences of the text stand before it.</summary>
    public long SentencesBefore { get; private set; }

    /// <summary>How many words of the text stand before it, those without an id included.</summary>
    public long WordsBefore { get; private set; }

    /// <summary>How many words of the text it has, those without an id included.</summary>
    public int Words { get; private set; }

    /// <summary>How many sentences it has.</summary>
    public int Sentences { get; private set; }

    /// <summary>The ids of a sentence, and how many words of the text stand before it in this block.</summary>
    public ReadOnlySpan<int> Sentence(int index, out int wordsBefore)
    {
        wordsBefore = _sentences[index].WordsBefore;
        var start = index == 0 ? 0 : _sentences[index - 1].End;
        return _ids.AsSpan(start, _sentences[index].End - start);
    }

    /// <summary>Empties it for another place in the text.</summary>
    public void Clear(long number, long sentencesBefore, long wordsBefore) => (Number, SentencesBefore, WordsBefore, Words, Sentences, _idCount, _start) = (number, sentencesBefore, wordsBefore, 0, 0, 0, 0);

    /// <summary>Adds a word to the sentence that is being written; a negative id is counted but left out.</summary>
    public void Add(int id)
    {
        Words++;
        if (id >= 0)
        {
            if (_idCount == _ids.Length)
            {
                Array.Resize(ref _ids, 2 * _idCount);
            }

            _ids[_idCount++] = id;
        }
    }

    /// <summary>Ends a sentence.</summary>
    public void EndSentence()
    {
        if (Sentences == _sentences.Length)
        {
            Array.Resize(ref _sentences, 2 * Sentences);
        }

        _sentences[Sentences++] = (_idCount, _start);
        _start = Words;
    }

    /// <summary>Gives back what it doesn't use.</summary>
    public void Trim()
    {
        Array.Resize(ref _ids, _idCount);
        Array.Resize(ref _sentences, Sentences);
    }
}
