namespace TorchSharp.Autograd;

/// <summary>What autograd knows of one tensor. A tensor that never met autograd has none.</summary>
internal sealed class AutogradState
{
    /// <summary>Set by the user on a leaf.</summary>
    public bool RequiresGrad { get; set; }

    /// <summary>The gradient, for leaves and where <c>retain_grad</c> asked for it.</summary>
    public Tensor? Grad { get; set; }

    /// <summary>The operation that made the tensor, and which of its results it is. A node for a leaf is its <see cref="LeafNode"/>, made when first needed.</summary>
    public Edge Source { get; set; }

    /// <summary>Where gradients for this leaf are collected.</summary>
    public LeafNode? Collector { get; set; }

    /// <summary>Whether <c>retain_grad</c> was called.</summary>
    public bool RetainsGrad { get; set; }

    /// <summary>The tensor that this one is a view of (never itself a view), or null.</summary>
    public Tensor? Base { get; set; }

    /// <summary>For a base: how often its history was rewritten by a change in place. For a view: the count that its own history belongs to.</summary>
    public int HistoryNumber { get; set; }
}
