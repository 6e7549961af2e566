using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A list of modules whose parameters belong to the module that has the list in a field. It cannot be called itself.</summary>
    public class ModuleList<T> : ComponentList<T>
        where T : torch.nn.Module
    {
        /// <summary>A list of modules.</summary>
        public ModuleList(params T[] modules)
            : base(nameof(ModuleList<T>)) => extend(modules);

        /// <summary>Adds some at the end.</summary>
        public void append(params T[] parameters) => extend(parameters);

        /// <summary>Adds some at the end.</summary>
        public void extend(IEnumerable<T> modules) => AddRange(modules);

        private protected override void Unregister() => _internal_submodules.Clear();

        private protected override void Register(string name, T item) => register_module(name, item);
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
