namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Resizes sequences (N, C, L) or images (N, C, H, W).</summary>
            /// <param name="x">The sequences or images.</param>
            /// <param name="size">The new lengths; or</param>
            /// <param name="scale_factor">by how much the lengths grow. One number stands for all dimensions.</param>
            /// <param name="mode">Nearest, NearestExact, Area, Linear (of sequences) or Bilinear (of images).</param>
            /// <param name="align_corners">Whether, between pixels, the first and the last pixel keep their places.</param>
            /// <param name="recompute_scale_factor">Whether distances go by the new lengths rather than by the factor given.</param>
            /// <param name="antialias">Must be false.</param>
            /// <exception cref="System.Runtime.InteropServices.ExternalException">Shape, lengths or mode don't fit.</exception>
            /// <exception cref="NotSupportedException">The mode is one that the engine lacks.</exception>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                ArgumentNullException.ThrowIfNull(x);
                var dimensions = x.Rank - 2;
                if (dimensions is not (1 or 2) || (mode == InterpolationMode.Linear && dimensions != 1) || (mode == InterpolationMode.Bilinear && dimensions != 2))
                {
                    throw Errors.Of("interpolate", $"expected (N, C, L) or (N, C, H, W) for the mode {mode}, but the shape is {Shapes.Text(x.Shape)}");
                }

                if ((size is null) == (scale_factor is null) || (size?.Length ?? scale_factor!.Length) is var given && given != 1 && given != dimensions)
                {
                    throw Errors.Of("interpolate", $"expected either size or scale_factor, with one number or {dimensions}");
                }

                if (antialias || mode is InterpolationMode.Bicubic or InterpolationMode.Trilinear)
                {
                    throw new NotSupportedException($"interpolate: TorchSharp.Managed has the modes Nearest, NearestExact, Area, Linear and Bilinear, without antialias; not {mode}.");
                }

                var lengths = new long[dimensions];
                for (var i = 0; i < dimensions; i++)
                {
                    lengths[i] = size is not null ? size[size.Length == 1 ? 0 : i] : (long)Math.Floor(x.Shape[i + 2] * scale_factor![scale_factor.Length == 1 ? 0 : i]);
                    if (lengths[i] <= 0 || x.Shape[i + 2] == 0)
                    {
                        throw Errors.Of("interpolate", $"input and output sizes should be greater than 0, but the input is {Shapes.Text(x.Shape)} and the output {Shapes.Text(lengths)}");
                    }
                }

                if (mode == InterpolationMode.Area)
                {
                    return dimensions == 1 ? adaptive_avg_pool1d(x, lengths[0]) : adaptive_avg_pool2d(x, lengths);
                }

                var result = x.Handle();
                for (var i = 0; i < dimensions; i++)
                {
                    using var before = result;
                    var length = x.Shape[i + 2];
                    var factor = scale_factor is null || recompute_scale_factor ? (double)length / lengths[i] : 1 / scale_factor[scale_factor.Length == 1 ? 0 : i];
                    result = mode switch
                    {
                        InterpolationMode.Nearest => Pick(before, i + 2, lengths[i], j => (long)Math.Floor((float)j * (float)factor)),
                        InterpolationMode.NearestExact => Pick(before, i + 2, lengths[i], j => (long)Math.Floor((float)((j + 0.5) * (float)factor))),
                        _ => Blend(before, i + 2, lengths[i], align_corners == true ? (lengths[i] > 1 ? (double)(length - 1) / (lengths[i] - 1) : 0) : factor, align_corners == true),
                    };
                }

                return result;
            }

            private static Tensor Pick(Tensor x, int dimension, long length, Func<long, long> place)
            {
                using var places = tensor([.. Enumerable.Range(0, (int)length).Select(j => Math.Min(place(j), x.Shape[dimension] - 1))], ScalarType.Int64);
                return x.index_select(dimension, places);
            }

            // Between two neighbours, each counting by the distance to the other.
            private static Tensor Blend(Tensor x, int dimension, long length, double factor, bool aligned)
            {
                var last = x.Shape[dimension] - 1;
                var places = new double[length];
                for (var j = 0; j < length; j++)
                {
                    places[j] = Math.Clamp(aligned ? j * factor : Math.Max(0, ((j + 0.5) * factor) - 0.5), 0, last);
                }

                var shape = new long[x.Rank];
                Array.Fill(shape, 1);
                shape[dimension] = length;
                using var left = Pick(x, dimension, length, j => (long)Math.Floor(places[j]));
                using var right = Pick(x, dimension, length, j => Math.Min((long)Math.Floor(places[j]) + 1, last));
                using var share = tensor(Array.ConvertAll(places, place => place - Math.Floor(place))).to(x.dtype).view(shape);
                using var rest = tensor(Array.ConvertAll(places, place => 1 - (place - Math.Floor(place)))).to(x.dtype).view(shape);
                using var fromLeft = left.mul(rest);
                using var fromRight = right.mul(share);
                return fromLeft.add(fromRight);
            }
        }
    }
}
