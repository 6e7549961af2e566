using TorchSharp.Modules;

namespace TorchSharp.Modules
{
    /// <summary>A tensor that a module learns: modules list it among their parameters, and it requires a gradient unless told otherwise.</summary>
    public class Parameter : Tensor
    {
        /// <summary>Takes over the memory of a tensor, which is empty afterwards, as a leaf of the graph.</summary>
        /// <param name="data">The initial values.</param>
        /// <param name="requires_grad">Whether it is learnt.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A gradient is required of a tensor that is not floating point.</exception>
        public Parameter(Tensor data, bool requires_grad = true)
            : base(data)
        {
            // It takes the tensor's place in its dispose scope too.
            OwningDisposeScope?.Detach((Tensor)this);
            data.OwningDisposeScope?.Attach(this);
            this.requires_grad = requires_grad;
            data.Dispose();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            /// <inheritdoc cref="Modules.Parameter(Tensor, bool)"/>
            public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);
        }
    }
}
