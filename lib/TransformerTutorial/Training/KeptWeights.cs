namespace TransformerTutorial.Training;

/// <summary>Which weights a model has when its training has ended.</summary>
public enum KeptWeights
{
    /// <summary>Those of the last step.</summary>
    Last,

    /// <summary>The moving average of all steps.</summary>
    Average,

    /// <summary>Those with the lowest validation loss; where there is a moving average, those of the average.</summary>
    Best,
}
