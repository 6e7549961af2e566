using System.Text.Json;
using TransformerTutorial.Display;

namespace TransformerTutorial.Checks;

/// <summary>Checks a claim of the study notes against measured numbers, and shows the verdict as a card.</summary>
/// <remarks>
/// The claims' wording and verdicts stand in <c>data/claims.json</c>. The method says which way the verdict goes, and must agree with that file:
/// a chapter cannot quietly change its mind.
/// </remarks>
public static class Claim
{
    /// <summary>The claim holds, perhaps under conditions that the card states.</summary>
    /// <exception cref="CheckFailedException">A measured number does not bear it out.</exception>
    /// <exception cref="ArgumentException">There is no such claim, its verdict is another one, or no facts are given.</exception>
    public static ClaimResult Holds(string id, params Evidence[] facts) => Judge(id, facts, "holds", "holds with conditions");

    /// <summary>The claim is wrong as it stands; the facts bear out the correction.</summary>
    /// <inheritdoc cref="Holds(string, Evidence[])"/>
    public static ClaimResult Corrected(string id, params Evidence[] facts) => Judge(id, facts, "corrected");

    /// <summary>The notes asked a question; the facts bear out the answer.</summary>
    /// <inheritdoc cref="Holds(string, Evidence[])"/>
    public static ClaimResult Answered(string id, params Evidence[] facts) => Judge(id, facts, "answered");

    /// <summary>The claim holds: one measured number lies within a tolerance of what it says.</summary>
    /// <inheritdoc cref="Holds(string, Evidence[])"/>
    public static ClaimResult Holds(string id, double measured, double expected, double relativeTolerance = 1e-6) =>
        Holds(id, Evidence.Close("measured", expected, measured, relativeTolerance));

    /// <summary>The claim is wrong as it stands: one measured number lies within a tolerance of what the correction says.</summary>
    /// <inheritdoc cref="Holds(string, Evidence[])"/>
    public static ClaimResult Corrected(string id, double measured, double expected, double relativeTolerance = 1e-6) =>
        Corrected(id, Evidence.Close("measured", expected, measured, relativeTolerance));

    private static ClaimResult Judge(string id, Evidence[] facts, params string[] verdicts)
    {
        var entry = ClaimCatalogue.Find(id);
        if (!verdicts.Contains(entry.Verdict))
        {
            throw new ArgumentException($"Claim {id} has the verdict '{entry.Verdict}' in data/claims.json, not '{verdicts[0]}'.", nameof(id));
        }

        CheckFailedException.ThrowIfAny($"Claim {id} ({entry.Claim}) is not borne out", facts);
        return new ClaimResult(entry, facts);
    }
}

/// <summary>A checked claim: what the notes say, the verdict, the measured numbers.</summary>
[TypeFormatterSource(typeof(RichOutputFormatterSource), PreferredMimeTypes = [MimeTypes.Html, MimeTypes.Claim, MimeTypes.Plain])]
public sealed class ClaimResult : RichOutput
{
    internal ClaimResult(ClaimEntry entry, IReadOnlyList<Evidence> facts)
    {
        Entry = entry;
        Facts = facts;
    }

    /// <summary>The claim's entry in <c>data/claims.json</c>.</summary>
    public ClaimEntry Entry { get; }

    /// <summary>The facts that bear out the verdict; all hold.</summary>
    public IReadOnlyList<Evidence> Facts { get; }

    private string Colour => Entry.Verdict is "holds" ? Card.Good : Entry.Verdict is "answered" ? Card.Neutral : Card.Corrected;

    /// <inheritdoc/>
    public override string? Write(string mimeType) => mimeType switch
    {
        MimeTypes.Plain => string.Join('\n', [
            $"Claim {Entry.Id}: {Entry.Verdict}",
            $"The notes: {Entry.Claim}",
            .. Entry.Correction is null ? Array.Empty<string>() : [$"What holds: {Entry.Correction}"],
            .. Facts.Select(fact => "✓ " + fact)]),
        MimeTypes.Html => Card.Write(
            Colour,
            $"Claim {Entry.Id}: {Entry.Verdict}",
            null,
            $"<div><i>The notes:</i> {Card.Text(Entry.Claim)}</div>"
            + (Entry.Correction is null ? "" : $"<div><i>What holds:</i> {Card.Text(Entry.Correction)}</div>")
            + Card.Facts(Facts)),
        MimeTypes.Claim => JsonSerializer.Serialize(new
        {
            id = Entry.Id,
            verdict = Entry.Verdict,
            facts = Facts.Select(fact => new { what = fact.What, measured = fact.Measured, requirement = fact.Requirement, holds = fact.Holds }),
        }),
        _ => null,
    };
}
