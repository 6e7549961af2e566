using CSharpKernel.Scripting;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Formatting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;

namespace CSharpKernel.Language;

/// <summary>What a session has run as Roslyn's workspaces know it: one submission project for each piece, each referring to the one before.</summary>
/// <remarks>
/// Brought up to date when something is asked; code that has not run is put behind the rest in a copy that nobody keeps. Pieces that declare nothing are left out, and only the
/// first project names the assemblies (Roslyn passes references on along the chain: naming them again adds them up): this keeps an answer quick after hundreds of cells.
/// Compiles on its own rather than with the session's compilations, which may hold rewritten code.
/// </remarks>
internal sealed class SubmissionWorkspace : IDisposable
{
    /// <summary>The name of code that has not run.</summary>
    public static readonly string UnrunPath = ScriptPaths.OfCell("?");

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.Parse, SourceCodeKind.Script);

    private readonly SubmissionChain _chain;
    private readonly AdhocWorkspace _workspace;
    private readonly CSharpCompilationOptions _unrunOptions;
    private readonly SemaphoreSlim _gate = new(1);
    private Solution _solution;
    private ProjectId _lastProject;
    private SubmissionSource? _lastSource;
    private int _count;

    public SubmissionWorkspace(SubmissionChain chain, ScriptPaths paths)
    {
        _chain = chain;

        // Named, because the default set looks for language services that aren't there.
        _workspace = new AdhocWorkspace(MefHostServices.Create([typeof(Workspace).Assembly, typeof(CSharpFormattingOptions).Assembly]));
        _unrunOptions = chain.Options.WithMetadataReferenceResolver(new UnrunReferenceResolver((ScriptReferenceResolver)chain.Options.MetadataReferenceResolver!, paths));
        _lastProject = ProjectId.CreateNewId();
        _solution = _workspace.CurrentSolution.AddProject(Describe(_lastProject, chain.Options, HostAssemblies.References, null));
    }

    /// <summary>A document that holds <paramref name="code"/>, after all that has run and <paramref name="before"/>.</summary>
    /// <param name="code">Code that has not run.</param>
    /// <param name="before">Pieces of the same cell that come before it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Document> OpenAsync(string code, IEnumerable<string> before, CancellationToken cancellationToken)
    {
        Solution solution;
        ProjectId project;
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await CatchUpAsync(cancellationToken).ConfigureAwait(false);
            (solution, project) = (_solution, _lastProject);
        }
        finally
        {
            _gate.Release();
        }

        foreach (var piece in before)
        {
            (solution, var added) = Add(solution, project, piece, UnrunPath, _unrunOptions);
            project = added.ProjectId;
        }

        (solution, var document) = Add(solution, project, code, UnrunPath, _unrunOptions);
        return solution.GetDocument(document)!;
    }

    public void Dispose()
    {
        _workspace.Dispose();
        _gate.Dispose();
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var pieces = new Stack<SubmissionSource>();
        for (var source = _chain.LastSource; source is not null && source != _lastSource; source = source.Previous)
        {
            pieces.Push(source);
        }

        foreach (var source in pieces)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Declares(source.Code))
            {
                (_solution, var document) = Add(_solution, _lastProject, source.Code, source.Path, _chain.Options);
                _lastProject = document.ProjectId;
            }

            _lastSource = source;

            // Now, so that every copy shares it, and one by one, so that a long chain is no deep recursion.
            await _solution.GetProject(_lastProject)!.GetCompilationAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private (Solution Solution, DocumentId Document) Add(Solution solution, ProjectId previous, string code, string path, CompilationOptions options)
    {
        var project = ProjectId.CreateNewId();
        var document = DocumentId.CreateNewId(project);
        solution = solution.AddProject(Describe(project, options, [], previous)).AddDocument(document, path, SourceText.From(code), filePath: path);
        return (solution, document);
    }

    private ProjectInfo Describe(ProjectId project, CompilationOptions options, IEnumerable<MetadataReference> references, ProjectId? previous)
    {
        var name = FormattableString.Invariant($"Piece{Interlocked.Increment(ref _count)}");
        return ProjectInfo.Create(
            project, VersionStamp.Default, name, name, LanguageNames.CSharp,
            compilationOptions: options,
            parseOptions: ParseOptions,
            projectReferences: previous is null ? [] : [new ProjectReference(previous)],
            metadataReferences: references,
            isSubmission: true);
    }

    /// <summary>True where later code can see something of this: a variable, a type, a method, a using, a reference.</summary>
    private static bool Declares(string code)
    {
        var root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(code, ParseOptions).GetRoot();
        return root.Usings.Count > 0
            || root.GetReferenceDirectives().Count > 0
            || root.GetLoadDirectives().Count > 0
            || root.Members.Any(member => member is not GlobalStatementSyntax statement
                || statement.Statement is LocalDeclarationStatementSyntax or LocalFunctionStatementSyntax
                || statement.DescendantNodes().OfType<SingleVariableDesignationSyntax>().Any());
    }
}
