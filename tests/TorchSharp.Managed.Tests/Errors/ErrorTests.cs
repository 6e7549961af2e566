namespace TorchSharp.Managed.Tests.Errors;

/// <summary>Each misuse throws an exception of its type, and the message names the operation, the shapes or types involved, and what was expected.</summary>
public class ErrorTests
{
    private static readonly Dictionary<string, ErrorCase> Cases = new ErrorCase[][]
    {
        ElementErrors.Cases, ShapeErrors.Cases, IndexErrors.Cases, ReductionErrors.Cases, ProductErrors.Cases, CreationErrors.Cases, GradientErrors.Cases, LayerErrors.Cases,
        LossErrors.Cases, TrainingErrors.Cases,
    }.SelectMany(cases => cases).ToDictionary(one => one.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_misuse_is_refused_and_named(string name)
    {
        var (_, misuse, exception, fragments) = Cases[name];
        using var scope = torch.NewDisposeScope();
        var message = Assert.Throws(exception, misuse).Message;
        Assert.All(fragments, fragment => Assert.Contains(fragment, message, StringComparison.Ordinal));
    }
}
