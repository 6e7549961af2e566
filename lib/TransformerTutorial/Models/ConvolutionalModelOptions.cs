namespace TransformerTutorial.Models;

/// <summary>What a <see cref="ConvolutionalModel"/> is made of.</summary>
/// <param name="Vocabulary">How many words it reads.</param>
public sealed record ConvolutionalModelOptions(long Vocabulary)
{
    /// <summary>How many words it scores at each place; null for those that it reads.</summary>
    public long? OutputVocabulary { get; init; }

    /// <summary>The length d of a word's vector, and of every layer's output.</summary>
    public long Width { get; init; } = 32;

    /// <summary>How many places a kernel covers, k; odd unless the model is causal.</summary>
    public long KernelWidth { get; init; } = 3;

    /// <summary>How many convolutions stand on each other.</summary>
    public long Layers { get; init; } = 4;

    /// <summary>By what factor the gaps between a kernel's places grow from layer to layer: 1 for no gaps, 2 for 1, 2, 4, 8, … (F. Yu and V. Koltun, "Multi-Scale Context Aggregation by Dilated Convolutions", 2016, section 2).</summary>
    public long DilationGrowth { get; init; } = 1;

    /// <summary>Whether a place sees only itself and what stands before it; otherwise the kernel lies centred.</summary>
    public bool IsCausal { get; init; }

    /// <summary>The probability with which a number of a layer's input is taken for 0 in training.</summary>
    public double Dropout { get; init; }

    /// <summary>The gap between neighbouring places of the kernel in a layer, from 0.</summary>
    public long Dilation(long layer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(layer);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(layer, Layers);
        var dilation = 1L;
        for (var below = 0L; below < layer; below++)
        {
            dilation = checked(dilation * DilationGrowth);
        }

        return dilation;
    }

    /// <summary>How far a place sees, to each side, or back if it is causal: each layer adds (k - 1) / 2 gaps, or k - 1.</summary>
    /// <example>Four layers of kernel 3: 4 places to each side; with gaps 1, 2, 4, 8: 15.</example>
    public long Reach
    {
        get
        {
            var steps = IsCausal ? KernelWidth - 1 : (KernelWidth - 1) / 2;
            return Enumerable.Range(0, (int)Layers).Sum(layer => steps * Dilation(layer));
        }
    }

    /// <summary>Refuses what cannot be built.</summary>
    internal void Validate()
    {
        Require(Vocabulary > 0 && OutputVocabulary is null or > 0, $"Vocabularies have at least one word; these have {Vocabulary} and {OutputVocabulary ?? Vocabulary}.");
        Require(Width > 0 && KernelWidth > 0 && Layers > 0 && DilationGrowth > 0, $"Width, kernel, layers and the dilation's growth must be positive; they are {Width}, {KernelWidth}, {Layers} and {DilationGrowth}.");
        Require(IsCausal || KernelWidth % 2 == 1, $"A kernel that lies centred covers an odd number of places; this one covers {KernelWidth}.");
        Require(Dropout is >= 0 and <= 1, FormattableString.Invariant($"Dropout is a probability from 0 to 1; it is {Dropout}."));
    }

    private static void Require(bool isRight, string message)
    {
        if (!isRight)
        {
            throw new ArgumentException(message);
        }
    }
}
