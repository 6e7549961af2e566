using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Differentiation of recorded operations.</summary>
    public static partial class autograd
    {
        /// <summary>Differentiates tensors with respect to the graph's leaves and adds the gradients to their <c>grad</c>.</summary>
        /// <param name="tensors">What to differentiate; the sum, if there are several.</param>
        /// <param name="grad_tensors">The gradient of each, of its shape; may be left out (or null) for single numbers.</param>
        /// <param name="retain_graph">Whether the graph can be walked again; by default as <paramref name="create_graph"/>.</param>
        /// <param name="create_graph">Whether the gradients are recorded, to be differentiated themselves.</param>
        /// <param name="inputs">The only leaves that get a gradient; null for all.</param>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A tensor requires no gradient, or has several elements and no gradient was given, or shapes don't match.</exception>
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            ArgumentNullException.ThrowIfNull(tensors);
            var gradients = RootGradients("backward", tensors, grad_tensors);
            if (inputs is null)
            {
                Engine.Run([.. tensors], gradients, retain_graph ?? create_graph, create_graph, null);
                return;
            }

            if (inputs.Count == 0)
            {
                throw Errors.Of("backward", "'inputs' argument to backward cannot be empty");
            }

            var targets = TargetEdges("backward", inputs);
            var results = Engine.Run([.. tensors], gradients, retain_graph ?? create_graph, create_graph, targets);
            for (var i = 0; i < results.Length; i++)
            {
                if (results[i] is { } gradient)
                {
                    inputs[i].AccumulateGradient(gradient, create_graph);
                }
            }
        }

        /// <summary>Differentiates one tensor; see the overload for several.</summary>
        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>Differentiates one tensor, given its gradient; see the overload for several.</summary>
        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        /// <summary>The gradients of tensors with respect to others, returned rather than added to <c>grad</c>.</summary>
        /// <param name="outputs">What to differentiate; the sum, if there are several.</param>
        /// <param name="inputs">With respect to what: leaves or intermediate results.</param>
        /// <param name="grad_outputs">The gradient of each output; may be left out (or null) for single numbers.</param>
        /// <param name="retain_graph">Whether the graph can be walked again.</param>
        /// <param name="create_graph">Whether the gradients are recorded, to be differentiated themselves (the graph is kept then).</param>
        /// <param name="allow_unused">Whether an input that the outputs don't depend on gets null instead of an exception.</param>
        /// <returns>One gradient for each input.</returns>
        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            ArgumentNullException.ThrowIfNull(outputs);
            ArgumentNullException.ThrowIfNull(inputs);
            if (inputs.Count == 0)
            {
                throw Errors.Of("grad", "grad requires non-empty inputs");
            }

            var gradients = RootGradients("grad", outputs, grad_outputs);
            var results = Engine.Run([.. outputs], gradients, retain_graph || create_graph, create_graph, TargetEdges("grad", inputs));
            for (var i = 0; i < results.Length; i++)
            {
                if (results[i] is null && !allow_unused)
                {
                    throw Errors.Of("grad", $"input {i} of shape {Shapes.Text(inputs[i].Shape)} appears to not have been used in the graph; set allow_unused: true if this is the desired behavior");
                }

                // The engine's own handle becomes the user's.
                if (results[i] is { } result)
                {
                    results[i] = result.Handle();
                    result.Dispose();
                }
            }

            return results!;
        }

        private static List<Tensor> RootGradients(string operation, IList<Tensor> roots, IList<Tensor>? gradients)
        {
            if (gradients is not null && gradients.Count != roots.Count)
            {
                throw Errors.Of(operation, $"got {roots.Count} tensors and {gradients.Count} gradients");
            }

            var result = new List<Tensor>();
            for (var i = 0; i < roots.Count; i++)
            {
                var root = Errors.Given(roots[i]);
                _ = root.Storage;
                if (!root.requires_grad)
                {
                    throw Errors.Of(operation, $"element {i} of tensors does not require grad and does not have a grad_fn");
                }

                var given = gradients?[i];
                if (given is null)
                {
                    if (root.NumberOfElements != 1)
                    {
                        throw Errors.Of(operation, $"grad can be implicitly created only for scalar outputs; this one has shape {Shapes.Text(root.Shape)}");
                    }

                    given = Tensor.Zeros(root.dtype, root.Shape);
                    given.fill_(1);
                }
                else if (!given.Shape.AsSpan().SequenceEqual(root.Shape))
                {
                    throw Errors.Of(operation, $"mismatch in shape: grad_output[{i}] has a shape of {Shapes.Text(given.Shape)} and output[{i}] has a shape of {Shapes.Text(root.Shape)}");
                }
                else if (given.dtype != root.dtype)
                {
                    given = given.to(root.dtype);
                }

                result.Add(given);
            }

            return result;
        }

        private static List<Edge> TargetEdges(string operation, IList<Tensor> inputs)
        {
            var result = new List<Edge>();
            foreach (var input in inputs)
            {
                result.Add(input.requires_grad ? input.GradientEdge() : throw Errors.Of(operation, "one of the differentiated tensors does not require grad"));
            }

            return result;
        }
    }
}
