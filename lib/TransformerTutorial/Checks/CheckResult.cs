using TransformerTutorial.Display;

namespace TransformerTutorial.Checks;

/// <summary>Facts that hold, shown as a list with a tick each.</summary>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Plain])]
public sealed class CheckResult : RichOutput
{
    internal CheckResult(IReadOnlyList<Evidence> facts) => Facts = facts;

    /// <summary>The facts, in the order in which they were given.</summary>
    public IReadOnlyList<Evidence> Facts { get; }

    /// <inheritdoc/>
    public override string? Write(string mimeType) => mimeType switch
    {
        MimeTypes.Plain => string.Join('\n', Facts.Select(fact => "✓ " + fact)),
        MimeTypes.Html => Card.Write(Card.Good, null, null, Card.Facts(Facts)),
        _ => null,
    };
}
