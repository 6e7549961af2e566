namespace TorchSharp;

/// <summary>Disposes every tensor that was created inside it on the same thread, unless the tensor was moved out or detached.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly HashSet<IDisposable> _disposables = new(ReferenceEqualityComparer.Instance);
    private readonly DisposeScopeManager _manager;

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        OuterScope = manager.CurrentDisposeScope;
    }

    /// <summary>The scope around this one.</summary>
    internal DisposeScope? OuterScope { get; set; }

    /// <summary>Disposes what is left and ends the scope.</summary>
    public void Dispose()
    {
        DisposeEverything();
        _manager.RemoveDisposeScope(this);
    }

    /// <summary>Disposes everything in the scope; the scope stays open.</summary>
    public void DisposeEverything()
    {
        foreach (var disposable in _disposables.ToArray())
        {
            disposable.Dispose();
        }

        _disposables.Clear();
    }

    /// <summary>Takes something that was disposed out of the scope.</summary>
    public void MarkAsDisposed(IDisposable disposable) => _disposables.Remove(disposable);

    /// <summary>Takes something out of the scope, so that it stays.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        _disposables.Remove(disposable);
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningDisposeScope = null;
        }

        return disposable;
    }

    /// <summary>Gives something to the scope.</summary>
    public void Attach(IDisposable disposable)
    {
        _disposables.Add(disposable);
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningDisposeScope = this;
        }
    }

    internal void Add(IDisposable disposable) => _disposables.Add(disposable);

    internal void Remove(IDisposable disposable) => _disposables.Remove(disposable);
}

/// <summary>Counts of what happened to tensors on one thread.</summary>
public class ThreadDisposeScopeStatistics
{
    internal void Created(IDisposable item, bool inScope)
    {
        _ = item;
        _ = inScope;
    }

    internal void Disposed(IDisposable item, bool inScope)
    {
        _ = item;
        _ = inScope;
    }
}
