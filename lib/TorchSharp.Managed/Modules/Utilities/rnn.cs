using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>Sequences of several lengths for recurrent networks.</summary>
            public static class rnn
            {
                /// <summary>Puts sequences beside each other and fills the shorter ones up: (T, N, ...), or (N, T, ...) where the batch is first.</summary>
                /// <param name="sequences">Each (length, ...).</param>
                /// <param name="batch_first">Whether the batch is the first dimension.</param>
                /// <param name="padding_value">What the shorter ones are filled up with.</param>
                public static Tensor pad_sequence(IEnumerable<Tensor> sequences, bool batch_first = false, double padding_value = 0)
                {
                    var parts = Require(sequences);
                    var longest = parts.Max(part => part.Shape[0]);
                    var padded = parts.Select(part =>
                    {
                        var pad = new long[2 * part.Rank];
                        pad[^1] = longest - part.Shape[0];
                        return functional.pad(part, pad, PaddingModes.Constant, padding_value);
                    }).ToArray();
                    return stack(padded, batch_first ? 0 : 1);
                }

                /// <summary>Packs sequences of several lengths without gaps, time by time.</summary>
                /// <param name="sequences">Each (length, ...).</param>
                /// <param name="enforce_sorted">Whether they must come longest first.</param>
                public static PackedSequence pack_sequence(IEnumerable<Tensor> sequences, bool enforce_sorted = true)
                {
                    var parts = Require(sequences);
                    using var padded = pad_sequence(parts);
                    return Pack(padded, [.. parts.Select(part => part.Shape[0])], enforce_sorted);
                }

                /// <summary>Packs padded sequences without gaps, time by time.</summary>
                /// <param name="input">(T, N, ...), or (N, T, ...) where the batch is first.</param>
                /// <param name="lengths">(N), whole numbers of at least 1.</param>
                /// <param name="batch_first">Whether the batch is the first dimension.</param>
                /// <param name="enforce_sorted">Whether the sequences must come longest first.</param>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">The lengths don't fit, or are not sorted.</exception>
                public static PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false, bool enforce_sorted = true)
                {
                    ArgumentNullException.ThrowIfNull(input);
                    using var ordered = batch_first ? input.transpose(0, 1) : input.Handle();
                    return Pack(ordered, EmbeddingRows.Numbers(lengths), enforce_sorted);
                }

                /// <summary>Unpacks sequences: padded as (T, N, ...), or (N, T, ...) where the batch is first, and their lengths.</summary>
                /// <param name="sequence">The packed sequences.</param>
                /// <param name="batch_first">Whether the batch is the first dimension.</param>
                /// <param name="padding_value">What the shorter ones are filled up with.</param>
                /// <param name="total_length">T, if it shall be more than the longest.</param>
                public static (Tensor, Tensor) pad_packed_sequence(PackedSequence sequence, bool batch_first = false, double padding_value = 0, long? total_length = null)
                {
                    var sizes = sequence.Sizes;
                    var time = total_length ?? sizes.Length;
                    if (time < sizes.Length)
                    {
                        throw Errors.Of("pad_packed_sequence", $"expected total_length to be at least the length of the longest sequence, {sizes.Length}, but got {time}");
                    }

                    var rows = new List<Tensor>();
                    long offset = 0;
                    foreach (var size in sizes)
                    {
                        using var step = sequence.data.narrow(0, offset, size);
                        var pad = new long[2 * step.Rank];
                        pad[^1] = sizes[0] - size;
                        rows.Add(functional.pad(step, pad, PaddingModes.Constant, padding_value));
                        offset += size;
                    }

                    while (rows.Count < time)
                    {
                        rows.Add(full_like(rows[0], padding_value));
                    }

                    using var padded = stack(rows.ToArray());
                    using var original = padded.index_select(1, sequence.unsorted_indices);
                    var lengths = Enumerable.Range(0, (int)sizes[0]).Select(i => (long)sizes.Count(size => size > i)).ToArray();
                    using var sorted = tensor(lengths);
                    return (batch_first ? original.transpose(0, 1) : original.Handle(), sorted.index_select(0, sequence.unsorted_indices));
                }

                private static Tensor[] Require(IEnumerable<Tensor> sequences)
                {
                    var parts = sequences.ToArray();
                    return parts.Length == 0 || parts.Any(part => part.Rank == 0 || !part.Shape.AsSpan(1).SequenceEqual(parts[0].Shape.AsSpan(1)))
                        ? throw Errors.Of("pad_sequence", $"expected sequences that differ in their first dimension only, but got {string.Join(", ", parts.Select(part => Shapes.Text(part.Shape)))}")
                        : parts;
                }

                // Time first.
                private static PackedSequence Pack(Tensor input, long[] lengths, bool sorted)
                {
                    if (input.Rank < 2 || lengths.Length != input.Shape[1] || lengths.Length == 0 || lengths.Min() < 1 || lengths.Max() > input.Shape[0])
                    {
                        throw Errors.Of("pack_padded_sequence", $"expected a length from 1 to T for each of the N sequences of (T, N, ...), but the lengths are {Shapes.Text(lengths)} and the shape is {Shapes.Text(input.Shape)}");
                    }

                    if (sorted && lengths.Zip(lengths.Skip(1)).Any(pair => pair.First < pair.Second))
                    {
                        throw Errors.Of("pack_padded_sequence", $"`lengths` array must be sorted in decreasing order when `enforce_sorted` is True; the lengths are {Shapes.Text(lengths)}");
                    }

                    long[] order = [.. Enumerable.Range(0, lengths.Length).OrderByDescending(i => lengths[i]).Select(i => (long)i)];
                    var back = new long[order.Length];
                    for (var i = 0; i < order.Length; i++)
                    {
                        back[order[i]] = i;
                    }

                    var indices = tensor(order);
                    using var arranged = input.index_select(1, indices);
                    long[] sizes = [.. Enumerable.Range(0, (int)lengths.Max()).Select(t => (long)lengths.Count(length => length > t))];
                    var steps = sizes.Select((size, t) => arranged.select(0, t).narrow(0, 0, size)).ToArray();
                    return new PackedSequence(cat(steps, 0), sizes, indices, tensor(back));
                }

                /// <summary>Sequences of several lengths, packed without gaps: all first vectors (longest sequence first), then all second ones, and so on.</summary>
                public sealed class PackedSequence : IDisposable
                {
                    internal PackedSequence(Tensor data, long[] sizes, Tensor sorted, Tensor unsorted)
                    {
                        (this.data, Sizes, sorted_indices, unsorted_indices) = (data, sizes, sorted, unsorted);
                        batch_sizes = tensor(sizes);
                    }

                    /// <summary>(sum of the lengths, ...).</summary>
                    public Tensor data { get; }

                    /// <summary>How many sequences there are at each time.</summary>
                    public Tensor batch_sizes { get; }

                    /// <summary>Which sequence of the original order stands at each place.</summary>
                    public Tensor sorted_indices { get; }

                    /// <summary>At which place each sequence of the original order stands.</summary>
                    public Tensor unsorted_indices { get; }

                    /// <summary>How many sequences there are at each time, as numbers.</summary>
                    internal long[] Sizes { get; }

                    /// <summary>Disposes the four tensors.</summary>
                    public void Dispose()
                    {
                        data.Dispose();
                        batch_sizes.Dispose();
                        sorted_indices.Dispose();
                        unsorted_indices.Dispose();
                    }

                    /// <summary>Runs a recurrent network; states are in the original order of the sequences.</summary>
                    internal (PackedSequence Output, Tensor[] States) Run(string layer, RecurrentStack network, Tensor[]? states, Func<string, Tensor?> weight, bool training)
                    {
                        var arranged = states is null ? null : Array.ConvertAll(states, state => state.index_select(1, sorted_indices));
                        var (output, finals) = network.Run(layer, data, Sizes, Sizes[0], arranged, weight, training);
                        return (new PackedSequence(output, Sizes, sorted_indices.Handle(), unsorted_indices.Handle()), Array.ConvertAll(finals, state => state.index_select(1, unsorted_indices)));
                    }
                }
            }
        }
    }
}
