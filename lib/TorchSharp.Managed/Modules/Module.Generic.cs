namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // Modules of one to six inputs. They differ in nothing but the number: `call` runs the hooks around `forward`.

        /// <summary>Something that can be called with one input.</summary>
        public interface IModule<T, TResult>
        {
            /// <summary>Computes the result, hooks included.</summary>
            TResult call(T input1);
        }

        /// <summary>A module of one input.</summary>
        public abstract class Module<T, TResult> : HookableModule<Func<Module<T, TResult>, T, T>, Func<Module<T, TResult>, T, TResult, TResult>>, IModule<T, TResult>
        {
            /// <summary>An empty module.</summary>
            /// <param name="name">A name for people; the state dict does not have it.</param>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>What the module computes. To use it, write <see cref="call"/>, which runs the hooks too.</summary>
            public abstract TResult forward(T input);

            /// <summary>Runs the hooks that come before, <see cref="forward"/>, and the hooks that come after.</summary>
            public TResult call(T input)
            {
                RunModuleHooks(module_pre_hooks);
                foreach (var hook in pre_hooks.Values)
                {
                    if (hook(this, input) is { } changed)
                    {
                        input = changed;
                    }
                }

                var result = forward(input);
                foreach (var hook in post_hooks.Values)
                {
                    if (hook(this, input, result) is { } changed)
                    {
                        result = changed;
                    }
                }

                RunModuleHooks(module_post_hooks);
                return result;
            }
        }

        /// <summary>Something that can be called with two inputs.</summary>
        public interface IModule<T1, T2, TResult>
        {
            /// <summary>Computes the result, hooks included.</summary>
            TResult call(T1 input1, T2 input2);
        }

        /// <summary>A module of two inputs.</summary>
        public abstract class Module<T1, T2, TResult> : HookableModule<Func<Module<T1, T2, TResult>, T1, T2, (T1, T2)?>, Func<Module<T1, T2, TResult>, T1, T2, TResult, TResult>>, IModule<T1, T2, TResult>
        {
            /// <summary>An empty module.</summary>
            /// <param name="name">A name for people; the state dict does not have it.</param>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>What the module computes. To use it, write <see cref="call"/>, which runs the hooks too.</summary>
            public abstract TResult forward(T1 input1, T2 input2);

            /// <summary>Runs the hooks that come before, <see cref="forward"/>, and the hooks that come after.</summary>
            public TResult call(T1 input1, T2 input2)
            {
                RunModuleHooks(module_pre_hooks);
                foreach (var hook in pre_hooks.Values)
                {
                    if (hook(this, input1, input2) is { } changed)
                    {
                        (input1, input2) = changed;
                    }
                }

                var result = forward(input1, input2);
                foreach (var hook in post_hooks.Values)
                {
                    if (hook(this, input1, input2, result) is { } changed)
                    {
                        result = changed;
                    }
                }

                RunModuleHooks(module_post_hooks);
                return result;
            }
        }

        /// <summary>Something that can be called with three inputs.</summary>
        public interface IModule<T1, T2, T3, TResult>
        {
            /// <summary>Computes the result, hooks included.</summary>
            TResult call(T1 input1, T2 input2, T3 input3);
        }

        /// <summary>A module of three inputs.</summary>
        public abstract class Module<T1, T2, T3, TResult> : HookableModule<Func<Module<T1, T2, T3, TResult>, T1, T2, T3, (T1, T2, T3)?>, Func<Module<T1, T2, T3, TResult>, T1, T2, T3, TResult, TResult>>, IModule<T1, T2, T3, TResult>
        {
            /// <summary>An empty module.</summary>
            /// <param name="name">A name for people; the state dict does not have it.</param>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>What the module computes. To use it, write <see cref="call"/>, which runs the hooks too.</summary>
            public abstract TResult forward(T1 input1, T2 input2, T3 input3);

            /// <summary>Runs the hooks that come before, <see cref="forward"/>, and the hooks that come after.</summary>
            public TResult call(T1 input1, T2 input2, T3 input3)
            {
                RunModuleHooks(module_pre_hooks);
                foreach (var hook in pre_hooks.Values)
                {
                    if (hook(this, input1, input2, input3) is { } changed)
                    {
                        (input1, input2, input3) = changed;
                    }
                }

                var result = forward(input1, input2, input3);
                foreach (var hook in post_hooks.Values)
                {
                    if (hook(this, input1, input2, input3, result) is { } changed)
                    {
                        result = changed;
                    }
                }

                RunModuleHooks(module_post_hooks);
                return result;
            }
        }

        /// <summary>Something that can be called with four inputs.</summary>
        public interface IModule<T1, T2, T3, T4, TResult>
        {
            /// <summary>Computes the result, hooks included.</summary>
            TResult call(T1 input1, T2 input2, T3 input3, T4 input4);
        }

        /// <summary>A module of four inputs.</summary>
        public abstract class Module<T1, T2, T3, T4, TResult> : HookableModule<Func<Module<T1, T2, T3, T4, TResult>, T1, T2, T3, T4, (T1, T2, T3, T4)?>, Func<Module<T1, T2, T3, T4, TResult>, T1, T2, T3, T4, TResult, TResult>>, IModule<T1, T2, T3, T4, TResult>
        {
            /// <summary>An empty module.</summary>
            /// <param name="name">A name for people; the state dict does not have it.</param>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>What the module computes. To use it, write <see cref="call"/>, which runs the hooks too.</summary>
            public abstract TResult forward(T1 input1, T2 input2, T3 input3, T4 input4);

            /// <summary>Runs the hooks that come before, <see cref="forward"/>, and the hooks that come after.</summary>
            public TResult call(T1 input1, T2 input2, T3 input3, T4 input4)
            {
                RunModuleHooks(module_pre_hooks);
                foreach (var hook in pre_hooks.Values)
                {
                    if (hook(this, input1, input2, input3, input4) is { } changed)
                    {
                        (input1, input2, input3, input4) = changed;
                    }
                }

                var result = forward(input1, input2, input3, input4);
                foreach (var hook in post_hooks.Values)
                {
                    if (hook(this, input1, input2, input3, input4, result) is { } changed)
                    {
                        result = changed;
                    }
                }

                RunModuleHooks(module_post_hooks);
                return result;
            }
        }

        /// <summary>Something that can be called with five inputs.</summary>
        public interface IModule<T1, T2, T3, T4, T5, TResult>
        {
            /// <summary>Computes the result, hooks included.</summary>
            TResult call(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5);
        }

        /// <summary>A module of five inputs.</summary>
        public abstract class Module<T1, T2, T3, T4, T5, TResult> : HookableModule<Func<Module<T1, T2, T3, T4, T5, TResult>, T1, T2, T3, T4, T5, (T1, T2, T3, T4, T5)?>, Func<Module<T1, T2, T3, T4, T5, TResult>, T1, T2, T3, T4, T5, TResult, TResult>>, IModule<T1, T2, T3, T4, T5, TResult>
        {
            /// <summary>An empty module.</summary>
            /// <param name="name">A name for people; the state dict does not have it.</param>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>What the module computes. To use it, write <see cref="call"/>, which runs the hooks too.</summary>
            public abstract TResult forward(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5);

            /// <summary>Runs the hooks that come before, <see cref="forward"/>, and the hooks that come after.</summary>
            public TResult call(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5)
            {
                RunModuleHooks(module_pre_hooks);
                foreach (var hook in pre_hooks.Values)
                {
                    if (hook(this, input1, input2, input3, input4, input5) is { } changed)
                    {
                        (input1, input2, input3, input4, input5) = changed;
                    }
                }

                var result = forward(input1, input2, input3, input4, input5);
                foreach (var hook in post_hooks.Values)
                {
                    if (hook(this, input1, input2, input3, input4, input5, result) is { } changed)
                    {
                        result = changed;
                    }
                }

                RunModuleHooks(module_post_hooks);
                return result;
            }
        }

        /// <summary>Something that can be called with six inputs.</summary>
        public interface IModule<T1, T2, T3, T4, T5, T6, TResult>
        {
            /// <summary>Computes the result, hooks included.</summary>
            TResult call(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5, T6 input6);
        }

        /// <summary>A module of six inputs.</summary>
        public abstract class Module<T1, T2, T3, T4, T5, T6, TResult> : HookableModule<Func<Module<T1, T2, T3, T4, T5, T6, TResult>, T1, T2, T3, T4, T5, T6, (T1, T2, T3, T4, T5, T6)?>, Func<Module<T1, T2, T3, T4, T5, T6, TResult>, T1, T2, T3, T4, T5, T6, TResult, TResult>>, IModule<T1, T2, T3, T4, T5, T6, TResult>
        {
            /// <summary>An empty module.</summary>
            /// <param name="name">A name for people; the state dict does not have it.</param>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>What the module computes. To use it, write <see cref="call"/>, which runs the hooks too.</summary>
            public abstract TResult forward(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5, T6 input6);

            /// <summary>Runs the hooks that come before, <see cref="forward"/>, and the hooks that come after.</summary>
            public TResult call(T1 input1, T2 input2, T3 input3, T4 input4, T5 input5, T6 input6)
            {
                RunModuleHooks(module_pre_hooks);
                foreach (var hook in pre_hooks.Values)
                {
                    if (hook(this, input1, input2, input3, input4, input5, input6) is { } changed)
                    {
                        (input1, input2, input3, input4, input5, input6) = changed;
                    }
                }

                var result = forward(input1, input2, input3, input4, input5, input6);
                foreach (var hook in post_hooks.Values)
                {
                    if (hook(this, input1, input2, input3, input4, input5, input6, result) is { } changed)
                    {
                        result = changed;
                    }
                }

                RunModuleHooks(module_post_hooks);
                return result;
            }
        }
    }
}
