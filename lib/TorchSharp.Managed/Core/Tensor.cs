using System.Diagnostics;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>
    /// A strided array of numbers with its place in the autograd graph: shape, strides and offset into a <see cref="Storage"/> that views share.
    /// </summary>
    /// <remarks>This file holds what a tensor is; what can be done with one is in Operators/, by subject. Strides count elements.</remarks>
    [DebuggerDisplay("{DebuggerText,nq}")]
    public unsafe partial class Tensor : IScoped
    {
        private Storage? _storage;
        private long[] _shape;
        private long[] _strides;
        private long _offset;
        private readonly bool _uncounted;

        /// <summary>A tensor that takes over one reference to the storage.</summary>
        internal Tensor(Storage storage, ScalarType dtype, long[] shape, long[] strides, long offset)
        {
            _storage = storage;
            this.dtype = dtype;
            _shape = shape;
            _strides = strides;
            _offset = offset;
            var scopes = DisposeScopeManager.ThreadSingleton;
            _uncounted = scopes.IsSuspended;
            OwningDisposeScope = scopes.RegisterOnCurrentDisposeScope(this);
        }

        /// <summary>A second handle to the same memory and shape, outside the graph.</summary>
        private protected Tensor(Tensor source)
            : this(source.RetainedStorage(), source.dtype, source._shape, source._strides, source._offset)
        {
        }

        /// <summary>The scope that will dispose this tensor, or null.</summary>
        internal DisposeScope? OwningDisposeScope { get; set; }

        DisposeScope? IScoped.OwningDisposeScope
        {
            get => OwningDisposeScope;
            set => OwningDisposeScope = value;
        }

        /// <summary>The type of the elements.</summary>
        public ScalarType dtype { get; }

        /// <summary>Where the data lies: on the processor.</summary>
        public Device device => CPU;

        /// <summary>The kind of device where the data lies.</summary>
        public DeviceType device_type => DeviceType.CPU;

        /// <summary>The number of elements along each dimension. A new array: changing it changes nothing.</summary>
        public long[] shape => (long[])Shape.Clone();

        /// <summary>How many dimensions there are; 0 for a single number.</summary>
        public long ndim => Shape.Length;

        /// <summary>How many elements there are.</summary>
        public long NumberOfElements => Shapes.Count(Shape);

        /// <summary>Whether this tensor was disposed.</summary>
        public bool IsInvalid => _storage is null;

        /// <summary>The shape itself; not to be changed.</summary>
        internal long[] Shape => _storage is null ? throw Errors.Disposed() : _shape;

        /// <summary>The shape, which outlives the memory.</summary>
        internal long[] ShapeEvenIfDisposed => _shape;

        /// <summary>The strides themselves, in elements; not to be changed.</summary>
        internal long[] Strides => _strides;

        /// <summary>Where in the storage the first element lies, in elements.</summary>
        internal long Offset => _offset;

        /// <summary>How many dimensions there are.</summary>
        internal int Rank => Shape.Length;

        /// <summary>The memory behind this tensor.</summary>
        /// <exception cref="InvalidOperationException">The tensor was disposed.</exception>
        internal Storage Storage => _storage ?? throw Errors.Disposed();

        /// <summary>Whether the elements are floating-point numbers.</summary>
        internal bool IsFloating => ScalarTypes.IsFloatingPoint(dtype);

        private string DebuggerText => IsInvalid ? "disposed" : $"{dtype}{Shapes.Text(_shape)}{(requires_grad ? ", requires_grad" : "")}";

        /// <summary>How many dimensions there are.</summary>
        public long dim() => ndim;

        /// <summary>How many elements there are.</summary>
        public long numel() => NumberOfElements;

        /// <summary>The number of elements along each dimension.</summary>
        public long[] size() => shape;

        /// <summary>The number of elements along one dimension.</summary>
        /// <param name="dim">The dimension; negative from the back.</param>
        public long size(int dim) => Shape[ExistingDimension("size", dim)];

        /// <summary>How far apart neighbours along each dimension lie, in elements.</summary>
        public long[] stride() => _storage is null ? throw Errors.Disposed() : (long[])_strides.Clone();

        /// <summary>How far apart neighbours along one dimension lie, in elements.</summary>
        /// <param name="dim">The dimension; negative from the back.</param>
        public long stride(int dim) => _strides[ExistingDimension("stride", dim)];

        /// <summary>Whether the elements lie one after the other, last dimension fastest.</summary>
        public bool is_contiguous() => Shapes.IsContiguous(Shape, _strides);

        /// <summary>Gives the memory back (when no other tensor shows it). Disposing twice is harmless.</summary>
        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>Lets go of the memory and of the graph.</summary>
        protected virtual void Dispose(bool disposing)
        {
            if (Interlocked.Exchange(ref _storage, null) is { } storage)
            {
                if (!_uncounted)
                {
                    DisposeScopeManager.ThreadSingleton.DisposingOnCurrentScope(this);
                }

                storage.Release();
            }
        }

        /// <summary>Moves this tensor to the scope around the one that it is in.</summary>
        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        /// <summary>Takes this tensor out of its dispose scope: nobody disposes it but the garbage collector or you.</summary>
        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach(this);
            return this;
        }

        /// <summary>The address of the first element. Valid while the tensor is alive: end with <see cref="GC.KeepAlive"/>.</summary>
        internal T* Pointer<T>()
            where T : unmanaged
        {
            Debug.Assert(sizeof(T) == ScalarTypes.Size(dtype), "the element type must be the tensor's");
            return (T*)Storage.Pointer + _offset;
        }

        /// <summary>A new contiguous tensor whose elements are whatever the memory held.</summary>
        internal static Tensor Allocate(ScalarType dtype, params long[] shape)
        {
            // Past what 64 bits count, the largest number stands for all: no buffer is that long.
            long size = ScalarTypes.Size(dtype);
            var bytes = Math.Min(Shapes.Count(shape), long.MaxValue / size) * size;
            return new Tensor(Storage.Allocate(bytes), dtype, shape, Shapes.ContiguousStrides(shape), 0);
        }

        /// <summary>A new contiguous tensor of zeros.</summary>
        internal static Tensor Zeros(ScalarType dtype, params long[] shape)
        {
            var result = Allocate(dtype, shape);
            new Span<byte>(result.Storage.Pointer, checked((int)result.Storage.ByteLength)).Clear();
            return result;
        }

        /// <summary>Another handle to the same memory, with another shape, outside the graph. It must stay within the storage.</summary>
        internal Tensor Alias(long[] shape, long[] strides, long offset) => new(RetainedStorage(), dtype, shape, strides, offset);

        /// <summary>Another handle to the same memory and shape, outside the graph.</summary>
        internal Tensor Alias() => Alias(Shape, _strides, _offset);

        /// <summary>Shows another tensor's memory from now on, in its shape. The type must be the same.</summary>
        internal void ShowMemoryOf(Tensor other)
        {
            Debug.Assert(other.dtype == dtype, "the type of a tensor is fixed");
            var storage = other.RetainedStorage();
            (_shape, _strides, _offset) = (other._shape, other._strides, other._offset);
            Interlocked.Exchange(ref _storage, storage)?.Release();
        }

        private int ExistingDimension(string name, int dim) =>
            Rank > 0 ? Shapes.Dimension(name, dim, Rank) : throw Errors.Of(name, $"dimension specified as {dim}, but a tensor of shape [] has no dimensions");

        private Storage RetainedStorage()
        {
            var storage = Storage;
            storage.Retain();
            return storage;
        }
    }
}
