namespace TorchSharp;

/// <summary>How the borders of a convolution are filled up.</summary>
public enum Padding
{
    /// <summary>Not at all: the window stays inside.</summary>
    Valid = 0,

    /// <summary>So that the output is as long as the input.</summary>
    Same = 1,
}

/// <summary>With what a tensor is padded.</summary>
public enum PaddingModes
{
    /// <summary>Zeros.</summary>
    Zeros = 0,

    /// <summary>The values inside, mirrored at the border element.</summary>
    Reflect = 1,

    /// <summary>The border element.</summary>
    Replicate = 2,

    /// <summary>The values from the other end.</summary>
    Circular = 3,

    /// <summary>A number.</summary>
    Constant = 4,
}

/// <summary>How the vectors of a bag become one.</summary>
public enum EmbeddingBagMode
{
    /// <summary>Their sum.</summary>
    Sum = 0,

    /// <summary>Their mean.</summary>
    Mean = 1,

    /// <summary>The greatest of each element.</summary>
    Max = 2,
}

public static partial class torch
{
    /// <summary>How values between pixels are found.</summary>
    public enum InterpolationMode
    {
        /// <summary>The value of the pixel that the place falls into.</summary>
        Nearest = 0,

        /// <summary>Between two neighbours of a sequence, by distance.</summary>
        Linear = 1,

        /// <summary>Between four neighbours of an image, by distance.</summary>
        Bilinear = 2,

        /// <summary>By cubic curves (not supported by this engine).</summary>
        Bicubic = 3,

        /// <summary>Between eight neighbours of a volume (not supported by this engine).</summary>
        Trilinear = 4,

        /// <summary>The mean of an area (adaptive average pooling).</summary>
        Area = 5,

        /// <summary>As nearest, measured from the pixels' centres.</summary>
        NearestExact = 6,
    }

    public static partial class nn
    {
        /// <summary>The function between the two linear layers of a Transformer's feed-forward part.</summary>
        public enum Activations
        {
            /// <summary>max(0, x).</summary>
            ReLU = 0,

            /// <summary>x times the normal distribution function of x.</summary>
            GELU = 1,
        }

        /// <summary>The function inside a plain recurrent network.</summary>
        public enum NonLinearities
        {
            /// <summary>max(0, x).</summary>
            ReLU = 0,

            /// <summary>The hyperbolic tangent.</summary>
            Tanh = 1,
        }
    }
}
