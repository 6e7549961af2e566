using System.Globalization;

namespace TorchSharp.Modules;

/// <summary>What a list of modules and one of parameters have inside: members in order, registered anew under their places whenever they change.</summary>
/// <param name="unregister">Forgets all that is registered.</param>
/// <param name="register">Registers one under a name.</param>
internal sealed class Components<T>(Action unregister, Action<string, T> register)
    where T : class
{
    private readonly List<T> _items = [];

    public int Count => _items.Count;

    public T this[int index]
    {
        get => _items[index];
        set
        {
            _items[index] = value;
            Changed();
        }
    }

    public void Add(T item)
    {
        _items.Add(item);
        Changed();
    }

    public void AddRange(IEnumerable<T> items)
    {
        _items.AddRange(items);
        Changed();
    }

    public void Clear()
    {
        _items.Clear();
        Changed();
    }

    public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

    public int IndexOf(T item) => _items.FindIndex(other => ReferenceEquals(other, item));

    public void Insert(int index, T item)
    {
        _items.Insert(index, item);
        Changed();
    }

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

    public void RemoveAt(int index)
    {
        _items.RemoveAt(index);
        Changed();
    }

    /// <summary>Takes others in place of all, without registering them.</summary>
    public void Replace(IEnumerable<T> items)
    {
        _items.Clear();
        _items.AddRange(items);
    }

    /// <summary>The names are the places, so they follow every change.</summary>
    private void Changed()
    {
        unregister();
        for (var i = 0; i < _items.Count; i++)
        {
            register(i.ToString(CultureInfo.InvariantCulture), _items[i]);
        }
    }
}
