using System.Globalization;

namespace TransformerTutorial.Metrics;

/// <summary>
/// BLEU: how many of a translation's words, pairs, triples and quadruples stand in a reference translation too, with a penalty for translations that are too short. To sacreBLEU's definition, so that numbers compare with published ones.
/// </summary>
/// <remarks>
/// <para>It counts over a whole corpus and takes one mean at the end; it is not the mean of the sentences' scores. Texts are taken as they are: upper case differs from lower case, and nothing is tokenized yet.</para>
/// <para>Sources: K. Papineni et al. 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation", section 2; M. Post 2018, "A Call for Clarity in Reporting BLEU Scores". The same numbers as sacreBLEU 2.6.0 on the vectors
/// in tests/oracles/metrics; ours, so that a chapter's score has the same bits everywhere.</para>
/// </remarks>
/// <example><c>Bleu.Corpus(["the cat sat on the mat"], ["the cat sat on a mat"]).Score</c> is 53.73.</example>
public static class Bleu
{
    /// <summary>The score of translations with one reference each.</summary>
    /// <param name="hypotheses">The translations.</param>
    /// <param name="references">The right translation of each.</param>
    /// <param name="tokenization">How both are cut into words: <see cref="BleuTokenization.Default13a"/> for English, <see cref="BleuTokenization.Chinese"/> for Chinese.</param>
    /// <exception cref="ArgumentException">There are no translations, or more or fewer references; the message says how many.</exception>
    public static BleuScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, BleuTokenization tokenization = BleuTokenization.Default13a) =>
        Corpus(hypotheses, MetricChecks.OneEach(references), new BleuOptions { Tokenization = tokenization });

    /// <inheritdoc cref="Corpus(IReadOnlyList{string}, IReadOnlyList{string}, BleuTokenization)"/>
    /// <param name="hypotheses">The translations.</param>
    /// <param name="references">The right translation of each.</param>
    /// <param name="options">How it is computed.</param>
    public static BleuScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, BleuOptions options) => Corpus(hypotheses, MetricChecks.OneEach(references), options);

    /// <summary>The score of translations with several references each.</summary>
    /// <param name="hypotheses">The translations.</param>
    /// <param name="references">The right translations of each: <c>references[i]</c> belong to <c>hypotheses[i]</c>. (sacreBLEU takes them the other way round: a list of files.)</param>
    /// <param name="options">How it is computed; null for sacreBLEU's defaults.</param>
    /// <exception cref="ArgumentException">There are no translations, one without a reference, or more or fewer references than translations; the message names it.</exception>
    public static BleuScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references, BleuOptions? options = null)
    {
        options ??= new();
        options.Validate();
        MetricChecks.RequirePairs(hypotheses, references);
        var (matches, totals) = (new long[options.MaximumOrder], new long[options.MaximumOrder]);
        var (hypothesisLength, referenceLength) = (0L, 0L);
        for (var i = 0; i < hypotheses.Count; i++)
        {
            var hypothesis = BleuTokenizer.Cut(hypotheses[i], options.Tokenization);
            string[][] truths = [.. references[i].Select(reference => BleuTokenizer.Cut(reference, options.Tokenization))];
            for (var n = 1; n <= options.MaximumOrder; n++)
            {
                var found = NGrams.Count(hypothesis, n);
                var most = NGrams.Most(truths.Select(truth => NGrams.Count(truth, n)));
                totals[n - 1] += found.Values.Sum();
                matches[n - 1] += NGrams.Matches(found, most);
            }

            hypothesisLength += hypothesis.Length;
            referenceLength += truths.Select(truth => truth.Length).OrderBy(length => Math.Abs(length - hypothesis.Length)).ThenBy(length => length).First();
        }

        return Score(matches, totals, hypothesisLength, referenceLength, options, SignatureOf(references, options));
    }

    /// <summary>The score of one translation, with effective order: n-grams longer than the translation are left out.</summary>
    /// <param name="hypothesis">The translation.</param>
    /// <param name="references">Right translations.</param>
    /// <param name="tokenization">How they are cut into words.</param>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    public static BleuScore Sentence(string hypothesis, IReadOnlyList<string> references, BleuTokenization tokenization = BleuTokenization.Default13a)
    {
        ArgumentNullException.ThrowIfNull(hypothesis);
        ArgumentNullException.ThrowIfNull(references);
        return Corpus([hypothesis], [references], new BleuOptions { Tokenization = tokenization, IsEffectiveOrder = true });
    }

    /// <summary>The words that a text is compared by.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokenization">How it is cut.</param>
    public static IReadOnlyList<string> Words(string text, BleuTokenization tokenization = BleuTokenization.Default13a)
    {
        ArgumentNullException.ThrowIfNull(text);
        new BleuOptions { Tokenization = tokenization }.Validate();
        return BleuTokenizer.Cut(text, tokenization);
    }

    private static BleuScore Score(long[] matches, long[] totals, long hypothesisLength, long referenceLength, BleuOptions options, string signature)
    {
        var penalty = hypothesisLength >= referenceLength ? 1 : hypothesisLength == 0 ? 0 : ElementaryFunctions.Exp(1 - (double)referenceLength / hypothesisLength);
        var precisions = new double[matches.Length];
        if (matches.All(count => count == 0))
        {
            return new(0, precisions, penalty, hypothesisLength, referenceLength, matches, totals, signature);
        }

        var (orders, halved) = (matches.Length, 1.0);
        for (var n = 1; n <= matches.Length; n++)
        {
            var added = options.Smoothing == BleuSmoothing.AddK && n > 1 ? options.SmoothingNumber : 0;
            var (correct, total) = (matches[n - 1] + added, totals[n - 1] + added);
            if (total == 0)
            {
                break;                                                             // too short for n-grams of this length, and of greater ones
            }

            orders = options.IsEffectiveOrder ? n : orders;
            if (correct == 0 && options.Smoothing == BleuSmoothing.Exponential)
            {
                halved *= 2;
                precisions[n - 1] = 100 / (halved * total);
            }
            else
            {
                precisions[n - 1] = 100 * (correct == 0 && options.Smoothing == BleuSmoothing.Floor ? options.SmoothingNumber : correct) / total;
            }
        }

        var score = penalty * GeometricMean(precisions.AsSpan(0, orders));
        return new(score, precisions, penalty, hypothesisLength, referenceLength, matches, totals, signature);
    }

    private static double GeometricMean(ReadOnlySpan<double> precisions)
    {
        var sum = 0.0;
        foreach (var precision in precisions)
        {
            if (precision == 0)
            {
                return 0;
            }

            sum += ElementaryFunctions.Log(precision);
        }

        return ElementaryFunctions.Exp(sum / precisions.Length);
    }

    // sacreBLEU's fields, and in place of its version whose program this is and whose definition it follows.
    private static string SignatureOf(IReadOnlyList<IReadOnlyList<string>> references, BleuOptions options)
    {
        var tokenization = options.Tokenization switch
        {
            BleuTokenization.Default13a => "13a",
            BleuTokenization.Chinese => "zh",
            BleuTokenization.Character => "char",
            _ => "none",
        };
        var value = options.SmoothingNumber.ToString("0.00", CultureInfo.InvariantCulture);
        var smoothing = options.Smoothing switch
        {
            BleuSmoothing.Exponential => "exp",
            BleuSmoothing.Floor => $"floor[{value}]",
            BleuSmoothing.AddK => $"add-k[{value}]",
            _ => "none",
        };
        return $"nrefs:{MetricChecks.ReferenceCount(references)}|case:mixed|eff:{(options.IsEffectiveOrder ? "yes" : "no")}|tok:{tokenization}|smooth:{smoothing}|{MetricChecks.Implementation}"
            + (options.MaximumOrder == 4 ? "" : $"|order:{options.MaximumOrder}");
    }
}
