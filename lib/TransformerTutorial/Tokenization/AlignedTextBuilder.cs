using System.Text;

namespace TransformerTutorial.Tokenization;

/// <summary>Writes a normalized text from left to right, and with each character the range of the original that it stands for.</summary>
/// <param name="original">The text that is being normalized.</param>
internal sealed class AlignedTextBuilder(string original)
{
    private readonly StringBuilder _text = new(original.Length);
    private readonly List<int> _starts = new(original.Length);
    private readonly List<int> _ends = new(original.Length);

    /// <summary>Writes characters that together stand for original[start..end].</summary>
    public void Append(ReadOnlySpan<char> characters, int start, int end)
    {
        _text.Append(characters);
        foreach (var _ in characters)
        {
            _starts.Add(start);
            _ends.Add(end);
        }
    }

    /// <summary>Writes one character that stands for original[start..end].</summary>
    public void Append(char character, int start, int end) => Append([character], start, end);

    /// <summary>Copies characters of the original, each standing for itself.</summary>
    public void AppendUnchanged(int start, int length)
    {
        _text.Append(original, start, length);
        for (var i = start; i < start + length; i++)
        {
            _starts.Add(i);
            _ends.Add(i + 1);
        }
    }

    /// <summary>What has been written.</summary>
    public AlignedText ToAlignedText()
    {
        var text = _text.ToString();
        return text == original ? AlignedText.Unchanged(original) : new(original, text, [.. _starts], [.. _ends]);
    }
}
