using System.Collections;

namespace Microsoft.DotNet.Interactive.Formatting.Defaults;

/// <summary>A sequence that is to be shown as a table without an index column.</summary>
internal sealed record ItemTable(IEnumerable Items);
