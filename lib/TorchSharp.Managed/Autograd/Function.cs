using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        /// <summary>An operation with a forward and a backward of your own. Derive from <see cref="SingleTensorFunction{T}"/> or <see cref="MultiTensorFunction{T}"/>.</summary>
        /// <typeparam name="T">The deriving class itself.</typeparam>
        public abstract class Function<T>
            where T : Function<T>, new()
        {
            private static readonly T Instance = new();

            /// <summary>The operation's name in error messages.</summary>
            public abstract string Name { get; }

            /// <summary>Runs the forward outside the graph and records the operation.</summary>
            /// <param name="vars">The arguments; those that are tensors are the inputs that can get gradients.</param>
            public static List<Tensor> apply_internal(params object?[] vars)
            {
                ArgumentNullException.ThrowIfNull(vars);
                using var context = new AutogradContext();
                List<Tensor> outputs;
                using (no_grad())
                {
                    outputs = Instance.ForwardAll(context, vars!);
                }

                var inputs = Array.ConvertAll(vars, argument => argument as Tensor);
                return Graph.IsRecording(inputs) ? Connect(context, vars!, inputs, outputs) : outputs;
            }

            internal abstract List<Tensor> ForwardAll(AutogradContext context, object[] arguments);

            internal abstract List<Tensor?> BackwardAll(AutogradContext context, List<Tensor?> gradients);

            private static List<Tensor> Connect(AutogradContext context, object[] arguments, Tensor?[] inputs, List<Tensor> outputs)
            {
                var materialize = context.MaterializeGrads;
                var data = context.Data;
                var shapes = outputs.ConvertAll(output => (output.Shape, output.dtype));
                var savedCount = context.Saved.Count;
                var node = new Node(Instance.Name, inputs, outputs.Count, (self, gradients) =>
                {
                    using var again = new AutogradContext(data, [.. Enumerable.Range(0, savedCount).Select(i => self.SavedOrNull(i))]);
                    var given = new List<Tensor?>(gradients);
                    for (var i = 0; i < given.Count && materialize; i++)
                    {
                        given[i] ??= Tensor.Zeros(shapes[i].dtype, shapes[i].Shape);
                    }

                    return Checked(Instance.BackwardAll(again, given), arguments.Length, inputs: self);
                })
                {
                    RunsUserCode = true,
                };

                var results = new List<Tensor>();
                for (var i = 0; i < outputs.Count; i++)
                {
                    var output = outputs[i];
                    var dirty = context.Dirty.Contains(output);
                    if (Array.IndexOf(inputs, output) >= 0 && !dirty)
                    {
                        // The function returned its input: the result is another tensor with the same memory.
                        output = output.Alias();
                    }

                    if (output.IsFloating && !context.NonDifferentiable.Contains(outputs[i]))
                    {
                        node.Outputs[i] = (output.Shape, output.dtype);
                        output.SetHistory(new Edge(node, i));
                    }

                    results.Add(output);
                }

                node.Save([.. context.Saved]);
                return results;
            }

            private static Tensor?[] Checked(List<Tensor?> gradients, int count, Node inputs)
            {
                if (gradients.Count != count)
                {
                    throw Errors.Of(Instance.Name, $"backward returned {gradients.Count} gradients; forward had {count} arguments");
                }

                for (var i = 0; i < count; i++)
                {
                    if (gradients[i] is not null && inputs.Next[i].Node is null)
                    {
                        // A gradient for something that needs none is ignored.
                        gradients[i] = null;
                    }
                }

                return [.. gradients];
            }
        }

        /// <summary>An operation of your own with one result.</summary>
        /// <typeparam name="T">The deriving class itself.</typeparam>
        public abstract class SingleTensorFunction<T> : Function<T>
            where T : SingleTensorFunction<T>, new()
        {
            /// <summary>Runs the operation.</summary>
            public static Tensor apply(params object?[] vars) => apply_internal(vars)[0];

            /// <summary>Computes the result. Nothing in here is recorded.</summary>
            public abstract Tensor forward(AutogradContext ctx, params object[] vars);

            /// <summary>Computes the gradient of every argument, null for those that have none.</summary>
            public abstract List<Tensor?> backward(AutogradContext ctx, Tensor grad_output);

            internal sealed override List<Tensor> ForwardAll(AutogradContext context, object[] arguments) => [forward(context, arguments)];

            internal sealed override List<Tensor?> BackwardAll(AutogradContext context, List<Tensor?> gradients) => backward(context, gradients[0]!);
        }

        /// <summary>An operation of your own with several results.</summary>
        /// <typeparam name="T">The deriving class itself.</typeparam>
        public abstract class MultiTensorFunction<T> : Function<T>
            where T : MultiTensorFunction<T>, new()
        {
            /// <summary>Runs the operation.</summary>
            public static List<Tensor> apply(params object?[] vars) => apply_internal(vars);

            /// <summary>Computes the results. Nothing in here is recorded.</summary>
            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            /// <summary>Computes the gradient of every argument, null for those that have none.</summary>
            public abstract List<Tensor?> backward(AutogradContext ctx, List<Tensor?> grad_outputs);

            internal sealed override List<Tensor> ForwardAll(AutogradContext context, object[] arguments) => forward(context, arguments);

            internal sealed override List<Tensor?> BackwardAll(AutogradContext context, List<Tensor?> gradients) => backward(context, gradients);
        }

        /// <summary>What an operation of your own hands from its forward to its backward.</summary>
        public class AutogradContext : IDisposable
        {
            internal AutogradContext()
            {
                Data = [];
                Saved = [];
            }

            internal AutogradContext(Dictionary<string, object> data, List<Tensor?> saved)
            {
                Data = data;
                Saved = saved;
            }

            /// <summary>Whether a result that nothing depends on has a gradient of zeros in backward (otherwise null).</summary>
            public bool MaterializeGrads { get; private set; } = true;

            internal Dictionary<string, object> Data { get; }

            internal List<Tensor?> Saved { get; private set; }

            internal List<Tensor> Dirty { get; private set; } = [];

            internal List<Tensor> NonDifferentiable { get; private set; } = [];

            /// <summary>Keeps tensors for backward, guarded against changes in place.</summary>
            public void save_for_backward(List<Tensor> tensors) => Saved = [.. tensors];

            /// <summary>The tensors that were kept.</summary>
            public List<Tensor> get_saved_variables() => Saved.ConvertAll(tensor => tensor!);

            /// <summary>Keeps something that is not a tensor.</summary>
            /// <exception cref="ArgumentException">It is a tensor.</exception>
            public void save_data(string key, object value) =>
                Data[key] = value is Tensor ? throw new ArgumentException("Tensors are kept with save_for_backward.", nameof(value)) : value;

            /// <summary>What was kept under a name, or null.</summary>
            public object? get_data(string key) => Data.GetValueOrDefault(key);

            /// <summary>Says which inputs the forward changed in place.</summary>
            public void mark_dirty(List<Tensor> tensors) => Dirty = [.. tensors];

            /// <summary>Says which results get no gradient.</summary>
            public void mark_non_differentiable(List<Tensor> tensors) => NonDifferentiable = [.. tensors];

            /// <summary>Sets <see cref="MaterializeGrads"/>.</summary>
            public void set_materialize_grads(bool value) => MaterializeGrads = value;

            /// <summary>Nothing to do: the graph owns what was kept.</summary>
            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Nothing to do.</summary>
            protected virtual void Dispose(bool disposing)
            {
            }
        }
    }
}
