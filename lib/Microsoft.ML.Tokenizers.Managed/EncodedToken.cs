using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.Tokenizers;

/// <summary>One token of an encoded text: its id, its surface form and where it stands in the text.</summary>
/// <param name="id">The token's number in the vocabulary.</param>
/// <param name="value">The token as the vocabulary spells it (<c>##ing</c>, <c>Ġthe</c>).</param>
/// <param name="offset">The UTF-16 range that the token covers.</param>
[SuppressMessage("Usage", "CA2231", Justification = "The real type has no operators; code that used them would compile on one stack only.")]
public readonly struct EncodedToken(int id, string value, Range offset) : IEquatable<EncodedToken>
{
    /// <summary>The token's number in the vocabulary.</summary>
    public int Id { get; } = id;

    /// <summary>The token as the vocabulary spells it.</summary>
    public string Value { get; } = value;

    /// <summary>The UTF-16 range that the token covers.</summary>
    public Range Offset { get; } = offset;

    /// <summary>Whether both have the same id, value and range.</summary>
    /// <param name="other">The token to compare with.</param>
    public bool Equals(EncodedToken other) => Id == other.Id && Value == other.Value && Offset.Equals(other.Offset);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EncodedToken other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Value, Offset);
}
