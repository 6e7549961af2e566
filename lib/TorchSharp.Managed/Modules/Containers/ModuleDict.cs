using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Modules under names whose parameters belong to the module that has the dictionary in a field. It cannot be called itself.</summary>
    public class ModuleDict<T> : ComponentDict<T>
        where T : torch.nn.Module
    {
        /// <summary>An empty dictionary.</summary>
        public ModuleDict()
            : base(nameof(ModuleDict<T>))
        {
        }

        private protected override void Register(IEnumerable<(string, T)> items)
        {
            _internal_submodules.Clear();
            foreach (var (key, value) in items)
            {
                register_module(key, value);
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
            /// <summary>Modules under names.</summary>
            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

            /// <summary>Modules of one type under names.</summary>
            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules)
                where T : Module
            {
                var result = new ModuleDict<T>();
                foreach (var item in modules)
                {
                    result.Add(item);
                }

                return result;
            }
        }
    }
}
