namespace TorchSharp;

// Sums of products over named dimensions, and contractions of numbered ones. Both become permutations and one batched matrix product for every pair of tensors.
public static partial class torch
{
    /// <summary>
    /// Einstein's notation: every dimension gets a letter; dimensions with the same letter run together, and letters that the output lacks are summed over.
    /// "ij,jk->ik" is a matrix product, "ii->i" a diagonal, "bij->b" a sum. Without "->" the output has the letters that occur once, in alphabetic order; "..." stands for dimensions that broadcast.
    /// </summary>
    /// <param name="equation">The letters.</param>
    /// <param name="tensors">The tensors, as many as the equation has terms before the arrow. They are multiplied from left to right.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The equation is malformed, or doesn't fit the tensors.</exception>
    public static Tensor einsum(string equation, params Tensor[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(equation);
        var text = equation.Replace(" ", "", StringComparison.Ordinal);
        var arrow = text.IndexOf("->", StringComparison.Ordinal);
        var terms = (arrow < 0 ? text : text[..arrow]).Split(',');
        if (tensors.Length == 0 || terms.Length != tensors.Length)
        {
            throw Errors.Of("einsum", $"the equation \"{equation}\" has {terms.Length} operands, but {tensors.Length} tensors were given");
        }

        // Every dimension's label: a letter, or for those of an ellipsis the numbers -1, -2, ... from the last one.
        var labels = new List<int>[tensors.Length];
        var covered = 0;
        for (var i = 0; i < terms.Length; i++)
        {
            labels[i] = Labels(equation, terms[i], tensors[i].Rank, $"operand {i} of shape {Shapes.Text(tensors[i].Shape)}");
            covered = Math.Max(covered, labels[i].Count(label => label < 0));
        }

        var output = OutputLabels(equation, arrow < 0 ? null : text[(arrow + 2)..], labels, covered);
        var summed = labels.SelectMany(list => list).Distinct().Except(output).ToList();
        var all = output.Concat(summed).ToList();
        var operands = new Tensor[tensors.Length];
        for (var i = 0; i < tensors.Length; i++)
        {
            operands[i] = Aligned(equation, tensors[i], labels[i], all);
        }

        CheckLengths(equation, operands);
        var result = operands[0];
        for (var i = 1; i < operands.Length; i++)
        {
            // What no later operand has is summed on the way.
            var now = Enumerable.Range(output.Count, summed.Count).Where(d => operands.Skip(i + 1).All(later => later.Shape[d] == 1)).ToHashSet();
            result = Contract(result, operands[i], now);
        }

        long[] rest = [.. Enumerable.Range(output.Count, summed.Count).Where(d => operands.Length == 1 || result.Shape[d] != 1).Select(d => (long)d)];
        var total = rest.Length == 0 ? result : result.sum(rest, keepdim: true);
        return total.reshape([.. total.Shape[..output.Count]]);
    }

    /// <inheritdoc cref="Tensor.tensordot(Tensor, long)"/>
    public static Tensor tensordot(Tensor a, Tensor b, long dims = 2) => a.tensordot(b, dims);

    /// <inheritdoc cref="Tensor.tensordot(Tensor, ValueTuple{long, long}[])"/>
    public static Tensor tensordot(Tensor a, Tensor b, (long, long)[] dims) => a.tensordot(b, dims);

    /// <inheritdoc cref="Tensor.tensordot(Tensor, long[], long[])"/>
    public static Tensor tensordot(Tensor a, Tensor b, long[] dims1, long[] dims2) => a.tensordot(b, dims1, dims2);

    private static List<int> Labels(string equation, string term, int rank, string operand)
    {
        var result = new List<int>();
        var dots = term.IndexOf("...", StringComparison.Ordinal);
        var letters = dots < 0 ? term : term.Remove(dots, 3);
        if (!letters.All(char.IsAsciiLetter))
        {
            throw Errors.Of("einsum", $"\"{term}\" in \"{equation}\" may only have letters and one ellipsis \"...\"");
        }

        var open = rank - letters.Length;
        if (open < 0 || (open > 0 && dots < 0))
        {
            throw Errors.Of("einsum", $"\"{term}\" in \"{equation}\" has {letters.Length} letters for the {rank} dimensions of {operand}");
        }

        for (var i = 0; i <= letters.Length; i++)
        {
            if (i == dots)
            {
                result.AddRange(Enumerable.Range(0, open).Select(j => j - open));
            }

            if (i < letters.Length)
            {
                result.Add(letters[i]);
            }
        }

        return result;
    }

    private static List<int> OutputLabels(string equation, string? term, List<int>[] labels, int covered)
    {
        if (term is null)
        {
            var once = labels.SelectMany(list => list).Where(label => label > 0).GroupBy(label => label).Where(group => group.Count() == 1).Select(group => group.Key).Order();
            return [.. Enumerable.Range(0, covered).Select(j => j - covered), .. once];
        }

        var letters = term.Replace("...", "", StringComparison.Ordinal);
        var output = Labels(equation, term, letters.Length + (term.Length > letters.Length ? covered : 0), "the output");
        var known = labels.SelectMany(list => list).ToHashSet();
        foreach (var label in output)
        {
            if (label > 0 && (!known.Contains(label) || output.Count(other => other == label) > 1))
            {
                throw Errors.Of("einsum", $"the output of \"{equation}\" has the letter '{(char)label}' twice, or no operand has it");
            }
        }

        return output;
    }

    // The tensor with its dimensions in the order of all labels; those that it lacks have length 1. A repeated letter is a diagonal.
    private static Tensor Aligned(string equation, Tensor tensor, List<int> labels, List<int> all)
    {
        var result = tensor;
        var mine = labels.ToList();
        for (var i = 0; i < mine.Count; i++)
        {
            var twin = mine.IndexOf(mine[i], i + 1);
            while (twin >= 0)
            {
                if (result.Shape[i] != result.Shape[twin])
                {
                    throw Errors.Of("einsum", $"the letter '{(char)mine[i]}' of \"{equation}\" stands for lengths {result.Shape[i]} and {result.Shape[twin]} in one operand of shape {Shapes.Text(tensor.Shape)}");
                }

                // The diagonal comes last; put back to its first place.
                result = result.diagonal(0, i, twin);
                long[] order = [.. Enumerable.Range(0, i).Select(d => (long)d), result.Rank - 1, .. Enumerable.Range(i, result.Rank - 1 - i).Select(d => (long)d)];
                result = result.permute(order);
                mine.RemoveAt(twin);
                twin = mine.IndexOf(mine[i], i + 1);
            }
        }

        var places = all.Where(mine.Contains).Select(label => (long)mine.IndexOf(label)).ToArray();
        var permuted = result.permute(places);
        var next = 0;
        return permuted.reshape([.. all.Select(label => mine.Contains(label) ? permuted.Shape[next++] : 1)]);
    }

    private static void CheckLengths(string equation, Tensor[] operands)
    {
        for (var d = 0; d < operands[0].Rank; d++)
        {
            if (operands.Select(operand => operand.Shape[d]).Where(length => length != 1).Distinct().Count() > 1)
            {
                throw Errors.Of("einsum", $"the operands of \"{equation}\" do not broadcast: a dimension has the lengths {string.Join(", ", operands.Select(operand => operand.Shape[d]))}");
            }
        }
    }

    // The product of two tensors of as many dimensions, summed over some: one batched matrix product (batch, left only, summed) x (batch, summed, right only).
    private static Tensor Contract(Tensor left, Tensor right, HashSet<int> summed)
    {
        List<int> batch = [], onlyLeft = [], onlyRight = [], both = [];
        for (var d = 0; d < left.Rank; d++)
        {
            var (inLeft, inRight) = (left.Shape[d] != 1, right.Shape[d] != 1);
            if (summed.Contains(d) && inLeft != inRight)
            {
                // One tensor alone has it: summed beforehand.
                (left, right) = inLeft ? (left.sum((ReadOnlySpan<long>)[d], keepdim: true), right) : (left, right.sum((ReadOnlySpan<long>)[d], keepdim: true));
                batch.Add(d);
                continue;
            }

            (summed.Contains(d) && inLeft ? both : inLeft == inRight ? batch : inLeft ? onlyLeft : onlyRight).Add(d);
        }

        long Size(Tensor x, List<int> dimensions) => dimensions.Aggregate(1L, (size, d) => size * x.Shape[d]);
        long[] Order(params List<int>[] groups) => [.. groups.SelectMany(group => group).Select(d => (long)d)];
        var a = left.permute(Order(batch, onlyLeft, both, onlyRight)).reshape(Size(left, batch), Size(left, onlyLeft), Size(left, both));
        var b = right.permute(Order(batch, both, onlyRight, onlyLeft)).reshape(Size(right, batch), Size(right, both), Size(right, onlyRight));
        var product = a.bmm(b);

        // Back to the original order: (batch, left only, right only, summed).
        var order = Order(batch, onlyLeft, onlyRight, both);
        long[] lengths = [.. order.Select(d => both.Contains((int)d) ? 1 : left.Shape[d] == 1 ? right.Shape[d] : left.Shape[d])];
        var inverse = new long[order.Length];
        for (var i = 0; i < order.Length; i++)
        {
            inverse[order[i]] = i;
        }

        return product.reshape(lengths).permute(inverse);
    }

    public partial class Tensor
    {
        /// <summary>Contracts the last dimensions of this tensor with the first ones of another.</summary>
        /// <param name="b">The other tensor.</param>
        /// <param name="dims">How many dimensions.</param>
        public Tensor tensordot(Tensor b, long dims = 2)
        {
            ArgumentNullException.ThrowIfNull(b);
            if (dims < 0 || dims > Rank || dims > b.Rank)
            {
                throw Errors.Of("tensordot", $"expected 0 <= dims <= the ranks of {Shapes.Text(Shape)} and {Shapes.Text(b.Shape)}, but got {dims}");
            }

            return tensordot(b, [.. Enumerable.Range(Rank - (int)dims, (int)dims).Select(d => (long)d)], [.. Enumerable.Range(0, (int)dims).Select(d => (long)d)]);
        }

        /// <summary>Contracts pairs of dimensions, one of this tensor and one of another.</summary>
        public Tensor tensordot(Tensor b, (long, long)[] dims) => tensordot(b, Array.ConvertAll(dims, pair => pair.Item1), Array.ConvertAll(dims, pair => pair.Item2));

        /// <summary>Sums the products of elements over dimensions of this tensor and as many of another: the result has the other dimensions of this one, then those of the other.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The dimensions don't fit.</exception>
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2)
        {
            ArgumentNullException.ThrowIfNull(b);
            var (mine, others) = (Shapes.Dimensions("tensordot", dims1, Rank), Shapes.Dimensions("tensordot", dims2, b.Rank));
            if ((mine.Length > 0 && Rank == 0) || (others.Length > 0 && b.Rank == 0) || mine.Length != others.Length || mine.Where((d, i) => Shape[d] != b.Shape[others[i]]).Any())
            {
                throw Errors.Of("tensordot", $"contracted dimensions need to match, but {Shapes.Text(Shape)} along {Shapes.Text(dims1)} and {Shapes.Text(b.Shape)} along {Shapes.Text(dims2)} don't");
            }

            long[] left = [.. Enumerable.Range(0, Rank).Where(d => !mine.Contains(d)).Select(d => (long)d)];
            long[] right = [.. Enumerable.Range(0, b.Rank).Where(d => !others.Contains(d)).Select(d => (long)d)];
            var inner = mine.Aggregate(1L, (size, d) => size * Shape[d]);
            long[] shape = [.. left.Select(d => Shape[d]), .. right.Select(d => b.Shape[d])];
            var rows = permute([.. left, .. mine.Select(d => (long)d)]).reshape(left.Aggregate(1L, (size, d) => size * Shape[d]), inner);
            var columns = b.permute([.. others.Select(d => (long)d), .. right]).reshape(inner, right.Aggregate(1L, (size, d) => size * b.Shape[d]));
            return rows.mm(columns).view(shape);
        }
    }
}
