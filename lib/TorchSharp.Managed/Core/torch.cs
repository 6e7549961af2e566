using TorchSharp.Kernels;

namespace TorchSharp;

/// <summary>
/// Tensors and everything that computes with them, under TorchSharp's names. This implementation is managed code only: it computes on the processor, gives
/// PyTorch's numbers for the same seeds, and gives the same bits on every machine, at every vector width, with any number of threads.
/// </summary>
public static partial class torch
{
    /// <summary>Opens a scope that disposes the tensors created in it on this thread when it is disposed itself.</summary>
    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();

    /// <summary>Evaluates an expression and disposes every tensor that it created but the result.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        ArgumentNullException.ThrowIfNull(expr);
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(expr());
    }

    /// <summary>How many threads an operation may use. No result depends on it.</summary>
    public static int get_num_threads() => Workers.Count;

    /// <summary>Sets how many threads an operation may use; as many as the computer has processors, unless it is set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There must be at least one.</exception>
    public static void set_num_threads(int num)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(num, 1);
        Workers.Count = num;
    }

    /// <summary>Whether an object is a tensor.</summary>
    public static bool is_tensor(object obj) => obj is Tensor;

    /// <summary>How many elements a tensor has.</summary>
    public static long numel(Tensor input) => input.numel();
}
