namespace CSharpKernel.Notebooks;

/// <summary>Cuts a text into the lines that a notebook file stores: <c>"a\nb" -> ["a\n", "b"]</c>.</summary>
internal static class TextLines
{
    /// <summary>The lines of <paramref name="text"/> with their ends; joined they give the text again. An empty text has none.</summary>
    /// <remarks>Jupyter cuts where Python's <c>str.splitlines</c> does, which is at more than line feeds; so does this.</remarks>
    public static IEnumerable<string> Split(string text)
    {
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (!EndsLine(text[i]) || (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n'))
            {
                continue;
            }

            yield return text[start..(i + 1)];
            start = i + 1;
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }

    private static bool EndsLine(char c) => c is (>= '\n' and <= '\r') or (>= '\u001c' and <= '\u001e') or '\u0085' or '\u2028' or '\u2029';
}
