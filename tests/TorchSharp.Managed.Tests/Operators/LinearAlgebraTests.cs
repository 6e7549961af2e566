using System.Runtime.InteropServices;
using TransformerTutorial.Testing;
using static TorchSharp.torch;

namespace TorchSharp.Managed.Tests.Operators;

/// <summary>Linear algebra through its defining equations, for matrices made at random, and where it has no answer.</summary>
public class LinearAlgebraTests
{
    private static Tensor Numbers(Random random, params long[] shape) =>
        tensor(Enumerable.Range(0, (int)shape.Aggregate(1L, (x, y) => x * y)).Select(_ => random.NextDouble() - 0.5).ToArray()).reshape(shape);

    private static void AssertClose(Tensor expected, Tensor actual) =>
        Assert.True(expected.allclose(actual, 1e-9, 1e-11), $"expected {expected.ToString(TorchSharp.TensorStringStyle.Numpy)}, got {actual.ToString(TorchSharp.TensorStringStyle.Numpy)}");

    private static Tensor Unit(long n) => eye(n, dtype: ScalarType.Float64);

    [Fact]
    public void Inverses_solutions_and_determinants_agree() => TestSeed.ForEachCase(20, (_, random) =>
    {
        var n = random.Next(1, 7);
        var (a, b) = (Numbers(random, 2, n, n) + Unit(n), Numbers(random, 2, n, 3));
        AssertClose(Unit(n).expand(2, n, n), a.matmul(linalg.inv(a)));
        AssertClose(b, a.matmul(linalg.solve(a, b)));
        AssertClose(b.mT, linalg.solve(a.mT, b.mT, left: false).matmul(a.mT));
        AssertClose(linalg.det(a), 1 / linalg.det(linalg.inv(a)));
        var (sign, logarithm) = linalg.slogdet(a);
        AssertClose(linalg.det(a), sign * logarithm.exp());
        var (p, l, u) = linalg.lu(a);
        AssertClose(a, p.matmul(l).matmul(u));
    });

    [Fact]
    public void Orthogonal_decompositions_multiply_back_and_have_orthonormal_factors() => TestSeed.ForEachCase(30, (number, random) =>
    {
        var (m, n) = (random.Next(1, 9), random.Next(1, 9));
        var a = Numbers(random, m, n);
        if (number % 3 == 0)
        {
            // Of rank 1 at most.
            a = Numbers(random, m, 1).matmul(Numbers(random, 1, n));
        }

        foreach (var full in (bool[])[false, true])
        {
            var (q, r) = linalg.qr(a, full ? linalg.QRMode.Complete : linalg.QRMode.Reduced);
            AssertClose(a, q.matmul(r));
            AssertClose(Unit(q.shape[1]), q.T.matmul(q));
            AssertClose(r, r.triu());

            var (u, s, vh) = linalg.svd(a, full);
            var k = Math.Min(m, n);
            AssertClose(a, (u.narrow(1, 0, k) * s).matmul(vh.narrow(0, 0, k)));
            AssertClose(Unit(u.shape[1]), u.T.matmul(u));
            AssertClose(Unit(vh.shape[0]), vh.matmul(vh.T));
            var values = s.data<double>().ToArray();
            Assert.Equal(values.OrderDescending(), values);
            for (var i = 0L; i < k; i++)
            {
                var row = vh[i].data<double>().ToArray();
                Assert.True(row.MaxBy(Math.Abs) > 0 || row.Max() > row.Max(Math.Abs) * (1 - 1e-8));
            }
        }

        Assert.Equal(number % 3 == 0 ? 1 : Math.Min(m, n), linalg.matrix_rank(a).item<long>());
        var inverse = linalg.pinv(a);
        AssertClose(a, a.matmul(inverse).matmul(a));
        AssertClose(inverse, inverse.matmul(a).matmul(inverse));
        AssertClose(a.matmul(inverse), a.matmul(inverse).T);
    });

    [Fact]
    public void A_tall_matrix_goes_through_its_triangle()
    {
        var a = Numbers(TestSeed.Random(), 50, 6);
        var (u, s, vh) = linalg.svd(a, fullMatrices: false);
        AssertClose(a, (u * s).matmul(vh));
        AssertClose(Unit(6), u.T.matmul(u));
        AssertClose(s.square(), linalg.eigvalsh(a.T.matmul(a)).sort(descending: true).Values);
    }

