namespace TransformerTutorial.Metrics;

/// <summary>White space as Python has it, since sacreBLEU's definition is by its functions: .NET's, and the four separators U+001C to U+001F.</summary>
internal static class WhiteSpace
{
    public static string[] Split(string text)
    {
        var words = new List<string>();
        for (int i = 0, start = 0; i <= text.Length; i++)
        {
            if (i == text.Length || Is(text[i]))
            {
                if (i > start)
                {
                    words.Add(text[start..i]);
                }

                start = i + 1;
            }
        }

        return [.. words];
    }

    public static string Trim(string text)
    {
        var start = 0;
        while (start < text.Length && Is(text[start]))
        {
            start++;
        }

        return TrimEnd(text[start..]);
    }

    public static string TrimEnd(string text)
    {
        var end = text.Length;
        while (end > 0 && Is(text[end - 1]))
        {
            end--;
        }

        return text[..end];
    }

    private static bool Is(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';
}
