using TorchSharp.Autograd;
using TorchSharp.Files;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        // What a module knows, as a dictionary and in files. The format itself is in Files/StateFiles.cs.
        public partial class Module
        {
            /// <summary>A new module of a type, with its state read from a file.</summary>
            public static Module Create<T>(string path)
                where T : Module, new() => new T().load(path);

            /// <summary>All parameters, then all persistent buffers, by their full names. The tensors are the module's own, not copies.</summary>
            /// <param name="destination">A dictionary to add to; null for a new one.</param>
            /// <param name="prefix">What stands before every name, with a dot between.</param>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var before = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (key, parameter) in named_parameters())
                {
                    destination.TryAdd(before + key, parameter);
                }

                foreach (var (key, buffer) in named_buffers(include_nonpersistent: false))
                {
                    destination.TryAdd(before + key, buffer);
                }

                // A tensor that two modules share stands under both names.
                foreach (var (key, module) in named_children())
                {
                    module.state_dict(destination, before + key);
                }

                return destination;
            }

            /// <summary>Copies values into this module's parameters and buffers.</summary>
            /// <param name="source">Values by full name.</param>
            /// <param name="strict">Whether names may neither be missing nor be left over.</param>
            /// <param name="skip">Names to leave alone.</param>
            /// <returns>The names of this module that the source lacks, and those of the source that this module lacks.</returns>
            /// <exception cref="InvalidOperationException">Names differ, and <paramref name="strict"/> is set.</exception>
            /// <exception cref="ArgumentException">A shape differs. Nothing has been changed then.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                ArgumentNullException.ThrowIfNull(source);
                var own = state_dict();
                var unexpected = source.Keys.Where(key => skip?.Contains(key) != true && !own.ContainsKey(key)).ToList();
                var missing = own.Keys.Where(key => skip?.Contains(key) != true && !source.ContainsKey(key)).ToList();
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                {
                    throw new InvalidOperationException($"The loaded state_dict is not identical to the target dictionary: missing [{string.Join(", ", missing)}], unexpected [{string.Join(", ", unexpected)}].");
                }

                var copies = new List<(string Key, Tensor Target, Tensor Value)>();
                foreach (var (key, value) in source)
                {
                    if (skip?.Contains(key) != true && own.TryGetValue(key, out var target))
                    {
                        copies.Add((key, target, value));
                    }
                }

                foreach (var (key, target, value) in copies)
                {
                    if (!target.Shape.AsSpan().SequenceEqual(value.Shape))
                    {
                        throw new ArgumentException($"load_state_dict: '{key}' has shape {Shapes.Text(value.Shape)}, the module expects {Shapes.Text(target.Shape)}.", nameof(source));
                    }
                }

                using var recording = GradMode.Set(false);
                foreach (var (_, target, value) in copies)
                {
                    target.copy_(value);
                }

                return (missing, unexpected);
            }

            /// <summary>Writes the state dict into a file, whole or not at all: an interrupted save leaves an older file as it was.</summary>
            /// <param name="location">The file.</param>
            /// <param name="skip">Names to leave out.</param>
            public Module save(string location, IList<string>? skip = null)
            {
                AtomicFile.Write(location, stream =>
                {
                    using var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true);
                    save(writer, skip);
                });
                return this;
            }

            /// <summary>Writes the state dict.</summary>
            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            /// <summary>Writes the state dict into a stream and closes it.</summary>
            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            /// <summary>Writes a state dict in the format of <see cref="save(string, IList{string})"/>.</summary>
            /// <param name="writer">Where to.</param>
            /// <param name="sd">Names and tensors.</param>
            /// <param name="skip">Names to leave out.</param>
            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null) =>
                StateFiles.Write(writer, [.. sd.Where(item => skip?.Contains(item.Key) != true)]);

            /// <summary>Reads a file that <see cref="save(string, IList{string})"/> wrote. Where anything is wrong with it, the module stays as it was.</summary>
            /// <param name="location">The file.</param>
            /// <param name="strict">Whether the names must be exactly this module's.</param>
            /// <param name="skip">Names to leave alone.</param>
            /// <param name="loadedParameters">Gets every name in the file, with whether this module has it.</param>
            /// <exception cref="FileNotFoundException">There is no such file.</exception>
            /// <exception cref="InvalidDataException">The file is cut off or not of this format; the message says in which entry and where.</exception>
            /// <exception cref="ArgumentException">Number, names, shapes or types of the entries are not this module's.</exception>
            public virtual Module load(string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                if (!File.Exists(location))
                {
                    throw new FileNotFoundException($"There is no file '{location}' to load.", location);
                }

                using var stream = File.OpenRead(location);
                using var reader = new BinaryReader(stream);
                StateFiles.Load(reader, location, state_dict(), strict, skip, loadedParameters);
                return this;
            }

            /// <summary>Reads what <see cref="save(BinaryWriter, IList{string})"/> wrote.</summary>
            /// <inheritdoc cref="load(string, bool, IList{string}, Dictionary{string, bool})"/>
            public virtual Module load(BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                StateFiles.Load(reader, null, state_dict(), strict, skip, loadedParameters);
                return this;
            }

            /// <summary>Reads what <see cref="save(Stream, IList{string})"/> wrote, and closes the stream.</summary>
            /// <inheritdoc cref="load(string, bool, IList{string}, Dictionary{string, bool})"/>
            public Module load(Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream);
                return load(reader, strict, skip, loadedParameters);
            }
        }
    }
}
