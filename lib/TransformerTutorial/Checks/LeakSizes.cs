namespace TransformerTutorial.Checks;

/// <summary>By how much each output changed with each input, the most of all changes tried.</summary>
internal sealed class LeakSizes(int batch, int targets, int sources)
{
    // [changed sequence, input, sequence, output]; negative where no bit changed.
    private readonly double[] _sizes = [.. Enumerable.Repeat(-1.0, batch * sources * batch * targets)];

    public int Batch => batch;

    public int Targets => targets;

    public int Sources => sources;

    /// <summary>By how much an output changed; null where it kept every bit.</summary>
    public double? this[int sequence, int output, int changedSequence, int input] =>
        _sizes[Place(sequence, output, changedSequence, input)] is >= 0 and var size ? size : null;

    /// <summary>Whether two numbers are the same to the bit; NaN is NaN.</summary>
    public static bool AreSame(double one, double other) =>
        BitConverter.DoubleToInt64Bits(one) == BitConverter.DoubleToInt64Bits(other) || (double.IsNaN(one) && double.IsNaN(other));

    /// <summary>Compares all outputs, (B, T, width), before and after one input was changed.</summary>
    public void Add(int changedSequence, int input, double[] before, double[] after, int width)
    {
        for (var i = 0; i < before.Length; i++)
        {
            if (!AreSame(before[i], after[i]))
            {
                var (sequence, output) = Math.DivRem(i / width, targets);
                var difference = Math.Abs(after[i] - before[i]);
                ref var size = ref _sizes[Place(sequence, output, changedSequence, input)];
                size = Math.Max(size, double.IsNaN(difference) ? double.PositiveInfinity : difference);
            }
        }
    }

    private int Place(int sequence, int output, int changedSequence, int input) =>
        (((((changedSequence * sources) + input) * batch) + sequence) * targets) + output;
}
