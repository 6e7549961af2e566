namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Adds elements around a tensor.</summary>
            /// <param name="input">The tensor.</param>
            /// <param name="pad">Pairs of lengths before and after, for the last dimension, the last but one, and so on; negative to cut off.</param>
            /// <param name="mode">What is added.</param>
            /// <param name="value">The number, where the mode is constant.</param>
            /// <exception cref="System.Runtime.InteropServices.ExternalException">The lengths don't fit the shape or the mode.</exception>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => Errors.Given(input).Padded(pad, mode, value);

            /// <inheritdoc cref="pad(Tensor, long[], PaddingModes, double)"/>
            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => Errors.Given(input).Padded(pad, mode, value);

            /// <inheritdoc cref="pad(Tensor, long[], PaddingModes, double)"/>
            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => Errors.Given(input).Padded([pad.Item1, pad.Item2], mode, value);

            /// <inheritdoc cref="pad(Tensor, long[], PaddingModes, double)"/>
            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                Errors.Given(input).Padded([pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            /// <summary>Adds so many elements at both ends of every dimension.</summary>
            /// <inheritdoc cref="pad(Tensor, long[], PaddingModes, double)"/>
            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                Errors.Given(input).Padded([.. Enumerable.Repeat(pad, 2 * Errors.Given(input).Rank)], mode, value);
        }
    }
}
