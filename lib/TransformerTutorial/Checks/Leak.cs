namespace TransformerTutorial.Checks;

/// <summary>An output that changed although it must not: its sequence, its position, and the input that was changed. Positions and sequences count from 0.</summary>
/// <param name="Sequence">The sequence of the batch that the output belongs to.</param>
/// <param name="Output">The output's position.</param>
/// <param name="ChangedSequence">The sequence in which the input was changed.</param>
/// <param name="Input">The input's position.</param>
/// <param name="Size">By how much the output changed: the largest difference of one of its numbers, over all changes tried. 0 where only the sign of a zero did, infinite where a number became NaN or infinite.</param>
public sealed record Leak(int Sequence, int Output, int ChangedSequence, int Input, double Size)
{
    /// <summary>Whether a change in one sequence of the batch reached another one.</summary>
    public bool IsAcrossSequences => Sequence != ChangedSequence;

    /// <summary>For instance <c>output 2 changed by 0.31 with input 5</c>, or <c>output 2 of sequence 1 changed by 0.31 with input 5 of sequence 0</c>.</summary>
    public override string ToString() => IsAcrossSequences
        ? FormattableString.Invariant($"output {Output} of sequence {Sequence} changed by {Size:G2} with input {Input} of sequence {ChangedSequence}")
        : FormattableString.Invariant($"output {Output}{(Sequence > 0 ? $" of sequence {Sequence}" : "")} changed by {Size:G2} with input {Input}");
}
