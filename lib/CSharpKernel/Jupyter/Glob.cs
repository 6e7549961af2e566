namespace CSharpKernel.Jupyter;

/// <summary>Patterns of history searches: <c>*</c> stands for any characters, <c>?</c> for one, everything else for itself, and the whole text must match.</summary>
internal static class Glob
{
    /// <summary><c>"*Split(?)*", "x.Split(' ')" -> false</c>; time is at most the product of both lengths.</summary>
    public static bool IsMatch(string pattern, string text)
    {
        var (p, t, star, resume) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                // The last star takes one character more.
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
