using CSharpKernel.Language;
using CSharpKernel.Scripting;

namespace CSharpKernel.Running;

/// <summary>The process in which a person's cells run, as the Jupyter kernel sees it. It outlives whatever a cell does to it, by starting again.</summary>
/// <remarks>Cells run one at a time. Everything else can be asked for at any time, also while a cell runs.</remarks>
internal interface ICellHost : IAsyncDisposable
{
    /// <summary>Says that a cell is about to be run: from here on an interrupt is for it, also one that comes before <see cref="ExecuteAsync"/>.</summary>
    void Announce();

    /// <summary>Runs one cell. Does not throw for what the cell does: a failed cell's last output is an <see cref="ErrorOutput"/>, also where it ended the process.</summary>
    /// <param name="request">What to run.</param>
    /// <param name="frontEnd">Who watches and may be asked.</param>
    Task<CellConclusion> ExecuteAsync(CellRequest request, ICellFrontEnd frontEnd);

    /// <summary>Stops the running cell; does nothing where none runs. Returns when the request has been passed on, not when the cell has stopped.</summary>
    Task InterruptAsync();

    /// <summary>What could stand at <paramref name="position"/> (UTF-16 units) in <paramref name="code"/>, which has not run, after the cells that have.</summary>
    Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken);

    /// <summary>What is known of the symbol at <paramref name="position"/> (UTF-16 units), or null.</summary>
    /// <param name="code">Code that has not run.</param>
    /// <param name="position">A position in it.</param>
    /// <param name="isDetailed">True for all of the documentation, not only its summary.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Inspection?> InspectAsync(string code, int position, bool isDetailed, CancellationToken cancellationToken);

    /// <summary>Whether <paramref name="code"/> could run as it stands.</summary>
    Task<Completeness> CheckCompletenessAsync(string code, CancellationToken cancellationToken);
}

/// <summary>Who watches a cell run: receives its outputs and answers its questions.</summary>
internal interface ICellFrontEnd
{
    /// <summary>Receives each output in order, from one thread at a time.</summary>
    void Emit(CellOutput output);

    /// <summary>Asks the person at the keyboard for a line.</summary>
    /// <param name="prompt">What to show before it.</param>
    /// <param name="isPassword">True where it is not to be seen.</param>
    /// <param name="cancellationToken">The cell has been interrupted: nobody waits for the answer any more.</param>
    /// <returns>The line without its end; null where nobody can be asked (then the cell gets an error that says so).</returns>
    Task<string?> AskAsync(string prompt, bool isPassword, CancellationToken cancellationToken);
}

/// <summary>A cell to run.</summary>
/// <param name="CellName">Names it in errors: <c>ch06-why-scale</c>, or its execution count.</param>
/// <param name="Code">Its source.</param>
/// <param name="UserExpressions">Expressions to evaluate after the cell has succeeded, by the caller's name for them. They leave no trace in the session.</param>
internal sealed record CellRequest(string CellName, string Code, IReadOnlyDictionary<string, string> UserExpressions);

/// <summary>How a cell ended.</summary>
internal enum CellStatus
{
    /// <summary>It ran to its end.</summary>
    Succeeded,

    /// <summary>It failed; the last output says how.</summary>
    Failed,

    /// <summary>It was interrupted; the last output says so. All variables that were there before it are still there.</summary>
    Interrupted,

    /// <summary>The process ended; the last output says how. A new one has been started, with no variables.</summary>
    Restarted,
}

/// <summary>How a cell ended, and the values that were asked for beside.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="UserExpressions">The values of the request's expressions: a <see cref="DisplayOutput"/> or an <see cref="ErrorOutput"/> each. Empty unless it succeeded.</param>
internal sealed record CellConclusion(CellStatus Status, IReadOnlyDictionary<string, CellOutput> UserExpressions);
