using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A shape: the number of elements along each dimension.</summary>
    public readonly struct Size : IEnumerable<long>, IEquatable<Size>
    {
        private readonly long[] _shape;

        /// <summary>A shape from its dimensions.</summary>
        public Size(params long[] shape) => _shape = shape;

        /// <summary>A shape from its dimensions.</summary>
        public Size(int[] shape) => _shape = Array.ConvertAll(shape, length => (long)length);

        /// <summary>How many dimensions there are.</summary>
        public int Length => Shape.Length;

        /// <summary>Whether there are no dimensions: the shape of a single number.</summary>
        public bool IsScalar => Shape.Length == 0;

        /// <summary>The shape's dimensions.</summary>
        internal long[] Shape => _shape ?? [];

        /// <summary>The length of one dimension.</summary>
        public long this[int idx] => Shape[idx];

        /// <summary>The length of one dimension.</summary>
        public long this[long idx] => Shape[idx];

        /// <summary>A shape of one dimension.</summary>
        public static implicit operator Size(long size) => new([size]);

        /// <summary>A shape of two dimensions.</summary>
        public static implicit operator Size((long, long) size) => new([size.Item1, size.Item2]);

        /// <summary>A shape of three dimensions.</summary>
        public static implicit operator Size((long, long, long) size) => new([size.Item1, size.Item2, size.Item3]);

        /// <summary>A shape of four dimensions.</summary>
        public static implicit operator Size((long, long, long, long) size) => new([size.Item1, size.Item2, size.Item3, size.Item4]);

        /// <summary>A shape of five dimensions.</summary>
        public static implicit operator Size((long, long, long, long, long) size) => new([size.Item1, size.Item2, size.Item3, size.Item4, size.Item5]);

        /// <summary>A shape of six dimensions.</summary>
        public static implicit operator Size((long, long, long, long, long, long) size) => new([size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6]);

        /// <summary>A shape from its dimensions.</summary>
        public static implicit operator Size(long[] size) => new(size);

        /// <summary>Whether two shapes are the same.</summary>
        public static bool operator ==(Size left, Size right) => left.Equals(right);

        /// <summary>Whether two shapes differ.</summary>
        public static bool operator !=(Size left, Size right) => !left.Equals(right);

        /// <summary>How many elements a tensor of this shape has.</summary>
        public long numel() => Shapes.Count(Shape);

        /// <inheritdoc/>
        public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)Shape).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <inheritdoc/>
        public bool Equals(Size other) => Shape.AsSpan().SequenceEqual(other.Shape);

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is Size other && Equals(other);

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = default(HashCode);
            foreach (var length in Shape)
            {
                hash.Add(length);
            }

            return hash.ToHashCode();
        }

        /// <inheritdoc/>
        public override string ToString() => Shapes.Text(Shape);
    }
}
