namespace CSharpKernel.CommandLine;

/// <summary>What the program's exit code says. From 0 to 100 it is the number of notebooks that failed.</summary>
internal static class ExitCodes
{
    /// <summary>So many notebooks failed, or more.</summary>
    public const int MostFailures = 100;

    /// <summary>The command line is wrong, or names something that isn't there; nothing was executed.</summary>
    public const int Usage = 101;

    /// <summary>The program itself failed, or could not write its report.</summary>
    public const int InternalError = 102;

    /// <summary>Interrupted with Ctrl-C, as shells report it.</summary>
    public const int Interrupted = 130;

    public static int ForFailures(int count) => Math.Min(count, MostFailures);
}

/// <summary>The command line asks for something that cannot be done. The message is for the person who typed it.</summary>
internal sealed class UsageException(string message) : Exception(message);
