using TransformerTutorial.Data;

namespace TransformerTutorial.Embeddings;

/// <summary>One analogy question and what was answered.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">The answer; null if a word of the question has no vector.</param>
/// <param name="Chance">How likely a blind guess is right, from 0 to 1; 0 if a word of the question has no vector.</param>
public sealed record AnalogyAnswer(AnalogyQuestion Question, string? Answer, double Chance)
{
    /// <summary>Whether all words of the question have vectors, so that it was asked.</summary>
    public bool IsKnown => Answer is not null;

    /// <summary>Whether the answer is the question's D.</summary>
    public bool IsRight => Answer == Question.D;
}
