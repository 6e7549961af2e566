namespace TransformerTutorial.Embeddings;

/// <summary>How far a training has come.</summary>
/// <param name="Epoch">The pass that runs, from 1.</param>
/// <param name="Epochs">How many passes there will be.</param>
/// <param name="WordsDone">Words read so far in all passes, those left out included.</param>
/// <param name="WordsWanted">Words that all passes will read.</param>
/// <param name="Loss">Mean loss of an example, in nats, in this pass so far; NaN before its first example.</param>
/// <param name="LearningRate">The rate now.</param>
/// <param name="Elapsed">Time since the first word of the first pass.</param>
public readonly record struct Word2VecProgress(int Epoch, int Epochs, long WordsDone, long WordsWanted, double Loss, double LearningRate, TimeSpan Elapsed)
{
    /// <summary>Words read in a second, so far.</summary>
    public double WordsPerSecond => Elapsed > TimeSpan.Zero ? WordsDone / Elapsed.TotalSeconds : 0;

    /// <summary>How long the rest will take at the rate so far.</summary>
    public TimeSpan Remaining => WordsDone > 0 ? Elapsed * ((double)(WordsWanted - WordsDone) / WordsDone) : TimeSpan.Zero;
}
