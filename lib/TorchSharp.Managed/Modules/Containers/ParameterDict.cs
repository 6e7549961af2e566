using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>Parameters under names that belong to the module that has the dictionary in a field.</summary>
    public class ParameterDict : ComponentDict<Parameter>
    {
        /// <summary>An empty dictionary.</summary>
        public ParameterDict()
            : base(nameof(ParameterDict))
        {
        }

        /// <inheritdoc/>
        protected override void _toEpilog(torch.ScalarType? dtype, torch.Device? device, bool non_blocking)
        {
            base._toEpilog(dtype, device, non_blocking);
            foreach (var (key, parameter) in _internal_params)
            {
                Replace(key, parameter);
            }
        }

        private protected override void Register(IEnumerable<(string, Parameter)> items)
        {
            _internal_params.Clear();
            foreach (var (key, value) in items)
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
