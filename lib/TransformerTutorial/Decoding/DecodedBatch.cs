namespace TransformerTutorial.Decoding;

/// <summary>What a model wrote for a batch of sentences, and what it took.</summary>
/// <param name="Answers">For each sentence the answers that were asked for, the best one first.</param>
/// <param name="EncoderCalls">How often the source was read: once, however long the answers.</param>
/// <param name="DecoderSteps">How often the decoder was called: once for each word of the longest answer, whatever the batch.</param>
/// <param name="DecoderPositions">How many positions the decoder computed: see <see cref="IStepwiseState.Positions"/>.</param>
public sealed record DecodedBatch(IReadOnlyList<IReadOnlyList<DecodedSequence>> Answers, int EncoderCalls, int DecoderSteps, long DecoderPositions)
{
    /// <summary>How many sentences there are.</summary>
    public int Count => Answers.Count;

    /// <summary>The best answer to each sentence.</summary>
    public IReadOnlyList<DecodedSequence> Best => [.. Answers.Select(answers => answers[0])];

    /// <summary>The best answer to one sentence.</summary>
    public DecodedSequence this[int sentence] => Answers[sentence][0];
}
