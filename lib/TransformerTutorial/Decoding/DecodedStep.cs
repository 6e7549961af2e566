namespace TransformerTutorial.Decoding;

/// <summary>One word of a sentence that a model wrote, and what else it might have been.</summary>
/// <param name="Written">The word, or the end.</param>
/// <param name="Candidates">The likeliest words, the likeliest first; of equals the one with the smaller id. Begin and padding are never among them.</param>
public sealed record DecodedStep(Candidate Written, IReadOnlyList<Candidate> Candidates);
