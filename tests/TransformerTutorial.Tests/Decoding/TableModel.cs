using TransformerTutorial.Decoding;
using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Tests.Decoding;

/// <summary>A model whose logits are whatever a function says of the source's first word and of what was written so far.</summary>
internal sealed class TableModel(int vocabulary, Func<long, IReadOnlyList<int>, float[]> logits) : IStepwiseModel
{
    public long TargetVocabulary => vocabulary;

    public SpecialIds Special { get; init; } = new();

    public int? MaximumLength { get; init; }

    /// <summary>How many states were begun and are not disposed.</summary>
    public int Open { get; private set; }

    /// <summary>The rows of each step.</summary>
    public List<int> Rows { get; } = [];

    public IStepwiseState Begin(Tensor source, bool capturesAttention)
    {
        Open++;
        return new State(this, [.. Enumerable.Range(0, (int)source.shape[0]).Select(row => (source[row, 0].item<long>(), Array.Empty<int>()))], capturesAttention ? source.shape[1] : 0);
    }

    /// <summary>Logits that a hash of all that was written decides: as good as random, the same everywhere.</summary>
    public static TableModel Random(int vocabulary, int seed, SpecialIds? special = null) => new(vocabulary, (source, written) =>
    {
        var hash = (ulong)seed * 1_000_003 + (ulong)source;
        foreach (var id in written)
        {
            hash = (hash ^ (ulong)(id + 1)) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 29;
        }

        var random = new Random((int)(hash & 0x7FFFFFFF));
        return [.. Enumerable.Range(0, vocabulary).Select(_ => (float)(3 * random.NextDouble()))];
    })
    {
        Special = special ?? new(),
    };

    public float[] Logits(long source, IReadOnlyList<int> written) => logits(source, written);

    private sealed class State(TableModel model, (long Source, int[] Written)[] rows, long attended) : IStepwiseState
    {
        private (long Source, int[] Written)[] _rows = rows;

        public long Positions { get; private set; }

        public StepOutput Advance(IReadOnlyList<int> ids)
        {
            Assert.Equal(_rows.Length, ids.Count);
            model.Rows.Add(ids.Count);
            Positions += ids.Count;
            _rows = [.. _rows.Zip(ids, (row, id) => (row.Source, (int[])[.. row.Written, id]))];
            var values = _rows.SelectMany(row => model.Logits(row.Source, row.Written)).ToArray();

            // Where it looked: at place (written so far) modulo S, and the weight tells the last id.
            var maps = attended == 0 ? null : tensor(_rows.SelectMany(row => Enumerable.Range(0, (int)attended).Select(s => s == (row.Written.Length - 1) % attended ? (float)row.Written[^1] : -1f)).ToArray());
            return new(tensor(values).reshape(_rows.Length, -1), maps?.reshape(_rows.Length, 1, 1, attended));
        }

        public void Reorder(IReadOnlyList<int> rows) => _rows = [.. rows.Select(row => _rows[row])];

        public void Dispose() => model.Open--;
    }
}
