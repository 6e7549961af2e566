using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a tensor in logical order, whatever its strides, to be read and written from C#.</summary>
/// <remarks>Writing here is not a tensor operation: nothing is recorded, and saved values are not checked against it. The accessor keeps the tensor
/// reachable; when the tensor is disposed, every use throws.</remarks>
/// <typeparam name="T">The C# type of the elements; exactly the tensor's.</typeparam>
// TorchSharp's name, although it is no ICollection.
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private torch.Tensor? _tensor;

    internal TensorAccessor(torch.Tensor tensor) => _tensor = tensor;

    /// <summary>How many elements there are.</summary>
    public long Count => _tensor is null ? 0 : _tensor.NumberOfElements;

    /// <summary>Whether writing is impossible: it never is.</summary>
    public bool IsReadOnly => false;

    private torch.Tensor Tensor => _tensor ?? throw new ObjectDisposedException(nameof(TensorAccessor<T>));

    /// <summary>One element: by its number in logical order, or by one index per dimension.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such element.</exception>
    public T this[params long[] indices]
    {
        get
        {
            var value = *(Tensor.Pointer<T>() + OffsetOf(indices));
            GC.KeepAlive(this);
            return value;
        }

        set
        {
            *(Tensor.Pointer<T>() + OffsetOf(indices)) = value;
            GC.KeepAlive(this);
        }
    }

    /// <summary>Whether two accessors show equal elements in the same order, whatever their shapes.</summary>
    public static bool operator ==(TensorAccessor<T>? left, TensorAccessor<T>? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two accessors show different elements.</summary>
    public static bool operator !=(TensorAccessor<T>? left, TensorAccessor<T>? right) => !(left == right);

    /// <summary>The elements in logical order.</summary>
    public T[] ToArray()
    {
        var result = new T[Count];
        Read(result, 0);
        return result;
    }

    /// <summary>The elements as an array with as many dimensions as the tensor; one of a single element for a tensor without dimensions.</summary>
    public Array ToNDArray()
    {
        var shape = Tensor.Shape;
        if (shape.Length < 2)
        {
            return ToArray();
        }

        var result = Array.CreateInstance(typeof(T), shape);
        var values = ToArray();
        var bytes = values.Length * (long)sizeof(T);
        if (bytes > 0)
        {
            fixed (T* from = values)
            fixed (byte* to = &System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(result))
            {
                Buffer.MemoryCopy(from, to, bytes, bytes);
            }
        }

        return result;
    }

    /// <summary>Copies elements into an array, as many as it has room for.</summary>
    /// <param name="array">The array.</param>
    /// <param name="arrayIndex">Where to begin in it.</param>
    /// <param name="tensorIndex">The first element to copy, in logical order.</param>
    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        ArgumentNullException.ThrowIfNull(array);
        CopyTo(array.AsSpan(), arrayIndex, tensorIndex);
    }

    /// <inheritdoc cref="CopyTo(T[], int, long)"/>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        CheckStart(tensorIndex);
        Read(array[Math.Min(arrayIndex, array.Length)..], tensorIndex);
    }

    /// <summary>Copies elements from an array, as many as it holds and the tensor has room for.</summary>
    /// <param name="array">The array.</param>
    /// <param name="arrayIndex">Where to begin in it.</param>
    /// <param name="tensorIndex">The first element to overwrite, in logical order.</param>
    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0)
    {
        ArgumentNullException.ThrowIfNull(array);
        CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);
    }

    /// <inheritdoc cref="CopyFrom(T[], int, long)"/>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        CheckStart(tensorIndex);
        var to = Tensor.Pointer<T>();
        var walk = new Walk(Tensor, tensorIndex);
        for (var i = arrayIndex; i < array.Length && walk.MoveNext(); i++)
        {
            to[walk.Offset] = array[i];
        }

        GC.KeepAlive(this);
    }

    /// <summary>Lets go of the tensor, without disposing it.</summary>
    public void Dispose() => _tensor = null;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => ReferenceEquals(this, obj) || (obj is TensorAccessor<T> other && ToArray().AsSpan().SequenceEqual(other.ToArray()));

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        if (_tensor is null)
        {
            yield break;
        }

        var walk = new Walk(Tensor, 0);
        while (walk.MoveNext())
        {
            yield return ValueAt(walk.Offset);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private T ValueAt(long offset)
    {
        var value = Tensor.Pointer<T>()[offset];
        GC.KeepAlive(this);
        return value;
    }

    private void Read(Span<T> target, long start)
    {
        var tensor = Tensor;
        var from = tensor.Pointer<T>();
        if (tensor.is_contiguous())
        {
            var count = (int)Math.Min(target.Length, Count - start);
            new ReadOnlySpan<T>(from + start, count).CopyTo(target);
        }
        else
        {
            var walk = new Walk(tensor, start);
            for (var i = 0; i < target.Length && walk.MoveNext(); i++)
            {
                target[i] = from[walk.Offset];
            }
        }

        GC.KeepAlive(tensor);
    }

    private void CheckStart(long tensorIndex)
    {
        if (tensorIndex < 0 || (tensorIndex >= Count && !(tensorIndex == 0 && Count == 0)))
        {
            throw new ArgumentOutOfRangeException(nameof(tensorIndex), tensorIndex, $"The tensor has {Count} elements.");
        }
    }

    // TorchSharp throws this type too.
#pragma warning disable CA2201
    private long OffsetOf(long[] indices)
    {
        var (shape, strides) = (Tensor.Shape, Tensor.Strides);
        long offset = 0;
        if (indices.Length == 1)
        {
            var index = indices[0];
            if (index < 0 || index >= Count)
            {
                throw new IndexOutOfRangeException($"There is no element {index} in a tensor of {Count}.");
            }

            for (var d = shape.Length - 1; d >= 0; d--)
            {
                index = Math.DivRem(index, shape[d], out var place);
                offset += place * strides[d];
            }

            return offset;
        }

        if (indices.Length != shape.Length)
        {
            throw new IndexOutOfRangeException($"{indices.Length} indices were given for a tensor of shape {Shapes.Text(shape)}.");
        }

        for (var d = 0; d < shape.Length; d++)
        {
            if (indices[d] < 0 || indices[d] >= shape[d])
            {
                throw new IndexOutOfRangeException($"Index {indices[d]} is out of range for dimension {d} of {Shapes.Text(shape)}.");
            }

            offset += indices[d] * strides[d];
        }

        return offset;
    }
#pragma warning restore CA2201

    // The offsets of the elements in logical order.
    private sealed class Walk
    {
        private readonly long[] _shape;
        private readonly long[] _strides;
        private readonly long[] _place;
        private long _left;
        private bool _begun;

        public Walk(torch.Tensor tensor, long start)
        {
            _shape = tensor.Shape;
            _strides = tensor.Strides;
            _place = new long[_shape.Length];
            _left = tensor.NumberOfElements - start;
            for (var d = _shape.Length - 1; d >= 0 && _left > 0; d--)
            {
                start = Math.DivRem(start, _shape[d], out _place[d]);
                Offset += _place[d] * _strides[d];
            }
        }

        public long Offset { get; private set; }

        public bool MoveNext()
        {
            if (_left-- <= 0)
            {
                return false;
            }

            if (!_begun)
            {
                _begun = true;
                return true;
            }

            for (var d = _shape.Length - 1; d >= 0; d--)
            {
                Offset += _strides[d];
                if (++_place[d] < _shape[d])
                {
                    break;
                }

                Offset -= _place[d] * _strides[d];
                _place[d] = 0;
            }

            return true;
        }
    }
}
