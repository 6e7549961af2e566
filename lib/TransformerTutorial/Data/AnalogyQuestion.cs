namespace TransformerTutorial.Data;

/// <summary>An analogy with its answer: <paramref name="A"/> is to <paramref name="B"/> as <paramref name="C"/> is to <paramref name="D"/>.</summary>
/// <param name="Relation">What A and B, and C and D, are to each other: <c>capital</c>, <c>past tense</c>.</param>
/// <param name="A">The first word of the pair that is shown.</param>
/// <param name="B">The second word of the pair that is shown.</param>
/// <param name="C">The first word of the pair that is asked for.</param>
/// <param name="D">The answer.</param>
/// <example><c>new AnalogyQuestion("gender", "man", "woman", "king", "queen")</c>: man is to woman as king is to queen.</example>
public sealed record AnalogyQuestion(string Relation, string A, string B, string C, string D)
{
    /// <inheritdoc/>
    public override string ToString() => $"{A} : {B} = {C} : {D}";
}
