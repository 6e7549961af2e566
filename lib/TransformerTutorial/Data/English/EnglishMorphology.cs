namespace TransformerTutorial.Data.English;

/// <summary>A verb's form: mend, mends, mended, mending, (has) mended.</summary>
internal enum VerbForm
{
    Base,
    ThirdPerson,
    Past,
    Ing,
    Participle,
}

/// <summary>Spells the forms of English words: verbs (regular ones by rule, the others from a list), plurals, comparatives, a and an.</summary>
internal sealed class EnglishMorphology(IReadOnlyDictionary<string, (string Past, string Participle)> irregularVerbs)
{
    private const string Vowels = "aeiou";

    // Verbs of more than one syllable that double their last letter (stressed there, or British spelling).
    private static readonly HashSet<string> Doubling =
        ["admit", "occur", "prefer", "refer", "regret", "permit", "commit", "cancel", "label", "travel", "level", "signal", "model", "forget", "begin"];

    private static readonly string[] AnDespiteConsonant = ["hour", "honest", "heir", "honour", "X-ray"];
    private static readonly string[] ADespiteVowel = ["one", "uni", "use", "usual", "euro", "ewe", "utensil"];

    /// <summary>A form of a verb: ("stop", Past) -> "stopped". The verb "be" is the caller's, since it agrees with its subject.</summary>
    public string Verb(string verb, VerbForm form) => form switch
    {
        VerbForm.Base => verb,
        VerbForm.ThirdPerson => verb == "have" ? "has" : AddS(verb),
        VerbForm.Past => irregularVerbs.TryGetValue(verb, out var forms) ? forms.Past : AddEd(verb),
        VerbForm.Participle => irregularVerbs.TryGetValue(verb, out var forms) ? forms.Participle : AddEd(verb),
        _ => AddIng(verb),
    };

    /// <summary>The regular plural of a noun or of the last word of a phrase: "berry" -> "berries".</summary>
    public static string Plural(string noun) => AddS(noun);

    /// <summary>The comparative of an adjective: "heavy" -> "heavier", "expensive" -> "more expensive".</summary>
    public static string Comparative(string adjective)
    {
        switch (adjective)
        {
            case "good": return "better";
            case "bad": return "worse";
            case "far": return "further";
            default: break;
        }

        var vowelGroups = 0;
        for (var i = 0; i < adjective.Length; i++)
        {
            if (IsVowel(adjective[i]) && (i == 0 || !IsVowel(adjective[i - 1])))
            {
                vowelGroups++;
            }
        }

        if (adjective.EndsWith('y') && vowelGroups <= 1 && adjective.Length > 3)
        {
            return adjective[..^1] + "ier";
        }

        if (adjective.EndsWith('e') && vowelGroups <= 2 && adjective.Length <= 6)
        {
            return adjective + "r";
        }

        return vowelGroups > 1 ? "more " + adjective : EndsInStressedConsonant(adjective) ? adjective + adjective[^1] + "er" : adjective + "er";
    }

    /// <summary>Whether "an" stands before this word: "hour" and "apple", not "unit" or "pear".</summary>
    public static bool TakesAn(string next)
    {
        if (AnDespiteConsonant.Any(word => next.StartsWith(word, StringComparison.Ordinal)))
        {
            return true;
        }

        if (ADespiteVowel.Any(word => next.StartsWith(word, StringComparison.Ordinal)))
        {
            return false;
        }

        return next is "8" or "11" or "18" || IsVowel(char.ToLowerInvariant(next[0]));
    }

    private static bool IsVowel(char letter) => Vowels.Contains(letter, StringComparison.Ordinal);

    private static bool EndsInConsonantAndY(string word) => word.Length > 1 && word[^1] == 'y' && !IsVowel(word[^2]);

    // "stop", "chop" and "big", but not "row", "fix" or "rain".
    private static bool EndsInStressedConsonant(string word) =>
        Doubling.Contains(word)
        || (word.Length >= 3 && !IsVowel(word[^1]) && !"wxy".Contains(word[^1], StringComparison.Ordinal)
            && IsVowel(word[^2]) && !IsVowel(word[^3]) && word[..^2].All(letter => !IsVowel(letter)) && !word[..^2].EndsWith('y'))
        || (word.Length >= 4 && word[^3..^1] is "ui" && word[^4] == 'q' && !IsVowel(word[^1]));

    private static string AddS(string word)
    {
        if (EndsInConsonantAndY(word))
        {
            return word[..^1] + "ies";
        }

        return word.EndsWith('s') || word.EndsWith('x') || word.EndsWith('z') || word.EndsWith("ch", StringComparison.Ordinal)
            || word.EndsWith("sh", StringComparison.Ordinal) || word is "go" or "do" ? word + "es" : word + "s";
    }

    private static string AddEd(string verb)
    {
        if (EndsInConsonantAndY(verb))
        {
            return verb[..^1] + "ied";
        }

        return verb.EndsWith('e') ? verb + "d" : EndsInStressedConsonant(verb) ? verb + verb[^1] + "ed" : verb + "ed";
    }

    private static string AddIng(string verb)
    {
        if (verb.EndsWith("ie", StringComparison.Ordinal))
        {
            return verb[..^2] + "ying";
        }

        if (verb.EndsWith('e') && !verb.EndsWith("ee", StringComparison.Ordinal) && verb != "be")
        {
            return verb[..^1] + "ing";
        }

        return EndsInStressedConsonant(verb) ? verb + verb[^1] + "ing" : verb + "ing";
    }
}
