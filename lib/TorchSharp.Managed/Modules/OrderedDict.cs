using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace TorchSharp.Utils;

/// <summary>A dictionary that remembers the order in which its keys were added, and is a list of (key, value) pairs in that order.</summary>
public class OrderedDict<TKey, TValue> : IDictionary<TKey, TValue>, IList<(TKey, TValue)>
    where TKey : notnull
{
    private readonly OrderedDictionary<TKey, TValue> _items = [];

    /// <summary>How many entries there are.</summary>
    public int Count => _items.Count;

    /// <summary>False: entries can be added and removed.</summary>
    public bool IsReadOnly => false;

    /// <summary>The keys, in order.</summary>
    public ICollection<TKey> Keys => _items.Keys;

    /// <summary>The values, in order.</summary>
    public ICollection<TValue> Values => _items.Values;

    /// <summary>The value of a key; setting a new key appends it.</summary>
    /// <exception cref="KeyNotFoundException">There is no such key.</exception>
    public TValue this[TKey key]
    {
        get => _items[key];
        set => _items[key] = value;
    }

    /// <summary>The pair at a place.</summary>
    public (TKey, TValue) this[int index]
    {
        get => (_items.GetAt(index).Key, _items.GetAt(index).Value);
        set => _items.SetAt(index, value.Item1, value.Item2);
    }

    /// <summary>Appends a pair.</summary>
    /// <exception cref="ArgumentException">The key is there already.</exception>
    public void Add(TKey key, TValue value) => _items.Add(key, value);

    /// <inheritdoc cref="Add(TKey, TValue)"/>
    public void Add((TKey, TValue) item) => _items.Add(item.Item1, item.Item2);

    /// <inheritdoc cref="Add(TKey, TValue)"/>
    public void Add(KeyValuePair<TKey, TValue> item) => _items.Add(item.Key, item.Value);

    /// <summary>Appends a pair unless the key is there already.</summary>
    public bool TryAdd(TKey key, TValue value) => _items.TryAdd(key, value);

    /// <summary>Inserts a pair at a place.</summary>
    public void Insert(int index, (TKey, TValue) item) => _items.Insert(index, item.Item1, item.Item2);

    /// <summary>Removes everything.</summary>
    public void Clear() => _items.Clear();

    /// <summary>Removes everything.</summary>
    public void clear() => _items.Clear();

    /// <summary>Whether a key is there.</summary>
    public bool ContainsKey(TKey key) => _items.ContainsKey(key);

    /// <summary>Whether a pair is there.</summary>
    public bool Contains((TKey, TValue) item) => IndexOf(item) >= 0;

    /// <summary>Whether a pair is there.</summary>
    public bool Contains(KeyValuePair<TKey, TValue> item) => IndexOf((item.Key, item.Value)) >= 0;

    /// <summary>The place of a pair, or -1.</summary>
    public int IndexOf((TKey, TValue) item)
    {
        var index = _items.IndexOf(item.Item1);
        return index >= 0 && EqualityComparer<TValue>.Default.Equals(_items.GetAt(index).Value, item.Item2) ? index : -1;
    }

    /// <summary>Removes a key.</summary>
    public bool Remove(TKey key) => _items.Remove(key);

    /// <summary>Removes a pair.</summary>
    public bool Remove((TKey, TValue) item) => Contains(item) && _items.Remove(item.Item1);

    /// <summary>Removes a pair.</summary>
    public bool Remove(KeyValuePair<TKey, TValue> item) => Remove((item.Key, item.Value));

    /// <summary>Removes the pair at a place.</summary>
    public void RemoveAt(int index) => _items.RemoveAt(index);

    /// <summary>The value of a key, if it is there.</summary>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _items.TryGetValue(key, out value);

    /// <summary>Copies the pairs into an array.</summary>
    public void CopyTo((TKey, TValue)[] array, int arrayIndex)
    {
        foreach (var item in this)
        {
            array[arrayIndex++] = item;
        }
    }

    /// <summary>Copies the pairs into an array.</summary>
    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) => ((ICollection<KeyValuePair<TKey, TValue>>)_items).CopyTo(array, arrayIndex);

    /// <summary>The pairs in order.</summary>
    public IEnumerator<(TKey, TValue)> GetEnumerator()
    {
        foreach (var (key, value) in _items)
        {
            yield return (key, value);
        }
    }

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
