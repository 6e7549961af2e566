using System.Globalization;
using System.Runtime.CompilerServices;

namespace TorchSharp.Modules;

// Sequences to derive from where the modules are not all Tensor -> Tensor: the derived class says in `forward` how they are called.

/// <summary>A list of modules of any kind that is a module of one input itself.</summary>
public abstract class Sequential<T, TResult> : torch.nn.Module<T, TResult>
{
    /// <summary>Modules under names.</summary>
    protected Sequential(params (string name, torch.nn.Module submodule)[] modules)
        : base(nameof(Sequential))
    {
        foreach (var (key, module) in modules)
        {
            Add(key, module);
        }
    }

    /// <summary>Modules under the names <c>0</c>, <c>1</c>, and so on.</summary>
    protected Sequential(params torch.nn.Module[] modules)
        : base(nameof(Sequential))
    {
        foreach (var module in modules)
        {
            Add(module);
        }
    }

    /// <summary>How many modules there are.</summary>
    public int Count => _internal_submodules.Count;

    /// <summary>The module at a place.</summary>
    [IndexerName("SequentialItems")]
    public torch.nn.Module this[int index] => _internal_submodules[index].Item2;

    /// <summary>The modules from a place up to (not including) another, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    /// <summary>The modules of a range, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T, TResult> this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    /// <summary>Adds a module at the end.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T, TResult> append(string name, torch.nn.Module module)
    {
        Add(name, module);
        return this;
    }

    /// <summary>Adds a module at the end, under its number.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T, TResult> append(torch.nn.Module module)
    {
        Add(module);
        return this;
    }

    /// <summary>Adds a module at the end.</summary>
    protected internal void Add(string name, torch.nn.Module sm) => register_module(name, sm);

    /// <summary>Adds a module at the end, under its number.</summary>
    protected internal void Add(torch.nn.Module module) => Add(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <summary>Makes a sequence of some of the modules; a derived class that wants to be sliced overrides it.</summary>
    /// <exception cref="NotImplementedException">The derived class does not say how.</exception>
    protected virtual Sequential<T, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not say how it is sliced.");
}

/// <summary>A list of modules of any kind that is a module of two inputs itself.</summary>
public abstract class Sequential<T1, T2, TResult> : torch.nn.Module<T1, T2, TResult>
{
    /// <summary>Modules under names.</summary>
    protected Sequential(params (string name, torch.nn.Module submodule)[] modules)
        : base(nameof(Sequential))
    {
        foreach (var (key, module) in modules)
        {
            Add(key, module);
        }
    }

    /// <summary>Modules under the names <c>0</c>, <c>1</c>, and so on.</summary>
    protected Sequential(params torch.nn.Module[] modules)
        : base(nameof(Sequential))
    {
        foreach (var module in modules)
        {
            Add(module);
        }
    }

    /// <summary>How many modules there are.</summary>
    public int Count => _internal_submodules.Count;

    /// <summary>The module at a place.</summary>
    [IndexerName("SequentialItems")]
    public torch.nn.Module this[int index] => _internal_submodules[index].Item2;

    /// <summary>The modules from a place up to (not including) another, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    /// <summary>The modules of a range, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, TResult> this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    /// <summary>Adds a module at the end.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T1, T2, TResult> append(string name, torch.nn.Module module)
    {
        Add(name, module);
        return this;
    }

    /// <summary>Adds a module at the end, under its number.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T1, T2, TResult> append(torch.nn.Module module)
    {
        Add(module);
        return this;
    }

    /// <summary>Adds a module at the end.</summary>
    protected internal void Add(string name, torch.nn.Module sm) => register_module(name, sm);

    /// <summary>Adds a module at the end, under its number.</summary>
    protected internal void Add(torch.nn.Module module) => Add(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <summary>Makes a sequence of some of the modules; a derived class that wants to be sliced overrides it.</summary>
    /// <exception cref="NotImplementedException">The derived class does not say how.</exception>
    protected virtual Sequential<T1, T2, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not say how it is sliced.");
}

/// <summary>A list of modules of any kind that is a module of three inputs itself.</summary>
public abstract class Sequential<T1, T2, T3, TResult> : torch.nn.Module<T1, T2, T3, TResult>
{
    /// <summary>Modules under names.</summary>
    protected Sequential(params (string name, torch.nn.Module submodule)[] modules)
        : base(nameof(Sequential))
    {
        foreach (var (key, module) in modules)
        {
            Add(key, module);
        }
    }

