using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>One layer of a Transformer's encoder: self-attention, then two linear maps. (S, N, E) -> (S, N, E).</summary>
    /// <remarks>Vaswani et al. 2017, "Attention is all you need", section 3.1: every sublayer is followed by dropout, the residual sum and a layer norm.</remarks>
    public sealed class TransformerEncoderLayer : torch.nn.Module<Tensor, Tensor>, torch.nn.IModule<Tensor, Tensor, Tensor>, torch.nn.IModule<Tensor, Tensor, Tensor, Tensor>
    {
        private readonly TransformerLayerOptions _options;

        internal TransformerEncoderLayer(TransformerLayerOptions options)
            : base(nameof(TransformerEncoderLayer))
        {
            _options = options;
            register_module("self_attn", options.Attention());
            register_module("linear1", new Linear(options.Width, options.FeedForward));
            register_module("dropout", options.Drop());
            register_module("linear2", new Linear(options.FeedForward, options.Width));
            register_module("norm1", options.Norm());
            register_module("norm2", options.Norm());
            register_module("dropout1", options.Drop());
            register_module("dropout2", options.Drop());
        }

        /// <summary>How wide the vectors are.</summary>
        internal long Width => _options.Width;

        /// <inheritdoc/>
        public override Tensor forward(Tensor input) => call(input, null!, null!);

        /// <summary>With a mask, without hooks.</summary>
        public Tensor call(Tensor src, Tensor src_mask) => call(src, src_mask, null!);

        /// <summary>With masks, without hooks.</summary>
        /// <param name="src">(S, N, E).</param>
        /// <param name="src_mask">(S, S) or (N * heads, S, S), or null: see <see cref="MultiheadAttention"/>.</param>
        /// <param name="src_key_padding_mask">(N, S), or null.</param>
        public Tensor call(Tensor src, Tensor src_mask, Tensor src_key_padding_mask)
        {
            using var attended = TransformerParts.Attend("self_attn", src, src, src_mask, src_key_padding_mask, _internal_submodules);
            using var first = TransformerParts.AddAndNorm(_internal_submodules, "dropout1", "norm1", src, attended);
            using var fed = TransformerParts.FeedForward(_internal_submodules, first, _options.Activation);
            return TransformerParts.AddAndNorm(_internal_submodules, "dropout2", "norm2", first, fed);
        }

        /// <summary>A copy of the layer. As in PyTorch's C++ library it is first initialised anew, and its parts once more, so that random numbers are drawn.</summary>
        internal TransformerEncoderLayer Clone()
        {
            var copy = new TransformerEncoderLayer(_options);
            copy.load_state_dict(state_dict());
            TransformerParts.CloneAway(_internal_submodules);
            return copy;
        }
    }

    /// <summary>One layer of a Transformer's decoder: self-attention, attention to the encoder's output (memory), then two linear maps. (T, N, E) -> (T, N, E).</summary>
    /// <remarks>Vaswani et al. 2017, "Attention is all you need", section 3.1: every sublayer is followed by dropout, the residual sum and a layer norm.</remarks>
    public sealed class TransformerDecoderLayer : torch.nn.Module<Tensor, Tensor, Tensor?, Tensor?, Tensor?, Tensor?, Tensor>, torch.nn.IModule<Tensor, Tensor, Tensor>
    {
        private readonly TransformerLayerOptions _options;

        internal TransformerDecoderLayer(TransformerLayerOptions options)
            : base(nameof(TransformerDecoderLayer))
        {
            _options = options;
            register_module("self_attn", options.Attention());
            register_module("multihead_attn", options.Attention());
            register_module("linear1", new Linear(options.Width, options.FeedForward));
            register_module("dropout", options.Drop());
            register_module("linear2", new Linear(options.FeedForward, options.Width));
            register_module("norm1", options.Norm());
            register_module("norm2", options.Norm());
            register_module("norm3", options.Norm());
            register_module("dropout1", options.Drop());
            register_module("dropout2", options.Drop());
            register_module("dropout3", options.Drop());
        }

        /// <summary>How wide the vectors are.</summary>
        internal long Width => _options.Width;

        /// <summary>Without masks.</summary>
        public Tensor call(Tensor tgt, Tensor memory) => base.call(tgt, memory, null, null, null, null);

        /// <summary>With masks: see <see cref="MultiheadAttention"/>.</summary>
        /// <param name="tgt">(T, N, E).</param>
        /// <param name="memory">(S, N, E).</param>
        /// <param name="tgt_mask">(T, T) or (N * heads, T, T), or null.</param>
        /// <param name="memory_mask">(T, S) or (N * heads, T, S), or null.</param>
        /// <param name="tgt_key_padding_mask">(N, T), or null.</param>
        /// <param name="memory_key_padding_mask">(N, S), or null.</param>
        public new Tensor call(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null) =>
            base.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2, Tensor? input3, Tensor? input4, Tensor? input5, Tensor? input6)
        {
            var (tgt, memory) = (input1, input2);
            using var attended = TransformerParts.Attend("self_attn", tgt, tgt, input3, input5, _internal_submodules);
            using var first = TransformerParts.AddAndNorm(_internal_submodules, "dropout1", "norm1", tgt, attended);
            using var looked = TransformerParts.Attend("multihead_attn", first, memory, input4, input6, _internal_submodules);
            using var second = TransformerParts.AddAndNorm(_internal_submodules, "dropout2", "norm2", first, looked);
            using var fed = TransformerParts.FeedForward(_internal_submodules, second, _options.Activation);
            return TransformerParts.AddAndNorm(_internal_submodules, "dropout3", "norm3", second, fed);
        }

        /// <summary>A copy of the layer. As in PyTorch's C++ library it is first initialised anew, and its parts once more, so that random numbers are drawn.</summary>
        internal TransformerDecoderLayer Clone()
        {
            var copy = new TransformerDecoderLayer(_options);
            copy.load_state_dict(state_dict());
            TransformerParts.CloneAway(_internal_submodules);
            return copy;
        }
    }

    /// <summary>The numbers of a Transformer's layers.</summary>
    internal sealed record TransformerLayerOptions(long Width, long Heads, long FeedForward, double Dropout, torch.nn.Activations Activation)
    {
        public MultiheadAttention Attention() => new(Width, Heads, Dropout, true, false, false, null, null);

        public Dropout Drop() => new(Dropout, false);

        public LayerNorm Norm() => new([Width], 1E-05, true, true, null, null);
    }

    /// <summary>What encoder and decoder layers share. Parts are found by their names in the state dict.</summary>
    internal static class TransformerParts
    {
        /// <summary>One attention without its weights.</summary>
        public static Tensor Attend(string part, Tensor query, Tensor memory, Tensor? mask, Tensor? padding, Utils.OrderedDict<string, torch.nn.Module> parts) =>
            ((MultiheadAttention)parts[part]).call(query, memory, memory, padding, false, mask).Item1;

        /// <summary>norm(x + dropout(change)).</summary>
        public static Tensor AddAndNorm(Utils.OrderedDict<string, torch.nn.Module> parts, string dropout, string norm, Tensor x, Tensor change)
        {
            using var dropped = ((Dropout)parts[dropout]).call(change);
            using var sum = x.add(dropped);
            return ((LayerNorm)parts[norm]).call(sum);
        }

        /// <summary>linear2(dropout(activation(linear1(x)))).</summary>
        public static Tensor FeedForward(Utils.OrderedDict<string, torch.nn.Module> parts, Tensor x, torch.nn.Activations activation)
        {
            using var wide = ((Linear)parts["linear1"]).call(x);
            using var active = activation == torch.nn.Activations.GELU ? wide.gelu() : wide.relu();
            using var dropped = ((Dropout)parts["dropout"]).call(active);
            return ((Linear)parts["linear2"]).call(dropped);
        }

        /// <summary>Draws the random numbers of copying each part, in order.</summary>
        public static void CloneAway(Utils.OrderedDict<string, torch.nn.Module> parts)
        {
            foreach (var (_, part) in parts)
            {
                switch (part)
                {
                    case MultiheadAttention attention:
                        attention.Clone().Dispose();
                        break;
                    case Linear linear:
                        linear.Clone().Dispose();
                        break;
                }
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
            /// <summary>One layer of a Transformer's encoder, sequence first.</summary>
            /// <param name="d_model">How wide the vectors are.</param>
            /// <param name="nhead">How many heads.</param>
            /// <param name="dim_feedforward">How wide it is between the two linear maps.</param>
            /// <param name="dropout">The probability with which a number becomes zero in training.</param>
            /// <param name="activation">The function between the two linear maps.</param>
            public static TransformerEncoderLayer TransformerEncoderLayer(long d_model = 512, long nhead = 8, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(new TransformerLayerOptions(d_model, nhead, dim_feedforward, dropout, activation));

            /// <summary>One layer of a Transformer's decoder, sequence first.</summary>
            /// <param name="d_model">How wide the vectors are.</param>
            /// <param name="nhead">How many heads.</param>
            /// <param name="dim_feedforward">How wide it is between the two linear maps.</param>
            /// <param name="dropout">The probability with which a number becomes zero in training.</param>
            /// <param name="activation">The function between the two linear maps.</param>
            public static TransformerDecoderLayer TransformerDecoderLayer(long d_model = 512, long nhead = 8, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(new TransformerLayerOptions(d_model, nhead, dim_feedforward, dropout, activation));
        }
    }
}
