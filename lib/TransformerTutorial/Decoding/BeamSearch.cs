using TransformerTutorial.Metrics;
using TransformerTutorial.Models;

namespace TransformerTutorial.Decoding;

/// <summary>Beam search over all sentences of a batch at once; each sentence has a beam of its own. What it does is said at <see cref="Decode.Beam(IStepwiseModel, TorchSharp.torch.Tensor, BeamOptions)"/>.</summary>
internal static class BeamSearch
{
    public static DecodedBatch Run(DecodingRun run, BeamOptions options, SpecialIds special)
    {
        Beam[] beams = [.. run.Limits.Select((limit, sentence) => new Beam(sentence, limit, options, special.End))];
        int[] ids = [.. beams.Select(_ => special.Begin)];
        while (ids.Length > 0)
        {
            var scores = run.Next(ids);
            var row = 0;
            foreach (var beam in beams)
            {
                row = beam.Step(scores, row, run.Steps - 1);
            }

            Hypothesis[] live = [.. beams.SelectMany(beam => beam.Live).Select(hypothesis => hypothesis!)];
            run.Select([.. live.Select(hypothesis => hypothesis.Row)]);
            ids = [.. live.Select(hypothesis => hypothesis.Written.Id)];
        }

        return run.Batch([.. beams.Select(beam => (IReadOnlyList<DecodedSequence>)[.. beam.Answers().Select(answer => run.Answer(answer.Hypothesis, beam.Sentence, answer.Score))])]);
    }

    private sealed class Beam(int sentence, int limit, BeamOptions options, int end)
    {
        // Ranked: the best first, of equals the one found first.
        private readonly List<(Hypothesis Hypothesis, double Score)> _finished = [];
        private readonly List<(Hypothesis Hypothesis, double Score)> _cutOff = [];

        private readonly double _largestPenalty = Penalty(limit, options);

        public int Sentence => sentence;

        /// <summary>Unfinished hypotheses, the likeliest first; at the beginning one that has no word yet.</summary>
        public List<Hypothesis?> Live { get; private set; } = [null];

        /// <summary>Continues the hypotheses, whose scores stand from this row on. Returns the row behind them.</summary>
        public int Step(StepScores scores, int firstRow, int step)
        {
            if (Live.Count == 0)
            {
                return firstRow;
            }

            var continued = new List<Hypothesis>();
            for (var i = 0; i < Live.Count; i++)
            {
                var row = firstRow + i;
                var candidates = scores.Best(row, Math.Max(options.Width, options.TopCandidates));
                Candidate[] told = [.. candidates.Take(options.TopCandidates)];
                continued.AddRange(candidates.Take(options.Width).Where(candidate => !double.IsNegativeInfinity(candidate.LogProbability)).Select(candidate => new Hypothesis(Live[i], row, candidate, told)));
            }

            var next = firstRow + Live.Count;
            Hypothesis[] kept = [.. continued.OrderByDescending(hypothesis => hypothesis.LogProbability).Take(options.Width)];   // stable: of equals the earlier row, then the smaller id
            Live = [];
            foreach (var hypothesis in kept)
            {
                if (hypothesis.Written.Id == end)
                {
                    Insert(_finished, hypothesis);
                }
                else if (hypothesis.Length == limit)
                {
                    Insert(_cutOff, hypothesis);
                }
                else
                {
                    Live.Add(hypothesis);
                }
            }

            DropHopeless();
            if (Live.Count + _finished.Count + _cutOff.Count == 0)
            {
                throw new InvalidOperationException($"At step {step} of sentence {sentence} every word that may be written has the probability 0.");
            }

            return next;
        }

        /// <summary>The best ones, those that ended before those that were cut off.</summary>
        public IEnumerable<(Hypothesis Hypothesis, double Score)> Answers() => _finished.Concat(_cutOff).Take(options.Answers);

        // A log-probability only falls, and its divisor is largest at the greatest length: no continuation ranks above their quotient.
        private void DropHopeless()
        {
            if (_finished.Count >= options.Answers)
            {
                var worst = _finished[options.Answers - 1].Score;
                Live.RemoveAll(hypothesis => hypothesis!.LogProbability / _largestPenalty <= worst);
            }
        }

        private void Insert(List<(Hypothesis Hypothesis, double Score)> ranked, Hypothesis hypothesis)
        {
            var score = hypothesis.LogProbability / Penalty(hypothesis.Length, options);
            var place = ranked.FindIndex(other => other.Score < score);
            ranked.Insert(place < 0 ? ranked.Count : place, (hypothesis, score));
        }

        // ((5 + n) / 6)^α
        private static double Penalty(int length, BeamOptions options) => options.LengthPenalty == 0 ? 1 : ElementaryFunctions.Exp(options.LengthPenalty * ElementaryFunctions.Log((5 + length) / 6.0));
    }
}
