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

    /// <summary>Counts something new and gives it to the current scope.</summary>
    internal DisposeScope? RegisterOnCurrentDisposeScope(IScoped item)
    {
        if (IsSuspended)
        {
            return null;
        }

        var statistics = StatisticsInstance.Of(item);
        if (CurrentDisposeScope is null)
        {
            statistics.CreatedOutsideScopeCount++;
            return null;
        }

        statistics.CreatedInScopeCount++;
        CurrentDisposeScope.Add(item);
        return CurrentDisposeScope;
    }

    /// <summary>Counts something that is being disposed and takes it out of its scope.</summary>
    internal void DisposingOnCurrentScope(IScoped item)
    {
        var statistics = StatisticsInstance.Of(item);
        if (item.OwningDisposeScope is { } scope)
        {
            statistics.DisposedInScopeCount++;
            scope.MarkAsDisposed(item);
        }
        else
        {
            statistics.DisposedOutsideScopeCount++;
        }
    }

    /// <summary>Whether the engine is making tensors for itself, which no scope and no count is to see.</summary>
    internal bool IsSuspended { get; private set; }

    /// <summary>Until the result is disposed, new tensors of this thread belong to no scope and are not counted.</summary>
    internal static Suspension Suspend() => new(ThreadSingleton);

    /// <summary>Opens a scope inside the current one.</summary>
    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new DisposeScope(this);

    /// <summary>Closes a scope.</summary>
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
        private readonly bool _wasSuspended;

        public Suspension(DisposeScopeManager manager)
        {
            _manager = manager;
            _scope = manager.CurrentDisposeScope;
            _wasSuspended = manager.IsSuspended;
            manager.IsSuspended = true;
            manager.CurrentDisposeScope = null;
        }

        public void Dispose()
        {
            _manager.CurrentDisposeScope = _scope;
            _manager.IsSuspended = _wasSuspended;
        }
    }
}
