using TorchSharp;

namespace TransformerTutorial.Models;

/// <summary>How many numbers a model learns: models are compared at equal counts.</summary>
public static class ParameterCounts
{
    /// <summary>The number of all numbers in all parameters that are trained. A parameter that two layers share counts once.</summary>
    /// <example><c>nn.Linear(3, 2)</c> has 3 · 2 + 2 = 8.</example>
    public static long ParameterCount(this torch.nn.Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        return module.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel());
    }
}
