namespace TransformerTutorial.Positions;

/// <summary>
/// Which two dimensions rotary positions turn together. A model works only with the layout that it was trained with; one becomes the other when the
/// rows of the query and key projections are put into another order.
/// </summary>
public enum RotaryLayout
{
    /// <summary>Neighbours: dimensions 0 and 1, 2 and 3, …, as in the paper, GPT-J and LLaMA's own code.</summary>
    Interleaved,

    /// <summary>One from each half: dimensions 0 and d/2, 1 and d/2 + 1, …, as in GPT-NeoX and in LLaMA's checkpoints for Hugging Face.</summary>
    HalfSplit,
}
