namespace CSharpKernel.Language;

/// <summary>Whether a piece of code could run as it stands.</summary>
internal enum CompletenessStatus
{
    /// <summary>It could.</summary>
    Complete,

    /// <summary>Something has been opened and not closed: more lines are to come.</summary>
    Incomplete,

    /// <summary>No further line makes it valid.</summary>
    Invalid,
}

/// <summary>Whether a piece of code could run as it stands, and if not yet, how the next line is indented.</summary>
/// <param name="Status">Whether it could.</param>
/// <param name="Indent">Blanks for the next line; empty unless incomplete.</param>
internal sealed record Completeness(CompletenessStatus Status, string Indent);
