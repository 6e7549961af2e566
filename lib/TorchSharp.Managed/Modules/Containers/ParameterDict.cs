using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp.Modules
{
    /// <summary>Parameters under names that belong to the module that has the dictionary in a field.</summary>
    public class ParameterDict : torch.nn.Module, IDictionary<string, Parameter>, IList<(string, Parameter)>
    {
        private readonly OrderedDict<string, Parameter> _items = new();

        /// <summary>An empty dictionary.</summary>
        public ParameterDict()
            : base(nameof(ParameterDict))
        {
        }

        /// <summary>How many there are.</summary>
        public int Count => _items.Count;

        /// <summary>False: the dictionary can be changed.</summary>
        public bool IsReadOnly => false;

        /// <summary>The names, in order.</summary>
        public ICollection<string> Keys => _items.Keys;

        /// <summary>The members, in order.</summary>
        public ICollection<Parameter> Values => _items.Values;

        /// <summary>The pair at a place.</summary>
        public (string, Parameter) this[int index]
        {
            get => _items[index];
            set
            {
                _items[index] = value;
                Changed();
            }
        }

        /// <summary>The one of a name; setting a new name appends it.</summary>
        public Parameter this[string key]
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
        public void Add(string key, Parameter value)
        {
            _items.Add(key, value);
            Changed();
        }

        /// <inheritdoc cref="Add(string, Parameter)"/>
        public void Add((string, Parameter) item) => Add(item.Item1, item.Item2);

        /// <inheritdoc cref="Add(string, Parameter)"/>
        public void Add(KeyValuePair<string, Parameter> item) => Add(item.Key, item.Value);

        /// <summary>Inserts a pair at a place.</summary>
        public void Insert(int index, (string, Parameter) item)
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
        public IEnumerable<Parameter> values() => Values;

        /// <summary>The pairs, in order.</summary>
        public IEnumerator<(string, Parameter)> items() => GetEnumerator();

        /// <summary>Whether a pair is there.</summary>
        public bool Contains((string, Parameter) item) => IndexOf(item) >= 0;

        /// <summary>Whether a pair is there.</summary>
        public bool Contains(KeyValuePair<string, Parameter> item) => Contains((item.Key, item.Value));

        /// <summary>Whether a name is there.</summary>
        public bool ContainsKey(string key) => _items.ContainsKey(key);

        /// <summary>The place of a pair, or -1.</summary>
        public int IndexOf((string, Parameter) item)
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
        public void CopyTo((string, Parameter)[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        /// <summary>Copies the pairs into an array.</summary>
        public void CopyTo(KeyValuePair<string, Parameter>[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        /// <summary>Takes out the one of a name.</summary>
        public bool Remove(string key)
        {
            var removed = _items.Remove(key);
            Changed();
            return removed;
        }

        /// <summary>Takes out a pair.</summary>
        public bool Remove((string, Parameter) item) => Contains(item) && Remove(item.Item1);

        /// <summary>Takes out a pair.</summary>
        public bool Remove(KeyValuePair<string, Parameter> item) => Remove((item.Key, item.Value));

        /// <summary>Takes out the pair at a place.</summary>
        public void RemoveAt(int index)
        {
            _items.RemoveAt(index);
            Changed();
        }

        /// <summary>The one of a name, if it is there.</summary>
        public bool TryGetValue(string key, [MaybeNullWhen(false)] out Parameter value) => _items.TryGetValue(key, out value);

        /// <summary>The pairs, in order.</summary>
        public IEnumerator<(string, Parameter)> GetEnumerator() => _items.GetEnumerator();

        IEnumerator<KeyValuePair<string, Parameter>> IEnumerable<KeyValuePair<string, Parameter>>.GetEnumerator() => ((IEnumerable<KeyValuePair<string, Parameter>>)_items).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <inheritdoc/>
        protected override void _toEpilog(torch.ScalarType? dtype, torch.Device? device, bool non_blocking)
        {
            base._toEpilog(dtype, device, non_blocking);
            foreach (var (key, parameter) in _internal_params)
            {
                _items[key] = parameter;
            }
        }

        private void Changed()
        {
            _internal_params.Clear();
            foreach (var (key, value) in _items)
            {
                register_parameter(key, value);
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>Parameters under names.</summary>
            public static ParameterDict ParameterDict(params (string, Parameter)[] parameters)
            {
                var result = new ParameterDict();
                foreach (var item in parameters)
                {
                    result.Add(item);
                }

                return result;
            }
        }
    }
}
