using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>
/// Writes the answers to a batch of sentences with a model that scores one next word at a time: the likeliest word of each step, a beam of several answers at once, or words drawn by chance.
/// </summary>
/// <remarks>
/// <para>Begin and padding are never written. A sentence is done when its end is written, or at its maximum length; the others of a batch go on without it. What a sentence is answered doesn't depend on the batch it stands in,
/// to the bit, if the model's logits don't. Nothing here computes gradients, and a model of this library is in evaluation mode meanwhile.</para>
/// <para>Of words that are equally likely the one with the smaller id is taken; of answers that rank equal the one found first.</para>
/// </remarks>
/// <example>
/// <code>
/// var greedy = Decode.Greedy(model, source);                                           // source: (B, S)
/// var beam = Decode.Beam(model, source, new() { Width = 4, Answers = 3 });
/// greedy[0].Ids                                                                        // the answer to the first sentence
/// beam.Answers[0][1].Score                                                             // its second-best answer's score
/// </code>
/// </example>
public static class Decode
{
    /// <summary>At each step the likeliest word.</summary>
    /// <param name="model">The model.</param>
    /// <param name="source">Ids of the sentences to read: (B, S), words and end, padding behind them.</param>
    /// <param name="options">Where to stop, what to tell.</param>
    /// <exception cref="ArgumentException">The ids or options have no meaning; the message names them.</exception>
    /// <exception cref="InvalidOperationException">The model's logits are no distribution, or give every word that may be written the probability 0.</exception>
    public static DecodedBatch Greedy(IStepwiseModel model, Tensor source, DecodingOptions? options = null) =>
        OneAnswer(model, source, options ?? new(), (_, _, _, best) => best is [{ LogProbability: > double.NegativeInfinity } likeliest, ..] ? likeliest.Id : null);

    /// <inheritdoc cref="Greedy(IStepwiseModel, Tensor, DecodingOptions)"/>
    public static DecodedBatch Greedy(EncoderDecoder model, Tensor source, DecodingOptions? options = null) => Greedy(new StepwiseTransformer(model), source, options);

    /// <summary>Several answers at once, the best of which go on; usually finds likelier answers than <see cref="Greedy(IStepwiseModel, Tensor, DecodingOptions)"/>.</summary>
    /// <remarks>
    /// At each step every unfinished answer is continued by every word, and of all continuations of a sentence the likeliest are kept, as many as the beam is wide. Those that end are put aside, the others go on, until none of them
    /// can overtake the answers that were found, however it goes on. Answers that ended come before those that were cut off; where fewer were found than asked for, fewer are given.
    /// Source of the length penalty: Y. Wu et al. 2016, "Google's Neural Machine Translation System", equation 14.
    /// </remarks>
    /// <inheritdoc cref="Greedy(IStepwiseModel, Tensor, DecodingOptions)"/>
    public static DecodedBatch Beam(IStepwiseModel model, Tensor source, BeamOptions? options = null)
    {
        Require(model, source);
        options ??= new();
        options.Validate();
        using var off = no_grad();
        using var run = new DecodingRun(model, source, options);
        return BeamSearch.Run(run, options, model.Special);
    }

    /// <inheritdoc cref="Beam(IStepwiseModel, Tensor, BeamOptions)"/>
    public static DecodedBatch Beam(EncoderDecoder model, Tensor source, BeamOptions? options = null) => Beam(new StepwiseTransformer(model), source, options);

    /// <summary>Each word drawn by chance, as likely as the model says, or by a changed distribution: of the likeliest words only, flatter or steeper. The log-probabilities are the model's own.</summary>
    /// <inheritdoc cref="Greedy(IStepwiseModel, Tensor, DecodingOptions)"/>
    public static DecodedBatch Sample(IStepwiseModel model, Tensor source, SamplingOptions? options = null)
    {
        Require(model, source);
        options ??= new();
        options.Validate();
        if (options.Streams is { } given && given.Count != source.shape[0])
        {
            throw new ArgumentException($"There are {given.Count} streams for {source.shape[0]} sentences.", nameof(options));
        }

        var streams = Enumerable.Range(0, (int)source.shape[0]).Select(sentence => new SplitMix(options.Seed, options.Streams?[sentence] ?? sentence)).ToArray();
        return OneAnswer(model, source, options, (scores, row, sentence, _) => Sampling.Draw(scores, row, options, streams[sentence]));
    }

    /// <inheritdoc cref="Sample(IStepwiseModel, Tensor, SamplingOptions)"/>
    public static DecodedBatch Sample(EncoderDecoder model, Tensor source, SamplingOptions? options = null) => Sample(new StepwiseTransformer(model), source, options);

    // One hypothesis for each sentence: `choose` says which word follows, by the scores, the row, the sentence and the likeliest words; null if none can.
    private static DecodedBatch OneAnswer(IStepwiseModel model, Tensor source, DecodingOptions options, Func<StepScores, int, int, Candidate[], int?> choose)
    {
        Require(model, source);
        options.Validate();
        using var off = no_grad();
        using var run = new DecodingRun(model, source, options);
        var hypotheses = new Hypothesis?[run.Limits.Count];
        int[] rows = [.. Enumerable.Range(0, run.Limits.Count)];                                     // the sentence of each row
        while (rows.Length > 0)
        {
            var scores = run.Next([.. rows.Select(sentence => hypotheses[sentence]?.Written.Id ?? model.Special.Begin)]);
            for (var row = 0; row < rows.Length; row++)
            {
                var best = scores.Best(row, Math.Max(1, options.TopCandidates));
                var id = choose(scores, row, rows[row], best)
                    ?? throw new InvalidOperationException($"At step {run.Steps - 1} of sentence {rows[row]} every word that may be written has the probability 0.");
                hypotheses[rows[row]] = new(hypotheses[rows[row]], row, new(id, scores[row, id]), options.TopCandidates == 0 ? [] : best);
            }

            int[] kept = [.. Enumerable.Range(0, rows.Length).Where(row => hypotheses[rows[row]]!.Written.Id != model.Special.End && hypotheses[rows[row]]!.Length < run.Limits[rows[row]])];
            run.Select(kept);
            rows = [.. kept.Select(row => rows[row])];
        }

        return run.Batch([.. hypotheses.Select((hypothesis, sentence) => (IReadOnlyList<DecodedSequence>)[run.Answer(hypothesis!, sentence, hypothesis!.LogProbability)])]);
    }

    private static void Require(IStepwiseModel model, Tensor source)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(source);
    }
}
