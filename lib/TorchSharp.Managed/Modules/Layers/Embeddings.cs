using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A table of vectors: whole numbers of any shape -> the rows of those numbers, (...) -> (..., embedding_dims).</summary>
    /// <remarks>The table is drawn from the standard normal distribution; the padding row is then zero.</remarks>
    public sealed class Embedding : torch.nn.Module<Tensor, Tensor>
    {
        private readonly long? _padding;
        private readonly double? _maxNorm;
        private readonly double _normType;
        private readonly bool _scaleByFrequency;

        internal Embedding(Parameter table, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq)
            : base(nameof(Embedding))
        {
            register_parameter(nameof(weight), table);
            var rows = table.Shape[0];
            if (padding_idx is { } index && (index < -rows || index >= rows))
            {
                throw Errors.Of(nameof(Embedding), $"padding_idx {index} is not within num_embeddings {rows}");
            }

            (_padding, _maxNorm, _normType, _scaleByFrequency) = (padding_idx < 0 ? padding_idx + rows : padding_idx, max_norm, norm_type, scale_grad_by_freq);
        }

        /// <summary>(num_embeddings, embedding_dims).</summary>
        public Parameter weight
        {
            get => OwnParameter(nameof(weight))!;
            set => SetOwnParameter(nameof(weight), value);
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            if (_maxNorm is { } limit)
            {
                EmbeddingRows.LimitNorms(weight, input, limit, _normType);
            }

            return EmbeddingRows.Of(weight, input, _padding, _scaleByFrequency);
        }

        internal static Embedding Create(long num_embeddings, long embedding_dims, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse, torch.Device? device, torch.ScalarType? dtype)
        {
            EmbeddingRows.RefuseSparse(nameof(Embedding), sparse);
            var table = LayerParameters.Empty(nameof(Embedding), device, dtype, num_embeddings, embedding_dims);
            torch.nn.init.normal_(table);
            var result = new Embedding(table, padding_idx, max_norm, norm_type, scale_grad_by_freq);
            if (result._padding is { } padding)
            {
                using var row = table.detach().select(0, padding);
                row.zero_();
            }

            return result;
        }
    }

    /// <summary>A table of vectors that adds, averages or takes the greatest of several rows: bags of whole numbers -> (bags, embedding_dims).</summary>
    /// <remarks>Bags are the rows of a matrix, or parts of a vector that begin at given offsets. An empty bag gives zeros.</remarks>
    public sealed class EmbeddingBag : torch.nn.Module<Tensor, Tensor?, Tensor?, Tensor>, torch.nn.IModule<Tensor, Tensor, Tensor>
    {
        private readonly double? _maxNorm;
        private readonly double _normType;
        private readonly bool _scaleByFrequency;
        private readonly EmbeddingBagMode _mode;
        private readonly bool _includesLastOffset;
        private readonly long? _padding;

        internal EmbeddingBag(Parameter table, double? max_norm, double norm_type, bool scale_grad_by_freq, EmbeddingBagMode mode, bool include_last_offset, long padding_index)
            : base(nameof(EmbeddingBag))
        {
            register_parameter(nameof(weight), table);
            (_maxNorm, _normType, _scaleByFrequency, _mode, _includesLastOffset) = (max_norm, norm_type, scale_grad_by_freq, mode, include_last_offset);
            _padding = padding_index < 0 ? null : padding_index;
        }

        /// <summary>(num_embeddings, embedding_dims).</summary>
        public Parameter weight
        {
            get => OwnParameter(nameof(weight))!;
            set => SetOwnParameter(nameof(weight), value);
        }

        /// <summary>A matrix with a bag in each row.</summary>
        public Tensor call(Tensor input) => call(input, null, null);

        /// <summary>A vector with the places at which its bags begin.</summary>
        public Tensor call(Tensor input, Tensor offsets) => call(input, offsets, null);

        /// <inheritdoc/>
        /// <exception cref="ArgumentException">The numbers are not whole, or offsets stand where they don't belong or are missing.</exception>
        public override Tensor forward(Tensor input, Tensor? offsets, Tensor? perSampleWeights)
        {
            if (!ScalarTypes.IsInteger(input.dtype) || input.Rank is not (1 or 2))
            {
                throw new ArgumentException($"Embedding input must be an integral tensor of one or two dimensions, but it is {input.dtype} {Shapes.Text(input.Shape)}.");
            }

            if ((input.Rank == 1) != (offsets is not null))
            {
                throw new ArgumentException(input.Rank == 1 ? "'offsets' must be non-null for a 1-D input." : "'offsets' must be null for a 2-D input.");
            }

            if (offsets is not null && (!ScalarTypes.IsInteger(offsets.dtype) || offsets.Rank != 1 || (_includesLastOffset && offsets.NumberOfElements == 0)))
            {
                throw new ArgumentException($"'offsets' must be a vector of whole numbers{(_includesLastOffset ? ", the end of the last bag among them" : "")}, but it is {offsets.dtype} {Shapes.Text(offsets.Shape)}.");
            }

            if (perSampleWeights is not null && (_mode != EmbeddingBagMode.Sum || !perSampleWeights.Shape.AsSpan().SequenceEqual(input.Shape)))
            {
                throw Errors.Of(nameof(EmbeddingBag), $"weights of samples are for the mode Sum and must have the input's shape {Shapes.Text(input.Shape)}; the mode is {_mode}, their shape {Shapes.Text(perSampleWeights.Shape)}");
            }

            if (_maxNorm is { } limit)
            {
                EmbeddingRows.LimitNorms(weight, input, limit, _normType);
            }

            using var flat = input.reshape(-1);
            using var rows = EmbeddingRows.Of(weight, flat, _padding, _scaleByFrequency);
            using var flatWeights = perSampleWeights?.reshape(-1, 1);
            using var weighted = flatWeights is null ? rows.Handle() : rows.mul(flatWeights);
            var numbers = EmbeddingRows.Numbers(flat);
            var starts = offsets is not null ? EmbeddingRows.Numbers(offsets) : [.. Enumerable.Range(0, (int)input.Shape[0]).Select(bag => bag * input.Shape[1])];
            var bags = offsets is not null && _includesLastOffset ? starts.Length - 1 : starts.Length;
            var results = new Tensor[bags];
            for (var bag = 0; bag < bags; bag++)
            {
                var (start, end) = (starts[bag], bag + 1 < starts.Length ? starts[bag + 1] : numbers.Length);
                if (start < 0 || end < start || end > numbers.Length)
                {
                    throw Errors.Of(nameof(EmbeddingBag), $"bag {bag} would reach from {start} to {end} of {numbers.Length} numbers");
                }

                results[bag] = Reduce(weighted, [.. Enumerable.Range((int)start, (int)(end - start)).Select(i => (long)i).Where(i => numbers[i] != _padding)]);
            }

            if (bags == 0)
            {
                return Tensor.Zeros(weight.dtype, 0, weight.Shape[1]);
            }

            var stacked = torch.stack(results);
            Array.ForEach(results, result => result.Dispose());
            return stacked;
        }

        internal static EmbeddingBag Create(long num_embeddings, long embedding_dims, double? max_norm, double norm_type, bool scale_grad_by_freq, EmbeddingBagMode mode, bool sparse, bool include_last_offset, long padding_index, torch.Device? device, torch.ScalarType? dtype)
        {
            EmbeddingRows.RefuseSparse(nameof(EmbeddingBag), sparse);
            var table = LayerParameters.Empty(nameof(EmbeddingBag), device, dtype, num_embeddings, embedding_dims);
            torch.nn.init.normal_(table);
            var result = new EmbeddingBag(table, max_norm, norm_type, scale_grad_by_freq, mode, include_last_offset, padding_index);
            if (result._padding is { } padding)
            {
                using var row = table.detach().select(0, padding);
                row.zero_();
            }

            return result;
        }

        private Tensor Reduce(Tensor rows, long[] members)
        {
            if (members.Length == 0)
            {
                return Tensor.Zeros(rows.dtype, rows.Shape[1]);
            }

            using var indices = torch.tensor(members);
            using var bag = rows.index_select(0, indices);
            switch (_mode)
            {
                case EmbeddingBagMode.Sum:
                    return bag.sum([0]);
                case EmbeddingBagMode.Mean:
                    return bag.mean([0]);
                default:
                    var (values, places) = bag.max(0);
                    places.Dispose();
                    return values;
            }
        }
    }

    /// <summary>What tables of vectors share.</summary>
    internal static unsafe class EmbeddingRows
    {
        public static void RefuseSparse(string layer, bool sparse)
        {
            if (sparse)
            {
                throw new NotSupportedException($"{layer}: TorchSharp.Managed has no sparse gradients.");
            }
        }

        /// <summary>The rows of a table; the gradient leaves the padding row alone and, where asked, is divided by how often a number occurs.</summary>
        public static Tensor Of(Tensor table, Tensor indices, long? padding, bool scaleByFrequency)
        {
            if (!scaleByFrequency)
            {
                return Gathering.Rows(table, indices, padding);
            }

            var numbers = Numbers(indices);
            var counts = numbers.CountBy(number => number).ToDictionary();
            using var shares = torch.tensor([.. numbers.Select(number => 1.0 / counts[number])]).to(table.dtype).reshape([.. indices.Shape, 1]);
            using var rows = Gathering.Rows(table, indices, padding);
            return Autograd.Graph.Record("embedding", rows.detach().clone(), [rows], [shares], (node, gradient) => [gradient.mul(node.Saved(0))]);
        }

        /// <summary>Shortens, in place and unrecorded, the rows that are about to be used and are longer than allowed.</summary>
        public static void LimitNorms(Tensor table, Tensor indices, double limit, double normType)
        {
            using var recording = Autograd.GradMode.Set(false);
            foreach (var number in Numbers(indices).Distinct())
            {
                if (number < 0 || number >= table.Shape[0])
                {
                    continue;
                }

                using var row = table.select(0, number);
                using var norm = row.norm((float)normType);
                var length = norm.ToDouble();
                if (length > limit)
                {
                    row.mul_(limit / (length + 1E-7));
                }
            }
        }

        /// <summary>Whole numbers as an array.</summary>
        public static long[] Numbers(Tensor indices)
        {
            ArgumentNullException.ThrowIfNull(indices);
            using var dense = indices.to(torch.ScalarType.Int64).contiguous();
            var result = new Span<long>(dense.Pointer<long>(), checked((int)dense.NumberOfElements)).ToArray();
            GC.KeepAlive(dense);
            return result;
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A table of vectors: whole numbers -> their rows.</summary>
            /// <param name="num_embeddings">How many rows.</param>
            /// <param name="embedding_dims">How long each is.</param>
            /// <param name="padding_idx">A row that is zero at first and gets no gradient.</param>
            /// <param name="max_norm">Rows that are longer are shortened when they are used.</param>
            /// <param name="norm_type">Which norm is meant by length.</param>
            /// <param name="scale_grad_by_freq">Whether gradients are divided by how often a number occurs in the input.</param>
            /// <param name="sparse">Must be false.</param>
            /// <param name="device">The processor.</param>
            /// <param name="dtype">The type of the table.</param>
            /// <exception cref="NotSupportedException">Sparse gradients were asked for.</exception>
            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                Modules.Embedding.Create(num_embeddings, embedding_dims, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, device, dtype);

            /// <summary>A table of vectors with given values.</summary>
            /// <param name="embeddings">(num_embeddings, embedding_dims). The values are copied.</param>
            /// <param name="freeze">Whether the table is not learnt.</param>
            /// <param name="padding_idx">A row that gets no gradient.</param>
            /// <param name="max_norm">Rows that are longer are shortened when they are used.</param>
            /// <param name="norm_type">Which norm is meant by length.</param>
            /// <param name="scale_grad_by_freq">Whether gradients are divided by how often a number occurs in the input.</param>
            /// <param name="sparse">Must be false.</param>
            /// <param name="device">The processor.</param>
            /// <param name="dtype">The type of the table; null for that of the values.</param>
            public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
            {
                EmbeddingRows.RefuseSparse(nameof(Embedding), sparse);
                Device.Require(device, nameof(Embedding));
                if (embeddings.Rank != 2)
                {
                    throw Errors.Of(nameof(Embedding), $"expected a table of two dimensions, but its shape is {Shapes.Text(embeddings.Shape)}");
                }

                using var values = embeddings.detach();
                return new Embedding(new Parameter(values.to(dtype ?? embeddings.dtype, copy: true), !freeze), padding_idx, max_norm, norm_type, scale_grad_by_freq);
            }

            /// <summary>A table of vectors that adds, averages or takes the greatest of several rows.</summary>
            /// <param name="num_embeddings">How many rows.</param>
            /// <param name="embedding_dims">How long each is.</param>
            /// <param name="max_norm">Rows that are longer are shortened when they are used.</param>
            /// <param name="norm_type">Which norm is meant by length.</param>
            /// <param name="scale_grad_by_freq">Whether gradients are divided by how often a number occurs in the input.</param>
            /// <param name="mode">What becomes of the rows of a bag.</param>
            /// <param name="sparse">Must be false.</param>
            /// <param name="include_last_offset">Whether the last offset is the end of the last bag.</param>
            /// <param name="padding_index">A number that counts as absent; -1 for none.</param>
            /// <param name="device">The processor.</param>
            /// <param name="dtype">The type of the table.</param>
            /// <exception cref="NotSupportedException">Sparse gradients were asked for.</exception>
            public static EmbeddingBag EmbeddingBag(long num_embeddings, long embedding_dims, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, EmbeddingBagMode mode = EmbeddingBagMode.Mean, bool sparse = false, bool include_last_offset = false, long padding_index = -1, Device? device = null, ScalarType? dtype = null) =>
                Modules.EmbeddingBag.Create(num_embeddings, embedding_dims, max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_index, device, dtype);
        }
    }
}
