using static TorchSharp.torch;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Creation() => new()
    {
        ["arange"] = Exactly(c => c.Has("start") ? c.Has("step") ? arange(c.Scalar("start"), c.Scalar("stop"), c.Scalar("step"), c.Type) : arange(c.Scalar("start"), c.Scalar("stop"), c.Type) : arange(c.Scalar("stop"), c.Type)),
        ["linspace"] = Within(1, c => linspace(c.Number("start"), c.Number("end"), c.Long("steps"), c.Type)),
        ["logspace"] = Each(2, c => logspace(c.Number("start"), c.Number("end"), c.Long("steps"), c.Number("base"), c.Type)),
        ["eye"] = Exactly(c => eye(c.Long("rows"), c.Long("columns"), c.Type)),
        ["full"] = Exactly(c => full(c.Longs("size"), c.Scalar("value"), c.Type)),
        ["full_like"] = Exactly(c => full_like(c[0], c.Scalar("value"), c.Type)),
        ["zeros_like"] = Exactly(c => zeros_like(c[0], c.Type)),
        ["ones_like"] = Exactly(c => ones_like(c[0], c.Type)),
        ["to"] = Exactly(c => c[0].to(c.Type!.Value)),
        ["cartesian_prod"] = Exactly(c => cartesian_prod(c.Inputs)),
        ["meshgrid"] = Exactly(c => meshgrid(c.Inputs, c.Text("indexing"))),
    };
}
