using System.Globalization;
using Microsoft.ML.Tokenizers;

namespace TransformerTutorial.Tokenization;

/// <summary>
/// A normalized text that still knows where each of its characters came from:
/// <c>"ﬁn" -> NFKC -> "fin"</c>, of which <c>f</c> and <c>i</c> both stand for the range 0..1 of the original.
/// </summary>
/// <remarks>All positions count UTF-16 characters. Ranges never run backwards: a later character never stands for an earlier place.</remarks>
public sealed class AlignedText
{
    // Original range of every character of Text; null where character i simply stands for character i.
    private readonly int[]? _starts;
    private readonly int[]? _ends;

    internal AlignedText(string original, string text, int[]? starts, int[]? ends)
    {
        Original = original;
        Text = text;
        _starts = starts;
        _ends = ends;
    }

    /// <summary>The text before normalization.</summary>
    public string Original { get; }

    /// <summary>The normalized text.</summary>
    public string Text { get; }

    /// <summary>A text that nothing changed.</summary>
    /// <param name="text">The text.</param>
    public static AlignedText Unchanged(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text, text, null, null);
    }

    /// <summary>Normalizes a text and keeps its alignment with the original.</summary>
    /// <param name="original">The text.</param>
    /// <param name="normalizer">
    /// The normalizer; null for none. An <see cref="AligningNormalizer"/> says itself where its characters come from. For any other: lower and upper
    /// case keep every place; one that treats each text element (a character with its marks) by itself is aligned element
    /// by element; of the rest, the common beginning and the common end are aligned, and every character between them
    /// stands for everything between them.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="original"/> is null.</exception>
    public static AlignedText Normalize(string original, Normalizer? normalizer)
    {
        ArgumentNullException.ThrowIfNull(original);
        return normalizer switch
        {
            null => Unchanged(original),
            AligningNormalizer aligning => aligning.Align(original),
            LowerCaseNormalizer or UpperCaseNormalizer => new(original, normalizer.Normalize(original), null, null),
            _ => Reconstruct(original, normalizer),
        };
    }

    /// <summary>Normalizes <see cref="Text"/> further; the result is aligned with this one's <see cref="Original"/>.</summary>
    /// <param name="normalizer">The next normalizer; null for none.</param>
    public AlignedText Then(Normalizer? normalizer)
    {
        var next = Normalize(Text, normalizer);
        if (_starts is null)
        {
            return new(Original, next.Text, next._starts, next._ends);
        }

        if (next._starts is null)
        {
            return new(Original, next.Text, _starts, _ends);
        }

        var starts = new int[next.Text.Length];
        var ends = new int[next.Text.Length];
        for (var i = 0; i < starts.Length; i++)
        {
            (starts[i], ends[i]) = ToOriginal(next._starts[i], next._ends![i]);
        }

        return new(Original, next.Text, starts, ends);
    }

    /// <summary>The range of the original that a range of the normalized text stands for.</summary>
    /// <param name="start">Where the range of <see cref="Text"/> starts.</param>
    /// <param name="end">Where it ends; equal to <paramref name="start"/> for an empty range.</param>
    /// <returns>The smallest range that covers the origin of every character in it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">That is no range of <see cref="Text"/>.</exception>
    public (int Start, int End) ToOriginal(int start, int end)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, end);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, Text.Length);
        if (_starts is null)
        {
            return (start, end);
        }

        if (start == end)
        {
            var place = start < Text.Length ? _starts[start] : Original.Length;
            return (place, place);
        }

        return (_starts[start], _ends![end - 1]);
    }

    /// <summary>Aligns what a normalizer that doesn't tell made of a text.</summary>
    private static AlignedText Reconstruct(string original, Normalizer normalizer)
    {
        var text = normalizer.Normalize(original);
        if (text == original)
        {
            return Unchanged(original);
        }

        return ElementByElement(original, normalizer, text) ?? CommonEnds(original, text);
    }

    private static AlignedText? ElementByElement(string original, Normalizer normalizer, string text)
    {
        var builder = new AlignedTextBuilder(original);
        var elements = StringInfo.GetTextElementEnumerator(original);
        while (elements.MoveNext())
        {
            var element = elements.GetTextElement();
            var start = elements.ElementIndex;
            builder.Append(normalizer.Normalize(element), start, start + element.Length);
        }

        var aligned = builder.ToAlignedText();
        return aligned.Text == text ? aligned : null;
    }

    private static AlignedText CommonEnds(string original, string text)
    {
        var before = original.AsSpan().CommonPrefixLength(text);
        var after = 0;
        while (after < Math.Min(original.Length, text.Length) - before && original[^(after + 1)] == text[^(after + 1)])
        {
            after++;
        }

        var builder = new AlignedTextBuilder(original);
        builder.AppendUnchanged(0, before);
        builder.Append(text.AsSpan(before, text.Length - before - after), before, original.Length - after);
        builder.AppendUnchanged(original.Length - after, after);
        return builder.ToAlignedText();
    }
}
