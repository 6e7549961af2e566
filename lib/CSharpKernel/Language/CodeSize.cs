using Microsoft.CodeAnalysis;

namespace CSharpKernel.Language;

/// <summary>Tells code that is too long or nested too deeply to be looked into: Roslyn's parser and binder recurse, and a stack that overflows ends the process with all variables.</summary>
internal static class CodeSize
{
    // Nobody writes such a cell by hand, and errors by the thousand take seconds.
    private const int Longest = 100_000;

    // Far deeper than anybody writes, and far from the end of a stack of 1.5 MB.
    private const int Deepest = 500;

    /// <summary>True where there is too much of it, or brackets are nested too deeply, counted without asking what is a string.</summary>
    public static bool IsTooLarge(string code)
    {
        if (code.Length > Longest)
        {
            return true;
        }

        var depth = 0;
        foreach (var character in code)
        {
            switch (character)
            {
                case '(' or '[' or '{' or '<':
                    if (++depth > Deepest)
                    {
                        return true;
                    }

                    break;
                case ')' or ']' or '}' or '>' when depth > 0:
                    depth--;
                    break;
                default:
                    break;
            }
        }

        return false;
    }

    /// <summary>True where a part of the code is too deep in the rest.</summary>
    public static bool IsTooDeep(SyntaxToken token) => token.Parent?.AncestorsAndSelf().Skip(Deepest).Any() == true;
}