    [Fact]
    public void Symmetric_matrices_have_orthonormal_eigenvectors() => TestSeed.ForEachCase(20, (_, random) =>
    {
        var n = random.Next(1, 10);
        var a = Numbers(random, n, n);
        a += a.T;
        var (values, vectors) = linalg.eigh(a);
        AssertClose(a, (vectors * values).matmul(vectors.T));
        AssertClose(Unit(n), vectors.T.matmul(vectors));
        Assert.Equal(values.data<double>().ToArray().Order(), values.data<double>().ToArray());
        AssertClose(values, linalg.eigvals(a).sort().Values);
        AssertClose(values, linalg.eigvalsh(a.triu() + (Numbers(random, n, n).tril(-1) * 7), 'U'));
        var l = linalg.cholesky(a.matmul(a) + Unit(n));
        AssertClose(a.matmul(a) + Unit(n), l.matmul(l.T));
    });

    [Fact]
    public void Real_eigenvalues_of_general_matrices_are_found_and_complex_ones_refused()
    {
        var random = TestSeed.Random();
        var (basis, values) = (Numbers(random, 6, 6) + Unit(6), tensor(new double[] { -3, -1, 0.5, 0.5, 2, 10 }));
        var a = basis.matmul(diag(values)).matmul(linalg.inv(basis));
        var (found, vectors) = linalg.eig(a);
        Assert.True(found.sort().Values.allclose(values, 1e-7, 1e-7));
        Assert.True(a.matmul(vectors).allclose(vectors * found, 1e-7, 1e-7));
        Assert.Throws<NotSupportedException>(() => linalg.eigvals(tensor(new double[] { 0, -1, 1, 0 }).reshape(2, 2)));
        Assert.Throws<NotSupportedException>(() => linalg.eigvals(tensor(new double[] { 0, -1, 0, 1, 0, 0, 1, 2, 3 }).reshape(3, 3)));
    }

    [Fact]
    public void The_exponential_of_a_rotation_is_a_rotation_and_of_commuting_sums_a_product()
    {
        var turn = tensor(new double[] { 0, -1, 1, 0 }).reshape(2, 2);
        AssertClose(tensor(new double[] { Math.Cos(3), -Math.Sin(3), Math.Sin(3), Math.Cos(3) }).reshape(2, 2), linalg.matrix_exp(turn * 3));
        var a = Numbers(TestSeed.Random(), 4, 4);
        AssertClose(linalg.matrix_exp(a * 5), linalg.matrix_exp(a * 2).matmul(linalg.matrix_exp(a * 3)));
    }

    [Fact]
    public void The_gradient_of_a_determinant_holds_where_the_matrix_is_singular()
    {
        var a = tensor(new double[] { 1, 2, 3, 2, 4, 6, 1, 0, 1 }).reshape(3, 3).requires_grad_();
        linalg.det(a).backward();
        AssertClose(tensor(new double[] { 4, 4, -4, -2, -2, 2, 0, 0, 0 }).reshape(3, 3), a.grad!);
    }

    [Fact]
    public void Products_in_the_best_order_are_products()
    {
        var random = TestSeed.Random();
        Tensor[] factors = [Numbers(random, 7), Numbers(random, 7, 2), Numbers(random, 2, 9), Numbers(random, 9, 4), Numbers(random, 4)];
        AssertClose(factors[0].matmul(factors[1]).matmul(factors[2]).matmul(factors[3]).matmul(factors[4]), linalg.multi_dot(factors));
    }

    [Fact]
    public void Where_there_is_no_answer_the_error_names_the_shape()
    {
        var singular = ones(2, 2);
        foreach (var action in new Action[]
        {
            () => linalg.inv(singular), () => linalg.solve(singular, ones(2)), () => linalg.cholesky(-singular), () => linalg.svd(singular * float.NaN), () => linalg.det(ones(2, 3)), () => linalg.solve(ones(2, 2), ones(3, 1)),
        })
        {
            Assert.NotEmpty(Assert.Throws<ExternalException>(action).Message);
        }

        Assert.Contains("[2, 3]", Assert.Throws<ExternalException>(() => linalg.inv(ones(2, 3))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Systems_are_solved_from_the_factors(bool left, bool adjoint)
    {
        var matrices = rand(2, 4, 4, ScalarType.Float64);
        var sides = left ? rand(2, 4, 3, ScalarType.Float64) : rand(2, 3, 4, ScalarType.Float64);
        var (factors, pivots) = linalg.lu_factor(matrices);
        var solution = linalg.lu_solve(factors, pivots, sides, left, adjoint);
        var matrix = adjoint ? matrices.mT : matrices;
        Assert.True((left ? matrix.matmul(solution) : solution.matmul(matrix)).allclose(sides));
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => linalg.lu_solve(factors, pivots.@long(), sides));
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => linalg.lu_solve(factors, pivots + 4, sides, left));
    }
}
