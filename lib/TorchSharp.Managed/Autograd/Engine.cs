using System.Runtime.InteropServices;

namespace TorchSharp.Autograd;

/// <summary>Walks the graph backwards from the results to the leaves, latest operation first, and adds up what arrives at each place.</summary>
internal static class Engine
{
    /// <summary>Runs the backward functions that lie between the roots and the leaves (or the given inputs).</summary>
    /// <param name="roots">The tensors to differentiate; each requires a gradient.</param>
    /// <param name="rootGradients">The gradient of each root, of its shape and type. The engine takes handles of its own.</param>
    /// <param name="retainGraph">Whether saved tensors stay for another backward.</param>
    /// <param name="createGraph">Whether the gradients themselves are recorded, to be differentiated again.</param>
    /// <param name="targets">Null: add to <c>grad</c> of every leaf. Otherwise the only places whose gradients are wanted.</param>
    /// <returns>The gradient of each target, null where the roots don't depend on it; an empty array without targets.</returns>
    public static Tensor?[] Run(IReadOnlyList<Tensor> roots, IReadOnlyList<Tensor> rootGradients, bool retainGraph, bool createGraph, IReadOnlyList<Edge>? targets)
    {
        var run = new Pass(retainGraph, createGraph, targets);
        using var mode = GradMode.Set(createGraph);
        return run.Execute(roots, rootGradients);
    }

    private sealed class Pass(bool retainGraph, bool createGraph, IReadOnlyList<Edge>? targets)
    {
        private readonly Dictionary<Node, int> _waitsFor = new(ReferenceEqualityComparer.Instance);
        private readonly Dictionary<Node, Tensor?[]> _arrived = new(ReferenceEqualityComparer.Instance);
        private readonly PriorityQueue<Node, long> _ready = new();
        private readonly Tensor?[] _captured = new Tensor?[targets?.Count ?? 0];
        private HashSet<Node>? _useful;

        public Tensor?[] Execute(IReadOnlyList<Tensor> roots, IReadOnlyList<Tensor> rootGradients)
        {
            var edges = new Edge[roots.Count];
            for (var i = 0; i < edges.Length; i++)
            {
                edges[i] = roots[i].GradientEdge();
                CountDependencies(edges[i].Node!);
            }

            if (targets is not null)
            {
                _useful = FindUseful(edges);
            }

            for (var i = 0; i < edges.Length; i++)
            {
                Add(edges[i], SharedHandle(rootGradients[i]));
            }

            // Roots that another root depends on wait for it like any other node.
            foreach (var edge in edges.DistinctBy(edge => edge.Node))
            {
                if (_waitsFor[edge.Node!] == 0)
                {
                    Enqueue(edge.Node!);
                }
            }

            try
            {
                while (_ready.TryDequeue(out var node, out _))
                {
                    Process(node);
                }
            }
            finally
            {
                foreach (var gradients in _arrived.Values)
                {
                    DisposeAll(gradients);
                }
            }

            return _captured;
        }

        private void Process(Node node)
        {
            _arrived.Remove(node, out var gradients);
            gradients ??= new Tensor?[node.Outputs.Length];
            if (node.GradientObservers is { } observers)
            {
                foreach (var observer in observers)
                {
                    observer(gradients);
                }
            }

            Capture(node, gradients);
            if (node is LeafNode leaf)
            {
                if (targets is null && gradients[0] is { } gradient)
                {
                    leaf.Leaf.AccumulateGradient(gradient, createGraph);
                }

                DisposeAll(gradients);
                return;
            }

            if (_useful is null || _useful.Contains(node))
            {
                var results = CallBackward(node, gradients);
                AnomalyMode.Check(node, results);
                Distribute(node, gradients, results);
            }
            else
            {
                Distribute(node, gradients, new Tensor?[node.Next.Length]);
            }

            DisposeAll(gradients);
            if (!retainGraph)
            {
                node.Release();
            }
        }

        // Temporary tensors of a backward function are disposed as soon as it is done; what it returns is moved out first.
        private Tensor?[] CallBackward(Node node, Tensor?[] gradients)
        {
            if (Array.TrueForAll(gradients, gradient => gradient is null))
            {
                return new Tensor?[node.Next.Length];
            }

            if (createGraph || node.RunsUserCode)
            {
                return node.Backward(node, gradients);
            }

            using var scope = DisposeScopeManager.ThreadSingleton.NewDisposeScope();
            var result = node.Backward(node, gradients);
            for (var i = 0; i < result.Length; i++)
            {
                if (result[i] is not { } gradient)
                {
                    continue;
                }

                if (ReferenceEquals(gradient.OwningDisposeScope, scope))
                {
                    scope.Detach(gradient);
                }
            }

            return result;
        }

