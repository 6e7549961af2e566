namespace TransformerTutorial.Embeddings;

/// <summary>Keeps the rows with the greatest scores out of all that are offered, best first; equal scores in the order in which they were offered.</summary>
/// <param name="count">How many are kept.</param>
internal sealed class BestRows(int count)
{
    private readonly List<(int Row, float Score)> _best = [];

    public void Offer(int row, float score)
    {
        if (_best.Count == count && score <= _best[^1].Score)
        {
            return;
        }

        var place = _best.Count;
        while (place > 0 && _best[place - 1].Score < score)
        {
            place--;
        }

        if (_best.Count == count)
        {
            _best.RemoveAt(count - 1);
        }

        _best.Insert(place, (row, score));
    }

    public List<SimilarWord> ToWords(IReadOnlyList<string> words) => _best.ConvertAll(found => new SimilarWord(words[found.Row], found.Score));
}
