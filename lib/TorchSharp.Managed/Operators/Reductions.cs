using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>Sums over dimensions.</summary>
        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null)
        {
            _ = type;
            var dimensions = Shapes.Dimensions("sum", dim, Rank);
            var kept = (long[])Shape.Clone();
            foreach (var d in dimensions)
            {
                kept[d] = 1;
            }

            var result = Zeros(dtype, kept);
            using var source = contiguous();
            var loop = new Kernels.StridedLoop(Shape, source.Strides, Shapes.BroadcastStrides(kept, result.Strides, Shape));
            var x = source.Pointer<float>();
            var y = result.Pointer<float>();
            loop.ForEachRow(offsets =>
            {
                for (long i = 0; i < loop.RowLength; i++)
                {
                    y[offsets[1] + (i * loop.Steps[1])] += x[offsets[0] + (i * loop.Steps[0])];
                }
            });
            GC.KeepAlive(source);
            Graph.Record("sum", result, [this], [], (node, gradient) => [gradient.view(kept).expand(node.InputShape(0))]);
            return keepdim ? result : result.view([.. kept.Where((_, d) => !dimensions.Contains(d))]);
        }
    }
}
