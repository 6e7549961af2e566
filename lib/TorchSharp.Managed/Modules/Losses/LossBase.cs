namespace TorchSharp;

/// <summary>A loss: how wrong an output is, of two inputs.</summary>
public abstract class Loss<T1, T2, TResult> : torch.nn.Module<T1, T2, TResult>
{
    /// <summary>A loss.</summary>
    /// <param name="reduction">What becomes of the losses of the elements.</param>
    protected Loss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base("Loss") => this.reduction = reduction;

    /// <summary>What becomes of the losses of the elements.</summary>
    public torch.nn.Reduction reduction { get; }
}

/// <summary>A loss of two inputs with a weight for each class or element.</summary>
public abstract class WeightedLoss<T1, T2, TResult> : Loss<T1, T2, TResult>
{
    /// <summary>A loss.</summary>
    /// <param name="weight">The weights, or null.</param>
    /// <param name="reduction">What becomes of the losses of the elements.</param>
    protected WeightedLoss(Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base(reduction) => this.weight = weight;

    /// <summary>The weights, or null.</summary>
    public Tensor? weight { get; }
}

/// <summary>A loss: how wrong an output is, of three inputs.</summary>
public abstract class Loss<T1, T2, T3, TResult> : torch.nn.Module<T1, T2, T3, TResult>
{
    /// <summary>A loss.</summary>
    /// <param name="reduction">What becomes of the losses of the elements.</param>
    protected Loss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base("Loss") => this.reduction = reduction;

    /// <summary>What becomes of the losses of the elements.</summary>
    public torch.nn.Reduction reduction { get; }
}

/// <summary>A loss of three inputs with a weight for each class or element.</summary>
public abstract class WeightedLoss<T1, T2, T3, TResult> : Loss<T1, T2, T3, TResult>
{
    /// <summary>A loss.</summary>
    /// <param name="weight">The weights, or null.</param>
    /// <param name="reduction">What becomes of the losses of the elements.</param>
    protected WeightedLoss(Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base(reduction) => this.weight = weight;

    /// <summary>The weights, or null.</summary>
    public Tensor? weight { get; }
}

/// <summary>A loss: how wrong an output is, of four inputs.</summary>
public abstract class Loss<T1, T2, T3, T4, TResult> : torch.nn.Module<T1, T2, T3, T4, TResult>
{
    /// <summary>A loss.</summary>
    /// <param name="reduction">What becomes of the losses of the elements.</param>
    protected Loss(torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base("Loss") => this.reduction = reduction;

    /// <summary>What becomes of the losses of the elements.</summary>
    public torch.nn.Reduction reduction { get; }
}

/// <summary>A loss of four inputs with a weight for each class or element.</summary>
public abstract class WeightedLoss<T1, T2, T3, T4, TResult> : Loss<T1, T2, T3, T4, TResult>
{
    /// <summary>A loss.</summary>
    /// <param name="weight">The weights, or null.</param>
    /// <param name="reduction">What becomes of the losses of the elements.</param>
    protected WeightedLoss(Tensor? weight = null, torch.nn.Reduction reduction = torch.nn.Reduction.Mean)
        : base(reduction) => this.weight = weight;

    /// <summary>The weights, or null.</summary>
    public Tensor? weight { get; }
}
