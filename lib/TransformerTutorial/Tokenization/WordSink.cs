using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>Receives what <see cref="BytePairTokenizer"/> finds while it walks a text: stretches of it, the words in them, and special tokens between them.</summary>
internal abstract class WordSink
{
    private StringBuilder? _normalized;
    private string? _firstNormalized;

    /// <summary>The length of the text so far, normalized where a normalizer runs.</summary>
    public int TextLength { get; private set; }

    /// <summary>The normalized text so far, null where no normalizer runs.</summary>
    public string? NormalizedText => _normalized?.ToString() ?? _firstNormalized;

    /// <summary>Whether more words would not be looked at.</summary>
    public virtual bool IsFull => false;

    /// <summary>Receives a stretch that is taken as it is; its words follow.</summary>
    public virtual void AddStretch(int length) => TextLength += length;

    /// <summary>Receives a stretch to be normalized; its words follow.</summary>
    /// <returns>The normalized stretch.</returns>
    public string AddNormalizedStretch(string original, Normalizer normalizer)
    {
        var text = Normalize(original, normalizer);
        Append(text);
        return text;
    }

    /// <summary>Receives a word of the current stretch.</summary>
    public abstract void AddWord(EncodedWord word, ReadOnlySpan<char> characters, int start);

    /// <summary>Receives a special token.</summary>
    public virtual void AddSpecialToken(string token, int id)
    {
        if (_firstNormalized is null)
        {
            TextLength += token.Length;
        }
        else
        {
            Append(token);
        }
    }

    protected virtual string Normalize(string original, Normalizer normalizer) => normalizer.Normalize(original);

    private void Append(string text)
    {
        TextLength += text.Length;
        if (_firstNormalized is null)
        {
            _firstNormalized = text;
        }
        else
        {
            (_normalized ??= new StringBuilder(_firstNormalized)).Append(text);
        }
    }
}

/// <summary>Counts tokens.</summary>
internal sealed class TokenCounter : WordSink
{
    public int Count { get; private set; }

    public override void AddWord(EncodedWord word, ReadOnlySpan<char> characters, int start) => Count += word.Ids.Length;

    public override void AddSpecialToken(string token, int id) => Count++;
}

/// <summary>Collects ids in a pooled buffer.</summary>
internal sealed class IdCollector : WordSink, IDisposable
{
    private int[] _ids = ArrayPool<int>.Shared.Rent(1024);
    private int _count;

    public int[] ToArray() => _ids.AsSpan(0, _count).ToArray();

    public override void AddWord(EncodedWord word, ReadOnlySpan<char> characters, int start)
    {
        var ids = word.Ids;
        if (ids.Length > _ids.Length - _count)
        {
            Grow(ids.Length);
        }

        foreach (var id in ids)
        {
            _ids[_count++] = id;
        }
    }

    public override void AddSpecialToken(string token, int id)
    {
        base.AddSpecialToken(token, id);
        if (_count == _ids.Length)
        {
            Grow(1);
        }

        _ids[_count++] = id;
    }

    public void Dispose() => ArrayPool<int>.Shared.Return(_ids);

    private void Grow(int more)
    {
        var ids = ArrayPool<int>.Shared.Rent((int)Math.Min(Math.Max(2L * _ids.Length, (long)_count + more), Array.MaxLength));
        _ids.AsSpan(0, _count).CopyTo(ids);
        ArrayPool<int>.Shared.Return(_ids);
        _ids = ids;
    }
}
