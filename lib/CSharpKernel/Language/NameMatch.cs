namespace CSharpKernel.Language;

/// <summary>How well a name fits what has been typed of it.</summary>
internal enum NameMatch
{
    /// <summary>It begins with it.</summary>
    Prefix,

    /// <summary>It begins with it but for the case of letters.</summary>
    PrefixInOtherCase,

    /// <summary>The letters typed begin its words: <c>WL</c> for <c>WriteLine</c>, <c>wrl</c> too.</summary>
    Words,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>Compares names with what has been typed of them.</summary>
internal static class NameMatcher
{
    /// <summary>How well <paramref name="name"/> fits <paramref name="typed"/>; nothing typed fits all.</summary>
    public static NameMatch Match(string name, string typed) =>
        name.StartsWith(typed, StringComparison.Ordinal) ? NameMatch.Prefix
        : name.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? NameMatch.PrefixInOtherCase
        : typed.Length > 1 && typed.Length < name.Length && MatchesWords(name, 0, typed) ? NameMatch.Words
        : NameMatch.None;

    /// <summary>True where <paramref name="typed"/> is made of beginnings of words of the name, in order, the first being the word that starts at <paramref name="start"/>.</summary>
    private static bool MatchesWords(ReadOnlySpan<char> name, int start, ReadOnlySpan<char> typed)
    {
        // The longest beginning first; a shorter one may leave letters for the next word.
        var common = 0;
        while (common < typed.Length && start + common < name.Length && char.ToUpperInvariant(name[start + common]) == char.ToUpperInvariant(typed[common]))
        {
            common++;
        }

        if (common == typed.Length)
        {
            return true;
        }

        for (; common > 0; common--)
        {
            for (var next = start + common; next < name.Length; next++)
            {
                if (StartsWord(name, next) && MatchesWords(name, next, typed[common..]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool StartsWord(ReadOnlySpan<char> name, int index) =>
        index == 0
        || (char.IsUpper(name[index]) && (!char.IsUpper(name[index - 1]) || (index + 1 < name.Length && char.IsLower(name[index + 1]))))
        || (char.IsLetter(name[index]) && !char.IsLetter(name[index - 1]))
        || (char.IsDigit(name[index]) && !char.IsDigit(name[index - 1]));
}
