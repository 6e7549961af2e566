namespace TorchSharp.Autograd;

/// <summary>
/// What happens to the graph when part of a tensor is changed through a view, as in <c>x[0] = y</c>: the base becomes the result of an operation that
/// takes the old base everywhere but in that part, and every view gets its history from the new base.
/// </summary>
internal static class InPlaceOnView
{
    /// <summary>Gives the base the history "the old base, with the view's part replaced".</summary>
    /// <param name="name">The operation in place.</param>
    /// <param name="root">The base.</param>
    /// <param name="view">The view through which it was changed.</param>
    /// <param name="source">What the view's new value was computed by; no node for a constant.</param>
    public static void Rewrite(string name, Tensor root, Tensor view, Edge source)
    {
        var part = new Part(root, view);
        var node = new Node(name, [root, null], 1, (self, gradients) => gradients[0] is not { } gradient ? [null, null] : Split(self, gradient, part));
        node.Next[1] = source;
        node.Outputs[0] = (root.ShapeEvenIfDisposed, root.dtype);
        root.SetHistory(new Edge(node, 0));
        root.EnsureAutogradState().HistoryNumber++;
    }

    /// <summary>The history of a view whose base was rewritten: a part of the base.</summary>
    public static Edge Reconnect(Tensor root, Tensor view)
    {
        if (!root.requires_grad)
        {
            return default;
        }

        var part = new Part(root, view);
        var node = new Node("as_strided", [root], 1, (_, gradients) =>
        {
            if (gradients[0] is not { } gradient)
            {
                return [null];
            }

            var whole = part.NewBase(gradient.dtype);
            part.Of(whole).copy_(gradient);
            return [part.Contiguous(whole)];
        });
        node.Outputs[0] = (view.ShapeEvenIfDisposed, view.dtype);
        return new Edge(node, 0);
    }

    private static Tensor?[] Split(Node self, Tensor gradient, Part part)
    {
        var whole = part.NewBase(gradient.dtype);
        whole.copy_(gradient);
        var region = part.Of(whole);
        var ofView = self.Needs(1) ? region.clone() : null;
        region.zero_();
        return [part.Contiguous(whole), ofView];
    }

    /// <summary>Where a view lies in its base.</summary>
    private sealed class Part(Tensor root, Tensor view)
    {
        private readonly long[] _rootShape = root.ShapeEvenIfDisposed;
        private readonly long[] _rootStrides = root.Strides;
        private readonly long[] _viewShape = view.ShapeEvenIfDisposed;
        private readonly long[] _viewStrides = view.Strides;
        private readonly long _viewOffset = view.Offset - root.Offset;

        /// <summary>Zeros laid out in memory as the base is.</summary>
        public Tensor NewBase(torch.ScalarType type)
        {
            long extent = 1;
            for (var i = 0; i < _rootShape.Length; i++)
            {
                extent += Math.Max(_rootShape[i] - 1, 0) * _rootStrides[i];
            }

            var memory = Tensor.Zeros(type, extent);
            return Graph.AsStrided(memory, _rootShape, _rootStrides, 0);
        }

        /// <summary>The view's part of such a tensor.</summary>
        public Tensor Of(Tensor whole) => Graph.AsStrided(whole, _viewShape, _viewStrides, _viewOffset);

        /// <summary>The whole as an ordinary contiguous tensor.</summary>
        public Tensor Contiguous(Tensor whole) => whole.contiguous();
    }
}
