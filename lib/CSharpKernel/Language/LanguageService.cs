using CSharpKernel.Scripting;

namespace CSharpKernel.Language;

/// <summary>Answers what an editor asks about code that has not run, after all the code that a session has: proposals, descriptions, whether more lines are to come.</summary>
/// <remarks>Any thread may ask at any time, also while a cell runs; code of any kind and any position in it are answered, with nothing where there is nothing to say.</remarks>
/// <param name="chain">What the session has run.</param>
/// <param name="paths">Where the files that directives name are.</param>
internal sealed class LanguageService(SubmissionChain chain, ScriptPaths paths)
{
    /// <summary>What could stand at <paramref name="position"/> (UTF-16 units) in <paramref name="code"/>.</summary>
    public Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken) =>
        Task.FromResult(new CompletionList(position, position, []));

    /// <summary>What is known of the symbol at <paramref name="position"/> (UTF-16 units), or null.</summary>
    /// <param name="code">Code that has not run.</param>
    /// <param name="position">A position in it.</param>
    /// <param name="isDetailed">True for all of the documentation, not only its summary.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Inspection?> InspectAsync(string code, int position, bool isDetailed, CancellationToken cancellationToken) => Task.FromResult<Inspection?>(null);

    /// <summary>Whether <paramref name="code"/> could run as it stands.</summary>
    public Completeness CheckCompleteness(string code) => new(CompletenessStatus.Complete, string.Empty);

    /// <summary>Does now what the first question would have to wait for.</summary>
    public Task WarmUpAsync() => Task.CompletedTask;
}
