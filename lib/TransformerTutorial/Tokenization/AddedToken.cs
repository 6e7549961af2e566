namespace TransformerTutorial.Tokenization;

/// <summary>
/// A token that is found in the text before anything else happens to it, such as <c>&lt;|endoftext|&gt;</c> or <c>[MASK]</c>: an entry of
/// <c>added_tokens</c> in a <c>tokenizer.json</c>.
/// </summary>
/// <param name="Id">The token's id.</param>
/// <param name="Content">The token's text; it may hold spaces.</param>
public sealed record AddedToken(int Id, string Content)
{
    /// <summary>Whether it marks something (a border, a gap) instead of standing for text. Only such tokens obey a <see cref="SpecialTokenMode"/>.</summary>
    public bool Special { get; init; } = true;

    /// <summary>Whether it counts only where no letter, digit or underscore stands beside it.</summary>
    public bool SingleWord { get; init; }

    /// <summary>Whether it takes in the white space before it.</summary>
    public bool StripLeft { get; init; }

    /// <summary>Whether it takes in the white space behind it.</summary>
    public bool StripRight { get; init; }

    /// <summary>Whether it is looked for in the normalized text, normalized itself, instead of in the original.</summary>
    public bool Normalized { get; init; }
}
