namespace TorchSharp;

public static partial class torch
{
    /// <summary>One index of an index expression such as <c>x[0, .., TensorIndex.Slice(0, 4, 2)]</c>: a number, a range, a mask, a tensor of numbers, "everything between", or "a new dimension".</summary>
    // Compared by nobody: an index expression is read once.
#pragma warning disable CA1815
    public readonly struct TensorIndex
#pragma warning restore CA1815
    {
        private TensorIndex(IndexKind kind, long? start = null, long? stop = null, long? step = null, Tensor? tensor = null)
        {
            Kind = kind;
            Start = start;
            Stop = stop;
            Step = step;
            Indices = tensor;
        }

        internal enum IndexKind
        {
            None,
            Single,
            Null,
            Ellipsis,
            Bool,
            Tensor,
            Slice,
        }

        /// <summary>All dimensions that no other index names.</summary>
        public static TensorIndex Ellipsis { get; } = new(IndexKind.Ellipsis);

        /// <summary>A new dimension of length 1.</summary>
        public static TensorIndex None { get; } = new(IndexKind.None);

        /// <summary>A new dimension of length 1, like <see cref="None"/>.</summary>
        public static TensorIndex Null { get; } = new(IndexKind.Null);

        /// <summary>A whole dimension.</summary>
        public static TensorIndex Colon { get; } = Slice();

        internal IndexKind Kind { get; }

        /// <summary>The number, the start of a range, or 1 for true.</summary>
        internal long? Start { get; }

        internal long? Stop { get; }

        internal long? Step { get; }

        internal Tensor? Indices { get; }

        /// <summary>One place of a dimension; negative from the back.</summary>
        public static implicit operator TensorIndex(long value) => Single(value);

        /// <summary>A stretch of a dimension, as <see cref="Slice(long?, long?, long?)"/>.</summary>
        public static implicit operator TensorIndex((int? start, int? end) range) => Slice(range);

        /// <summary>A stretch of a dimension; <c>..</c> is all of it.</summary>
        public static implicit operator TensorIndex(Range range) => Slice(range);

        /// <summary>One place of a dimension.</summary>
        public static implicit operator TensorIndex(Index index) => Single(index.IsFromEnd ? -index.Value : index.Value);

        /// <summary>Only there so that C# prefers an index to a tensor; not to be called.</summary>
        /// <exception cref="InvalidOperationException">Always.</exception>
        public static implicit operator Tensor(TensorIndex value) => throw new InvalidOperationException("Should not be called.");

        /// <summary>Every step-th place of a stretch of a dimension. Negative ends count from the back; ends beyond the dimension are cut off.</summary>
        /// <param name="start">The first place; the dimension's by default.</param>
        /// <param name="stop">The place after the last one; the dimension's length by default.</param>
        /// <param name="step">At least 1, which is the default.</param>
        public static TensorIndex Slice(long? start = null, long? stop = null, long? step = null) => new(IndexKind.Slice, start, stop, step);

        /// <summary>A stretch of a dimension.</summary>
        public static TensorIndex Slice((int? start, int? end) range) => Slice(range.start, range.end);

        /// <summary>A stretch of a dimension.</summary>
        public static TensorIndex Slice(Range range)
        {
            long start = range.Start.IsFromEnd ? -range.Start.Value : range.Start.Value;
            long? stop = !range.End.IsFromEnd ? range.End.Value : range.End.Value == 0 ? null : -range.End.Value;

            // ^0 as a start is the end of the dimension, not its beginning.
            return Slice(range.Start is { IsFromEnd: true, Value: 0 } ? long.MaxValue : start, stop);
        }

        /// <summary>A new dimension of length 1 for true, of length 0 for false.</summary>
        public static TensorIndex Bool(bool value) => new(IndexKind.Bool, value ? 1 : 0);

        /// <summary>One place of a dimension; negative from the back.</summary>
        public static TensorIndex Single(long? index) => new(IndexKind.Single, index);

        /// <summary>The places that a tensor of whole numbers names, or those where a mask is true.</summary>
        public static TensorIndex Tensor(Tensor tensor) => new(IndexKind.Tensor, tensor: tensor);
    }
}
