using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    // Elements in and out: as C# numbers, as an accessor, as bytes.
    public unsafe partial class Tensor
    {
        /// <summary>The memory as bytes, to be read and written. The tensor must lie contiguously and must outlive the span.</summary>
        /// <exception cref="NotImplementedException">The tensor is not contiguous.</exception>
        /// <exception cref="ArgumentException">Set to a span of another length.</exception>
        public Span<byte> bytes
        {
            get
            {
                if (!is_contiguous())
                {
                    throw new NotImplementedException("Bytes() called on non-contiguous tensor.");
                }

                return new Span<byte>(Storage.Pointer + (Offset * ScalarTypes.Size(dtype)), checked((int)(NumberOfElements * ScalarTypes.Size(dtype))));
            }

            set
            {
                var target = bytes;
                if (value.Length != target.Length)
                {
                    throw new ArgumentException($"Mismatched data sizes in Tensor.set_bytes(): {value.Length} bytes for a tensor of {target.Length}.", nameof(value));
                }

                value.CopyTo(target);
                Storage.Changed();
                GC.KeepAlive(this);
            }
        }

        /// <summary>The bytes that an element takes.</summary>
        public long ElementSize => ScalarTypes.Size(dtype);

        /// <summary>The bytes that an element takes.</summary>
        public long element_size() => ElementSize;

        /// <summary>Where in its memory the first element lies, in elements.</summary>
        public long storage_offset() => IsInvalid ? throw Errors.Disposed() : Offset;

        /// <summary>Always true: this engine computes on the processor.</summary>
        public bool is_cpu() => true;

        /// <summary>Always false: this engine computes on the processor.</summary>
        public bool is_cuda => false;

        /// <summary>Whether the only element is not zero.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">There is not exactly one element.</exception>
        public bool is_nonzero()
        {
            if (NumberOfElements != 1)
            {
                throw Errors.Of("is_nonzero", $"expects exactly one element, but the shape was {Shapes.Text(Shape)}");
            }

            using var answer = to(ScalarType.Bool);
            return answer.item<bool>();
        }

        /// <summary>Whether the elements are whole numbers or truth values.</summary>
        public bool is_integral() => !IsFloating;

        /// <summary>Whether the elements are floating-point numbers.</summary>
        public bool is_floating_point() => IsFloating;

        /// <summary>The elements in logical order, to be read and written.</summary>
        /// <exception cref="ArgumentException">The C# type is not exactly the tensor's.</exception>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            CheckElementType<T>();
            _ = Storage;
            return new TensorAccessor<T>(this);
        }

        /// <summary>The only element.</summary>
        /// <exception cref="ArgumentException">There is more than one element or none, or the C# type is not exactly the tensor's.</exception>
        public T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1)
            {
                throw new ArgumentException("Number of elements in the tensor must be 1");
            }

            CheckElementType<T>();
            var value = *Pointer<T>();
            GC.KeepAlive(this);
            return value;
        }

        /// <summary>The elements as a nested list: a <see cref="Scalar"/> for a tensor without dimensions, otherwise an <see cref="System.Collections.ArrayList"/> of the parts' lists.</summary>
        public object tolist()
        {
            if (Rank == 0)
            {
                return ToScalar();
            }

            var result = new System.Collections.ArrayList();
            for (long i = 0; i < Shape[0]; i++)
            {
                using var part = select(0, i);
                result.Add(part.tolist());
            }

            return result;
        }

        /// <summary>The only element as a scalar that remembers whether it was whole, floating-point, or a truth value.</summary>
        /// <exception cref="ArgumentException">There is more than one element or none.</exception>
        internal Scalar ToScalar() => dtype switch
        {
            ScalarType.Float32 => item<float>(),
            ScalarType.Float64 => item<double>(),
            ScalarType.Int64 => item<long>(),
            ScalarType.Int32 => item<int>(),
            ScalarType.Bool => item<bool>(),
            _ => item<byte>(),
        };

        private static Type ElementType(ScalarType type) => type switch
        {
            ScalarType.Float32 => typeof(float),
            ScalarType.Float64 => typeof(double),
            ScalarType.Int64 => typeof(long),
            ScalarType.Int32 => typeof(int),
            ScalarType.Bool => typeof(bool),
            _ => typeof(byte),
        };

        // The message is TorchSharp's.
        private void CheckElementType<T>()
        {
            if (typeof(T) != ElementType(dtype))
            {
                throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
            }
        }
    }
}

/// <summary>The only element of a tensor as a C# number, converted.</summary>
public static partial class TensorExtensionMethods
{
    /// <summary>The only element as a scalar.</summary>
    /// <exception cref="ArgumentException">There is more than one element or none.</exception>
    public static Scalar ToScalar(this Tensor value) => value.ToScalar();

    /// <summary>Whether the only element is not zero.</summary>
    /// <exception cref="ArgumentException">There is more than one element or none.</exception>
    public static bool ToBoolean(this Tensor value) => value.ToScalar().ToBoolean();

    /// <summary>The only element as a byte.</summary>
    /// <exception cref="ArgumentException">There is more than one element or none.</exception>
    public static byte ToByte(this Tensor value) => (byte)value.ToScalar().AsInt64;

    /// <summary>The only element as a 32-bit whole number; a fraction is cut off.</summary>
    /// <exception cref="ArgumentException">There is more than one element or none.</exception>
    public static int ToInt32(this Tensor value) => value.ToScalar().ToInt32();

    /// <summary>The only element as a 64-bit whole number; a fraction is cut off.</summary>
    /// <exception cref="ArgumentException">There is more than one element or none.</exception>
    public static long ToInt64(this Tensor value) => value.ToScalar().ToInt64();

    /// <summary>The only element in single precision.</summary>
    /// <exception cref="ArgumentException">There is more than one element or none.</exception>
    public static float ToSingle(this Tensor value) => value.ToScalar().ToSingle();

    /// <summary>The only element in double precision.</summary>
    /// <exception cref="ArgumentException">There is more than one element or none.</exception>
    public static double ToDouble(this Tensor value) => value.ToScalar().ToDouble();
}
