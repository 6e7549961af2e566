using System.Text.Json;
using TransformerTutorial.Data;

namespace TransformerTutorial.Checks;

/// <summary>One claim of the study notes, in our words.</summary>
/// <param name="Id">Which set of notes and which claim in it: <c>001-08</c>.</param>
/// <param name="Chapter">The chapter that checks it: <c>01-tokenizer</c>.</param>
/// <param name="Cell">The id of the cell that checks it; null while the chapter is not written.</param>
/// <param name="Claim">What the notes say.</param>
/// <param name="Verdict"><c>holds</c>, <c>holds with conditions</c>, <c>corrected</c> or <c>answered</c> (the notes asked a question).</param>
/// <param name="Correction">What holds instead, or under which conditions; null where the claim holds as it stands.</param>
/// <param name="Show">How the chapter shows it.</param>
public sealed record ClaimEntry(string Id, string Chapter, string? Cell, string Claim, string Verdict, string? Correction, string Show);

/// <summary>The claims of the study notes: <c>data/claims.json</c>.</summary>
public static class ClaimCatalogue
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly Lazy<IReadOnlyList<ClaimEntry>> Entries = new(() =>
        JsonSerializer.Deserialize<ClaimEntry[]>(File.ReadAllText(DataFolder.PathOf("claims.json")), Options) ?? []);

    /// <summary>Every claim, in the order of the notes.</summary>
    public static IReadOnlyList<ClaimEntry> All => Entries.Value;

    /// <summary>The claim with this id.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static ClaimEntry Find(string id) =>
        All.FirstOrDefault(entry => entry.Id == id) ?? throw new ArgumentException($"No claim '{id}' in data/claims.json.", nameof(id));
}
