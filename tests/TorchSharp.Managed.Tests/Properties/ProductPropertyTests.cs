using static TorchSharp.Managed.Tests.Properties.RandomTensors;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Properties;

/// <summary>An element of a product depends on its row and its column alone, bit for bit, and every spelling of a product gives the same bits.</summary>
public class ProductPropertyTests
{
    [Fact]
    public void A_row_of_a_product_depends_on_that_row_alone() => ForAll(150, random =>
    {
        var (m, k, n) = (random.Next(1, 40), random.Next(1, 90), random.Next(1, 70));
        var dtype = random.Next(3) == 0 ? ScalarType.Float64 : ScalarType.Float32;
        var (a, b) = (Strided(random, dtype, m, k), Strided(random, dtype, k, n));
        var product = a.matmul(b);
        var i = random.Next(m);
        var row = a.narrow(0, i, 1);
        AssertSameBits(product.narrow(0, i, 1), row.matmul(b));
        AssertSameBits(product.select(0, i), a.select(0, i).matmul(b));

        // Other rows around it, in any number.
        var others = Strided(random, dtype, random.Next(1, 80), k);
        AssertSameBits(product.narrow(0, i, 1), cat([others, row, others], 0).matmul(b).narrow(0, others.shape[0], 1));

        // Some of the columns, down to one.
        var j = random.Next(n);
        var count = random.Next(1, n - j + 1);
        AssertSameBits(product.narrow(1, j, count), a.matmul(b.narrow(1, j, count)));
        AssertSameBits(product.select(1, j), a.matmul(b.select(1, j)));
        AssertSameBits(product.select(0, i).select(0, j), a.select(0, i).dot(b.select(1, j)));

        // Other layouts of the same numbers.
        AssertSameBits(product, a.contiguous().matmul(b.contiguous()));
        AssertSameBits(product, a.t().contiguous().t().matmul(b.t().contiguous().t()));
    });

    [Fact]
    public void A_product_in_a_batch_has_the_bits_of_the_product_alone() => ForAll(80, random =>
    {
        var (m, k, n) = (random.Next(1, 30), random.Next(1, 40), random.Next(1, 30));
        var batch = Shape(random, random.Next(1, 3), 6);
        var a = Strided(random, ScalarType.Float32, [.. batch, m, k]);
        var b = Strided(random, ScalarType.Float32, [.. batch.Select(length => random.Next(2) == 0 ? 1 : length), k, n]);
        var product = a.matmul(b).reshape(-1, m, n);
        var (left, right) = (a.reshape(-1, m, k), b.expand([.. batch, k, n]).reshape(-1, k, n));
        var i = random.NextInt64(left.shape[0]);
        AssertSameBits(product.select(0, i), left.select(0, i).matmul(right.select(0, i)));
        AssertSameBits(product, left.bmm(right));
    });

    [Fact]
    public void A_linear_map_is_a_product_with_the_transposed_weight() => ForAll(80, random =>
    {
        var (k, n) = (random.Next(1, 90), random.Next(1, 70));
        var x = Strided(random, ScalarType.Float32, [.. Shape(random, random.Next(1, 4), 7), k]);
        var (weight, bias) = (Strided(random, ScalarType.Float32, n, k), Strided(random, ScalarType.Float32, n));
        AssertSameBits(x.matmul(weight.t()), nn.functional.linear(x, weight));
        AssertSameBits(x.matmul(weight.t()).add(bias), nn.functional.linear(x, weight, bias));
    });

    [Fact]
    public void An_einsum_of_two_is_permute_and_matmul() => ForAll(120, random =>
    {
        var lengths = "bmnk".ToDictionary(letter => letter, _ => (long)random.Next(1, 12));
        var (left, right, result) = (Shuffled("bmk"), Shuffled("bkn"), Shuffled("bmn"));
        var a = Strided(random, ScalarType.Float32, [.. left.Select(letter => lengths[letter])]);
        var b = Strided(random, ScalarType.Float32, [.. right.Select(letter => lengths[letter])]);
        var product = Arranged(a, left, "bmk").matmul(Arranged(b, right, "bkn"));
        AssertSameBits(Arranged(product, "bmn", result), einsum($"{left},{right}->{result}", a, b));

        string Shuffled(string letters)
        {
            var characters = letters.ToCharArray();
            random.Shuffle(characters);
            return new string(characters);
        }

        static torch.Tensor Arranged(torch.Tensor x, string from, string to) => x.permute([.. to.Select(letter => (long)from.IndexOf(letter))]);
    });

    [Fact]
    public void An_einsum_is_the_sum_over_all_assignments_of_its_letters() => ForAll(80, random =>
    {
        var letters = "abcde"[..random.Next(1, 6)];
        var lengths = letters.Select(_ => (long)random.Next(1, 4)).ToArray();
        var terms = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Term(canRepeat: true)).ToArray();
        var used = string.Concat(terms).Distinct().ToArray();
        var result = new string([.. Term(canRepeat: false).Where(used.Contains)]);
        var operands = terms.Select(term => Strided(random, ScalarType.Float64, [.. term.Select(letter => lengths[letters.IndexOf(letter)])])).ToArray();

        var expected = zeros([.. result.Select(letter => lengths[letters.IndexOf(letter)])], ScalarType.Float64);
        var total = used.Aggregate(1L, (count, letter) => count * lengths[letters.IndexOf(letter)]);
        for (var number = 0L; number < total; number++)
        {
            var rest = number;
            var at = new Dictionary<char, long>();
            foreach (var letter in used)
            {
                rest = Math.DivRem(rest, lengths[letters.IndexOf(letter)], out var place);
                at[letter] = place;
            }

            var product = terms.Zip(operands).Aggregate(1.0, (value, pair) => value * Element(pair.Second, pair.First).item<double>());
            Element(expected, result).add_(product);

            torch.Tensor Element(torch.Tensor x, string term) => term.Aggregate(x, (part, letter) => part.select(0, at[letter]));
        }

        AssertClose(expected, einsum($"{string.Join(',', terms)}->{result}", operands), 1e-12 * total);

        string Term(bool canRepeat)
        {
            var drawn = Enumerable.Range(0, random.Next(0, 4)).Select(_ => letters[random.Next(letters.Length)]);
            return new string([.. canRepeat ? drawn : drawn.Distinct()]);
        }
    });

    [Fact]
    public void Large_products_keep_the_bits_of_their_rows() => ForAll(3, random =>
    {
        var (m, k, n) = (random.Next(200, 300), random.Next(500, 700), random.Next(200, 300));
        var (a, b) = (Strided(random, ScalarType.Float32, m, k), Strided(random, ScalarType.Float32, k, n));
        var product = a.matmul(b);
        for (var i = 0; i < m; i += 37)
        {
            AssertSameBits(product.select(0, i), a.select(0, i).matmul(b));
        }

        AssertSameBits(product, b.t().matmul(a.t()).t());
    });
}
