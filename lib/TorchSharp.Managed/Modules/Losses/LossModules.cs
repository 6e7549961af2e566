using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>-ln of the probability that the softmax of (N, C, ...) gives to the right class: class numbers (N, ...) or probabilities (N, C, ...).</summary>
    public sealed class CrossEntropyLoss : WeightedLoss<Tensor, Tensor, Tensor>
    {
        /// <summary>The loss as a module.</summary>
        public CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean, double label_smoothing = 0)
            : base(weight, reduction) => (this.ignore_index, this.label_smoothing) = (ignore_index, label_smoothing);

        /// <summary>A class number that does not count.</summary>
        public long? ignore_index { get; }

        /// <summary>The share of the target that is spread evenly over all classes.</summary>
        public double label_smoothing { get; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => torch.nn.functional.cross_entropy(input1, input2, weight, ignore_index ?? -100, reduction, label_smoothing);
    }

    /// <summary>Minus the log-probability of the right class: (N, C, ...) and class numbers (N, ...).</summary>
    public sealed class NLLLoss : WeightedLoss<Tensor, Tensor, Tensor>
    {
        /// <summary>The loss as a module.</summary>
        public NLLLoss(Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
            : base(weight, reduction)
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => torch.nn.functional.nll_loss(input1, input2, weight, reduction);
    }

    /// <summary>The squared difference.</summary>
    public sealed class MSELoss : Loss<Tensor, Tensor, Tensor>
    {
        /// <summary>The loss as a module.</summary>
        public MSELoss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
            : base(reduction)
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => torch.nn.functional.mse_loss(input1, input2, reduction);
    }

    /// <summary>The absolute difference.</summary>
    public sealed class L1Loss : Loss<Tensor, Tensor, Tensor>
    {
        /// <summary>The loss as a module.</summary>
        public L1Loss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
            : base(reduction)
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => torch.nn.functional.l1_loss(input1, input2, reduction);
    }

    /// <summary>The absolute difference, rounded off near zero.</summary>
    public sealed class SmoothL1Loss : Loss<Tensor, Tensor, Tensor>
    {
        /// <summary>The loss as a module.</summary>
        public SmoothL1Loss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean, double beta = 1)
            : base(reduction) => this.beta = beta;

        /// <summary>Where it becomes quadratic.</summary>
        public double beta { get; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => torch.nn.functional.smooth_l1_loss(input1, input2, reduction, beta);
    }

    /// <summary>Half the squared difference, linear from a distance on.</summary>
    public sealed class HuberLoss : Loss<Tensor, Tensor, Tensor>
    {
        /// <summary>The loss as a module.</summary>
        public HuberLoss(double delta = 1, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
            : base(reduction) => this.delta = delta;

        /// <summary>The distance.</summary>
        public double delta { get; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => torch.nn.functional.huber_loss(input1, input2, delta, reduction);
    }

    /// <summary>The cross-entropy of probabilities of yes and no.</summary>
    public sealed class BCELoss : WeightedLoss<Tensor, Tensor, Tensor>
    {
        /// <summary>The loss as a module.</summary>
        public BCELoss(Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
            : base(weight, reduction)
        {
        }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => torch.nn.functional.binary_cross_entropy(input1, input2, weight, reduction);
    }

    /// <summary>The cross-entropy of yes and no, from numbers of which the logistic function is the probability.</summary>
    public sealed class BCEWithLogitsLoss : WeightedLoss<Tensor, Tensor, Tensor>
    {
        /// <summary>The loss as a module.</summary>
        public BCEWithLogitsLoss(Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean, Tensor? pos_weights = null)
            : base(weight, reduction) => this.pos_weights = pos_weights;

        /// <summary>Weights of the yes answers, or null.</summary>
        public Tensor? pos_weights { get; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => torch.nn.functional.binary_cross_entropy_with_logits(input1, input2, weight, reduction, pos_weights);
    }

    /// <summary>The Kullback-Leibler divergence, element by element: input is a logarithm; the target too unless told otherwise, which differs from PyTorch.</summary>
    public sealed class KLDivLoss : Loss<Tensor, Tensor, Tensor>
    {
        /// <summary>The loss as a module.</summary>
        public KLDivLoss(bool log_target = true, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
            : base(reduction) => this.log_target = log_target;

        /// <summary>Whether the target is a logarithm.</summary>
        public bool log_target { get; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2) => torch.nn.functional.kl_div(input1, input2, log_target, reduction);
    }

    /// <summary>Draws vectors together (target 1) or apart (target -1) by their cosine.</summary>
    public sealed class CosineEmbeddingLoss : Loss<Tensor, Tensor, Tensor, Tensor>
    {
        /// <summary>The loss as a module.</summary>
        public CosineEmbeddingLoss(double margin = 0, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
            : base(reduction) => this.margin = margin;

        /// <summary>The cosine below which vectors are far enough apart.</summary>
        public double margin { get; }

        /// <inheritdoc/>
        public override Tensor forward(Tensor input1, Tensor input2, Tensor input3) => torch.nn.functional.cosine_embedding_loss(input1, input2, input3, margin, reduction);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Cross-entropy of the softmax with class numbers or probabilities.</summary>
            public static CrossEntropyLoss CrossEntropyLoss(Tensor? weight = null, long? ignore_index = null, Reduction reduction = Reduction.Mean) => new(weight, ignore_index, reduction);

            /// <summary>Minus the log-probability of the right class.</summary>
            public static NLLLoss NLLLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) => new(weight, reduction);

            /// <summary>The squared difference.</summary>
            public static MSELoss MSELoss(Reduction reduction = Reduction.Mean) => new(reduction);

            /// <summary>The absolute difference.</summary>
            public static L1Loss L1Loss(Reduction reduction = Reduction.Mean) => new(reduction);

            /// <summary>The absolute difference, rounded off near zero.</summary>
            public static SmoothL1Loss SmoothL1Loss(Reduction reduction = Reduction.Mean, double beta = 1) => new(reduction, beta);

            /// <summary>Half the squared difference, linear from a distance on.</summary>
            public static HuberLoss HuberLoss(double delta = 1, Reduction reduction = Reduction.Mean) => new(delta, reduction);

            /// <summary>The cross-entropy of probabilities of yes and no.</summary>
            public static BCELoss BCELoss(Tensor? weight = null, Reduction reduction = Reduction.Mean) => new(weight, reduction);

            /// <summary>The cross-entropy of yes and no, from numbers of which the logistic function is the probability.</summary>
            public static BCEWithLogitsLoss BCEWithLogitsLoss(Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) => new(weight, reduction, pos_weights);

            /// <summary>The Kullback-Leibler divergence; the target is a logarithm unless told otherwise.</summary>
            public static KLDivLoss KLDivLoss(bool log_target = true, Reduction reduction = Reduction.Mean) => new(log_target, reduction);

            /// <summary>Draws vectors together or apart by their cosine.</summary>
            public static CosineEmbeddingLoss CosineEmbeddingLoss(double margin = 0, Reduction reduction = Reduction.Mean) => new(margin, reduction);

            public static partial class functional
            {
                /// <summary>-ln of the probability that the softmax gives to the right class.</summary>
                /// <param name="input">(N, C, ...) or (C).</param>
                /// <param name="target">Class numbers (N, ...) or probabilities of the input's shape.</param>
                /// <param name="weight">(C), or null.</param>
                /// <param name="ignore_index">A class number that does not count.</param>
                /// <param name="reduction">What becomes of the losses of the elements.</param>
                /// <param name="label_smoothing">The share of the target that is spread evenly over all classes.</param>
                /// <exception cref="System.Runtime.InteropServices.ExternalException">Shapes or types don't fit, or a class number is none.</exception>
                public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                    TorchSharp.Losses.CrossEntropy(input, target, weight, ignore_index, reduction, label_smoothing);

                /// <summary>Minus the log-probability of the right class: (N, C, ...) and class numbers (N, ...).</summary>
                public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                    TorchSharp.Losses.NegativeLogLikelihood(input, target, weight, -100, reduction);

                /// <summary>The squared difference.</summary>
                public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => TorchSharp.Losses.MeanSquaredError(input, target, reduction);

                /// <summary>The absolute difference.</summary>
                public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => TorchSharp.Losses.AbsoluteError(input, target, reduction);

                /// <summary>The absolute difference, quadratic below beta.</summary>
                public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1) => TorchSharp.Losses.SmoothAbsoluteError(input, target, reduction, beta);

                /// <summary>Half the squared difference, linear from delta on.</summary>
                public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean) => TorchSharp.Losses.Huber(input, target, reduction, delta);

                /// <summary>The cross-entropy of probabilities of yes and no.</summary>
                public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                    TorchSharp.Losses.BinaryCrossEntropy(input, target, weight, reduction);

                /// <summary>The cross-entropy of yes and no, from numbers of which the logistic function is the probability.</summary>
                public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                    TorchSharp.Losses.BinaryCrossEntropyWithLogits(input, target, weight, reduction, pos_weights);

                /// <summary>The Kullback-Leibler divergence, element by element: input is a logarithm; the target too unless told otherwise, which differs from PyTorch.</summary>
                public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                    TorchSharp.Losses.KullbackLeibler(input, target, log_target, reduction);

                /// <summary>1 - cosine where the target is 1; max(0, cosine - margin) where it is -1.</summary>
                public static Tensor cosine_embedding_loss(Tensor input1, Tensor input2, Tensor target, double margin = 0, Reduction reduction = Reduction.Mean) =>
                    TorchSharp.Losses.CosineEmbedding(input1, input2, target, margin, reduction);
            }
        }
    }
}
