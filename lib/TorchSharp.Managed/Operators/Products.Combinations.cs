namespace TorchSharp;

// Products composed of others: outer, Kronecker, sums of products, traces, distances, covariances.

/// <summary>How distances are computed. Has no effect here.</summary>
#pragma warning disable CA1008, CA1720
public enum compute_mode
#pragma warning restore CA1008, CA1720
{
    /// <summary>By a matrix product, if there are many rows.</summary>
    use_mm_for_euclid_dist_if_necessary = 0,

    /// <summary>By a matrix product.</summary>
    use_mm_for_euclid_dist = 1,

    /// <summary>Difference by difference.</summary>
    donot_use_mm_for_euclid_dist = 2,
}

public static partial class torch
{
    /// <inheritdoc cref="Tensor.outer"/>
    public static Tensor outer(Tensor input, Tensor vec2) => input.outer(vec2);

    /// <inheritdoc cref="Tensor.kron"/>
    public static Tensor kron(Tensor input, Tensor other) => input.kron(other);

    /// <inheritdoc cref="Tensor.trace"/>
    public static Tensor trace(Tensor input) => input.trace();

    /// <inheritdoc cref="Tensor.addmm"/>
    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) => input.addmm(mat1, mat2, beta, alpha);

    /// <inheritdoc cref="Tensor.addbmm"/>
    public static Tensor addbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => input.addbmm(batch1, batch2, beta, alpha);

    /// <inheritdoc cref="Tensor.baddbmm"/>
    public static Tensor baddbmm(Tensor input, Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => input.baddbmm(batch1, batch2, beta, alpha);

    /// <summary>The p-norms of the differences of all pairs of rows: (..., p, m) and (..., r, m) -> (..., p, r).</summary>
    /// <param name="x1">The first rows.</param>
    /// <param name="x2">The second rows; the dimensions before the rows are broadcast.</param>
    /// <param name="p">The norm's order, at least 0.</param>
    /// <param name="compute_mode">Has no effect: differences are always computed one by one, which loses nothing to cancellation.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit.</exception>
    public static Tensor cdist(Tensor x1, Tensor x2, double p = 2, compute_mode compute_mode = compute_mode.use_mm_for_euclid_dist_if_necessary)
    {
        ArgumentNullException.ThrowIfNull(x2);
        _ = compute_mode;
        if (x1.Rank < 2 || x2.Rank < 2 || x1.Shape[^1] != x2.Shape[^1] || x1.dtype != x2.dtype || p < 0)
        {
            throw Errors.Of("cdist", FormattableString.Invariant($"expected rows of one length and type and p >= 0, but got {x1.dtype} {Shapes.Text(x1.Shape)}, {x2.dtype} {Shapes.Text(x2.Shape)} and p = {p}"));
        }

        using var rows = x1.unsqueeze(-2);
        using var others = x2.unsqueeze(-3);
        using var difference = rows.sub(others);
        return difference.VectorNorm("cdist", p, [-1], false);
    }

    /// <inheritdoc cref="Tensor.cov"/>
    public static Tensor cov(Tensor input, long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => input.cov(correction, fweights, aweights);

    /// <inheritdoc cref="Tensor.corrcoef"/>
    public static Tensor corrcoef(Tensor input) => input.corrcoef();

    public partial class Tensor
    {
        /// <summary>The products of all pairs of elements of two vectors: (n) and (m) -> (n, m).</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">One is no vector.</exception>
        public Tensor outer(Tensor vec2) => Errors.Given(vec2).Rank == 1 && Rank == 1
            ? unsqueeze(1).mul(vec2)
            : throw Errors.Of("outer", $"expected two vectors, but got {Shapes.Text(Shape)} and {Shapes.Text(vec2.Shape)}");

        /// <summary>The Kronecker product: every element of this tensor times all of the other; the lengths of the dimensions multiply.</summary>
        public Tensor kron(Tensor other)
        {
            ArgumentNullException.ThrowIfNull(other);
            var rank = Math.Max(Rank, other.Rank);
            long[] left = [.. Enumerable.Repeat(1L, rank - Rank), .. Shape];
            long[] right = [.. Enumerable.Repeat(1L, rank - other.Rank), .. other.Shape];
            var product = reshape([.. left.SelectMany(length => new[] { length, 1 })]).mul(other.reshape([.. right.SelectMany(length => new[] { 1, length })]));
            return product.reshape([.. left.Zip(right, (l, r) => l * r)]);
        }

        /// <summary>The sum of a matrix' diagonal.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">This is no matrix.</exception>
        public Tensor trace() => Rank == 2 ? diagonal().sum() : throw Errors.Of("trace", $"expected a matrix, but got {Shapes.Text(Shape)}");

        /// <summary>beta times this plus alpha times the product of two matrices: (m, k) x (k, n); this broadcasts to (m, n).</summary>
        /// <remarks>With beta = 0 this tensor is not read, so its NaNs do not count.</remarks>
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1f, float alpha = 1f) => Weighted("addmm", Errors.Given(mat1).ProductOfRanks("addmm", mat2, 2, 2), beta, alpha);

        /// <summary>beta times this plus alpha times the sum of the products of a batch of matrices: (b, m, k) x (b, k, n) -> (m, n).</summary>
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => Weighted("addbmm", Errors.Given(batch1).ProductOfBatches("addbmm", batch2).sum(dim: 0), beta, alpha);

        /// <summary>beta times this plus alpha times the products of a batch of matrices: (b, m, k) x (b, k, n); this broadcasts to (b, m, n).</summary>
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1f, float alpha = 1f) => Weighted("baddbmm", Errors.Given(batch1).ProductOfBatches("baddbmm", batch2), beta, alpha);

        /// <summary>The covariance matrix of variables (rows) over observations (columns): (v, n) -> (v, v); of one variable a single number.</summary>
        /// <param name="correction">What is taken off the number of observations in the divisor.</param>
        /// <param name="fweights">How often each observation counts: Int64 (n), or null.</param>
        /// <param name="aweights">How much each observation weighs: floating point (n), or null.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit.</exception>
        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null)
        {
            if (Rank > 2 || !IsFloating)
            {
                throw Errors.Of("cov", $"expected at most two dimensions of floating point, but got {dtype} {Shapes.Text(Shape)}");
            }

            var x = Rank < 2 ? view(1, -1) : this;
            var observations = x.Shape[1];
            foreach (var weights in (ReadOnlySpan<Tensor?>)[fweights, aweights])
            {
                if (weights is not null && !weights.Shape.AsSpan().SequenceEqual([observations]))
                {
                    throw Errors.Of("cov", $"expected weights of shape {Shapes.Text([observations])}, one for each observation of {Shapes.Text(Shape)}, but got {Shapes.Text(weights.Shape)}");
                }
            }

            var weight = fweights?.to(dtype);
            weight = aweights is null ? weight : weight is null ? aweights : weight.mul(aweights);
            var total = weight?.sum();
            var mean = weight is null ? x.mean([1], keepdim: true) : x.mul(weight).sum([1], keepdim: true).div(total!);
            var centred = x.sub(mean);

            // The divisor: observations, or their weights, less the correction (for weights of the second kind scaled by sum(f a^2) / sum(f a)).
            var divisor = weight is null ? Zeros(dtype).fill_(observations - correction)
                : aweights is null || correction == 0 ? total!.sub(correction)
                : total!.sub(weight.mul(aweights).sum().mul(correction).div(total));
            var weighted = weight is null ? centred : centred.mul(weight);
            var result = weighted.matmul(centred.transpose(0, 1)).div(divisor.clamp(min: 0));
            return Rank < 2 ? result.view([]) : result;
        }

        /// <summary>The matrix of the correlations of variables (rows) over observations (columns); of one variable a single number.</summary>
        public Tensor corrcoef()
        {
            var covariance = cov();
            if (covariance.Rank == 0)
            {
                return covariance.div(covariance);
            }

            var deviation = covariance.diagonal().sqrt();
            return covariance.div(deviation.unsqueeze(1)).div(deviation.unsqueeze(0)).clamp(-1, 1);
        }

        private Tensor Weighted(string operation, Tensor product, double beta, double alpha)
        {
            // Must not stretch the product.
            if (!Shapes.Broadcast(operation, Shape, product.Shape).AsSpan().SequenceEqual(product.Shape))
            {
                throw Errors.Of(operation, $"the added tensor's shape {Shapes.Text(Shape)} does not broadcast to the product's {Shapes.Text(product.Shape)}");
            }

            var scaled = alpha == 1 ? product : product.mul(Number(alpha));
            return beta == 0 ? scaled : (beta == 1 ? this : mul(Number(beta))).add(scaled);
        }

        // A whole number stays one, so that it can scale tensors of whole numbers.
        private static Scalar Number(double value) => value == Math.Floor(value) && Math.Abs(value) < 1L << 53 ? (long)value : value;
    }
}
