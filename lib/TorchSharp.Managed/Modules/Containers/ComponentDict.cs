using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Utils;

namespace TorchSharp.Modules;

/// <summary>What a dictionary of modules and one of parameters share: pairs in order, registered anew whenever they change.</summary>
public abstract class ComponentDict<T> : torch.nn.Module, IDictionary<string, T>, IList<(string, T)>
    where T : class
{
    private readonly OrderedDict<string, T> _items = new();

    private protected ComponentDict(string name)
        : base(name)
    {
    }

    /// <summary>How many there are.</summary>
    public int Count => _items.Count;

    /// <summary>False: the dictionary can be changed.</summary>
    public bool IsReadOnly => false;

    /// <summary>The names, in order.</summary>
    public ICollection<string> Keys => _items.Keys;

    /// <summary>The members, in order.</summary>
    public ICollection<T> Values => _items.Values;

    /// <summary>The pair at a place.</summary>
    public (string, T) this[int index]
    {
        get => _items[index];
        set
        {
            _items[index] = value;
            Changed();
        }
    }

    /// <summary>The one of a name; setting a new name appends it.</summary>
    public T this[string key]
    {
        get => _items[key];
        set
        {
            _items[key] = value;
            Changed();
        }
    }

    /// <summary>Appends a pair.</summary>
    /// <exception cref="ArgumentException">The name is there already.</exception>
    public void Add(string key, T value)
    {
        _items.Add(key, value);
        Changed();
    }

    /// <inheritdoc cref="Add(string, T)"/>
    public void Add((string, T) item) => Add(item.Item1, item.Item2);

    /// <inheritdoc cref="Add(string, T)"/>
    public void Add(KeyValuePair<string, T> item) => Add(item.Key, item.Value);

    /// <summary>Inserts a pair at a place.</summary>
    public void Insert(int index, (string, T) item)
    {
        _items.Insert(index, item);
        Changed();
    }

    /// <summary>Takes all out.</summary>
    public void Clear()
    {
        _items.Clear();
        Changed();
    }

    /// <summary>Takes all out.</summary>
    public void clear() => Clear();

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> keys() => Keys;

    /// <summary>The members, in order.</summary>
    public IEnumerable<T> values() => Values;

    /// <summary>The pairs, in order.</summary>
    public IEnumerator<(string, T)> items() => GetEnumerator();

    /// <summary>Whether a pair is there.</summary>
    public bool Contains((string, T) item) => IndexOf(item) >= 0;

    /// <summary>Whether a pair is there.</summary>
    public bool Contains(KeyValuePair<string, T> item) => Contains((item.Key, item.Value));

    /// <summary>Whether a name is there.</summary>
    public bool ContainsKey(string key) => _items.ContainsKey(key);

    /// <summary>The place of a pair, or -1.</summary>
    public int IndexOf((string, T) item)
    {
        var index = 0;
        foreach (var (key, value) in _items)
        {
            if (key == item.Item1 && ReferenceEquals(value, item.Item2))
            {
                return index;
            }

            index++;
        }

        return -1;
    }

    /// <summary>Copies the pairs into an array.</summary>
    public void CopyTo((string, T)[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    /// <summary>Copies the pairs into an array.</summary>
    public void CopyTo(KeyValuePair<string, T>[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

    /// <summary>Takes out the one of a name.</summary>
    public bool Remove(string key)
    {
        var removed = _items.Remove(key);
        Changed();
        return removed;
    }

    /// <summary>Takes out a pair.</summary>
    public bool Remove((string, T) item) => Contains(item) && Remove(item.Item1);

    /// <summary>Takes out a pair.</summary>
    public bool Remove(KeyValuePair<string, T> item) => Remove((item.Key, item.Value));

    /// <summary>Takes out the pair at a place.</summary>
    public void RemoveAt(int index)
    {
        _items.RemoveAt(index);
        Changed();
    }

    /// <summary>The one of a name, if it is there.</summary>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value) => _items.TryGetValue(key, out value);

    /// <summary>The pairs, in order.</summary>
    public IEnumerator<(string, T)> GetEnumerator() => _items.GetEnumerator();

    IEnumerator<KeyValuePair<string, T>> IEnumerable<KeyValuePair<string, T>>.GetEnumerator() => ((IEnumerable<KeyValuePair<string, T>>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Registers all pairs in place of those before.</summary>
    private protected abstract void Register(IEnumerable<(string, T)> items);

    /// <summary>Puts another one under a name, without registering it.</summary>
    private protected void Replace(string key, T value) => _items[key] = value;

    private void Changed() => Register(_items);
}