        private void Distribute(Node node, Tensor?[] arrived, Tensor?[] results)
        {
            if (results.Length != node.Next.Length)
            {
                throw Errors.Of("backward", $"the backward function of '{node.Name}' returned {results.Length} gradients for {node.Next.Length} inputs");
            }

            for (var i = 0; i < results.Length; i++)
            {
                var edge = node.Next[i];
                var gradient = results[i];
                if (edge.Node is null)
                {
                    continue;
                }

                if (gradient is not null)
                {
                    Check(node, edge, gradient);
                    if (_useful is null || _useful.Contains(edge.Node))
                    {
                        // A function may return one tensor for two inputs, or the very one it was given.
                        var shared = Array.IndexOf(arrived, gradient) >= 0 || Array.IndexOf(results, gradient, i + 1) >= 0;
                        Add(edge, shared ? SharedHandle(gradient) : gradient);
                    }
                }

                if (--CollectionsMarshal.GetValueRefOrNullRef(_waitsFor, edge.Node) == 0)
                {
                    Enqueue(edge.Node);
                }
            }
        }

        private static Tensor SharedHandle(Tensor gradient)
        {
            using (DisposeScopeManager.Suspend())
            {
                return gradient.Handle();
            }
        }

        private static void Check(Node node, Edge edge, Tensor gradient)
        {
            var (shape, type) = edge.Node!.Outputs[edge.Index];
            if (shape is not null && (!gradient.Shape.AsSpan().SequenceEqual(shape) || gradient.dtype != type))
            {
                throw Errors.Of("backward", $"the backward function of '{node.Name}' returned a gradient of {gradient.dtype} {Shapes.Text(gradient.Shape)} where {type} {Shapes.Text(shape)} was expected");
            }
        }

        private void Add(Edge edge, Tensor handle)
        {
            ref var slots = ref CollectionsMarshal.GetValueRefOrAddDefault(_arrived, edge.Node!, out _);
            slots ??= new Tensor?[edge.Node!.Outputs.Length];
            if (slots[edge.Index] is not { } sofar)
            {
                slots[edge.Index] = handle;
                return;
            }

            using (DisposeScopeManager.Suspend())
            {
                slots[edge.Index] = sofar.add(handle);
            }

            if (!createGraph)
            {
                sofar.Dispose();
                handle.Dispose();
            }
        }

        private void Capture(Node node, Tensor?[] gradients)
        {
            for (var i = 0; i < _captured.Length; i++)
            {
                if (ReferenceEquals(targets![i].Node, node) && gradients[targets[i].Index] is { } gradient)
                {
                    _captured[i] = SharedHandle(gradient);
                }
            }
        }

        private void Enqueue(Node node) => _ready.Enqueue(node, -node.Sequence);

        private void DisposeAll(Tensor?[] gradients)
        {
            if (createGraph)
            {
                return;
            }

            foreach (var gradient in gradients)
            {
                gradient?.Dispose();
            }
        }

        private void CountDependencies(Node root)
        {
            if (!_waitsFor.TryAdd(root, 0))
            {
                return;
            }

            var open = new Stack<Node>();
            open.Push(root);
            while (open.TryPop(out var node))
            {
                foreach (var (next, _) in node.Next)
                {
                    if (next is null)
                    {
                        continue;
                    }

                    ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_waitsFor, next, out var known);
                    count++;
                    if (!known)
                    {
                        open.Push(next);
                    }
                }
            }
        }

        // The nodes from which a target can be reached: only those need to run.
        private HashSet<Node> FindUseful(Edge[] edges)
        {
            var useful = new HashSet<Node>(targets!.Where(target => target.Node is not null).Select(target => target.Node!), ReferenceEqualityComparer.Instance);
            var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance);
            var path = new Stack<(Node Node, int NextInput)>();
            foreach (var edge in edges)
            {
                if (seen.Add(edge.Node!))
                {
                    path.Push((edge.Node!, 0));
                }

                while (path.TryPop(out var at))
                {
                    if (at.NextInput > 0 && at.Node.Next[at.NextInput - 1].Node is { } visited && useful.Contains(visited))
                    {
                        useful.Add(at.Node);
                    }

                    if (at.NextInput < at.Node.Next.Length)
                    {
                        path.Push((at.Node, at.NextInput + 1));
                        if (at.Node.Next[at.NextInput].Node is { } next && seen.Add(next))
                        {
                            path.Push((next, 0));
                        }
                    }
                }
            }

            return useful;
        }
    }
}
