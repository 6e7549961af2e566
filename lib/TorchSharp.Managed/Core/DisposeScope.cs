namespace TorchSharp;

/// <summary>Disposes every tensor that was created inside it on the same thread, unless the tensor was moved out or detached.</summary>
/// <remarks>Scopes nest; closing an outer one first leaves the inner ones open. A scope is not thread-safe.</remarks>
public sealed class DisposeScope : IDisposable
{
    private readonly HashSet<IDisposable> _disposables = new(ReferenceEqualityComparer.Instance);
    private DisposeScopeManager? _manager;

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        OuterScope = manager.CurrentDisposeScope;
    }

    /// <summary>How many tensors wait here to be disposed.</summary>
    public int DisposablesCount
    {
        get
        {
            RequireOpen();
            return _disposables.Count;
        }
    }

    /// <summary>What waits here to be disposed, now.</summary>
    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            RequireOpen();
            return [.. _disposables];
        }
    }

    /// <summary>The scope around this one, or null.</summary>
    internal DisposeScope? OuterScope { get; set; }

    /// <summary>Whether this scope will dispose something.</summary>
    public bool Contains(IDisposable disposable) => _disposables.Contains(disposable);

    /// <summary>Gives something to this scope; another scope that had it lets go of it.</summary>
    /// <exception cref="InvalidOperationException">It is neither a tensor nor a packed sequence.</exception>
    public void Attach(IDisposable disposable) => Attach((IEnumerable<IDisposable>)[disposable]);

    /// <summary>Gives things to this scope; other scopes that had them let go of them.</summary>
    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    /// <summary>Gives things to this scope; other scopes that had them let go of them.</summary>
    /// <returns>The same things.</returns>
    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var manager = RequireOpen();
        IReadOnlyList<IDisposable> given = [.. disposables];
        foreach (var disposable in given)
        {
            if (Take(disposable))
            {
                manager.StatisticsInstance.Of(disposable).AttachedToScopeCount++;
            }
        }

        return given;
    }

    /// <summary>Takes something out of the scope: nobody disposes it any more.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        Detach((IEnumerable<IDisposable>)[disposable]);
        return disposable;
    }

    /// <summary>Takes two things out of the scope.</summary>
    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        Detach((IEnumerable<IDisposable>)[first, second]);
        return (first, second);
    }

    /// <summary>Takes three things out of the scope.</summary>
    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        Detach((IEnumerable<IDisposable>)[first, second, third]);
        return (first, second, third);
    }

    /// <summary>Takes things out of the scope.</summary>
    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    /// <summary>Takes things out of the scope; what is not in it is left alone.</summary>
    public void Detach(IEnumerable<IDisposable> disposables)
    {
        var manager = RequireOpen();
        foreach (var disposable in disposables)
        {
            if (_disposables.Remove(disposable))
            {
                manager.StatisticsInstance.Of(disposable).DetachedFromScopeCount++;
                ((IScoped)disposable).OwningDisposeScope = null;
            }
        }
    }

    /// <summary>Moves something to the scope around this one; without one it is detached.</summary>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable => MoveToOther(OuterScope, disposable);

    /// <summary>Moves two things to the scope around this one.</summary>
    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => MoveToOther(OuterScope, first, second);

    /// <summary>Moves three things to the scope around this one.</summary>
    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => MoveToOther(OuterScope, first, second, third);

    /// <summary>Moves things to the scope around this one.</summary>
    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(OuterScope, (IEnumerable<IDisposable>)disposables);

    /// <summary>Moves things to the scope around this one.</summary>
    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(OuterScope, disposables);

    /// <summary>Moves something to another scope; to none, it is detached.</summary>
    public T MoveToOther<T>(DisposeScope? scope, T disposable)
        where T : IDisposable
    {
        MoveToOther(scope, (IEnumerable<IDisposable>)[disposable]);
        return disposable;
    }

    /// <summary>Moves two things to another scope.</summary>
    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        MoveToOther(scope, (IEnumerable<IDisposable>)[first, second]);
        return (first, second);
    }

    /// <summary>Moves three things to another scope.</summary>
    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        MoveToOther(scope, (IEnumerable<IDisposable>)[first, second, third]);
        return (first, second, third);
    }

    /// <summary>Moves things to another scope.</summary>
    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) => MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    /// <summary>Moves things that are in this scope to another one; to none, they are detached.</summary>
    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        RequireOpen();
        if (scope is null)
        {
            Detach(disposables);
            return;
        }

        foreach (var disposable in disposables)
        {
            if (_disposables.Contains(disposable))
            {
                scope.Take(disposable);
            }
        }
    }

    /// <summary>Disposes everything in the scope; the scope stays open.</summary>
    public void DisposeEverything() => DisposeEverythingBut((IEnumerable<IDisposable>)[]);

    /// <summary>Disposes everything but some; those stay in the scope.</summary>
    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        RequireOpen();
        var kept = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var disposable in _disposables.ToArray())
        {
            if (!kept.Contains(disposable))
            {
                disposable.Dispose();
                _disposables.Remove(disposable);
            }
        }
    }

    /// <summary>Disposes everything but some; those stay in the scope.</summary>
    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    /// <summary>Disposes everything but one thing, which stays in the scope.</summary>
    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    /// <summary>Disposes everything but two things.</summary>
    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second]);
        return (first, second);
    }

    /// <summary>Disposes everything but three things.</summary>
    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second, third]);
        return (first, second, third);
    }

    /// <summary>Disposes what is left and ends the scope. Ending it twice is harmless.</summary>
    public void Dispose()
    {
        if (_manager is { } manager)
        {
            DisposeEverything();
            manager.RemoveDisposeScope(this);
            _manager = null;
        }
    }

    /// <summary>Forgets something that was disposed elsewhere.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        RequireOpen();
        _disposables.Remove(disposable);
        if (disposable is IScoped scoped)
        {
            scoped.OwningDisposeScope = null;
        }
    }

    /// <summary>Registers something that was just created.</summary>
    internal void Add(IDisposable disposable) => _disposables.Add(disposable);

    // Whether it was not here before.
    private bool Take(IDisposable disposable)
    {
        if (disposable is not IScoped scoped)
        {
            throw new InvalidOperationException("DisposeScope can only manage Tensor or PackedSequence");
        }

        if (ReferenceEquals(scoped.OwningDisposeScope, this))
        {
            return false;
        }

        scoped.OwningDisposeScope?._disposables.Remove(disposable);
        _disposables.Add(disposable);
        scoped.OwningDisposeScope = this;
        return true;
    }

    private DisposeScopeManager RequireOpen() => _manager ?? throw new ObjectDisposedException(typeof(DisposeScope).FullName);
}

/// <summary>What a dispose scope can manage.</summary>
internal interface IScoped : IDisposable
{
    /// <summary>The scope that will dispose it, or null.</summary>
    DisposeScope? OwningDisposeScope { get; set; }
}
