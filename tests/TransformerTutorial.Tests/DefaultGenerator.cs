namespace TransformerTutorial.Tests;

/// <summary>Tests that draw from the default generator run alone, so that their numbers are the same in every run.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DefaultGenerator
{
    /// <summary>The collection's name.</summary>
    public const string Name = "the default generator";
}