    /// <summary>Modules under the names <c>0</c>, <c>1</c>, and so on.</summary>
    protected Sequential(params torch.nn.Module[] modules)
        : base(nameof(Sequential))
    {
        foreach (var module in modules)
        {
            Add(module);
        }
    }

    /// <summary>How many modules there are.</summary>
    public int Count => _internal_submodules.Count;

    /// <summary>The module at a place.</summary>
    [IndexerName("SequentialItems")]
    public torch.nn.Module this[int index] => _internal_submodules[index].Item2;

    /// <summary>The modules from a place up to (not including) another, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    /// <summary>The modules of a range, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, TResult> this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    /// <summary>Adds a module at the end.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T1, T2, T3, TResult> append(string name, torch.nn.Module module)
    {
        Add(name, module);
        return this;
    }

    /// <summary>Adds a module at the end, under its number.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T1, T2, T3, TResult> append(torch.nn.Module module)
    {
        Add(module);
        return this;
    }

    /// <summary>Adds a module at the end.</summary>
    protected internal void Add(string name, torch.nn.Module sm) => register_module(name, sm);

    /// <summary>Adds a module at the end, under its number.</summary>
    protected internal void Add(torch.nn.Module module) => Add(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <summary>Makes a sequence of some of the modules; a derived class that wants to be sliced overrides it.</summary>
    /// <exception cref="NotImplementedException">The derived class does not say how.</exception>
    protected virtual Sequential<T1, T2, T3, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not say how it is sliced.");
}

/// <summary>A list of modules of any kind that is a module of four inputs itself.</summary>
public abstract class Sequential<T1, T2, T3, T4, TResult> : torch.nn.Module<T1, T2, T3, T4, TResult>
{
    /// <summary>Modules under names.</summary>
    protected Sequential(params (string name, torch.nn.Module submodule)[] modules)
        : base(nameof(Sequential))
    {
        foreach (var (key, module) in modules)
        {
            Add(key, module);
        }
    }

    /// <summary>Modules under the names <c>0</c>, <c>1</c>, and so on.</summary>
    protected Sequential(params torch.nn.Module[] modules)
        : base(nameof(Sequential))
    {
        foreach (var module in modules)
        {
            Add(module);
        }
    }

    /// <summary>How many modules there are.</summary>
    public int Count => _internal_submodules.Count;

    /// <summary>The module at a place.</summary>
    [IndexerName("SequentialItems")]
    public torch.nn.Module this[int index] => _internal_submodules[index].Item2;

    /// <summary>The modules from a place up to (not including) another, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, T4, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    /// <summary>The modules of a range, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, T4, TResult> this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    /// <summary>Adds a module at the end.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T1, T2, T3, T4, TResult> append(string name, torch.nn.Module module)
    {
        Add(name, module);
        return this;
    }

    /// <summary>Adds a module at the end, under its number.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T1, T2, T3, T4, TResult> append(torch.nn.Module module)
    {
        Add(module);
        return this;
    }

    /// <summary>Adds a module at the end.</summary>
    protected internal void Add(string name, torch.nn.Module sm) => register_module(name, sm);

    /// <summary>Adds a module at the end, under its number.</summary>
    protected internal void Add(torch.nn.Module module) => Add(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <summary>Makes a sequence of some of the modules; a derived class that wants to be sliced overrides it.</summary>
    /// <exception cref="NotImplementedException">The derived class does not say how.</exception>
    protected virtual Sequential<T1, T2, T3, T4, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not say how it is sliced.");
}

/// <summary>A list of modules of any kind that is a module of five inputs itself.</summary>
public abstract class Sequential<T1, T2, T3, T4, T5, TResult> : torch.nn.Module<T1, T2, T3, T4, T5, TResult>
{
    /// <summary>Modules under names.</summary>
    protected Sequential(params (string name, torch.nn.Module submodule)[] modules)
        : base(nameof(Sequential))
    {
        foreach (var (key, module) in modules)
        {
            Add(key, module);
        }
    }

