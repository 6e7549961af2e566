using TransformerTutorial.Attention;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>The log-probabilities of one step as numbers: for each row, of each word. Begin and padding stand in them, but are never chosen.</summary>
internal sealed class StepScores
{
    private readonly float[] _logProbabilities;
    private readonly int _vocabulary;
    private readonly SpecialIds _special;

    /// <summary>Those of a step's logits (rows, V).</summary>
    /// <exception cref="InvalidOperationException">They are no distribution: one is not a number, or +∞, or all are −∞; or their shape is another.</exception>
    public StepScores(Tensor logits, int rows, IStepwiseModel model, int step, Func<int, int> sentenceOf)
    {
        if (logits.ndim != 2 || logits.shape[0] != rows || logits.shape[1] != model.TargetVocabulary)
        {
            throw new InvalidOperationException($"The model's logits have shape {MaskChecks.Text(logits.shape)}; for {rows} rows and a vocabulary of {model.TargetVocabulary} they must be ({rows}, {model.TargetVocabulary}).");
        }

        (_vocabulary, _special) = ((int)model.TargetVocabulary, model.Special);
        _logProbabilities = logits.log_softmax(-1).to(ScalarType.Float32).contiguous().data<float>().ToArray();

        // Every log-probability has the row's sum in it, so one that is not a number makes all of them so.
        for (var row = 0; row < rows; row++)
        {
            if (float.IsNaN(_logProbabilities[row * _vocabulary]))
            {
                throw new InvalidOperationException($"At step {step} of sentence {sentenceOf(row)} the model's logits are no distribution: one is not a number or +∞, or all are −∞.");
            }
        }
    }

    /// <summary>The log-probability of a word.</summary>
    public double this[int row, int id] => _logProbabilities[(row * _vocabulary) + id];

    /// <summary>The log-probabilities of all words of a row.</summary>
    public ReadOnlySpan<float> Row(int row) => _logProbabilities.AsSpan(row * _vocabulary, _vocabulary);

    /// <summary>Whether a word may be written.</summary>
    public bool IsAllowed(int id) => id != _special.Begin && id != _special.Padding;

    /// <summary>The likeliest words of a row, the likeliest first; of equals the one with the smaller id.</summary>
    public Candidate[] Best(int row, int count)
    {
        var values = Row(row);
        var best = new Candidate[Math.Min(count, _vocabulary)];
        var found = 0;
        for (var id = 0; id < values.Length; id++)
        {
            var value = values[id];
            if ((found == best.Length && (found == 0 || value <= best[found - 1].LogProbability)) || !IsAllowed(id))
            {
                continue;
            }

            var place = found < best.Length ? found++ : found - 1;
            for (; place > 0 && best[place - 1].LogProbability < value; place--)
            {
                best[place] = best[place - 1];
            }

            best[place] = new(id, value);
        }

        return best[..found];
    }
}
