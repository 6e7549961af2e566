namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module whose calls can be watched and changed: hooks run before and after <c>forward</c>, in the order in which they were registered.</summary>
        public class HookableModule<TPreHook, TPostHook> : Module
        {
            /// <summary>Hooks that see, and may replace, the inputs.</summary>
            protected Dictionary<string, TPreHook> pre_hooks = [];

            /// <summary>Hooks that see the inputs and see, and may replace, the result.</summary>
            protected Dictionary<string, TPostHook> post_hooks = [];

            /// <summary>Hooks that see the module before it is called.</summary>
            protected Dictionary<string, Action<Module>> module_pre_hooks = [];

            /// <summary>Hooks that see the module after it was called.</summary>
            protected Dictionary<string, Action<Module>> module_post_hooks = [];

            private long _hookCount;

            /// <summary>An empty module.</summary>
            /// <param name="name">A name for people; the state dict does not have it.</param>
            protected HookableModule(string name)
                : base(name)
            {
            }

            /// <summary>Adds a hook that sees the inputs and sees, and may replace, the result; a result of null changes nothing.</summary>
            public HookRemover register_forward_hook(TPostHook hook) => Register(post_hooks, hook);

            /// <summary>Adds a hook that sees the module after it was called.</summary>
            public HookRemover register_forward_hook(Action<Module> hook) => Register(module_post_hooks, hook);

            /// <summary>Adds a hook that sees, and may replace, the inputs; a result of null changes nothing.</summary>
            public HookRemover register_forward_pre_hook(TPreHook hook) => Register(pre_hooks, hook);

            /// <summary>Adds a hook that sees the module before it is called.</summary>
            public HookRemover register_forward_pre_hook(Action<Module> hook) => Register(module_pre_hooks, hook);

            private protected void RunModuleHooks(Dictionary<string, Action<Module>> hooks)
            {
                foreach (var hook in hooks.Values)
                {
                    hook(this);
                }
            }

            private HookRemover Register<T>(Dictionary<string, T> hooks, T hook)
            {
                ArgumentNullException.ThrowIfNull(hook);
                var key = $"{_hookCount++}";
                hooks.Add(key, hook);
                return new HookRemover(this, key);
            }

            private void Remove(string key)
            {
                pre_hooks.Remove(key);
                post_hooks.Remove(key);
                module_pre_hooks.Remove(key);
                module_post_hooks.Remove(key);
            }

            /// <summary>Takes a hook off again.</summary>
            public class HookRemover
            {
                private readonly HookableModule<TPreHook, TPostHook> _module;
                private readonly string _key;

                /// <summary>A remover of one hook of a module.</summary>
                public HookRemover(HookableModule<TPreHook, TPostHook> module, string key)
                {
                    _module = module;
                    _key = key;
                }

                /// <summary>Takes the hook off. A second call does nothing.</summary>
                public void remove() => _module.Remove(_key);
            }
        }
    }
}
