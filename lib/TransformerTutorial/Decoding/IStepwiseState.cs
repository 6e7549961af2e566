namespace TransformerTutorial.Decoding;

/// <summary>Sentences that a model is writing, one a row.</summary>
public interface IStepwiseState : IDisposable
{
    /// <summary>How many positions the decoder has computed so far, over all rows: with a cache one for each new word, without one all of a row's in every step.</summary>
    long Positions { get; }

    /// <summary>Takes the next id of each row, begin first, and says what could come behind it.</summary>
    /// <param name="ids">One id for each row.</param>
    /// <returns>Tensors of the caller's dispose scope.</returns>
    StepOutput Advance(IReadOnlyList<int> ids);

    /// <summary>Goes on with some of the rows, in this order; some more than once, others not at all.</summary>
    /// <param name="rows">Which row each place gets.</param>
    void Reorder(IReadOnlyList<int> rows);
}
