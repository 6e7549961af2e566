using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TransformerTutorial.Positions;

/// <summary>
/// Learned positions: a table with one vector for each position, trained with the rest of the model. The model must find out by itself that 7 lies between 6 and 8, and knows nothing of positions that training never reached.
/// </summary>
/// <remarks>
/// <para>It is added to the word vectors at the input, has the parameter <c>weight</c> (maximum length, d), and is defined below its maximum length only. The table begins as <c>nn.Embedding</c>'s does, with normal numbers.</para>
/// <para>Sources: J. Gehring et al., "Convolutional Sequence to Sequence Learning", 2017, section 3.1; A. Vaswani et al., "Attention Is All You Need", 2017, section 3.5; J. Devlin et al., "BERT", 2019, section 3.</para>
/// </remarks>
/// <example>With a maximum length of 512, a sequence of 512 words is fine; one of 513 is an error that says so.</example>
public sealed class LearnedPositions : nn.Module<Tensor, Tensor>, IInputPositions
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    /// <summary>A table of vectors, normally distributed with variance 1.</summary>
    /// <param name="maximumLength">How many positions there are.</param>
    /// <param name="width">The length d of each vector.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no position, or no dimension.</exception>
    public LearnedPositions(long maximumLength, long width)
        : base(nameof(LearnedPositions))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        _weight = new Parameter(randn(maximumLength, width));
        RegisterComponents();
    }

    /// <summary>The length d of each vector.</summary>
    public long Width => _weight.shape[1];

    /// <inheritdoc/>
    public long? MaximumLength => _weight.shape[0];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The tensor has another width or another type than the table.</exception>
    public Tensor AddTo(Tensor x, long offset = 0)
    {
        PositionChecks.Vectors(x, Width, offset, "Learned positions", nameof(x));
        PositionChecks.SameType(x, _weight, "Learned positions", nameof(x));
        var length = x.shape[^2];
        if (offset + length > MaximumLength)
        {
            throw new ArgumentOutOfRangeException(nameof(x),
                $"The table of learned positions has the {MaximumLength} positions 0 to {MaximumLength - 1}; {length} vectors from position {offset} on reach position {offset + length - 1}.");
        }

        using var scope = NewDisposeScope();
        return (x + _weight.narrow(0, offset, length)).MoveToOuterDisposeScope();   // (…, T, d)
    }

    /// <summary>Adds the positions from 0 on: (B, T, d) to (B, T, d).</summary>
    public override Tensor forward(Tensor input) => AddTo(input);
}
