using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>Sets every element to a number.</summary>
        public Tensor fill_(Scalar value)
        {
            ArgumentNullException.ThrowIfNull(value);
            return ApplyInPlace("fill_", self =>
            {
                var result = Allocate(self.dtype, self.Shape);
                var count = checked((int)result.NumberOfElements);
                switch (self.dtype)
                {
                    case ScalarType.Float32:
                        new Span<float>(result.Pointer<float>(), count).Fill(value.As<float>());
                        break;
                    case ScalarType.Float64:
                        new Span<double>(result.Pointer<double>(), count).Fill(value.As<double>());
                        break;
                    case ScalarType.Int64:
                        new Span<long>(result.Pointer<long>(), count).Fill(value.As<long>());
                        break;
                    case ScalarType.Int32:
                        new Span<int>(result.Pointer<int>(), count).Fill(value.As<int>());
                        break;
                    case ScalarType.Bool:
                        new Span<byte>(result.Pointer<byte>(), count).Fill(value.AsDouble != 0 ? (byte)1 : (byte)0);
                        break;
                    default:
                        new Span<byte>(result.Pointer<byte>(), count).Fill(value.As<byte>());
                        break;
                }

                return result;
            });
        }

        /// <summary>Sets every element to zero.</summary>
        public Tensor zero_() => fill_(0);

        /// <summary>Adds another tensor, element by element.</summary>
        public Tensor add(Tensor target) => Naive("add", this, target, static (x, y) => x + y, [], static (node, g) => [g.SumTo(node.InputShape(0)), g.SumTo(node.InputShape(1))]);

        /// <summary>Adds another tensor, element by element, in place.</summary>
        public Tensor add_(Tensor target) => ApplyInPlace("add_", self => self.add(target), target);

        /// <summary>Multiplies by another tensor, element by element.</summary>
        public Tensor mul(Tensor target) => Naive("mul", this, target, static (x, y) => x * y, [this, target], static (node, g) =>
            [node.Needs(0) ? g.mul(node.Saved(1)).SumTo(node.InputShape(0)) : null, node.Needs(1) ? g.mul(node.Saved(0)).SumTo(node.InputShape(1)) : null]);

        /// <summary>Multiplies by a number.</summary>
        public Tensor mul(Scalar target)
        {
            var factor = Zeros(dtype);
            factor.fill_(target);
            return mul(factor);
        }

        private static Tensor Naive(string name, Tensor x, Tensor y, Func<float, float, float> f, Tensor?[] saved, BackwardFunction backward)
        {
            var shape = Shapes.Broadcast(name, x.Shape, y.Shape);
            var result = Allocate(x.dtype, shape);
            using var a = x.expand(shape).contiguous();
            using var b = y.expand(shape).contiguous();
            var p = a.Pointer<float>();
            var q = b.Pointer<float>();
            var r = result.Pointer<float>();
            for (long i = 0; i < result.NumberOfElements; i++)
            {
                r[i] = f(p[i], q[i]);
            }

            GC.KeepAlive(a);
            GC.KeepAlive(b);
            return Graph.Record(name, result, [x, y], saved, backward);
        }
    }
}
