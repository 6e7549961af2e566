using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace CSharpKernel.Scripting;

/// <summary>The code that a session has run so far, each piece seeing the declarations of those before it, and the values of its variables.</summary>
/// <remarks>
/// Compiles pieces as C# script submissions: each becomes a class whose fields are its variables, with an entry point that takes the instances of the earlier classes.
/// Compiled with optimisation, for cells that compute, and with line tables, so that exceptions still name their line.
/// </remarks>
internal sealed class SubmissionChain
{
    // .NET Interactive's own list: a cell that runs with more here would not run there.
    private static readonly string[] Imports =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq", "Microsoft.DotNet.Interactive.Kernel",
    ];

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);
    private static readonly EmitOptions EmitOptions = new(debugInformationFormat: DebugInformationFormat.PortablePdb);
    private static readonly MethodInfo MemberwiseCloneMethod = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!;
    private static readonly EmitOptions InterruptibleEmitOptions = EmitOptions.WithInstrumentationKinds([InstrumentationKind.StackOverflowProbing]);

    private readonly bool _isInterruptible;
    private readonly CSharpCompilationOptions _options;
    private readonly CSharpCompilationOptions _polledOptions;
    private readonly SessionLoadContext _loadContext;
    private CSharpCompilation? _previous;
    private volatile SubmissionSource? _lastSource;
    private object?[] _instances;
    private int _instanceCount;

    /// <summary>A chain in which nothing has run yet.</summary>
    /// <param name="paths">Where files are looked for.</param>
    /// <param name="shadowCopyFolder">Where referenced assemblies are copied to, or null.</param>
    /// <param name="isInterruptible">True to put polls into the code (<see cref="PolledCode"/>), and to make an exception of endless recursion, which otherwise ends the process.</param>
    public SubmissionChain(ScriptPaths paths, string? shadowCopyFolder, bool isInterruptible)
    {
        _isInterruptible = isInterruptible;
        _loadContext = new SessionLoadContext(shadowCopyFolder);

        // Slot 0 would be for a host object, which notebooks don't have.
        _instances = new object?[16];
        _instanceCount = 1;
        _options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            usings: Imports,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true,
            concurrentBuild: false,
            sourceReferenceResolver: new ScriptSourceResolver(paths, isPolled: false),
            metadataReferenceResolver: new ScriptReferenceResolver(paths, _loadContext),
            assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default,
            specificDiagnosticOptions: [new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress)]);
        _polledOptions = _options.WithSourceReferenceResolver(new ScriptSourceResolver(paths, isPolled: true));
    }

    private SubmissionChain(SubmissionChain other)
    {
        _isInterruptible = other._isInterruptible;
        _loadContext = other._loadContext;
        _options = other._options;
        _polledOptions = other._polledOptions;
        _previous = other._previous;
        _lastSource = other._lastSource;
        _instances = CloneInstances(other._instances);
        _instanceCount = other._instanceCount;
    }

    /// <summary>The piece of code that ran last, or runs now; null before the first.</summary>
    public SubmissionSource? LastSource => _lastSource;

    /// <summary>How each piece is compiled.</summary>
    public CSharpCompilationOptions Options => _options;

    /// <summary>A chain that continues from here on its own: it declares and assigns without this one noticing. Objects that variables refer to are shared.</summary>
    public SubmissionChain Fork() => new(this);

    /// <summary>Compiles a piece of code after all that have run.</summary>
    /// <param name="code">The code.</param>
    /// <param name="path">Names it in errors and stack traces.</param>
    /// <param name="cancellationToken">Stops the compiler.</param>
    public CompiledSubmission Compile(string code, string path, CancellationToken cancellationToken)
    {
        var source = new SubmissionSource(code, path, _lastSource);
        var number = _loadContext.NextCellNumber();
        var tree = CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), ParseOptions, path, cancellationToken);
        var compilation = CreateCompilation(number, tree, _options);
        if (_isInterruptible)
        {
            if (EmitPolled(withArrows: true) is { } polled)
            {
                return polled;
            }

            // Where the polls don't compile, the code itself mostly doesn't, and says so in its own words.
            if (!compilation.GetDiagnostics(cancellationToken).Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) && EmitPolled(withArrows: false) is { } partlyPolled)
            {
                return partlyPolled;
            }
        }

        return Emit(source, number, compilation, tree, cancellationToken);

        CompiledSubmission? EmitPolled(bool withArrows)
        {
            var polled = PolledCode.Create(tree, () => compilation.GetSemanticModel(tree), withArrows, cancellationToken);
            var polledTree = polled?.Tree ?? tree;
            var submission = Emit(source, number, CreateCompilation(number, polledTree, _polledOptions), polledTree, cancellationToken);
            return submission.Run is null ? null : submission with { Polled = polled };
        }
    }

    /// <summary>Runs what <see cref="Compile"/> returned and keeps its declarations, even where it throws half-way.</summary>
    /// <returns>The value of the trailing expression.</returns>
    public Task<object?> RunAsync(CompiledSubmission submission)
    {
        _previous = submission.Compilation;
        _lastSource = submission.Source;
        if (!submission.IsEmpty)
        {
            _instanceCount++;
            if (_instanceCount > _instances.Length)
            {
                Array.Resize(ref _instances, _instances.Length * 2);
            }
        }

        return submission.Run!(_instances);
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"Submission{number}");

    private CSharpCompilation CreateCompilation(int number, SyntaxTree tree, CSharpCompilationOptions options) => CSharpCompilation.CreateScriptCompilation(
        NameOf(number),
        tree,
        _previous is null ? HostAssemblies.References : null,
        options.WithScriptClassName(string.Create(CultureInfo.InvariantCulture, $"Submission#{number}")),
        _previous,
        typeof(object));

    private CompiledSubmission Emit(SubmissionSource source, int number, CSharpCompilation compilation, SyntaxTree tree, CancellationToken cancellationToken)
    {
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(assembly, symbols, options: _isInterruptible ? InterruptibleEmitOptions : EmitOptions, cancellationToken: cancellationToken);
        var diagnostics = emitted.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !diagnostic.IsSuppressed).ToArray();
        if (Array.Exists(diagnostics, diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
        {
            return new CompiledSubmission(compilation, diagnostics, false, null) { Source = source };
        }

        // Nothing is emitted, and no slot is taken, where there are only usings and directives.
        if (!emitted.Success)
        {
            return new CompiledSubmission(compilation, diagnostics, false, _ => Task.FromResult<object?>(null)) { Source = source, IsEmpty = true };
        }

        assembly.Position = 0;
        symbols.Position = 0;
        var loaded = _loadContext.LoadCell(NameOf(number), assembly, symbols);
        var entryPoint = compilation.GetEntryPoint(cancellationToken)!;
        var run = loaded.GetType(entryPoint.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entryPoint.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object?>>>();
        return new CompiledSubmission(compilation, diagnostics, HasResult(compilation, tree), run) { Source = source };
    }

    /// <summary>Runs what <see cref="Compile"/> returned and forgets it: its declarations are gone afterwards.</summary>
    public Task<object?> EvaluateAsync(CompiledSubmission submission)
    {
        var instances = new object?[_instanceCount + 1];
        Array.Copy(_instances, instances, _instanceCount);
        return submission.Run!(instances);
    }

    /// <summary>The variable's value; false where no variable of that name has been declared.</summary>
    public bool TryGetVariable(string name, out object? value)
    {
        for (var slot = _instanceCount - 1; slot > 0; slot--)
        {
            if (_instances[slot]?.GetType().GetField(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) is { } field)
            {
                value = field.GetValue(_instances[slot]);
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>Copies the classes that hold the variables; each also holds the earlier ones in fields, which must lead to the copies.</summary>
    private static object?[] CloneInstances(object?[] instances)
    {
        var cloneOf = new Dictionary<object, object>(ReferenceEqualityComparer.Instance);
        foreach (var instance in instances.OfType<object>())
        {
            cloneOf[instance] = MemberwiseCloneMethod.Invoke(instance, null)!;
        }

        foreach (var clone in cloneOf.Values)
        {
            foreach (var field in clone.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                if (!field.FieldType.IsValueType && field.GetValue(clone) is { } held && cloneOf.TryGetValue(held, out var heldClone))
                {
                    field.SetValue(clone, heldClone);
                }
            }
        }

        return [.. instances.Select(instance => instance is null ? null : cloneOf[instance])];
    }

    /// <summary>True where the code ends with an expression that has a value and no semicolon.</summary>
    private static bool HasResult(CSharpCompilation compilation, SyntaxTree tree)
    {
        if (((CompilationUnitSyntax)tree.GetRoot()).Members.LastOrDefault() is not GlobalStatementSyntax { Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement })
        {
            return false;
        }

        // Only a call may be without a value; the compiler is asked about nothing else, because that takes it a while.
        return statement.Expression is not (InvocationExpressionSyntax or AwaitExpressionSyntax or ConditionalAccessExpressionSyntax)
            || compilation.GetSemanticModel(tree).GetTypeInfo(statement.Expression) is { ConvertedType.SpecialType: not SpecialType.System_Void };
    }
}

/// <summary>A compiled piece of code, or what is wrong with it.</summary>
/// <param name="Compilation">What the compiler knows of it.</param>
/// <param name="Diagnostics">Errors and warnings.</param>
/// <param name="HasResult">True where it ends with an expression whose value is to be shown.</param>
/// <param name="Run">Runs it over the instances of the submissions; null where it has errors.</param>
internal sealed record CompiledSubmission(
    CSharpCompilation Compilation,
    IReadOnlyList<Diagnostic> Diagnostics,
    bool HasResult,
    Func<object?[], Task<object?>>? Run)
{
    /// <summary>The code as it was written.</summary>
    public required SubmissionSource Source { get; init; }

    /// <summary>True where it declares and does nothing: usings and directives only.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>The polls that were put in, or null.</summary>
    public PolledCode? Polled { get; init; }
}
