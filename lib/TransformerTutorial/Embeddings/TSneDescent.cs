using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace TransformerTutorial.Embeddings;

/// <summary>
/// The map while it is drawn: where the points lie, how badly that shows their neighbourhoods, and where each should go (van der Maaten and Hinton 2008, equations 2 to 5, with the 2 / (1 + |y|²) of Student's t).
/// Eight columns are computed at once, on every machine; rows are shared out between threads; so no sum depends on either.
/// </summary>
internal sealed class TSneDescent
{
    private const int Lanes = 8;

    // Where the places lie that fill the last eight columns: so far away that they neither attract nor repel.
    private const double FarAway = 1e100;

    private readonly double[] _affinities; // (N, W), W the next multiple of eight; zeros behind column N
    private readonly int _width;
    private readonly double[] _repulsionX;
    private readonly double[] _repulsionY;
    private readonly double[] _sums;
    private readonly double _entropy;

    /// <summary>Begins with all points at zero.</summary>
    /// <param name="affinities">The points' joint distribution: (N, N), Float64.</param>
    /// <param name="count">N.</param>
    public TSneDescent(Tensor affinities, int count)
    {
        Count = count;
        _width = (count + Lanes - 1) / Lanes * Lanes;
        _affinities = new double[(long)count * _width];
        using var dense = affinities.contiguous();
        var values = dense.data<double>().ToArray();
        for (var i = 0; i < count; i++)
        {
            values.AsSpan(i * count, count).CopyTo(_affinities.AsSpan(i * _width));
        }

        Positions = (new double[_width], new double[_width]);
        Positions.X.AsSpan(count).Fill(FarAway);
        Positions.Y.AsSpan(count).Fill(FarAway);
        (_repulsionX, _repulsionY, _sums) = (new double[count], new double[count], new double[count]);

        // Where p is 0, p log p is 0 too.
        using var scope = NewDisposeScope();
        _entropy = (dense * where(dense > 0, dense, 1.0).log()).sum().item<double>();
    }

    /// <summary>How many points there are: N.</summary>
    public int Count { get; }

    /// <summary>Where they lie; behind the N-th stand fillers.</summary>
    public (double[] X, double[] Y) Positions { get; }

    /// <summary>The slope of the divergence along each coordinate, 4 Σ (s p - q) (yi - yj) / (1 + |yi - yj|²), where s is the exaggeration.</summary>
    public void Gradient(double exaggeration, double[] gradientX, double[] gradientY)
    {
        Parallel.For(0, Count, row => Forces(row, gradientX, gradientY));
        var total = Total();
        for (var i = 0; i < Count; i++)
        {
            gradientX[i] = 4 * ((exaggeration * gradientX[i]) - (_repulsionX[i] / total));
            gradientY[i] = 4 * ((exaggeration * gradientY[i]) - (_repulsionY[i] / total));
        }
    }

    /// <summary>Σ p log(p / q), in nats.</summary>
    public double Divergence()
    {
        // log q = -log(1 + |yi - yj|²) - log(total).
        using var scope = NewDisposeScope();
        var x = tensor(Positions.X[..Count]);                                                              // (N)
        var y = tensor(Positions.Y[..Count]);                                                              // (N)
        var distances = (x.unsqueeze(1) - x).square() + (y.unsqueeze(1) - y).square();                      // (N, N)
        var affinities = tensor(_affinities, [Count, _width]).narrow(1, 0, Count);                          // (N, N)
        var total = (1 / (1 + distances)).sum() - Count;
        return _entropy + (affinities * (1 + distances).log()).sum().item<double>() + (total.log() * affinities.sum()).item<double>();
    }

    // Σ w over all pairs of different points, w = 1 / (1 + |yi - yj|²). A point's own w is exactly 1.
    private double Total()
    {
        var total = 0.0;
        foreach (var sum in _sums)
        {
            total += sum - 1;
        }

        return total;
    }

    // For one point: Σ p w (yi - yj), Σ w² (yi - yj) and Σ w.
    private void Forces(int row, double[] attractionX, double[] attractionY)
    {
        var (x, y) = (Positions.X, Positions.Y);
        var (ownX, ownY) = (Vector512.Create(x[row]), Vector512.Create(y[row]));
        var (pullX, pullY, pushX, pushY, sum) = (Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero, Vector512<double>.Zero);
        var affinities = _affinities.AsSpan(row * _width, _width);
        for (var i = 0; i < _width; i += Lanes)
        {
            var dx = ownX - Vector512.Create<double>(x.AsSpan(i, Lanes));
            var dy = ownY - Vector512.Create<double>(y.AsSpan(i, Lanes));
            var weight = Vector512<double>.One / Vector512.FusedMultiplyAdd(dx, dx, Vector512.FusedMultiplyAdd(dy, dy, Vector512<double>.One));
            var pull = Vector512.Create<double>(affinities.Slice(i, Lanes)) * weight;
            var push = weight * weight;
            sum += weight;
            pullX = Vector512.FusedMultiplyAdd(pull, dx, pullX);
            pullY = Vector512.FusedMultiplyAdd(pull, dy, pullY);
            pushX = Vector512.FusedMultiplyAdd(push, dx, pushX);
            pushY = Vector512.FusedMultiplyAdd(push, dy, pushY);
        }

        (attractionX[row], attractionY[row]) = (SumOf(pullX), SumOf(pullY));
        (_repulsionX[row], _repulsionY[row], _sums[row]) = (SumOf(pushX), SumOf(pushY), SumOf(sum));
    }

    private static double SumOf(Vector512<double> lanes)
    {
        var four = lanes.GetLower() + lanes.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
