using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        private AutogradState? _autograd;

        /// <summary>Whether operations on this tensor are recorded, so that <see cref="backward()"/> reaches it.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">Set on a tensor that is not floating point, or to false on the result of a recorded operation.</exception>
        public bool requires_grad
        {
            get
            {
                RefreshHistory();
                return _autograd is { } state && (state.RequiresGrad || state.Source.Node is not null);
            }

            set
            {
                if (value && !IsFloating)
                {
                    throw Errors.Of("requires_grad", $"only tensors of floating point dtype can require gradients; this one is {dtype}");
                }

                if (!is_leaf)
                {
                    if (!value)
                    {
                        throw Errors.Of("requires_grad", "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a subgraph that doesn't require differentiation use detach()");
                    }

                    return;
                }

                if (value || _autograd is not null)
                {
                    EnsureAutogradState().RequiresGrad = value;
                }
            }
        }

        /// <summary>Whether this tensor is where the graph begins: not the result of a recorded operation.</summary>
        public bool is_leaf
        {
            get
            {
                RefreshHistory();
                return _autograd?.Source.Node is null;
            }
        }

        /// <summary>The gradient that <see cref="backward()"/> left here, or null. Each get is a new handle to the same memory.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">A gradient of another shape or type was set.</exception>
        public Tensor? grad
        {
            get => _autograd?.Grad?.Handle();

            set
            {
                if (value is not null && (value.dtype != dtype || !value.Shape.AsSpan().SequenceEqual(Shape)))
                {
                    throw Errors.Of("grad", $"a gradient of {value.dtype} {Shapes.Text(value.Shape)} was assigned to a tensor of {dtype} {Shapes.Text(Shape)}");
                }

                if (value is not null || _autograd is not null)
                {
                    using (DisposeScopeManager.Suspend())
                    {
                        var previous = EnsureAutogradState().Grad;
                        _autograd!.Grad = value?.Handle();
                        previous?.Dispose();
                    }
                }
            }
        }

        /// <summary>The gradient itself rather than a new handle to it.</summary>
        internal Tensor? GradientOrNull => _autograd?.Grad;

        /// <summary>The tensor that this one is a view of, or null.</summary>
        internal Tensor? ViewBase => _autograd?.Base;

        /// <summary>How often the history of this tensor was rewritten by a change in place.</summary>
        internal int HistoryNumber => _autograd?.HistoryNumber ?? 0;

        /// <summary>Sets <see cref="requires_grad"/>.</summary>
        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        /// <summary>Keeps the gradient of this tensor in <see cref="grad"/> although it is not a leaf.</summary>
        /// <exception cref="System.Runtime.InteropServices.ExternalException">The tensor does not require a gradient.</exception>
        public void retain_grad()
        {
            if (!requires_grad)
            {
                throw Errors.Of("retain_grad", "can't retain_grad on a tensor that has requires_grad=False");
            }

            var state = EnsureAutogradState();
            if (is_leaf || state.RetainsGrad)
            {
                return;
            }

            state.RetainsGrad = true;
            var (node, index) = state.Source;
            var target = new WeakReference<Tensor>(this);
            (node!.GradientObservers ??= []).Add(gradients =>
            {
                if (gradients[index] is { } gradient && target.TryGetTarget(out var tensor))
                {
                    using var kept = GradMode.Enabled ? gradient.Handle() : gradient.clone();
                    tensor.grad = kept;
                }
            });
        }

        /// <summary>The same values outside the graph. The memory is shared.</summary>
        public Tensor detach() => Alias();

        /// <summary>Takes this tensor out of the graph.</summary>
        public Tensor detach_()
        {
            if (_autograd is { Base: not null })
            {
                throw Errors.Of("detach_", "can't detach views in-place; use detach() instead");
            }

            _autograd = null;
            return this;
        }

        /// <summary>Differentiates this single number with respect to the graph's leaves and adds the gradients to their <see cref="grad"/>.</summary>
        public void backward() => autograd.backward([this], null, false, false, null);

        /// <summary>Differentiates this tensor with respect to the graph's leaves and adds the gradients to their <see cref="grad"/>.</summary>
        /// <param name="grad_tensors">The gradient of this tensor, of its shape; may be left out for a single number.</param>
        /// <param name="retain_graph">Whether the graph can be walked again.</param>
        /// <param name="create_graph">Whether the gradients are recorded, to be differentiated themselves.</param>
        /// <param name="inputs">The only leaves that get a gradient; null for all.</param>
        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);

        /// <summary>A second handle to the same tensor: same memory, same place in the graph.</summary>
        internal Tensor Handle()
        {
            var handle = Alias();
            handle._autograd = IsFloating ? EnsureAutogradState() : null;
            return handle;
        }

        internal AutogradState EnsureAutogradState() => _autograd ??= new AutogradState();

        /// <summary>Where the gradient of this tensor goes: to the operation that made it, or to its own <see cref="grad"/>; nowhere, if it requires none.</summary>
        internal Edge GradientEdge()
        {
            RefreshHistory();
            return _autograd switch
            {
                null => default,
                { Source.Node: not null } state => state.Source,
                { RequiresGrad: true } state => new Edge(state.Collector ??= new LeafNode(this), 0),
                _ => default,
            };
        }

        /// <summary>Makes this tensor the result of a recorded operation.</summary>
        internal void SetHistory(Edge source) => EnsureAutogradState().Source = source;

        /// <summary>Adds a gradient to <see cref="grad"/>.</summary>
        internal void AccumulateGradient(Tensor gradient, bool createGraph)
        {
            using (DisposeScopeManager.Suspend())
            {
                var state = EnsureAutogradState();
                if (state.Grad is { } sofar)
                {
                    if (createGraph)
                    {
                        state.Grad = sofar.add(gradient);
                    }
                    else
                    {
                        // In place, as in PyTorch: who holds the gradient sees it grow.
                        sofar.add_(gradient);
                    }
                }
                else
                {
                    // The memory is taken over where nobody else shows it.
                    state.Grad = createGraph ? gradient.Handle()
                        : gradient.Storage.References == 1 && gradient.is_contiguous() ? gradient.Alias()
                        : gradient.clone();
                }
            }
        }

        /// <summary>Changes this tensor in place: computes a new value out of place, writes it into this memory, and rewrites the history of this tensor and its views.</summary>
        /// <param name="name">The operation's public name.</param>
        /// <param name="operation">From the present value to the new one, which must have this shape and a type that fits.</param>
        /// <param name="others">The other tensors that the operation reads.</param>
        internal Tensor ApplyInPlace(string name, Func<Tensor, Tensor> operation, params ReadOnlySpan<Tensor?> others)
        {
            var recording = Graph.IsRecording([this, .. others]);
            CheckInPlace(name);

            // The operation may save its input, which is about to change; a recorded copy stands in.
            using var source = recording ? clone() : Alias();
            using var result = operation(source);
            if (!result.Shape.AsSpan().SequenceEqual(Shape))
            {
                throw Errors.Of(name, $"output with shape {Shapes.Text(Shape)} doesn't match the broadcast shape {Shapes.Text(result.Shape)}");
            }

            if (!ScalarTypes.CanCast(result.dtype, dtype))
            {
                throw Errors.Of(name, $"result type {result.dtype} can't be cast to the desired output type {dtype}");
            }

            WriteInPlace(name, result, recording);
            return this;
        }

        /// <summary>Writes a value of this shape into this memory and rewrites the history.</summary>
        internal void WriteInPlace(string name, Tensor value, bool recording)
        {
            using var converted = value.to(dtype);
            Kernels.Copying.Copy(converted, this);
            Storage.Changed();
            if (recording)
            {
                RewriteHistory(name, converted.GradientEdge());
            }
        }

        /// <summary>Throws where this tensor may not be changed in place.</summary>
        internal void CheckInPlace(string name)
        {
            if (GradMode.Enabled && requires_grad && is_leaf)
            {
                throw Errors.Of(name, "a leaf Variable that requires grad is being used in an in-place operation");
            }

            if (GradMode.Enabled && ViewBase is { } root && root.requires_grad && root.is_leaf)
            {
                throw Errors.Of(name, "a view of a leaf Variable that requires grad is being used in an in-place operation");
            }

            for (var i = 0; i < Rank; i++)
            {
                if (Shape[i] > 1 && Strides[i] == 0)
                {
                    throw Errors.Of(name, "unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation");
                }
            }
        }

        /// <summary>After a change in place: what this tensor, its base and its views were computed from.</summary>
        private void RewriteHistory(string name, Edge source)
        {
            var previous = GradientEdge();
            if (source.Node is null && previous.Node is null && ViewBase is not { requires_grad: true })
            {
                return;
            }

            if (ViewBase is not { } root)
            {
                if (source.Node is null)
                {
                    // Overwritten by a constant: what was here before has a gradient of zero.
                    var node = new Node(name, [this], 1, static (self, gradients) => [gradients[0]?.mul(0)]);
                    node.Outputs[0] = (Shape, dtype);
                    source = new Edge(node, 0);
                }

                SetHistory(source);
                _autograd!.HistoryNumber++;
                return;
            }

            InPlaceOnView.Rewrite(name, root, this, source);
        }

        /// <summary>A view of a tensor that was changed in place since: its history begins at the base's new one.</summary>
        private void RefreshHistory()
        {
            if (_autograd is { Base: { } root } state && state.HistoryNumber != root.HistoryNumber)
            {
                state.HistoryNumber = root.HistoryNumber;
                state.Source = InPlaceOnView.Reconnect(root, this);
            }
        }
    }
}
