namespace TorchSharp;

/// <summary>The dispose scopes of one thread, innermost last.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? _threadSingleton;

    /// <summary>What happened to tensors on this thread, inside scopes and outside.</summary>
    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsInstance;

    internal static DisposeScopeManager ThreadSingleton => _threadSingleton ??= new DisposeScopeManager();

    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();

    internal DisposeScope? CurrentDisposeScope { get; set; }

    internal DisposeScope? RegisterOnCurrentDisposeScope(IDisposable item)
    {
        StatisticsInstance.Created(item, CurrentDisposeScope is not null);
        CurrentDisposeScope?.Add(item);
        return CurrentDisposeScope;
    }

    internal void DisposingOnCurrentScope(torch.Tensor item) => StatisticsInstance.Disposed(item, item.OwningDisposeScope is not null);

    /// <summary>Until the result is disposed, new tensors of this thread belong to no scope.</summary>
    internal static Suspension Suspend() => new(ThreadSingleton);

    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new DisposeScope(this);

    internal void RemoveDisposeScope(DisposeScope scope)
    {
        if (ReferenceEquals(CurrentDisposeScope, scope))
        {
            CurrentDisposeScope = scope.OuterScope;
            return;
        }

        // A scope that is closed before the scopes inside it is taken out of the chain.
        for (var inner = CurrentDisposeScope; inner is not null; inner = inner.OuterScope)
        {
            if (ReferenceEquals(inner.OuterScope, scope))
            {
                inner.OuterScope = scope.OuterScope;
                return;
            }
        }
    }

    /// <summary>Puts the scope back that was current.</summary>
    internal readonly struct Suspension : IDisposable
    {
        private readonly DisposeScopeManager _manager;
        private readonly DisposeScope? _scope;

        public Suspension(DisposeScopeManager manager)
        {
            _manager = manager;
            _scope = manager.CurrentDisposeScope;
            manager.CurrentDisposeScope = null;
        }

        public void Dispose() => _manager.CurrentDisposeScope = _scope;
    }
}