    /// <summary>Modules under the names <c>0</c>, <c>1</c>, and so on.</summary>
    protected Sequential(params torch.nn.Module[] modules)
        : base(nameof(Sequential))
    {
        foreach (var module in modules)
        {
            Add(module);
        }
    }

    /// <summary>How many modules there are.</summary>
    public int Count => _internal_submodules.Count;

    /// <summary>The module at a place.</summary>
    [IndexerName("SequentialItems")]
    public torch.nn.Module this[int index] => _internal_submodules[index].Item2;

    /// <summary>The modules from a place up to (not including) another, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, T4, T5, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    /// <summary>The modules of a range, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, T4, T5, TResult> this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    /// <summary>Adds a module at the end.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T1, T2, T3, T4, T5, TResult> append(string name, torch.nn.Module module)
    {
        Add(name, module);
        return this;
    }

    /// <summary>Adds a module at the end, under its number.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T1, T2, T3, T4, T5, TResult> append(torch.nn.Module module)
    {
        Add(module);
        return this;
    }

    /// <summary>Adds a module at the end.</summary>
    protected internal void Add(string name, torch.nn.Module sm) => register_module(name, sm);

    /// <summary>Adds a module at the end, under its number.</summary>
    protected internal void Add(torch.nn.Module module) => Add(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <summary>Makes a sequence of some of the modules; a derived class that wants to be sliced overrides it.</summary>
    /// <exception cref="NotImplementedException">The derived class does not say how.</exception>
    protected virtual Sequential<T1, T2, T3, T4, T5, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not say how it is sliced.");
}

/// <summary>A list of modules of any kind that is a module of six inputs itself.</summary>
public abstract class Sequential<T1, T2, T3, T4, T5, T6, TResult> : torch.nn.Module<T1, T2, T3, T4, T5, T6, TResult>
{
    /// <summary>Modules under names.</summary>
    protected Sequential(params (string name, torch.nn.Module submodule)[] modules)
        : base(nameof(Sequential))
    {
        foreach (var (key, module) in modules)
        {
            Add(key, module);
        }
    }

    /// <summary>Modules under the names <c>0</c>, <c>1</c>, and so on.</summary>
    protected Sequential(params torch.nn.Module[] modules)
        : base(nameof(Sequential))
    {
        foreach (var module in modules)
        {
            Add(module);
        }
    }

    /// <summary>How many modules there are.</summary>
    public int Count => _internal_submodules.Count;

    /// <summary>The module at a place.</summary>
    [IndexerName("SequentialItems")]
    public torch.nn.Module this[int index] => _internal_submodules[index].Item2;

    /// <summary>The modules from a place up to (not including) another, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, T4, T5, T6, TResult> this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    /// <summary>The modules of a range, as <see cref="Slice"/> makes them a sequence.</summary>
    [IndexerName("SequentialItems")]
    public Sequential<T1, T2, T3, T4, T5, T6, TResult> this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    /// <summary>Adds a module at the end.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T1, T2, T3, T4, T5, T6, TResult> append(string name, torch.nn.Module module)
    {
        Add(name, module);
        return this;
    }

    /// <summary>Adds a module at the end, under its number.</summary>
    /// <returns>This sequence.</returns>
    public Sequential<T1, T2, T3, T4, T5, T6, TResult> append(torch.nn.Module module)
    {
        Add(module);
        return this;
    }

    /// <summary>Adds a module at the end.</summary>
    protected internal void Add(string name, torch.nn.Module sm) => register_module(name, sm);

    /// <summary>Adds a module at the end, under its number.</summary>
    protected internal void Add(torch.nn.Module module) => Add(Count.ToString(CultureInfo.InvariantCulture), module);

    /// <summary>Makes a sequence of some of the modules; a derived class that wants to be sliced overrides it.</summary>
    /// <exception cref="NotImplementedException">The derived class does not say how.</exception>
    protected virtual Sequential<T1, T2, T3, T4, T5, T6, TResult> Slice(int start, int end) => throw new NotImplementedException($"{GetType().Name} does not say how it is sliced.");
}
