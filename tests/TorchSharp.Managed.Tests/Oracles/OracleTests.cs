namespace TorchSharp.Tests.Oracles;

/// <summary>Every case of every family: the engine's outputs and gradients are PyTorch's, within the bound that stands beside the operation.</summary>
public class OracleTests
{
    private static readonly Dictionary<string, Dictionary<string, OracleData>> Cases = OracleFile.Families.ToDictionary(family => family, family => OracleFile.Read(family).ToDictionary(one => one.Name));

    public static TheoryData<string> Names(string family) => [.. Cases[family].Values.Where(one => Operations.ByName.ContainsKey(one.Operation)).Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Names), "creation")]
    public void Creation_agrees_with_PyTorch(string name) => Check("creation", name);

    [Theory]
    [MemberData(nameof(Names), "promotion")]
    public void Type_promotion_agrees_with_PyTorch(string name) => Check("promotion", name);

    [Theory]
    [MemberData(nameof(Names), "unary")]
    public void Functions_of_one_tensor_agree_with_PyTorch(string name) => Check("unary", name);

    [Theory]
    [MemberData(nameof(Names), "binary")]
    public void Functions_of_several_tensors_agree_with_PyTorch(string name) => Check("binary", name);

    [Theory]
    [MemberData(nameof(Names), "comparison")]
    public void Comparisons_agree_with_PyTorch(string name) => Check("comparison", name);

    [Theory]
    [MemberData(nameof(Names), "reductions")]
    public void Reductions_agree_with_PyTorch(string name) => Check("reductions", name);

    [Theory]
    [MemberData(nameof(Names), "orders")]
    public void Cumulative_functions_and_sorting_agree_with_PyTorch(string name) => Check("orders", name);

    [Theory]
    [MemberData(nameof(Names), "products")]
    public void Products_agree_with_PyTorch(string name) => Check("products", name);

    [Theory]
    [MemberData(nameof(Names), "views")]
    public void Views_and_joining_agree_with_PyTorch(string name) => Check("views", name);

    [Theory]
    [MemberData(nameof(Names), "indexing")]
    public void Indexing_agrees_with_PyTorch(string name) => Check("indexing", name);

    [Theory]
    [MemberData(nameof(Names), "linear_algebra")]
    public void Linear_algebra_agrees_with_PyTorch(string name) => Check("linear_algebra", name);

    [Theory]
    [MemberData(nameof(Names), "convolutions")]
    public void Convolutions_and_pooling_agree_with_PyTorch(string name) => Check("convolutions", name);

    [Theory]
    [MemberData(nameof(Names), "normalisation")]
    public void Normalisation_agrees_with_PyTorch(string name) => Check("normalisation", name);

    [Theory]
    [MemberData(nameof(Names), "activations")]
    public void Activations_agree_with_PyTorch(string name) => Check("activations", name);

    [Theory]
    [MemberData(nameof(Names), "losses")]
    public void Losses_agree_with_PyTorch(string name) => Check("losses", name);

    [Theory]
    [MemberData(nameof(Names), "autograd")]
    public void Graphs_agree_with_PyTorch(string name) => Check("autograd", name);

    [Theory]
    [MemberData(nameof(Names), "layers")]
    public void Layers_agree_with_PyTorch(string name) => Check("layers", name);

    [Theory]
    [MemberData(nameof(Names), "optimisers")]
    public void Optimisers_agree_with_PyTorch_over_50_steps(string name) => Check("optimisers", name);

    [Theory]
    [MemberData(nameof(Names), "schedulers")]
    public void Schedulers_agree_with_PyTorch_over_50_steps(string name) => Check("schedulers", name);

    [Fact]
    public void Every_operation_in_the_vectors_is_compared() =>
        Assert.Empty(Cases.Values.SelectMany(family => family.Values).Select(one => one.Operation).Distinct().Except(Operations.ByName.Keys).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_family_in_the_vectors_has_its_test()
    {
        var tested = typeof(OracleTests).GetMethods().SelectMany(method => method.GetCustomAttributes(typeof(MemberDataAttribute), false)).Cast<MemberDataAttribute>().Select(data => (string)data.Parameters[0]);
        Assert.Empty(OracleFile.Families.Except(tested));
    }

    private static void Check(string family, string name)
    {
        var data = Cases[family][name];
        OracleComparison.Check(data, Operations.ByName[data.Operation]);
    }
}
