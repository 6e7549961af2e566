namespace CSharpKernel.Scripting;

/// <summary>A cell for a <see cref="ScriptSession"/> to run.</summary>
/// <param name="Code">Its source.</param>
/// <param name="Name">Names it in errors and stack traces.</param>
/// <param name="Emit">Receives each output as it comes, one at a time, possibly on another thread.</param>
internal sealed record SessionCell(string Code, string Name, Action<CellOutput> Emit)
{
    /// <summary>Expressions to evaluate after the cell has succeeded, by the caller's name for them. They leave no trace in the session.</summary>
    public IReadOnlyDictionary<string, string> UserExpressions { get; init; } = new Dictionary<string, string>();

    /// <summary>Asks the person at the keyboard; null where there is none.</summary>
    public AskPerson? Ask { get; init; }
}

/// <summary>Asks the person at the keyboard for a line.</summary>
/// <param name="prompt">What to show before it.</param>
/// <param name="isPassword">True where it is not to be seen.</param>
/// <param name="cancellationToken">Nobody waits for the answer any more.</param>
/// <returns>The line without its end; null where nobody can be asked.</returns>
internal delegate Task<string?> AskPerson(string prompt, bool isPassword, CancellationToken cancellationToken);

/// <summary>How a session's cell ended.</summary>
internal enum SessionEnd
{
    /// <summary>It ran to its end.</summary>
    Succeeded,

    /// <summary>It failed; its last output is an <see cref="ErrorOutput"/>.</summary>
    Failed,

    /// <summary>It was interrupted; its last output is an <see cref="ErrorOutput"/> that says so.</summary>
    Interrupted,
}

/// <summary>How a session's cell ended, and the values that were asked for beside.</summary>
/// <param name="End">How it ended.</param>
/// <param name="UserExpressions">A <see cref="DisplayOutput"/> or an <see cref="ErrorOutput"/> for each of the cell's expressions; empty unless it succeeded.</param>
internal sealed record SessionResult(SessionEnd End, IReadOnlyDictionary<string, CellOutput> UserExpressions);
