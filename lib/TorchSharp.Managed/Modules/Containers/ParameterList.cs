using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A list of parameters that belong to the module that has the list in a field.</summary>
    public class ParameterList : ComponentList<Parameter>
    {
        /// <summary>A list of parameters.</summary>
        public ParameterList(params Parameter[] parameters)
            : base(nameof(ParameterList)) => extend(parameters);

        /// <summary>Adds some at the end.</summary>
        public void append(params Parameter[] parameters) => extend(parameters);

        /// <summary>Adds some at the end.</summary>
        public void extend(IEnumerable<Parameter> parameters) => AddRange(parameters);

        /// <inheritdoc/>
        protected override void _toEpilog(torch.ScalarType? dtype, torch.Device? device, bool non_blocking)
        {
            base._toEpilog(dtype, device, non_blocking);
            Replace(_internal_params.Values);
        }

        private protected override void Unregister() => _internal_params.Clear();

        private protected override void Register(string name, Parameter item) => register_parameter(name, item);
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
