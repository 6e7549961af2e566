using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>
    /// Attention of several heads: query (L, N, E), key (S, N, kdim), value (S, N, vdim) -> (L, N, E) and the weights (N, L, S), the mean over the heads.
    /// Sequence first, as in TorchSharp.
    /// </summary>
    /// <remarks>Vaswani et al. 2017, "Attention is all you need", section 3.2.2. A true element of a mask forbids; a mask of numbers is added to the scores.</remarks>
    public sealed class MultiheadAttention : torch.nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>>
    {
        private readonly long _width;
        private readonly long _heads;
        private readonly double _dropout;
        private readonly bool _bias;
        private readonly bool _biasKeyValue;
        private readonly bool _zeroAttention;
        private readonly long _keyWidth;
        private readonly long _valueWidth;

        internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias, bool add_bias_kv, bool add_zero_attn, long? kdim, long? vdim)
            : base(nameof(MultiheadAttention))
        {
            if (embedded_dim <= 0 || num_heads <= 0 || embedded_dim % num_heads != 0)
            {
                throw new ArgumentException($"embedded_dim must be divisible by num_heads, but they are {embedded_dim} and {num_heads}.");
            }

            (_width, _heads, _dropout, _bias, _biasKeyValue, _zeroAttention) = (embedded_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn);
            (_keyWidth, _valueWidth) = (kdim ?? embedded_dim, vdim ?? embedded_dim);
            if (_keyWidth == _width && _valueWidth == _width)
            {
                register_parameter("in_proj_weight", LayerParameters.Empty(nameof(MultiheadAttention), null, null, 3 * _width, _width));
            }
            else
            {
                register_parameter("q_proj_weight", LayerParameters.Empty(nameof(MultiheadAttention), null, null, _width, _width));
                register_parameter("k_proj_weight", LayerParameters.Empty(nameof(MultiheadAttention), null, null, _width, _keyWidth));
                register_parameter("v_proj_weight", LayerParameters.Empty(nameof(MultiheadAttention), null, null, _width, _valueWidth));
            }

            if (bias)
            {
                register_parameter("in_proj_bias", LayerParameters.Filled(nameof(MultiheadAttention), 0, null, null, 3 * _width));
            }

            if (add_bias_kv)
            {
                register_parameter("bias_k", LayerParameters.Empty(nameof(MultiheadAttention), null, null, 1, 1, _width));
                register_parameter("bias_v", LayerParameters.Empty(nameof(MultiheadAttention), null, null, 1, 1, _width));
            }

            // The output's weights are drawn first, the input's after them.
            var output = new Linear(_width, _width, bias);
            register_module("out_proj", output);
            foreach (var name in (string[])["in_proj_weight", "q_proj_weight", "k_proj_weight", "v_proj_weight"])
            {
                if (OwnParameter(name) is { } weight)
                {
                    torch.nn.init.xavier_uniform_(weight);
                }
            }

            if (output.bias is { } outputBias)
            {
                torch.nn.init.zeros_(outputBias);
            }

            if (add_bias_kv)
            {
                torch.nn.init.xavier_normal_(OwnParameter("bias_k")!);
                torch.nn.init.xavier_normal_(OwnParameter("bias_v")!);
            }
        }

        private Linear Output => (Linear)_internal_submodules["out_proj"];

        /// <summary>Attends, hooks included.</summary>
        /// <param name="query">(L, N, E).</param>
        /// <param name="key">(S, N, kdim).</param>
        /// <param name="value">(S, N, vdim).</param>
        /// <param name="key_padding_mask">(N, S): keys that nobody sees; or numbers that are added.</param>
        /// <param name="need_weights">Whether the weights are returned; otherwise they are an empty handle.</param>
        /// <param name="attn_mask">(L, S) or (N * heads, L, S): what query i must not see; or numbers that are added.</param>
        public new Tuple<Tensor, Tensor> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
            base.call(query, key, value, key_padding_mask, need_weights, attn_mask);

        /// <inheritdoc/>
        public override Tuple<Tensor, Tensor> forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask)
        {
            Check(query, key, value);
            var (length, batch) = (query.Shape[0], query.Shape[1]);
            var (q, k, v) = Project(query, key, value);
            if (_biasKeyValue)
            {
                k = Append(k, OwnParameter("bias_k")!.expand(1, batch, _width));
                v = Append(v, OwnParameter("bias_v")!.expand(1, batch, _width));
            }

            if (_zeroAttention)
            {
                k = Append(k, Tensor.Zeros(q.Source.dtype, 1, batch, _width));
                v = Append(v, Tensor.Zeros(q.Source.dtype, 1, batch, _width));
            }

            using var mask = AttentionMasks.Combine(attn_mask, key_padding_mask, batch, _heads, length, key.Shape[0], k.Source.Shape[0], q.Source.dtype);
            var dropout = training ? _dropout : 0;
            Tensor? shown = null;
            using var joined = need_weights || mask is { requires_grad: true }
                ? Composed(q, k, v, mask, dropout, need_weights, out shown)
                : HeadAttention.Attend(q, k, v, _width, _heads, mask, dropout);
            foreach (var part in (HeadAttention.Part[])[q, k, v])
            {
                part.Source.Dispose();
            }

            return Tuple.Create(Output.call(joined), shown!);
        }

        /// <summary>A copy of the layer. As in PyTorch's C++ library it is first initialised anew, and its output layer once more, so that random numbers are drawn.</summary>
        internal MultiheadAttention Clone()
        {
            var copy = new MultiheadAttention(_width, _heads, _dropout, _bias, _biasKeyValue, _zeroAttention, _keyWidth, _valueWidth);
            copy.load_state_dict(state_dict());
            Output.Clone().Dispose();
            return copy;
        }

        private void Check(Tensor query, Tensor key, Tensor value)
        {
            var fits = query.Rank == 3 && key.Rank == 3 && value.Rank == 3 && query.Shape[2] == _width && key.Shape[2] == _keyWidth && value.Shape[2] == _valueWidth
                && key.Shape[0] == value.Shape[0] && key.Shape[1] == query.Shape[1] && value.Shape[1] == query.Shape[1];
            if (!fits)
            {
                throw Errors.Of(nameof(MultiheadAttention), $"expected query (L, N, {_width}), key (S, N, {_keyWidth}) and value (S, N, {_valueWidth}), sequence first, but got {Shapes.Text(query.Shape)}, {Shapes.Text(key.Shape)} and {Shapes.Text(value.Shape)}");
            }
        }

        // Inputs that are one tensor go through one product.
        private (HeadAttention.Part Query, HeadAttention.Part Key, HeadAttention.Part Value) Project(Tensor query, Tensor key, Tensor value)
        {
            var bias = OwnParameter("in_proj_bias");
            if (OwnParameter("in_proj_weight") is not { } packed)
            {
                return (Part(query, OwnParameter("q_proj_weight")!, bias, 0, 1), Part(key, OwnParameter("k_proj_weight")!, bias, 1, 1), Part(value, OwnParameter("v_proj_weight")!, bias, 2, 1));
            }

            if (ReferenceEquals(query, key) && ReferenceEquals(key, value))
            {
                var all = torch.nn.functional.linear(query, packed, bias);
                return (new(all, 0), new(all, _width), new(all, 2 * _width));
            }

            using var queryWeight = packed.narrow(0, 0, _width);
            var q = Part(query, queryWeight, bias, 0, 1);
            if (ReferenceEquals(key, value))
            {
                using var bothWeights = packed.narrow(0, _width, 2 * _width);
                var both = Part(key, bothWeights, bias, 1, 2);
                return (q, both, new(both.Source, _width));
            }

            using var keyWeight = packed.narrow(0, _width, _width);
            using var valueWeight = packed.narrow(0, 2 * _width, _width);
            return (q, Part(key, keyWeight, bias, 1, 1), Part(value, valueWeight, bias, 2, 1));
        }

        private HeadAttention.Part Part(Tensor input, Tensor weight, Tensor? bias, long first, long count)
        {
            using var part = bias?.narrow(0, first * _width, count * _width);
            return new(torch.nn.functional.linear(input, weight, part), 0);
        }

        // Step by step, so that the weights can be shown: (L, N, E), and the mean weights (N, L, S) if they are wanted.
        private Tensor Composed(HeadAttention.Part q, HeadAttention.Part k, HeadAttention.Part v, Tensor? mask, double dropout, bool needWeights, out Tensor? shown)
        {
            using var queries = Heads(q);
            using var keys = Heads(k);
            using var values = Heads(v);
            using var weights = Attention.Weights(queries, keys, mask, isCausal: false);
            using var kept = torch.nn.functional.dropout(weights, dropout, training);
            using var attended = kept.matmul(values);
            shown = needWeights ? kept.mean([1]) : null;

            // (N, heads, L, E / heads) -> (L, N, E)
            using var arranged = attended.permute(2, 0, 1, 3);
            return arranged.reshape(q.Source.Shape[0], q.Source.Shape[1], _width);
        }

        // (L, N, E) -> (N, heads, L, E / heads)
        private Tensor Heads(HeadAttention.Part part)
        {
            using var columns = part.Source.narrow(-1, part.First, _width);
            using var split = columns.reshape(columns.Shape[0], columns.Shape[1], _heads, _width / _heads);
            return split.permute(1, 2, 0, 3);
        }

        private HeadAttention.Part Append(HeadAttention.Part part, Tensor last)
        {
            using (last)
            {
                // The source may hold other parts too, so it stays; it is garbage once nothing else is in it.
                using var sequence = part.Source.narrow(-1, part.First, _width);
                return new(torch.cat([sequence, last], 0), 0);
            }
        }
    }

    /// <summary>Brings the masks of attention layers into one form.</summary>
    internal static class AttentionMasks
    {
        /// <summary>One mask for scores (N, heads, L, S): bools, true where attention is allowed, or numbers to add; null where nothing is masked.</summary>
        /// <param name="attention">(L, S) or (N * heads, L, S), bools (true forbids) or numbers; or null.</param>
        /// <param name="padding">(N, S), bools (true forbids) or numbers; or null.</param>
        /// <param name="batch">N.</param>
        /// <param name="heads">How many heads.</param>
        /// <param name="length">L.</param>
        /// <param name="keys">S as the masks have it.</param>
        /// <param name="allKeys">S of the scores: keys that the layer itself appended are seen by all.</param>
        /// <param name="type">The type of the scores.</param>
        public static Tensor? Combine(Tensor? attention, Tensor? padding, long batch, long heads, long length, long keys, long allKeys, torch.ScalarType type)
        {
            var scope = new List<Tensor>();
            var forbidden = new List<Tensor>();
            var added = new List<Tensor>();
            try
            {
                if (attention is not null)
                {
                    var whole = attention.Rank == 3;
                    long[] expected = whole ? [batch * heads, length, keys] : [length, keys];
                    Require("attn_mask", attention, expected);
                    Sort(whole ? attention.view(batch, heads, length, keys) : attention.view(1, 1, length, keys));
                }

                if (padding is not null)
                {
                    Require("key_padding_mask", padding, [batch, keys]);
                    Sort(padding.view(batch, 1, 1, keys));
                }

                if (forbidden.Count == 0)
                {
                    return added.Count switch
                    {
                        0 => null,
                        1 => added[0].Handle(),
                        _ => added[0].add(added[1]),
                    };
                }

                if (added.Count == 0)
                {
                    using var union = forbidden.Count == 1 ? forbidden[0].Handle() : forbidden[0].logical_or(forbidden[1]);
                    return union.logical_not();
                }

                return added[0].masked_fill(forbidden[0], double.NegativeInfinity);
            }
            finally
            {
                scope.ForEach(tensor => tensor.Dispose());
            }

            void Sort(Tensor mask)
            {
                scope.Add(mask);
                if (allKeys > keys)
                {
                    scope.Add(mask = Extended(mask, allKeys - keys));
                }

                if (mask.dtype == torch.ScalarType.Bool)
                {
                    forbidden.Add(mask);
                }
                else
                {
                    scope.Add(mask = mask.to(type));
                    added.Add(mask);
                }
            }
        }

        private static Tensor Extended(Tensor mask, long count)
        {
            using var more = Tensor.Zeros(mask.dtype, [.. mask.Shape[..^1], count]);
            return torch.cat([mask, more], -1);
        }

        private static void Require(string name, Tensor mask, long[] expected)
        {
            if (!mask.Shape.AsSpan().SequenceEqual(expected) || !(mask.IsFloating || mask.dtype == torch.ScalarType.Bool))
            {
                throw Errors.Of(nameof(MultiheadAttention), $"expected {name} to be bools or floating-point numbers of shape {Shapes.Text(expected)}, but it is {mask.dtype} {Shapes.Text(mask.Shape)}");
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Attention of several heads, sequence first.</summary>
            /// <param name="embedded_dim">The width of queries and results, a multiple of the number of heads.</param>
            /// <param name="num_heads">How many heads.</param>
            /// <param name="dropout">The probability with which a weight becomes zero in training.</param>
            /// <param name="bias">Whether the four linear maps have biases.</param>
            /// <param name="add_bias_kv">Whether a learnt key and value are appended.</param>
            /// <param name="add_zero_attn">Whether a key and a value of zeros are appended.</param>
            /// <param name="kdim">The width of keys, if another.</param>
            /// <param name="vdim">The width of values, if another.</param>
            public static MultiheadAttention MultiheadAttention(long embedded_dim, long num_heads, double dropout = 0, bool bias = true, bool add_bias_kv = false, bool add_zero_attn = false, long? kdim = null, long? vdim = null) =>
                new(embedded_dim, num_heads, dropout, bias, add_bias_kv, add_zero_attn, kdim, vdim);

            public static partial class functional
            {
                /// <summary>softmax(q k^T / sqrt(E) + mask) v: query (..., L, E), key (..., S, E), value (..., S, F) -> (..., L, F).</summary>
                /// <param name="query">What asks.</param>
                /// <param name="key">What is compared with it.</param>
                /// <param name="value">What is averaged.</param>
                /// <param name="attn_mask">(..., L, S): bools, true where attention is allowed (the opposite of the layers' masks), or numbers that are added.</param>
                /// <param name="p">The probability with which a weight becomes zero.</param>
                /// <param name="is_casual">Whether row i sees only columns 0 to i. The spelling is TorchSharp's.</param>
                /// <exception cref="ArgumentException">The probability is negative, or there is a mask beside the causal one.</exception>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit.</exception>
                public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
                {
                    ArgumentOutOfRangeException.ThrowIfNegative(p);
                    return is_casual && attn_mask is not null
                        ? throw new ArgumentException("Causal attention cannot have a mask beside it.", nameof(attn_mask))
                        : Attention.ScaledDotProduct(query, key, value, attn_mask, p, is_casual);
                }
            }
        }
    }
}
