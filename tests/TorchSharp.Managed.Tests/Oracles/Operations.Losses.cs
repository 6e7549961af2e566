
namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Losses() => new()
    {
    };

}
