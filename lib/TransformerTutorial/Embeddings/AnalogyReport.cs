using System.Globalization;

namespace TransformerTutorial.Embeddings;

/// <summary>What word vectors answered to analogy questions.</summary>
/// <remarks>
/// A question of which a word has no vector is neither right nor wrong: it is counted apart, in <see cref="Unknown"/>, and enters no share.
/// The answer is never one of the question's own three words, as in gensim and in word2vec's <c>compute-accuracy</c>.
/// </remarks>
public sealed class AnalogyReport
{
    internal AnalogyReport(IReadOnlyList<AnalogyAnswer> answers) => Answers = answers;

    /// <summary>Every question with its answer, in the order in which they were asked.</summary>
    public IReadOnlyList<AnalogyAnswer> Answers { get; }

    /// <summary>How many questions were answered: all of their words have vectors.</summary>
    public int Asked => Answers.Count(answer => answer.IsKnown);

    /// <summary>How many of them were answered right.</summary>
    public int Right => Answers.Count(answer => answer.IsRight);

    /// <summary>How many questions could not be asked, because a word has no vector.</summary>
    public int Unknown => Answers.Count(answer => !answer.IsKnown);

    /// <summary>The share of right answers among those asked, from 0 to 1; NaN if none was asked.</summary>
    public double Accuracy => (double)Right / Asked;

    /// <summary>The share that blind guessing would get right: for each question asked, one word among all that may be answered. NaN if none was asked.</summary>
    public double ChanceLevel => Answers.Where(answer => answer.IsKnown).Sum(answer => answer.Chance) / Asked;

    /// <summary>The same for each relation, in the order in which they first occur.</summary>
    public IReadOnlyList<(string Relation, AnalogyReport Report)> Relations =>
        [.. Answers.GroupBy(answer => answer.Question.Relation, StringComparer.Ordinal).Select(group => (group.Key, new AnalogyReport([.. group])))];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Right} of {Asked} right ({Accuracy:P1}; chance {ChanceLevel:P2}), {Unknown} with unknown words");
}
