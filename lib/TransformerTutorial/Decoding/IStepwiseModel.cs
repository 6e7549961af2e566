using TransformerTutorial.Models;
using static TorchSharp.torch;

namespace TransformerTutorial.Decoding;

/// <summary>A model that writes a sentence word by word, as <see cref="Decode"/> sees it: it reads a batch of sentences once, then says for each how likely each word is to be next.</summary>
/// <remarks><see cref="StepwiseTransformer"/> and <see cref="StepwiseRecurrent"/> make one of the models of this library; another model needs only this interface to be decoded in every way.</remarks>
public interface IStepwiseModel
{
    /// <summary>How many words it can write, V.</summary>
    long TargetVocabulary { get; }

    /// <summary>The ids that stand for no word.</summary>
    SpecialIds Special { get; }

    /// <summary>How many ids it can write at most; null if there is no limit.</summary>
    int? MaximumLength { get; }

    /// <summary>Reads sentences: one row for each, in which nothing is written yet. The model is in evaluation mode until the state is disposed.</summary>
    /// <param name="source">Ids of the sentences to read: (B, S), words and end, padding behind them.</param>
    /// <param name="capturesAttention">Whether each step says where it looked.</param>
    IStepwiseState Begin(Tensor source, bool capturesAttention);
}
