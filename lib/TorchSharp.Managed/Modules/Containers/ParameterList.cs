using System.Collections;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A list of parameters that belong to the module that has the list in a field.</summary>
    public class ParameterList : torch.nn.Module, IList<Parameter>
    {
        private readonly Components<Parameter> _items;

        /// <summary>A list of parameters.</summary>
        public ParameterList(params Parameter[] parameters)
            : base(nameof(ParameterList))
        {
            _items = new(() => _internal_params.Clear(), register_parameter);
            extend(parameters);
        }

        /// <summary>How many there are.</summary>
        public int Count => _items.Count;

        /// <summary>False: the list can be changed.</summary>
        public bool IsReadOnly => false;

        /// <summary>The one at a place.</summary>
        public Parameter this[int index]
        {
            get => _items[index];
            set => _items[index] = value;
        }

        /// <summary>Adds one at the end.</summary>
        public void Add(Parameter item) => _items.Add(item);

        /// <summary>Adds some at the end.</summary>
        public void append(params Parameter[] parameters) => extend(parameters);

        /// <summary>Adds some at the end.</summary>
        public void extend(IEnumerable<Parameter> parameters) => _items.AddRange(parameters);

        /// <summary>Takes all out.</summary>
        public void Clear() => _items.Clear();

        /// <summary>Whether this one is in the list.</summary>
        public bool Contains(Parameter item) => _items.IndexOf(item) >= 0;

        /// <summary>Copies the list into an array.</summary>
        public void CopyTo(Parameter[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        /// <summary>The members, in order.</summary>
        public IEnumerator<Parameter> GetEnumerator() => _items.GetEnumerator();

        /// <summary>The place of this one, or -1.</summary>
        public int IndexOf(Parameter item) => _items.IndexOf(item);

        /// <summary>Inserts one at a place.</summary>
        public void Insert(int index, Parameter item) => _items.Insert(index, item);

        /// <summary>Takes this one out.</summary>
        public bool Remove(Parameter item) => _items.Remove(item);

        /// <summary>Takes the one at a place out.</summary>
        public void RemoveAt(int index) => _items.RemoveAt(index);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        /// <inheritdoc/>
        protected override void _toEpilog(torch.ScalarType? dtype, torch.Device? device, bool non_blocking)
        {
            base._toEpilog(dtype, device, non_blocking);
            _items.Replace(_internal_params.Values);
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A list of parameters.</summary>
            public static ParameterList ParameterList(params Parameter[] parameters) => new(parameters);
        }
    }
}
