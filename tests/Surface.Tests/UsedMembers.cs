using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Surface.Tests;

/// <summary>Collects which types and members of some assemblies a piece of code uses, as the compiler understands it: overloads, operators, conversions, what a <c>foreach</c> calls, what is overridden.</summary>
/// <param name="isPackage">Whether an assembly, by name, is one of those to watch.</param>
internal sealed class UsedMembers(Func<string, bool> isPackage)
{
    private readonly Dictionary<ListedMember, SortedSet<string>> _places = [];

    // Lines are slow to write, and the same members are used again and again.
    private readonly Dictionary<ISymbol, ListedMember> _lines = new(SymbolEqualityComparer.Default);

    /// <summary>Each used type and member, with the places that use it (files, cells).</summary>
    public IReadOnlyDictionary<ListedMember, SortedSet<string>> Places => _places;

    /// <summary>Takes in what another has collected.</summary>
    public void Add(UsedMembers other)
    {
        foreach (var (member, places) in other._places)
        {
            Of(member).UnionWith(places);
        }
    }

    /// <summary>Collects what one file or cell uses.</summary>
    /// <param name="compilation">What it is compiled in.</param>
    /// <param name="tree">Its text.</param>
    /// <param name="place">Names it in reports.</param>
    /// <exception cref="InvalidOperationException">The code doesn't compile; the message is the compiler's, with place and line.</exception>
    public void Collect(CSharpCompilation compilation, SyntaxTree tree, string place)
    {
        var walk = new Walk(this, compilation.GetSemanticModel(tree), place);
        if (!walk.Visit(tree.GetRoot()))
        {
            var error = compilation.GetDiagnostics().FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Location.SourceTree == tree);
            throw new InvalidOperationException($"{place}{(error is null ? " does not compile" : $"({error.Location.GetLineSpan().StartLinePosition.Line + 1}): {error.Id}: {error.GetMessage(null)}")}");
        }
    }

    private SortedSet<string> Of(ListedMember member)
    {
        if (!_places.TryGetValue(member, out var places))
        {
            _places[member] = places = new(StringComparer.Ordinal);
        }

        return places;
    }

    private void Note(ISymbol? symbol, string place)
    {
        switch (symbol)
        {
            case null or INamespaceSymbol or ITypeParameterSymbol or IErrorTypeSymbol or ILocalSymbol or IParameterSymbol or IRangeVariableSymbol or ILabelSymbol or IDiscardSymbol or IAliasSymbol:
                break;
            case IArrayTypeSymbol array:
                Note(array.ElementType, place);
                break;
            case INamedTypeSymbol type:
                NoteType(type.OriginalDefinition, place);
                break;
            case { ContainingType: not null }:
                var member = MemberText.Declared(symbol);
                if (IsWatched(member))
                {
                    NoteType(member.ContainingType, place);
                    NoteLine(member, place);
                }

                break;
        }
    }

    private void NoteType(INamedTypeSymbol type, string place)
    {
        if (IsWatched(type))
        {
            NoteLine(type, place);
        }
    }

    private void NoteLine(ISymbol symbol, string place)
    {
        if (!_lines.TryGetValue(symbol, out var line))
        {
            var package = MemberList.PackageOf(symbol.ContainingAssembly.Name);
            _lines[symbol] = line = symbol is INamedTypeSymbol type ? new(package, MemberText.OfType(type), "") : new(package, MemberText.OfType(symbol.ContainingType), MemberText.OfMember(symbol));
        }

        Of(line).Add(place);
    }

    private bool IsWatched(ISymbol symbol) => symbol.ContainingAssembly is { } assembly && isPackage(assembly.Name);

    /// <summary>Goes through one text. Types are read off the syntax where only types may stand; what expressions use, named or not, off the operations that the compiler made of them.</summary>
    private sealed class Walk(UsedMembers used, SemanticModel model, string place)
    {
        private bool _isValid = true;

        /// <summary>False where something in it means nothing to the compiler.</summary>
        public bool Visit(SyntaxNode root)
        {
            foreach (var node in root.DescendantNodes())
            {
                switch (node)
                {
                    case SimpleNameSyntax name when SyntaxFacts.IsInTypeOnlyContext(name) || SyntaxFacts.IsInNamespaceOrTypeContext(name):
                        Note(model.GetSymbolInfo(name).Symbol);
                        break;
                    case BaseTypeDeclarationSyntax declaration when model.GetDeclaredSymbol(declaration) is { } type:
                        VisitDeclared(type);
                        break;
                }
            }

            VisitOperations(root);
            return _isValid;
        }

        private void VisitOperations(SyntaxNode node)
        {
            // A type with a primary constructor has an operation of its own, which leaves its members out.
            if (node is not TypeDeclarationSyntax && model.GetOperation(node) is { } operation)
            {
                foreach (var part in operation.DescendantsAndSelf())
                {
                    VisitOperation(part);
                }

                return;
            }

            foreach (var child in node.ChildNodes())
            {
                VisitOperations(child);
            }
        }

        private void VisitOperation(IOperation operation)
        {
            switch (operation)
            {
                case IInvalidOperation:
                    _isValid = false;
                    break;
                case IInvocationOperation call:
                    Note(call.TargetMethod);
                    break;
                case IObjectCreationOperation creation:
                    Note(creation.Constructor);
                    break;
                case IMemberReferenceOperation reference:
                    Note(reference.Member);
                    break;
                case IBinaryOperation binary:
                    Note(binary.OperatorMethod);
                    break;
                case IUnaryOperation unary:
                    Note(unary.OperatorMethod);
                    break;
                case IIncrementOrDecrementOperation step:
                    Note(step.OperatorMethod);
                    break;
                case ICompoundAssignmentOperation assignment:
                    Note(assignment.OperatorMethod);
                    Note(assignment.InConversion.MethodSymbol);
                    Note(assignment.OutConversion.MethodSymbol);
                    break;
                case IConversionOperation conversion:
                    Note(conversion.OperatorMethod);
                    break;
                case ISpreadOperation spread:
                    Note(spread.ElementConversion.MethodSymbol);
                    break;
                case IImplicitIndexerReferenceOperation indexer:
                    Note(indexer.IndexerSymbol);
                    Note(indexer.LengthSymbol);
                    break;
                case ITypePatternOperation pattern:
                    Note(pattern.MatchedType);
                    break;
                case IRecursivePatternOperation pattern:
                    Note(pattern.DeconstructSymbol);
                    break;
                case IForEachLoopOperation { Syntax: CommonForEachStatementSyntax loop }:
                    VisitLoop(model.GetForEachStatementInfo(loop));
                    break;
                case IDeconstructionAssignmentOperation { Syntax: AssignmentExpressionSyntax deconstruction }:
                    VisitDeconstruction(model.GetDeconstructionInfo(deconstruction));
                    break;
            }
        }

        private void VisitLoop(ForEachStatementInfo loop)
        {
            Note(loop.GetEnumeratorMethod);
            Note(loop.MoveNextMethod);
            Note(loop.CurrentProperty);
            Note(loop.DisposeMethod);
            Note(loop.ElementConversion.MethodSymbol);
        }

        private void VisitDeconstruction(DeconstructionInfo deconstruction)
        {
            Note(deconstruction.Method);
            Note(deconstruction.Conversion?.MethodSymbol);
            foreach (var part in deconstruction.Nested)
            {
                VisitDeconstruction(part);
            }
        }

        /// <summary>What a declared type takes over without naming it: the members that it overrides or implements, and its base's constructor.</summary>
        private void VisitDeclared(INamedTypeSymbol type)
        {
            foreach (var member in type.GetMembers())
            {
                Note(member switch
                {
                    IMethodSymbol method => method.OverriddenMethod,
                    IPropertySymbol property => property.OverriddenProperty,
                    _ => null,
                });
            }

            foreach (var member in type.AllInterfaces.SelectMany(contract => contract.GetMembers()).Where(used.IsWatched))
            {
                Note(member);
            }

            if (type.BaseType is { } parent && type.InstanceConstructors.Any(CallsTheBaseSilently))
            {
                Note(parent.InstanceConstructors.FirstOrDefault(constructor => constructor.Parameters.IsEmpty));
            }
        }

        private static bool CallsTheBaseSilently(IMethodSymbol constructor) => constructor.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).All(syntax =>
            syntax is ConstructorDeclarationSyntax { Initializer: null } || (syntax is TypeDeclarationSyntax type && type.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().Any() != true));

        private void Note(ISymbol? symbol) => used.Note(symbol, place);
    }
}
