namespace TransformerTutorial.Models;

/// <summary>A part of a model and how much it costs.</summary>
/// <param name="Part">Which part.</param>
/// <param name="Count">How many parameters, operations or numbers.</param>
public sealed record CostItem(string Part, long Count);
