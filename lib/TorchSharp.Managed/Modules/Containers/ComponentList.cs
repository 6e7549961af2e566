using System.Collections;
using System.Globalization;

namespace TorchSharp.Modules;

/// <summary>What a list of modules and one of parameters share: members in order, registered anew under their places whenever they change.</summary>
public abstract class ComponentList<T> : torch.nn.Module, IList<T>
    where T : class
{
    private readonly List<T> _items = [];

    private protected ComponentList(string name)
        : base(name)
    {
    }

    /// <summary>How many there are.</summary>
    public int Count => _items.Count;

    /// <summary>False: the list can be changed.</summary>
    public bool IsReadOnly => false;

    /// <summary>The one at a place.</summary>
    public T this[int index]
    {
        get => _items[index];
        set
        {
            _items[index] = value;
            Changed();
        }
    }

    /// <summary>Adds one at the end.</summary>
    public void Add(T item)
    {
        _items.Add(item);
        Changed();
    }

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        _items.Clear();
        Changed();
    }

    /// <summary>Whether this one is in the list.</summary>
    public bool Contains(T item) => IndexOf(item) >= 0;

    /// <summary>Copies the list into an array.</summary>
    public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    /// <summary>The members, in order.</summary>
    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    /// <summary>The place of this one, or -1.</summary>
    public int IndexOf(T item) => _items.FindIndex(other => ReferenceEquals(other, item));

    /// <summary>Inserts one at a place.</summary>
    public void Insert(int index, T item)
    {
        _items.Insert(index, item);
        Changed();
    }

    /// <summary>Takes this one out.</summary>
    public bool Remove(T item)
    {
        var index = IndexOf(item);
        if (index < 0)
        {
            return false;
        }

        RemoveAt(index);
        return true;
    }

    /// <summary>Takes the one at a place out.</summary>
    public void RemoveAt(int index)
    {
        _items.RemoveAt(index);
        Changed();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds some at the end.</summary>
    private protected void AddRange(IEnumerable<T> items)
    {
        _items.AddRange(items);
        Changed();
    }

    /// <summary>Takes others in place of all, without registering them.</summary>
    private protected void Replace(IEnumerable<T> items)
    {
        _items.Clear();
        _items.AddRange(items);
    }

    /// <summary>Forgets all that is registered.</summary>
    private protected abstract void Unregister();

    /// <summary>Registers one under a name.</summary>
    private protected abstract void Register(string name, T item);

    /// <summary>The names are the places, so they follow every change.</summary>
    private void Changed()
    {
        Unregister();
        for (var i = 0; i < _items.Count; i++)
        {
            Register(i.ToString(CultureInfo.InvariantCulture), _items[i]);
        }
    }
}
