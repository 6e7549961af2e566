using TorchSharp.Autograd;

namespace TorchSharp.Autograd
{
    /// <summary>Whether operations on this thread are recorded for <c>backward</c>.</summary>
    internal static class GradMode
    {
        // Stored inverted, so that a new thread starts with recording on.
        [ThreadStatic]
        private static bool _off;

        public static bool Enabled
        {
            get => !_off;
            set => _off = !value;
        }

        /// <summary>Sets the mode until the result is disposed.</summary>
        public static Guard Set(bool enabled) => new(enabled);

        internal sealed class Guard : IDisposable
        {
            private readonly bool _previous = Enabled;
            private bool _ended;

            public Guard(bool enabled) => Enabled = enabled;

            public void Dispose()
            {
                if (!_ended)
                {
                    _ended = true;
                    Enabled = _previous;
                }
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        /// <summary>Until the result is disposed, operations on this thread are not recorded: less memory, no backward.</summary>
        public static IDisposable no_grad() => GradMode.Set(false);

        /// <summary>Until the result is disposed, operations on this thread are recorded (or not).</summary>
        public static IDisposable enable_grad(bool enabled = true) => GradMode.Set(enabled);

        /// <summary>As <see cref="no_grad"/>: this engine has nothing cheaper to offer than not recording.</summary>
        public static IDisposable inference_mode(bool mode = true) => GradMode.Set(!mode && GradMode.Enabled);

        /// <summary>Switches recording on this thread on or off; disposing the result puts it back.</summary>
        public static IDisposable set_grad_enabled(bool mode = true) => GradMode.Set(mode);

        /// <summary>Whether operations on this thread are recorded.</summary>
        public static bool is_grad_enabled() => GradMode.Enabled;
    }
}
