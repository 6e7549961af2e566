using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Layers, losses, and what modules are made of.</summary>
    public static partial class nn
    {
        /// <summary>A part of a network: parameters, buffers and modules inside it, by name.</summary>
        /// <remarks>This file: what a module holds and how it is found. Module.Conversion.cs changes its type, Module.State.cs saves and loads it.</remarks>
        public partial class Module : IDisposable
        {
            private static readonly ConditionalWeakTable<Type, FieldInfo[]> ComponentFields = [];

            /// <summary>The modules inside this one, by name.</summary>
            protected OrderedDict<string, Module> _internal_submodules = new();

            /// <summary>This module's own buffers, by name, with whether they belong to the state dict.</summary>
            protected OrderedDict<string, (Tensor, bool)> _internal_buffers = new();

            /// <summary>This module's own parameters, by name.</summary>
            protected OrderedDict<string, Parameter> _internal_params = new();

            /// <summary>Where the module is: on the processor.</summary>
            protected DeviceType _deviceType = DeviceType.CPU;

            /// <summary>Which device of its kind: -1 for the processor.</summary>
            protected int _deviceIndex = -1;

            /// <summary>The name given to the constructor.</summary>
            protected string name;

            private bool _areComponentsRegistered;
            private bool _training = true;

            /// <summary>An empty module.</summary>
            /// <param name="name">A name for people; the state dict does not have it.</param>
            protected Module(string name) => this.name = name;

            /// <summary>Whether the module is in training mode, as it is at first: dropout drops, batch norm counts.</summary>
            public virtual bool training => _training;

            /// <summary>The name given to the constructor.</summary>
            public virtual string GetName() => name;

            /// <summary>Disposes the parameters and buffers of this module and of all modules inside it.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes the parameters and buffers of this module and of all modules inside it.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                {
                    return;
                }

                foreach (var (_, parameter) in _internal_params)
                {
                    parameter.Dispose();
                }

                foreach (var (_, (buffer, _)) in _internal_buffers)
                {
                    buffer.Dispose();
                }

                foreach (var (_, module) in _internal_submodules)
                {
                    module.Dispose();
                }
            }

            /// <summary>Calls a function on every module inside this one, innermost first, then on this one.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, module) in named_children())
                {
                    module.apply(fn);
                }

                fn(this);
                return this;
            }

            /// <summary>Switches training mode on (or off), here and in all modules inside.</summary>
            public virtual void train(bool train = true)
            {
                _training = train;
                foreach (var (_, module) in named_children())
                {
                    module.train(train);
                }
            }

            /// <summary>Switches training mode off.</summary>
            public virtual void eval() => train(false);

            /// <summary>Forgets the gradients of all parameters.</summary>
            /// <param name="set_to_none">Whether <c>grad</c> becomes null; otherwise it is filled with zeros.</param>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                    }
                    else
                    {
                        parameter.GradientOrNull?.zero_();
                    }
                }
            }

            /// <summary>The parameters with their names: this module's own, then those of the modules inside; each once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
                foreach (var (key, parameter) in _internal_params)
                {
                    if (!parameter.IsInvalid && seen.Add(parameter))
                    {
                        yield return (key, parameter);
                    }
                }

                if (!recurse)
                {
                    yield break;
                }

                foreach (var (child, module) in named_children())
                {
                    foreach (var (key, parameter) in module.named_parameters())
                    {
                        if (seen.Add(parameter))
                        {
                            yield return ($"{child}.{key}", parameter);
                        }
                    }
                }
            }

            /// <summary>The parameters: this module's own, then those of the modules inside; each once.</summary>
            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(item => item.parameter);

            /// <summary>The buffers with their names: this module's own, then those of the modules inside; each once.</summary>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
                foreach (var (key, (buffer, persistent)) in _internal_buffers)
                {
                    if ((persistent || include_nonpersistent) && !buffer.IsInvalid && seen.Add(buffer))
                    {
                        yield return (key, buffer);
                    }
                }

                if (!recurse)
                {
                    yield break;
                }

                foreach (var (child, module) in named_children())
                {
                    foreach (var (key, buffer) in module.named_buffers(true, include_nonpersistent))
                    {
                        if (seen.Add(buffer))
                        {
                            yield return ($"{child}.{key}", buffer);
                        }
                    }
                }
            }

            /// <summary>The buffers: this module's own, then those of the modules inside; each once.</summary>
            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) => named_buffers(recurse, include_nonpersistent).Select(item => item.buffer);

            /// <summary>The modules directly inside this one, with their names.</summary>
            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            /// <summary>The modules directly inside this one.</summary>
            public virtual IEnumerable<Module> children() => named_children().Select(item => item.module);

            /// <summary>All modules inside this one with their full names: the direct ones first, then what is in each.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var item in named_children())
                {
                    yield return item;
                }

                foreach (var (child, module) in named_children())
                {
                    foreach (var (key, inner) in module.named_modules())
                    {
                        yield return ($"{child}.{key}", inner);
                    }
                }
            }

            /// <summary>All modules inside this one: the direct ones first, then what is in each.</summary>
            public virtual IEnumerable<Module> modules() => named_modules().Select(item => item.module);

            /// <summary>Whether there is a buffer of this name (with dots: in a module inside).</summary>
            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>Whether there is a parameter of this name (with dots: in a module inside).</summary>
            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            /// <summary>The buffer of a name (with dots: in a module inside), or null.</summary>
            public virtual Tensor? get_buffer(string target) =>
                _internal_buffers.TryGetValue(target, out var own) ? own.Item1
                : Child(target) is var (module, rest) ? module.get_buffer(rest) : null;

            /// <summary>The parameter of a name (with dots: in a module inside), or null.</summary>
            public virtual Parameter? get_parameter(string target) =>
                _internal_params.TryGetValue(target, out var own) ? own
                : Child(target) is var (module, rest) ? module.get_parameter(rest) : null;

            /// <summary>Adds a buffer: a tensor that belongs to the module but is not learnt.</summary>
            /// <param name="name">Its name.</param>
            /// <param name="tensor">The tensor.</param>
            /// <param name="persistent">Whether it belongs to the state dict.</param>
            /// <exception cref="InvalidOperationException">There is a buffer of this name.</exception>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                ArgumentNullException.ThrowIfNull(tensor);
                if (!_internal_buffers.TryAdd(name, (tensor.DetachFromDisposeScope(), persistent)))
                {
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
                }
            }

            /// <summary>Adds a parameter.</summary>
            /// <exception cref="InvalidOperationException">There is a parameter of this name.</exception>
            public virtual void register_parameter(string name, Parameter param)
            {
                ArgumentNullException.ThrowIfNull(param);
                if (!_internal_params.TryAdd(name, (Parameter)param.DetachFromDisposeScope()))
                {
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
                }
            }

            /// <summary>Adds a module inside this one.</summary>
            /// <exception cref="ArgumentException">The name is empty or has a dot.</exception>
            /// <exception cref="InvalidOperationException">There is a module of this name.</exception>
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null)
                {
                    _internal_submodules.Remove(name);
                    return;
                }

                if (string.IsNullOrEmpty(name) || name.Contains('.', StringComparison.Ordinal))
                {
                    throw new ArgumentException($"A module's name can't be empty or contain \".\"; got \"{name}\".", nameof(name));
                }

                if (_internal_submodules.ContainsKey(name))
                {
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");
                }

                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            /// <summary>Adds a module inside this one; as <see cref="register_module"/>.</summary>
            public void add_module(string name, Module module) => register_module(name, module);

            /// <summary>
            /// Finds the parts of this module in its fields, public and private ones and those of base classes: modules, parameters, and other tensors as buffers,
            /// each under the field's name (or the one that <see cref="ComponentNameAttribute"/> gives). To be called at the end of the constructor; a second call does nothing.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (_areComponentsRegistered)
                {
                    return;
                }

                foreach (var field in FieldsOf(GetType()))
                {
                    var component = ComponentName(field);
                    if (_internal_submodules.ContainsKey(component) || _internal_params.ContainsKey(component) || _internal_buffers.ContainsKey(component))
                    {
                        continue;
                    }

                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(component, module);
                            break;
                        case Parameter parameter:
                            register_parameter(component, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(component, tensor);
                            break;
                    }
                }

                _areComponentsRegistered = true;
            }

            /// <summary>Forgets the modules inside this one.</summary>
            protected void ClearModules() => _internal_submodules.Clear();

            /// <summary>Sets, replaces or (null) removes a parameter.</summary>
            protected void ConditionallyRegisterParameter(string name, Tensor? value) => ConditionallyRegisterParameter(name, value as Parameter);

            /// <summary>Sets, replaces or (null) removes a parameter.</summary>
            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null)
                {
                    _internal_params.Remove(name);
                }
                else
                {
                    _internal_params[name] = (Parameter)value.DetachFromDisposeScope();
                }
            }

            /// <summary>Sets, replaces or (null) removes a buffer.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null)
                {
                    _internal_buffers.Remove(name);
                }
                else
                {
                    _internal_buffers[name] = (value.DetachFromDisposeScope(), persistent);
                }
            }

            /// <summary>A layer's own parameter, or null where it has none of this name.</summary>
            private protected Parameter? OwnParameter(string name) => _internal_params.TryGetValue(name, out var parameter) ? parameter : null;

            /// <summary>A layer's own buffer, or null where it has none of this name.</summary>
            private protected Tensor? OwnBuffer(string name) => _internal_buffers.TryGetValue(name, out var buffer) ? buffer.Item1 : null;

            /// <summary>Replaces a layer's own parameter and disposes the old one.</summary>
            private protected void SetOwnParameter(string name, Parameter? value)
            {
                var previous = OwnParameter(name);
                if (!ReferenceEquals(previous, value))
                {
                    ConditionallyRegisterParameter(name, value);
                    previous?.Dispose();
                }
            }

            /// <summary>Replaces a layer's own buffer and disposes the old one.</summary>
            private protected void SetOwnBuffer(string name, Tensor? value)
            {
                var previous = OwnBuffer(name);
                if (!ReferenceEquals(previous, value))
                {
                    ConditionallyRegisterBuffer(name, value);
                    previous?.Dispose();
                }
            }

            private (Module Module, string Remainder)? Child(string target)
            {
                var dot = target.IndexOf('.', StringComparison.Ordinal);
                return dot < 0 ? null
                    : named_children().FirstOrDefault(child => child.name == target[..dot]) is { module: { } module } ? (module, target[(dot + 1)..]) : null;
            }

            private static string ComponentName(FieldInfo field) => field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;

            /// <summary>The fields that could hold a part of a module: a class's own, then its base class's, and so on; of two of one name the first.</summary>
            private static FieldInfo[] FieldsOf(Type type) => ComponentFields.GetValue(type, static type =>
            {
                var fields = new Dictionary<string, FieldInfo>();
                for (var current = type; current is not null && current != typeof(object); current = current.BaseType)
                {
                    foreach (var field in current.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance).Where(field => !field.FieldType.IsValueType))
                    {
                        fields.TryAdd(field.Name, field);
                    }
                }

                return [.. fields.Values];
            });
        }
    }
}
