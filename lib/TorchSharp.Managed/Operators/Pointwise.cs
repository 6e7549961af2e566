using TorchSharp.Autograd;
using TorchSharp.Kernels;

namespace TorchSharp;

public static partial class torch
{
    // How every elementwise operation gets from its operands to its result; the operations themselves are in the other Pointwise files, Comparison and Activations.
    public partial class Tensor
    {
        /// <summary>f(x) outside the graph, of x's type.</summary>
        private static Tensor Map<TFunction>(Tensor x, long grain = Loops.CheapGrain)
            where TFunction : struct, IUnaryFunction
        {
            var result = Allocate(x.dtype, x.Shape);
            Loops.Unary(default(TFunction), x, result, grain);
            return result;
        }

        /// <summary>f(x, y) outside the graph, of x's type and shape; y is a number or broadcasts to it.</summary>
        private static Tensor Map<TFunction>(Tensor x, Operand y, long grain = Loops.CheapGrain)
            where TFunction : struct, IBinaryFunction
        {
            var result = Allocate(x.dtype, x.Shape);
            Loops.Binary(default(TFunction), x, y, result, grain);
            return result;
        }

        /// <summary>f(x, y, z) outside the graph, of x's type and shape; y and z are numbers or broadcast to it.</summary>
        private static Tensor Map<TFunction>(Tensor x, Operand y, Operand z, long grain = Loops.CheapGrain)
            where TFunction : struct, ITernaryFunction
        {
            var result = Allocate(x.dtype, x.Shape);
            Loops.Ternary(default(TFunction), x, y, z, result, grain);
            return result;
        }

        /// <summary>f(x, y) of two tensors of one type that broadcast together, outside the graph.</summary>
        private static Tensor Zip<TFunction>(string name, Tensor x, Tensor y)
            where TFunction : struct, IBinaryFunction
        {
            var result = Allocate(x.dtype, Shapes.Broadcast(name, x.Shape, y.Shape));
            Loops.Binary(default(TFunction), x, y, result);
            return result;
        }

        /// <summary>The same for functions of single elements.</summary>
        private static Tensor ZipScalars<TFunction>(string name, Tensor x, Tensor y)
            where TFunction : struct, IScalarFunction
        {
            var result = Allocate(x.dtype, Shapes.Broadcast(name, x.Shape, y.Shape));
            Loops.Scalar(default(TFunction), x, y, result);
            return result;
        }

        /// <summary>A number as a tensor without dimensions, where only a tensor will do.</summary>
        private static Tensor Number(Scalar value, ScalarType type)
        {
            var result = Allocate(type);
            Loops.Fill(result, value);
            return result;
        }

        /// <summary>Sets every element to a number.</summary>
        public Tensor fill_(Scalar value)
        {
            ArgumentNullException.ThrowIfNull(value);
            return Filled("fill_", value);
        }

        /// <summary>Sets every element to zero.</summary>
        public Tensor zero_() => Filled("zero_", 0);

        private Tensor Filled(string name, Scalar value)
        {
            if (!Graph.IsRecording(this))
            {
                CheckInPlace(name);
                Loops.Fill(this, value);
                Storage.Changed();
                return this;
            }

            return ApplyInPlace(name, self =>
            {
                var result = Allocate(self.dtype, self.Shape);
                Loops.Fill(result, value);
                return result;
            });
        }

        /// <summary>Throws where a type has no such operation.</summary>
        private void Refuse(string name, ScalarType type)
        {
            if (dtype == type)
            {
                throw Errors.Of(name, $"not implemented for '{type}'; the tensor's shape is {Shapes.Text(Shape)}");
            }
        }

        /// <summary>Throws where this tensor is not floating point.</summary>
        private void RequireFloating(string name)
        {
            if (!IsFloating)
            {
                throw Errors.Of(name, $"not implemented for '{dtype}'; expected a floating-point tensor, got one of shape {Shapes.Text(Shape)}");
            }
        }
    }
}
