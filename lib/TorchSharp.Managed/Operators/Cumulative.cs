using System.Numerics;
using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

// Running sums and products along a dimension.
public static partial class torch
{
    /// <inheritdoc cref="Tensor.cumsum"/>
    public static Tensor cumsum(Tensor input, long dim, ScalarType? type = null) => input.cumsum(dim, type);

    /// <inheritdoc cref="Tensor.cumprod"/>
    public static Tensor cumprod(Tensor input, long dim, ScalarType? dtype = null) => input.cumprod(dim, dtype);

    public unsafe partial class Tensor
    {
        /// <summary>Running sums along a dimension, one addition after the other, floats carried on in double: [1, 2, 3] -> [1, 3, 6]. Whole numbers and bools give Int64.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="type">The type to convert the elements to first.</param>
        public Tensor cumsum(long dim, ScalarType? type = null)
        {
            var d = Shapes.Dimension("cumsum", dim, Rank);
            using var source = ConvertTo(type ?? (IsFloating ? dtype : ScalarType.Int64));
            var result = source.dtype switch
            {
                ScalarType.Float32 => RowMaps.Apply<float>(source, d, RunningSum<float, double>),
                ScalarType.Float64 => RowMaps.Apply<double>(source, d, RunningSum<double, double>),
                ScalarType.Int64 => RowMaps.Apply<long>(source, d, RunningSum<long, long>),
                ScalarType.Int32 => RowMaps.Apply<int>(source, d, RunningSum<int, long>),
                _ => RowMaps.Apply<byte>(source, d, RunningSum<byte, long>),
            };

            // An element is in all sums from its own on.
            return Graph.Record("cumsum", result, [source], [], (_, gradient) => [gradient.Rank == 0 ? gradient : gradient.flip(d).cumsum(d).flip(d)]);
        }

        /// <summary>Running products along a dimension, one multiplication after the other, floats carried on in double: [2, 3, 4] -> [2, 6, 24]. Whole numbers and bools give Int64.</summary>
        /// <param name="dim">The dimension.</param>
        /// <param name="type">The type to convert the elements to first.</param>
        public Tensor cumprod(long dim, ScalarType? type = null)
        {
            var d = Shapes.Dimension("cumprod", dim, Rank);
            using var source = ConvertTo(type ?? (IsFloating ? dtype : ScalarType.Int64));
            var result = source.dtype switch
            {
                ScalarType.Float32 => RowMaps.Apply<float>(source, d, RunningProduct<float, double>),
                ScalarType.Float64 => RowMaps.Apply<double>(source, d, RunningProduct<double, double>),
                ScalarType.Int64 => RowMaps.Apply<long>(source, d, RunningProduct<long, long>),
                ScalarType.Int32 => RowMaps.Apply<int>(source, d, RunningProduct<int, long>),
                _ => RowMaps.Apply<byte>(source, d, RunningProduct<byte, long>),
            };
            return Graph.Record("cumprod", result, [source], [source, result], (node, gradient) =>
            {
                var (x, y) = (node.Saved(0), node.Saved(1));
                if (x.Rank == 0)
                {
                    return [gradient];
                }

                return [HasZero(x) ? RunningProductGradient(x, gradient, d) : gradient.mul(y).flip(d).cumsum(d).flip(d).div(x)];
            });
        }

        /// <summary>Whether some element is zero.</summary>
        internal static bool HasZero(Tensor x)
        {
            using var all = Reductions.Truth(x, new ReductionPlan("all", x.Shape, []), all: true, keepdim: false);
            return *all.Pointer<byte>() == 0;
        }

        // d y[j] / d x[i] = the product of x[0..j] without x[i], which needs no division, for every i by itself.
        private static Tensor RunningProductGradient(Tensor x, Tensor gradient, int d)
        {
            var n = x.Shape[d];
            var parts = new List<Tensor>();
            for (var i = 0L; i < n; i++)
            {
                var before = x.narrow(d, 0, i).prod(d, keepdim: true);
                var one = Zeros(x.dtype, before.Shape).fill_(1);
                var after = torch.cat([one, x.narrow(d, i + 1, n - i - 1).cumprod(d)], d);
                parts.Add(before.mul(after).mul(gradient.narrow(d, i, n - i)).sum((ReadOnlySpan<long>)[d], keepdim: true));
            }

            return torch.cat(parts, d);
        }

        private static void RunningSum<T, TSum>(T* x, T* y, long rows, long n)
            where T : unmanaged, INumber<T>
            where TSum : unmanaged, INumber<TSum>
        {
            for (var row = 0L; row < rows; row++, x += n, y += n)
            {
                var sum = TSum.Zero;
                for (var i = 0L; i < n; i++)
                {
                    sum = unchecked(sum + TSum.CreateTruncating(x[i]));
                    y[i] = T.CreateTruncating(sum);
                }
            }
        }

        private static void RunningProduct<T, TProduct>(T* x, T* y, long rows, long n)
            where T : unmanaged, INumber<T>
            where TProduct : unmanaged, INumber<TProduct>
        {
            for (var row = 0L; row < rows; row++, x += n, y += n)
            {
                var product = TProduct.One;
                for (var i = 0L; i < n; i++)
                {
                    product = unchecked(product * TProduct.CreateTruncating(x[i]));
                    y[i] = T.CreateTruncating(product);
                }
            }
        }
    }
}
