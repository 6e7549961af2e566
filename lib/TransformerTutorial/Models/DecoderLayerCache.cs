using TransformerTutorial.Attention;

namespace TransformerTutorial.Models;

/// <summary>What one layer of a decoder keeps between steps.</summary>
/// <param name="Self">Keys and values of the words so far; grows with every step.</param>
/// <param name="Memory">Keys and values of the encoder's output; taken in the first step.</param>
public sealed record DecoderLayerCache(KeyValueCache Self, KeyValueCache Memory);
