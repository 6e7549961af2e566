using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>Encoder layers one after the other, copies of one layer, and a layer norm at the end if given.</summary>
    public sealed class TransformerEncoder : torch.nn.Module<Tensor, Tensor?, Tensor?, Tensor>, torch.nn.IModule<Tensor, Tensor, Tensor>, torch.nn.IModule<Tensor, Tensor>
    {
        [ComponentName(Name = "layers")]
        private readonly ModuleList<TransformerEncoderLayer> _layers;

        [ComponentName(Name = "norm")]
        private readonly LayerNorm? _norm;

        internal TransformerEncoder(TransformerEncoderLayer layer, long count, LayerNorm? norm = null)
            : base(nameof(TransformerEncoder))
        {
            (_layers, _norm) = (new ModuleList<TransformerEncoderLayer>([.. Enumerable.Range(0, checked((int)count)).Select(_ => layer.Clone())]), norm);
            register_module("layers", _layers);
            if (norm is not null)
            {
                register_module("norm", norm);
            }
        }

        /// <summary>The function between a layer's linear maps.</summary>
        public enum Activations
        {
            /// <summary>max(0, x).</summary>
            ReLU = 0,

            /// <summary>x times the normal distribution function of x.</summary>
            GELU = 1,
        }

        /// <summary>Without masks.</summary>
        public Tensor call(Tensor src) => base.call(src, null, null);

        /// <summary>With a mask.</summary>
        public Tensor call(Tensor src, Tensor src_mask) => base.call(src, src_mask, null);

        /// <summary>(S, N, E) -> (S, N, E); the masks as in <see cref="TransformerEncoderLayer.call(Tensor, Tensor, Tensor)"/>.</summary>
        public override Tensor forward(Tensor input1, Tensor? input2, Tensor? input3)
        {
            var result = input1.Handle();
            foreach (var layer in _layers)
            {
                using var before = result;
                result = layer.call(before, input2!, input3!);
            }

            return TransformerStack.Finish(result, _norm);
        }
    }

    /// <summary>Decoder layers one after the other, copies of one layer, and a layer norm at the end if given.</summary>
    public sealed class TransformerDecoder : torch.nn.Module<Tensor, Tensor, Tensor?, Tensor?, Tensor?, Tensor?, Tensor>
    {
        [ComponentName(Name = "layers")]
        private readonly ModuleList<TransformerDecoderLayer> _layers;

        [ComponentName(Name = "norm")]
        private readonly LayerNorm? _norm;

        internal TransformerDecoder(TransformerDecoderLayer layer, long count, LayerNorm? norm = null)
            : base(nameof(TransformerDecoder))
        {
            (_layers, _norm) = (new ModuleList<TransformerDecoderLayer>([.. Enumerable.Range(0, checked((int)count)).Select(_ => layer.Clone())]), norm);
            register_module("layers", _layers);
            if (norm is not null)
            {
                register_module("norm", norm);
            }
        }

        /// <summary>Without masks.</summary>
        public Tensor call(Tensor tgt, Tensor memory) => base.call(tgt, memory, null, null, null, null);

        /// <summary>With masks, as in <see cref="TransformerDecoderLayer.call(Tensor, Tensor, Tensor, Tensor, Tensor, Tensor)"/>.</summary>
        public new Tensor call(Tensor tgt, Tensor memory, Tensor? tgt_mask, Tensor? memory_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null) =>
            base.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);

        /// <summary>(T, N, E) and memory (S, N, E) -> (T, N, E).</summary>
        public override Tensor forward(Tensor input1, Tensor input2, Tensor? input3, Tensor? input4, Tensor? input5, Tensor? input6)
        {
            var result = input1.Handle();
            foreach (var layer in _layers)
            {
                using var before = result;
                result = layer.call(before, input2, input3, input4, input5, input6);
            }

            return TransformerStack.Finish(result, _norm);
        }
    }

    /// <summary>A Transformer without embeddings: src (S, N, E) and tgt (T, N, E) -> (T, N, E), sequence first.</summary>
    /// <remarks>Vaswani et al. 2017, "Attention is all you need". All matrices are drawn by <see cref="torch.nn.init.xavier_uniform_"/> at the end.</remarks>
    public sealed class Transformer : torch.nn.Module<Tensor, Tensor, Tensor>
    {
        [ComponentName(Name = "encoder")]
        private readonly TransformerEncoder _encoder;

        [ComponentName(Name = "decoder")]
        private readonly TransformerDecoder _decoder;

        private readonly long _width;

        internal Transformer(long encoderLayers, long decoderLayers, TransformerLayerOptions options)
            : base(nameof(Transformer))
        {
            _width = options.Width;
            _encoder = new TransformerEncoder(new TransformerEncoderLayer(options), encoderLayers, options.Norm());
            register_module("encoder", _encoder);
            _decoder = new TransformerDecoder(new TransformerDecoderLayer(options), decoderLayers, options.Norm());
            register_module("decoder", _decoder);
            foreach (var parameter in parameters())
            {
                if (parameter.Rank > 1)
                {
                    torch.nn.init.xavier_uniform_(parameter);
                }
            }
        }

        /// <summary>With masks, without hooks: see <see cref="MultiheadAttention"/>.</summary>
        /// <param name="src">(S, N, E).</param>
        /// <param name="tgt">(T, N, E).</param>
        /// <param name="src_mask">(S, S) or (N * heads, S, S), or null.</param>
        /// <param name="tgt_mask">(T, T) or (N * heads, T, T), or null.</param>
        /// <param name="memory_mask">(T, S) or (N * heads, T, S), or null.</param>
        /// <param name="src_key_padding_mask">(N, S), or null.</param>
        /// <param name="tgt_key_padding_mask">(N, T), or null.</param>
        /// <param name="memory_key_padding_mask">(N, S), or null.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The shapes don't fit.</exception>
        public Tensor call(Tensor src, Tensor tgt, Tensor? src_mask, Tensor? tgt_mask = null, Tensor? memory_mask = null, Tensor? src_key_padding_mask = null, Tensor? tgt_key_padding_mask = null, Tensor? memory_key_padding_mask = null)
        {
            if (src.Rank != 3 || tgt.Rank != 3 || src.Shape[1] != tgt.Shape[1] || src.Shape[2] != _width || tgt.Shape[2] != _width)
            {
                throw Errors.Of(nameof(Transformer), $"expected src (S, N, {_width}) and tgt (T, N, {_width}), sequence first, but got {Shapes.Text(src.Shape)} and {Shapes.Text(tgt.Shape)}");
            }

            using var memory = _encoder.call(src, src_mask, src_key_padding_mask);
            return _decoder.call(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => call(input1, input2, null);
    }

    internal static class TransformerStack
    {
        /// <summary>The norm at the end, if there is one.</summary>
        public static Tensor Finish(Tensor result, LayerNorm? norm)
        {
            if (norm is null)
            {
                return result;
            }

            using (result)
            {
                return norm.call(result);
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
            /// <summary>Copies of an encoder layer one after the other.</summary>
            public static TransformerEncoder TransformerEncoder(TransformerEncoderLayer encoder_layer, long num_layers) => new(encoder_layer, num_layers);

            /// <summary>Copies of a decoder layer one after the other.</summary>
            public static TransformerDecoder TransformerDecoder(TransformerDecoderLayer decoder_layer, long num_layers) => new(decoder_layer, num_layers);

            /// <summary>A Transformer without embeddings, sequence first.</summary>
            /// <param name="d_model">How wide the vectors are.</param>
            /// <param name="nhead">How many heads.</param>
            /// <param name="num_encoder_layers">How many layers the encoder has.</param>
            /// <param name="num_decoder_layers">How many layers the decoder has.</param>
            /// <param name="dim_feedforward">How wide it is between a layer's two linear maps.</param>
            /// <param name="dropout">The probability with which a number becomes zero in training.</param>
            /// <param name="activation">The function between the two linear maps.</param>
            public static Transformer Transformer(long d_model = 512, long nhead = 8, long num_encoder_layers = 6, long num_decoder_layers = 6, long dim_feedforward = 2048, double dropout = 0.1, Activations activation = Activations.ReLU) =>
                new(num_encoder_layers, num_decoder_layers, new TransformerLayerOptions(d_model, nhead, dim_feedforward, dropout, activation));
        }
    }
}
