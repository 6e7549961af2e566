namespace TorchSharp.Modules;

/// <summary>What modules do with dispose scopes: parameters and buffers belong to their module, whatever scope it was built in.</summary>
internal static class TensorScopes
{
    /// <summary>Takes a tensor out of its dispose scope.</summary>
    public static T DetachFromScope<T>(this T tensor)
        where T : Tensor
    {
        tensor.OwningDisposeScope?.Detach(tensor);
        return tensor;
    }
}
