using System.Collections;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A list of modules whose parameters belong to the module that has the list in a field. It cannot be called itself.</summary>
    public class ModuleList<T> : torch.nn.Module, IList<T>
        where T : torch.nn.Module
    {
        private readonly Components<T> _items;

        /// <summary>A list of modules.</summary>
        public ModuleList(params T[] modules)
            : base(nameof(ModuleList<T>))
        {
            _items = new(() => _internal_submodules.Clear(), register_module);
            extend(modules);
        }

        /// <summary>How many there are.</summary>
        public int Count => _items.Count;

        /// <summary>False: the list can be changed.</summary>
        public bool IsReadOnly => false;

        /// <summary>The one at a place.</summary>
        public T this[int index]
        {
            get => _items[index];
            set => _items[index] = value;
        }

        /// <summary>Adds one at the end.</summary>
        public void Add(T item) => _items.Add(item);

        /// <summary>Adds some at the end.</summary>
        public void append(params T[] parameters) => extend(parameters);

        /// <summary>Adds some at the end.</summary>
        public void extend(IEnumerable<T> modules) => _items.AddRange(modules);

        /// <summary>Takes all out.</summary>
        public void Clear() => _items.Clear();

        /// <summary>Whether this one is in the list.</summary>
        public bool Contains(T item) => _items.IndexOf(item) >= 0;

        /// <summary>Copies the list into an array.</summary>
        public void CopyTo(T[] array, int arrayIndex) => _items.CopyTo(array, arrayIndex);

        /// <summary>The members, in order.</summary>
        public IEnumerator<T> GetEnumerator() => _items.GetEnumerator();

        /// <summary>The place of this one, or -1.</summary>
        public int IndexOf(T item) => _items.IndexOf(item);

        /// <summary>Inserts one at a place.</summary>
        public void Insert(int index, T item) => _items.Insert(index, item);

        /// <summary>Takes this one out.</summary>
        public bool Remove(T item) => _items.Remove(item);

        /// <summary>Takes the one at a place out.</summary>
        public void RemoveAt(int index) => _items.RemoveAt(index);

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <summary>A list of modules.</summary>
            public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

            /// <summary>A list of modules of one type.</summary>
            public static ModuleList<T> ModuleList<T>(params T[] modules)
                where T : Module => new(modules);
        }
    }
}
