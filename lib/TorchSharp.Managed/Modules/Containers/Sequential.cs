using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Modules one after the other: each one's result is the next one's input.</summary>
    /// <remarks>As in TorchSharp, results between the modules are disposed as soon as the next module is done.</remarks>
    public class Sequential : torch.nn.Module<Tensor, Tensor>
    {
        /// <summary>Modules under names.</summary>
        protected internal Sequential(params (string name, torch.nn.Module<Tensor, Tensor> submodule)[] modules)
            : base(nameof(Sequential))
        {
            foreach (var (key, module) in modules)
            {
                append(key, module);
            }
        }

        /// <summary>Modules under the names <c>0</c>, <c>1</c>, and so on.</summary>
        protected internal Sequential(params torch.nn.Module<Tensor, Tensor>[] modules)
            : base(nameof(Sequential))
        {
            foreach (var module in modules)
            {
                append(module);
            }
        }

        /// <summary>How many modules there are.</summary>
        public int Count => _internal_submodules.Count;

        /// <summary>The module at a place.</summary>
        [IndexerName("SequentialItems")]
        public torch.nn.IModule<Tensor, Tensor> this[int index] => (torch.nn.IModule<Tensor, Tensor>)_internal_submodules[index].Item2;

        /// <summary>The modules from a place up to (not including) another, as a new sequence of the same modules.</summary>
        [IndexerName("SequentialItems")]
        public Sequential this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

        /// <summary>The modules of a range, as a new sequence of the same modules.</summary>
        [IndexerName("SequentialItems")]
        public Sequential this[Range index] => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

        /// <summary>Adds a module at the end.</summary>
        /// <returns>This sequence.</returns>
        public Sequential append(string name, torch.nn.IModule<Tensor, Tensor> module)
        {
            register_module(name, (torch.nn.Module)module);
            return this;
        }

        /// <summary>Adds a module at the end, under its number.</summary>
        /// <returns>This sequence.</returns>
        public Sequential append(torch.nn.IModule<Tensor, Tensor> module) => append(Count.ToString(CultureInfo.InvariantCulture), module);

        /// <inheritdoc/>
        public override Tensor forward(Tensor input)
        {
            var result = input;
            foreach (var (_, module) in _internal_submodules)
            {
                var next = ((torch.nn.IModule<Tensor, Tensor>)module).call(result);
                if (!ReferenceEquals(result, input) && !ReferenceEquals(result, next))
                {
                    result.Dispose();
                }

                result = next;
            }

            return ReferenceEquals(result, input) ? input.Handle() : result;
        }

        private Sequential Slice(int start, int end)
        {
            SequentialItems.CheckRange(start, end, Count);
            var result = new Sequential(Array.Empty<torch.nn.Module<Tensor, Tensor>>());
            for (var i = start; i < end; i++)
            {
                result._internal_submodules.Add(_internal_submodules[i]);
            }

            return result;
        }
    }

    internal static class SequentialItems
    {
        public static void CheckRange(int start, int end, int count)
        {
            if (start < 0 || end > count || start > end)
            {
                throw new ArgumentOutOfRangeException(nameof(start), $"{start}..{end} is not a range of a sequence of {count} modules.");
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
            /// <summary>An empty sequence of modules.</summary>
            public static Sequential Sequential() => new(Array.Empty<Module<Tensor, Tensor>>());

            /// <summary>Modules one after the other, under names.</summary>
            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules) => new(modules);

            /// <summary>Modules one after the other, under the names <c>0</c>, <c>1</c>, and so on.</summary>
            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => new(modules);

            /// <summary>Modules one after the other, under names.</summary>
            public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules) => Sequential((IEnumerable<Tuple<string, Module<Tensor, Tensor>>>)modules);

            /// <summary>Modules one after the other, under names.</summary>
            public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules) => new(modules.ToArray());

            /// <summary>Modules one after the other, under names.</summary>
            public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules) => new(modules.Select(item => (item.Item1, item.Item2)).ToArray());

            /// <summary>Modules one after the other, under the names <c>0</c>, <c>1</c>, and so on.</summary>
            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules) => new(modules.ToArray());
        }
    }
}
