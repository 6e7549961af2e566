using CSharpKernel.Scripting;
using Microsoft.CodeAnalysis;

namespace CSharpKernel.Language;

/// <summary>Answers what an editor asks about code that has not run, after all the code that a session has: proposals, descriptions, whether more lines are to come.</summary>
/// <remarks>Any thread may ask at any time, also while a cell runs; code of any kind and any position in it are answered, with nothing where there is nothing to say.</remarks>
internal sealed class LanguageService : IDisposable
{
    private readonly ScriptPaths _paths;
    private readonly Lazy<SubmissionWorkspace> _workspace;
    private readonly SymbolProposals _symbols;
    private readonly SymbolInspector _inspector;

    /// <param name="chain">What the session has run.</param>
    /// <param name="paths">Where the files that directives name are.</param>
    public LanguageService(SubmissionChain chain, ScriptPaths paths)
    {
        _paths = paths;
        _workspace = new(() => new SubmissionWorkspace(chain, paths));
        var documentation = new SymbolDocumentation();
        _symbols = new SymbolProposals(documentation);
        _inspector = new SymbolInspector(documentation, chain.TryGetVariable);
    }

    /// <summary>What could stand at <paramref name="position"/> (UTF-16 units) in <paramref name="code"/>.</summary>
    public async Task<CompletionList> CompleteAsync(string code, int position, CancellationToken cancellationToken)
    {
        position = Math.Clamp(position, 0, code.Length);
        var nothing = new CompletionList(position, position, []);
        return await AnswerAsync(
            async () =>
            {
                var region = CellRegion.At(code, position);
                var list = region.Kind switch
                {
                    CellSegmentKind.Code => await CompleteCodeAsync(region, position - region.Start, cancellationToken).ConfigureAwait(false),
                    CellSegmentKind.Unknown => DirectiveProposals.Find(region.Text, position - region.Start, _paths),
                    _ => null,
                };
                return list is null ? nothing : list with { Start = region.Start + list.Start, End = region.Start + list.End };
            },
            code,
            nothing).ConfigureAwait(false);
    }

    /// <summary>What is known of the symbol at <paramref name="position"/> (UTF-16 units), or null.</summary>
    /// <param name="code">Code that has not run.</param>
    /// <param name="position">A position in it.</param>
    /// <param name="isDetailed">True for all of the documentation, not only its summary.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Inspection?> InspectAsync(string code, int position, bool isDetailed, CancellationToken cancellationToken)
    {
        position = Math.Clamp(position, 0, code.Length);
        return await AnswerAsync(
            async () =>
            {
                var region = CellRegion.At(code, position);
                return region.Kind == CellSegmentKind.Code ? await InspectCodeAsync(region, position - region.Start, isDetailed, cancellationToken).ConfigureAwait(false) : null;
            },
            code,
            null).ConfigureAwait(false);
    }

    /// <summary>Whether <paramref name="code"/> could run as it stands.</summary>
#pragma warning disable CA1822 // Asked of the service like the rest.
    public Completeness CheckCompleteness(string code) => CompletenessCheck.Check(code);
#pragma warning restore CA1822

    /// <summary>Does now what the first question would have to wait for.</summary>
    public async Task WarmUpAsync() => await CompleteAsync("Console.", "Console.".Length, CancellationToken.None).ConfigureAwait(false);

    public void Dispose()
    {
        if (_workspace.IsValueCreated)
        {
            _workspace.Value.Dispose();
        }
    }

    /// <summary>Asks, away from the caller's thread; whatever goes wrong, an editor's question is no reason to fail.</summary>
    private static async Task<T> AnswerAsync<T>(Func<Task<T>> ask, string code, T nothing)
    {
        if (CodeSize.IsTooLarge(code))
        {
            return nothing;
        }

        try
        {
            return await Task.Run(ask).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return nothing;
        }
    }

    private async Task<Inspection?> InspectCodeAsync(CellRegion region, int position, bool isDetailed, CancellationToken cancellationToken)
    {
        var document = await _workspace.Value.OpenAsync(region.Text, region.CodeBefore, cancellationToken).ConfigureAwait(false);
        var root = (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
        if (CodeSize.IsTooDeep(root.FindToken(position)))
        {
            return null;
        }

        var model = (await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false))!;
        return _inspector.Inspect(model, root, position, isDetailed, cancellationToken);
    }

    /// <summary>The proposals for a piece of C#; null for none.</summary>
    private async Task<CompletionList?> CompleteCodeAsync(CellRegion region, int position, CancellationToken cancellationToken)
    {
        var document = await _workspace.Value.OpenAsync(region.Text, region.CodeBefore, cancellationToken).ConfigureAwait(false);
        var root = (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
        if (CodePosition.FindDirectiveLine(root, region.Text, position) is { } directive)
        {
            var list = DirectiveProposals.Find(region.Text[directive.Start..directive.End], position - directive.Start, _paths);
            return list with { Start = directive.Start + list.Start, End = directive.Start + list.End };
        }

        var place = CodePosition.Find(root, region.Text, position);
        if (place.IsText || CodeSize.IsTooDeep(place.Left))
        {
            return null;
        }

        var model = (await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false))!;
        var proposals = await ProposeAsync(document, model, place, cancellationToken).ConfigureAwait(false);
        return new CompletionList(place.WordStart, place.WordEnd, Proposal.Choose(proposals, place.Typed));
    }

    private async Task<IEnumerable<Proposal>> ProposeAsync(Document document, SemanticModel model, CodePosition place, CancellationToken cancellationToken)
    {
        var proposals = new List<Proposal>();
        if (InitializerProposals.Find(model, place, out var isExclusive, cancellationToken) is { } members)
        {
            proposals.AddRange(members.Select(member => _symbols.Make(member.Name, [member], null, model.Compilation, Nearness.Expected)));
            if (isExclusive)
            {
                return proposals;
            }
        }

        proposals.AddRange(Arguments.FindUnused(model, place, cancellationToken).Select(parameter => _symbols.Name(parameter, model.Compilation)));
        foreach (var type in ExpectedType.FindEnums(model, place, cancellationToken))
        {
            proposals.AddRange(_symbols.ValuesOf(type, model, place.Position));
        }

        proposals.AddRange(await _symbols.FindAsync(document, model, place, cancellationToken).ConfigureAwait(false));
        proposals.AddRange(KeywordProposals.Find(place));
        return proposals;
    }
}
