using System.Runtime.InteropServices;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Einsum against a loop over all indices, for equations made at random; and the products composed of others.</summary>
public class EinsumTests
{
    private static Tensor Numbers(Random random, long[] shape) =>
        tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (x, y) => x * y)).Select(_ => (double)random.Next(-3, 4)).ToArray()).reshape(shape);

    // The definition: for every assignment of the letters the product of the operands' elements is added to the output's element.
    private static double[] Naive(string[] terms, string output, Dictionary<char, int> lengths, Tensor[] tensors)
    {
        var letters = lengths.Keys.Where(letter => terms.Any(term => term.Contains(letter))).ToArray();
        var values = tensors.Select(tensor => tensor.contiguous().data<double>().ToArray()).ToArray();
        var result = new double[output.Aggregate(1, (size, letter) => size * lengths[letter])];
        var total = letters.Aggregate(1, (size, letter) => size * lengths[letter]);
        for (var n = 0; n < total; n++)
        {
            var at = new Dictionary<char, int>();
            var rest = n;
            foreach (var letter in letters)
            {
                at[letter] = rest % lengths[letter];
                rest /= lengths[letter];
            }

            int Place(string term) => term.Aggregate(0, (place, letter) => (place * lengths[letter]) + at[letter]);
            result[Place(output)] += terms.Select((term, i) => values[i][Place(term)]).Aggregate(1.0, (x, y) => x * y);
        }

        return result;
    }

    [Fact]
    public void Equations_mean_what_the_definition_says() => TestSeed.ForEachCase(150, (_, random) =>
    {
        var lengths = "abcde".ToDictionary(letter => letter, _ => random.Next(1, 4));
        var terms = Enumerable.Range(0, random.Next(1, 4)).Select(_ => string.Concat(Enumerable.Range(0, random.Next(0, 4)).Select(_ => "abcde"[random.Next(5)]))).ToArray();
        var used = terms.SelectMany(term => term).Distinct().OrderBy(_ => random.Next()).ToArray();
        var output = new string(used[..random.Next(used.Length + 1)]);
        var tensors = terms.Select(term => Numbers(random, [.. term.Select(letter => (long)lengths[letter])])).ToArray();
        var equation = $"{string.Join(",", terms)}->{output}";
        var result = einsum(equation, tensors);
        Assert.Equal(output.Select(letter => (long)lengths[letter]), result.shape);
        Assert.Equal(Naive(terms, output, lengths, tensors), result.contiguous().data<double>().ToArray());
    });

    [Fact]
    public void Ellipses_broadcast_and_a_missing_output_is_alphabetic()
    {
        var random = TestSeed.Random();
        var (a, b) = (Numbers(random, [4, 1, 2, 3]), Numbers(random, [5, 3, 2]));
        Assert.Equal(a.matmul(b).data<double>().ToArray(), einsum("...ij,...jk->...ik", a, b).data<double>().ToArray());
        Assert.Equal(a.matmul(b).data<double>().ToArray(), einsum("...ij,...jk", a, b).data<double>().ToArray());
        var matrix = Numbers(random, [3, 2]);
        Assert.Equal(matrix.T.contiguous().data<double>().ToArray(), einsum("ba", matrix).contiguous().data<double>().ToArray());
        Assert.Equal(Numbers(random, []).shape, einsum("ii", Numbers(random, [3, 3])).shape);
    }

    [Fact]
    public void Gradients_flow_through_every_operand()
    {
        var random = TestSeed.Random();
        var (a, b) = (Numbers(random, [2, 3]).requires_grad_(), Numbers(random, [3, 2]).requires_grad_());
        einsum("ij,jk->ik", a, b).sum().backward();
        Assert.Equal(ones(2, 2, dtype: ScalarType.Float64).matmul(b.T).data<double>().ToArray(), a.grad!.contiguous().data<double>().ToArray());
    }

    [Fact]
    public void Malformed_equations_are_errors()
    {
        var x = zeros(2, 3);
        foreach (var equation in (string[])["ij,jk->ik", "ijk->i", "i->i", "ij->iij", "ij->ik", "i1->i"])
        {
            Assert.StartsWith("einsum:", Assert.Throws<ExternalException>(() => einsum(equation, x)).Message, StringComparison.Ordinal);
        }

        Assert.StartsWith("einsum:", Assert.Throws<ExternalException>(() => einsum("ij,jk->ik", x, x)).Message, StringComparison.Ordinal);
        Assert.StartsWith("einsum:", Assert.Throws<ExternalException>(() => einsum("ii->i", x)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kronecker_products_and_contractions_are_einsums()
    {
        var random = TestSeed.Random();
        var (a, b) = (Numbers(random, [2, 3]), Numbers(random, [4, 5]));
        Assert.Equal(einsum("ij,kl->ikjl", a, b).reshape(8, 15).data<double>().ToArray(), a.kron(b).data<double>().ToArray());
        var (x, y) = (Numbers(random, [2, 3, 4]), Numbers(random, [4, 3, 5]));
        Assert.Equal(einsum("ijk,kjl->il", x, y).data<double>().ToArray(), x.tensordot(y, [1, 2], [1, 0]).data<double>().ToArray());
    }
}
