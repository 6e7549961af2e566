using System.Collections;
using System.Globalization;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A list of parameters that belong to the module that has the list in a field.</summary>
    public class ParameterList : torch.nn.Module, IList<Parameter>
    {
        private readonly List<Parameter> _items = [];

        /// <summary>A list of parameters.</summary>
        public ParameterList(params Parameter[] parameters)
            : base(nameof(ParameterList)) => extend(parameters);

        /// <summary>How many there are.</summary>
        public int Count => _items.Count;

        /// <summary>False: the list can be changed.</summary>
        public bool IsReadOnly => false;

        /// <summary>The one at a place.</summary>
        public Parameter this[int index]
        {
            get => _items[index];
            set
            {
                _items[index] = value;
                Changed();
            }
        }

        /// <summary>Adds one at the end.</summary>
        public void Add(Parameter item)
        {
            _items.Add(item);
            Changed();
        }

        /// <summary>Adds some at the end.</summary>
        public void append(params Parameter[] parameters) => extend(parameters);

        /// <summary>Adds some at the end.</summary>
        public void extend(IEnumerable<Parameter> parameters)
        {
            _items.AddRange(parameters);
            Changed();
        }

        /// <summary>Takes all out.</summary>
        public void Clear()
        {
            _items.Clear();
            Changed();
        }

        /// <summary>Whether this one is in the list.</summary>
        public bool Contains(Parameter item) => IndexOf(item) >= 0;

        /// <summary>Copies the list into an array.</summary>
        public void CopyTo(Parameter[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        /// <summary>The members, in order.</summary>
        public IEnumerator<Parameter> GetEnumerator() => _items.GetEnumerator();

        /// <summary>The place of this one, or -1.</summary>
        public int IndexOf(Parameter item) => _items.FindIndex(other => ReferenceEquals(other, item));

        /// <summary>Inserts one at a place.</summary>
        public void Insert(int index, Parameter item)
        {
            _items.Insert(index, item);
            Changed();
        }

        /// <summary>Takes this one out.</summary>
        public bool Remove(Parameter item)
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

        /// <inheritdoc/>
        protected override void _toEpilog(torch.ScalarType? dtype, torch.Device? device, bool non_blocking)
        {
            base._toEpilog(dtype, device, non_blocking);
            _items.Clear();
            _items.AddRange(_internal_params.Values);
        }

        /// <summary>The names are the places, so they follow every change.</summary>
        private void Changed()
        {
            _internal_params.Clear();
            for (var i = 0; i < _items.Count; i++)
            {
                register_parameter(i.ToString(CultureInfo.InvariantCulture), _items[i]);
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
            /// <summary>A list of parameters.</summary>
            public static ParameterList ParameterList(params Parameter[] parameters) => new(parameters);
        }
    }
}
