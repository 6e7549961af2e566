using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Oracles;

internal static partial class Operations
{
    private static Dictionary<string, Operation> Layers() => new()
    {
    };

    private static NonLinearities NonLinearity(OracleCase c) => c.Text("nonlinearity") == "relu" ? NonLinearities.ReLU : NonLinearities.Tanh;

    private static Activations Activation(OracleCase c) => c.Text("activation") == "gelu" ? Activations.GELU : Activations.ReLU;

    private static (Tensor, Tensor)? Pair(OracleCase c) => c.Inputs.Length > 2 ? (c[1], c[2]) : null;

    /// <summary>The mask that the case names, or null: masks stand after the plain inputs, in the order of the argument "masks".</summary>
    private static Tensor? Mask(OracleCase c, string name)
    {
        var masks = c.Texts("masks");
        for (var i = 0; i < masks.Count; i++)
        {
            if (masks[i] == name)
            {
                return c.Inputs[c.Inputs.Length - masks.Count + i];
            }
        }

        return null;
    }

    private static Tensor[] Normalised<T>(OracleCase c, T module)
        where T : nn.Module<Tensor, Tensor>
    {
        module.train(c.Flag("training", true));
        return [module.call(c[0]), .. module.named_buffers().Where(pair => pair.name.StartsWith("running", StringComparison.Ordinal)).Select(pair => pair.buffer)];
    }






}
