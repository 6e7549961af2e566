namespace TorchSharp.Utils;

/// <summary>Gives a field of a module another name in the state dict than its own.</summary>
[AttributeUsage(AttributeTargets.Field)]
public class ComponentNameAttribute : Attribute
{
    /// <summary>The name that stands in the state dict.</summary>
    public string? Name { get; set; }
}
