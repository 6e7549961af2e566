namespace TransformerTutorial.Embeddings;

/// <summary>
/// A binary tree over words in which frequent words lie near the root: the two lightest trees are joined until one is left. Huffman, 1952, "A Method for the Construction of
/// Minimum-Redundancy Codes". For n words it has n - 1 inner nodes, numbered in the order in which they were made; the last is the root.
/// </summary>
/// <remarks>Of equally heavy trees a word comes before an inner node, a later word before an earlier one, an older node before a newer one; the lighter (first taken) child
/// has the bit 0. So the tree depends on the counts alone.</remarks>
public sealed class HuffmanTree
{
    private readonly int[] _starts;
    private readonly int[] _nodes;
    private readonly bool[] _bits;

    /// <summary>Builds the tree.</summary>
    /// <param name="counts">How often each word occurs; a word's id is its place in this list.</param>
    /// <exception cref="ArgumentException">There are fewer than two words, or a count is negative.</exception>
    public HuffmanTree(IReadOnlyList<long> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        var n = counts.Count;
        if (n < 2)
        {
            throw new ArgumentException($"A Huffman tree needs at least two words; there {(n == 0 ? "is none" : "is one")}.", nameof(counts));
        }

        if (counts.Any(count => count < 0))
        {
            throw new ArgumentException("A count is negative.", nameof(counts));
        }

        // Lightest first; as nodes come into being in order of weight, two queues are enough (van Leeuwen, 1976).
        int[] words = [.. Enumerable.Range(0, n).OrderBy(word => counts[word]).ThenByDescending(word => word)];
        var weights = new double[(2 * n) - 1];
        for (var word = 0; word < n; word++)
        {
            weights[word] = counts[word];
        }

        var parents = new int[(2 * n) - 1];
        var isSecond = new bool[(2 * n) - 1];
        var (nextWord, nextNode) = (0, n);
        for (var node = n; node < weights.Length; node++)
        {
            var first = Lightest(node);
            var second = Lightest(node);
            weights[node] = weights[first] + weights[second];
            parents[first] = parents[second] = node;
            isSecond[second] = true;
        }

        int Lightest(int end) => nextNode >= end || (nextWord < n && weights[words[nextWord]] <= weights[nextNode]) ? words[nextWord++] : nextNode++;

        // Depths first, then the paths, each written from its end.
        var root = weights.Length - 1;
        var depths = new int[weights.Length];
        for (var node = root - 1; node >= n; node--)
        {
            depths[node] = depths[parents[node]] + 1;
        }

        _starts = new int[n + 1];
        for (var word = 0; word < n; word++)
        {
            _starts[word + 1] = checked(_starts[word] + depths[parents[word]] + 1);
        }

        _nodes = new int[_starts[n]];
        _bits = new bool[_starts[n]];
        for (var word = 0; word < n; word++)
        {
            var at = _starts[word + 1];
            for (var node = word; node != root; node = parents[node])
            {
                at--;
                _nodes[at] = parents[node] - n;
                _bits[at] = isSecond[node];
            }
        }
    }

    /// <summary>How many words the tree has.</summary>
    public int WordCount => _starts.Length - 1;

    /// <summary>How many inner nodes it has; <see cref="Path"/> numbers them from 0.</summary>
    public int NodeCount => WordCount - 1;

    /// <summary>The inner nodes from the root down to a word.</summary>
    public int[] Path(int word) => PathSpan(word).ToArray();

    /// <summary>At each node of <see cref="Path"/>, whether the way goes to its second child (a 1 in the word's code).</summary>
    public bool[] Code(int word) => CodeSpan(word).ToArray();

    /// <summary>The same as <see cref="Path"/> without a copy.</summary>
    internal ReadOnlySpan<int> PathSpan(int word) => _nodes.AsSpan(_starts[word], _starts[word + 1] - _starts[word]);

    /// <summary>The same as <see cref="Code"/> without a copy.</summary>
    internal ReadOnlySpan<bool> CodeSpan(int word) => _bits.AsSpan(_starts[word], _starts[word + 1] - _starts[word]);

    /// <summary>A word's code in zeros and ones, such as <c>0110</c>.</summary>
    public string CodeText(int word)
    {
        var code = new char[_starts[word + 1] - _starts[word]];
        for (var i = 0; i < code.Length; i++)
        {
            code[i] = _bits[_starts[word] + i] ? '1' : '0';
        }

        return new string(code);
    }
}
