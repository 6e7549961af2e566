namespace CSharpKernel.Language;

/// <summary>How near a proposal is to what is being written; nearer ones come first among those whose names fit as well.</summary>
internal enum Nearness
{
    /// <summary>Exactly what this place asks for: a value of the enum, a property to initialise, a parameter's name.</summary>
    Expected,

    /// <summary>A variable, or a member that the type itself declares.</summary>
    Own,

    /// <summary>A method of an earlier cell, or a member of a base type.</summary>
    Inherited,

    /// <summary>A type that a cell declared.</summary>
    Session,

    /// <summary>A keyword.</summary>
    Keyword,

    /// <summary>An extension method.</summary>
    Extension,

    /// <summary>A type of a library, or a member that every object has.</summary>
    Common,

    /// <summary>A namespace.</summary>
    Namespace,

    /// <summary>What its author asks not to use.</summary>
    Obsolete,
}

/// <summary>Something that could be proposed: texts that take time are made only for what is.</summary>
/// <param name="Text">What to put in.</param>
/// <param name="Name">What is compared with the word typed.</param>
/// <param name="Kind">What it is, as in <see cref="CompletionItem"/>.</param>
/// <param name="Nearness">How near it is.</param>
/// <param name="Signature">Makes its declaration in one line.</param>
/// <param name="Documentation">Makes its summary.</param>
internal sealed record Proposal(string Text, string Name, string Kind, Nearness Nearness, Func<string> Signature, Func<string> Documentation)
{
    // Texts take longer than all the rest, and nobody reads so far before typing on.
    private const int MostDocumented = 100;

    /// <summary>A proposal with nothing to say about itself.</summary>
    public static Proposal Plain(string text, string kind, Nearness nearness) => new(text, text, kind, nearness, static () => string.Empty, static () => string.Empty);

    /// <summary>Those whose names fit what has been typed, each text once, best first, the first with what is known of them. Once something is typed, the shorter of equally near ones comes first.</summary>
    public static IReadOnlyList<CompletionItem> Choose(IEnumerable<Proposal> proposals, string typed)
    {
        var texts = new HashSet<string>(StringComparer.Ordinal);
        return [.. proposals
            .Select(proposal => (Proposal: proposal, Match: NameMatcher.Match(proposal.Name, typed)))
            .Where(entry => entry.Match != NameMatch.None)
            .OrderBy(entry => entry.Match)
            .ThenBy(entry => entry.Proposal.Nearness)
            .ThenBy(entry => typed.Length == 0 ? 0 : entry.Proposal.Name.Length)
            .ThenBy(entry => entry.Proposal.Name, StringComparer.OrdinalIgnoreCase)
            .ThenBy(entry => entry.Proposal.Name, StringComparer.Ordinal)
            .Where(entry => texts.Add(entry.Proposal.Text))
            .Select(entry => entry.Proposal)
            .Select((proposal, index) => new CompletionItem(proposal.Text, proposal.Kind, proposal.Signature(), index < MostDocumented ? proposal.Documentation() : string.Empty))];
    }
}
