namespace TransformerTutorial.Embeddings;

/// <summary>How word vectors are learned. The defaults are gensim's, but for the number of threads; word2vec.c has the same, but for its threads and for CBOW's rate, which begins there at 0.05.</summary>
public sealed record Word2VecOptions
{
    /// <summary>What is predicted from what.</summary>
    public Word2VecArchitecture Architecture { get; init; } = Word2VecArchitecture.Cbow;

    /// <summary>How a prediction is scored.</summary>
    public Word2VecObjective Objective { get; init; } = Word2VecObjective.NegativeSampling;

    /// <summary>How CBOW makes one vector of the context's. Skip-gram has one anyway.</summary>
    public ContextCombination ContextCombination { get; init; } = ContextCombination.Mean;

    /// <summary>Whether, under <see cref="ContextCombination.Mean"/>, each of the n context vectors moves by its gradient, which is 1/n of the mean's.</summary>
    /// <remarks>word2vec.c and gensim move each by the whole gradient of the mean, n times as far, and so does the default. İrsoy, Benton and Stratos, 2021, "Corrected CBOW Performs as well as
    /// Skip-gram", discuss the difference; the exact gradient wants a rate several times larger. A sum's gradient is exact either way.</remarks>
    public bool IsMeanGradientExact { get; init; }

    /// <summary>How many numbers a vector has; at least 1.</summary>
    public int VectorSize { get; init; } = 100;

    /// <summary>How many words to either side are context; at least 1.</summary>
    public int Window { get; init; } = 5;

    /// <summary>Whether each position draws its own window of 1 to <see cref="Window"/> words, so that near words count more. Otherwise every window is whole.</summary>
    public bool IsWindowDynamic { get; init; } = true;

    /// <summary>How many words are drawn against each true one; at least 1. Negative sampling only.</summary>
    public int NegativeSamples { get; init; } = 5;

    /// <summary>Drawn words come with probability in proportion to count to this power; 0 for all alike, 1 for as frequent as in the text.</summary>
    public double NegativeExponent { get; init; } = 0.75;

    /// <summary>Words with a larger share of the text than about this are skipped at random (see <see cref="Subsampling"/>); 0 for never.</summary>
    public double SubsamplingThreshold { get; init; } = 1e-3;

    /// <summary>Rarer words get no vector and are left out, as though they weren't in the text; at least 1.</summary>
    public long MinimumCount { get; init; } = 5;

    /// <summary>How many passes over the sentences; 0 gives the vectors as they are before the first step.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>The rate of the first step.</summary>
    public double LearningRate { get; init; } = 0.025;

    /// <summary>The rate falls on a straight line, sentence by sentence, and would reach this one after the last word.</summary>
    public double FinalLearningRate { get; init; } = 0.0001;

    /// <summary>How many threads work at once; at least 1. The result is the same for any number. One of them moves the vectors, so more than two bring little (see <see cref="Word2Vec"/>).</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Where all randomness comes from: initial vectors, subsampling, windows, drawn words.</summary>
    public long Seed { get; init; } = 1;

    /// <exception cref="ArgumentException">An option is out of range; the message names it.</exception>
    internal void Check()
    {
        Require(Enum.IsDefined(Architecture), nameof(Architecture), Architecture, "a defined value");
        Require(Enum.IsDefined(Objective), nameof(Objective), Objective, "a defined value");
        Require(Enum.IsDefined(ContextCombination), nameof(ContextCombination), ContextCombination, "a defined value");
        Require(VectorSize is >= 1 and <= 65_536, nameof(VectorSize), VectorSize, "from 1 to 65,536");
        Require(Window is >= 1 and <= 10_000, nameof(Window), Window, "from 1 to 10,000");
        Require(NegativeSamples is >= 1 and <= 10_000, nameof(NegativeSamples), NegativeSamples, "from 1 to 10,000");
        Require(NegativeExponent is >= -4 and <= 4, nameof(NegativeExponent), NegativeExponent, "from -4 to 4");
        Require(SubsamplingThreshold is >= 0 and < double.PositiveInfinity, nameof(SubsamplingThreshold), SubsamplingThreshold, "0 or a positive number");
        Require(MinimumCount >= 1, nameof(MinimumCount), MinimumCount, "at least 1");
        Require(Epochs >= 0, nameof(Epochs), Epochs, "at least 0");
        Require(LearningRate is > 0 and < 1e6, nameof(LearningRate), LearningRate, "a positive number below 1,000,000");
        Require(FinalLearningRate >= 0 && FinalLearningRate <= LearningRate, nameof(FinalLearningRate), FinalLearningRate, "between 0 and LearningRate");
        Require(Threads is >= 1 and <= 1024, nameof(Threads), Threads, "from 1 to 1,024");
    }

    private static void Require(bool holds, string name, object value, string wanted)
    {
        if (!holds)
        {
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be {wanted}."));
        }
    }
}
