namespace TransformerTutorial.Training;

/// <summary>Which weights a model has when its training has ended.</summary>
public enum KeptWeights
{
    /// <summary>Those of the last step.</summary>
    Last,

    /// <summary>Those with the lowest validation loss.</summary>
    Best,
}
